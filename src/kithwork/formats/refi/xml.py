"""Elements, guids and words as REFI-QDA writes them."""

import re
from typing import Any

from lxml import etree

NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def said(value: Any) -> str:
    """Words as XML may hold them; a character it may not becomes U+FFFD, one for one."""
    return _UNSAYABLE.sub("\ufffd", str(value))


def guid(row_id: str) -> str:
    """An outside id in capitals: one of the field's programs is said to refuse small letters."""
    return row_id.upper()


def element(tag: str, namespace: str = NAMESPACE, **attributes: str | None) -> etree._Element:
    """An element with those attributes that have a value."""
    return etree.Element(f"{{{namespace}}}{tag}", {key: value for key, value in attributes.items() if value is not None}, nsmap={None: namespace})
