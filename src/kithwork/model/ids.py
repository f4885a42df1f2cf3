"""Row ids: UUIDv7 (RFC 9562 §5.7), so that rows made on two laptops never collide and sort by time.

An id tells when it was made: it never leaves the house (exports use fresh random ones).
"""

import re
import secrets
import time
import uuid

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """A fresh UUIDv7 as 36 lower-case characters."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | secrets.randbits(12) << 64
    return str(uuid.UUID(int=value | 2 << 62 | secrets.randbits(62)))


def is_id(value: object) -> bool:
    """Whether a value is a UUID in its usual 36 characters."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None
