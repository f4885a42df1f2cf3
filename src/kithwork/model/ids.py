"""Row ids: UUIDv7 (RFC 9562 §5.7), so that rows made on two laptops never collide and sort by time.

An id tells when it was made: it never leaves the house (exports use fresh random ones).
"""

import re
import secrets
import threading
import time
import uuid

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_lock = threading.Lock()
_last = 0  # milliseconds and counter of the id made last, in 60 bits


def new_id() -> str:
    """A fresh UUIDv7 as 36 lower-case characters, greater than every id this process made before.

    The 12 bits after the time are a counter (RFC 9562 §6.2, method 1), so that rows made within one millisecond keep their order;
    a counter that is full, or a clock set back, runs on from the last id.
    """
    global _last
    with _lock:
        fresh = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 12 | secrets.randbits(11)
        _last = fresh if fresh >> 12 > _last >> 12 else _last + 1
        moment = _last
    value = moment >> 12 << 80 | 7 << 76 | (moment & 0xFFF) << 64
    return str(uuid.UUID(int=value | 2 << 62 | secrets.randbits(62)))


def is_id(value: object) -> bool:
    """Whether a value is a UUID in its usual 36 characters."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None
