"""Ids for the outside. A UUIDv7 tells when a row was made, so it never leaves; what leaves is derived from it one way.

The same row has the same GUID in every export, which is how an import recognises it; an id that came from outside stays as it is.
"""

import hashlib
import re

_GUID = re.compile(r"\{?([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\}?")
_VERSION_7 = "7"


def derived(*parts: object) -> str:
    """A UUID (of the random kind, to the eye) that is always the same for the same parts and tells nothing of them."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-{'89ab'[int(digest[16], 16) & 3]}{digest[17:20]}-{digest[20:32]}"


def outside(row_id: str) -> str:
    """The id under which a row is known outside: derived from a UUIDv7, any other id as it is."""
    return derived("kithwork row", row_id) if row_id[14] == _VERSION_7 else row_id


def tidy_guid(text: str | None) -> str | None:
    """A foreign GUID as 36 lower-case characters, or None where it is none."""
    match = _GUID.fullmatch((text or "").strip())
    return match.group(1).lower() if match else None
