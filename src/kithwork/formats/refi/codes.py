"""The codebook as elements, in a project or on its own; a lens beside it as codes that cannot be applied."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain, count

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - its types come apart from it

from kithwork.formats.guids import derived
from kithwork.formats.offsets import said
from kithwork.formats.refi.values import color_of
from kithwork.formats.refi.xml import NAMESPACE, element, guid
from kithwork.model.rows import Row

NoteRefs = Callable[[str, str], list[etree._Element]]
EXAMPLE, LIMITS = "Example: ", "Not: "


def described(text: str, namespace: str = NAMESPACE) -> etree._Element:
    """A Description."""
    made = element("Description", namespace)
    made.text = said(text)
    return made


def definition_of(row: Row) -> str:
    """Definition, example and limits of a code as one text."""
    parts = [row.get("definition"), row.get("example") and EXAMPLE + row["example"], row.get("limits") and LIMITS + row["limits"]]
    return "\n\n".join(part for part in parts if part)


def names_apart(codes: list[Row]) -> dict[str, str]:
    """A name of its own for each code: QualCoder drops the codings of a second code of a name, wherever in the tree it stands."""
    by_id = {row["id"]: row for row in codes}
    names: dict[str, str] = {}
    taken: set[str] = set()
    for row in sorted(codes, key=lambda row: (row.get("parent_id") is not None, row["id"])):
        above = by_id.get(row.get("parent_id"))
        tries = [row["name"], *([f"{row['name']} ({above['name']})"] if above else [])]
        names[row["id"]] = next(name for name in chain(tries, (f"{tries[-1]} {n}" for n in count(2))) if name not in taken)
        taken.add(names[row["id"]])
    return names


def code_element(
    row: Row,
    children: dict[str | None, list[Row]],
    names: dict[str, str],
    note_refs: NoteRefs | None = None,
    namespace: str = NAMESPACE,
) -> etree._Element:
    """A code with its description, notes and the codes under it."""
    code = element("Code", namespace, guid=guid(row["id"]), name=said(names[row["id"]]), isCodable="true", color=color_of(row.get("color")))
    description = definition_of(row)
    if description:
        code.append(described(description, namespace))
    if note_refs:
        code.extend(note_refs("code_id", row["id"]))
    for child in children.get(row["id"], ()):
        code.append(code_element(child, children, names, note_refs, namespace))
    return code


def lens_elements(lenses: list[Row]) -> Iterable[etree._Element]:
    """Each theory as one code that cannot be applied, its nodes under it likewise."""
    children: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in sorted(lenses, key=lambda row: (row.get("position") or 0, row["code"])):
        children[row.get("parent_id")].append(row)
    roots: dict[str, etree._Element] = {}
    for row in children[None]:
        if row["lens"] not in roots:
            name = said(row["lens"])
            roots[row["lens"]] = element("Code", guid=guid(derived("lens", row["lens"])), name=name, isCodable="false")
        roots[row["lens"]].append(_lens(row, children))
    return roots.values()


def _lens(row: Row, children: dict[str | None, list[Row]]) -> etree._Element:
    code = element("Code", guid=guid(row["id"]), name=said(row["label"]), isCodable="false")
    if row.get("meaning"):
        code.append(described(row["meaning"]))
    for child in children.get(row["id"], ()):
        code.append(_lens(child, children))
    return code
