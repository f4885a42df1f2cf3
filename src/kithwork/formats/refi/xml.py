"""Elements and guids as REFI-QDA writes them."""

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - its types come apart from it

NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"


def guid(row_id: str) -> str:
    """An outside id in capitals: one of the field's programs is said to refuse small letters."""
    return row_id.upper()


def element(tag: str, namespace: str = NAMESPACE, **attributes: str | None) -> etree._Element:
    """An element with those attributes that have a value."""
    given = {key: value for key, value in attributes.items() if value is not None}
    return etree.Element(f"{{{namespace}}}{tag}", given, nsmap={None: namespace})


def inside(parent: etree._Element, tag: str, **attributes: str | None) -> etree._Element:
    """As `element`, and put into another: many times as quick where there are many."""
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", {key: value for key, value in attributes.items() if value is not None})
