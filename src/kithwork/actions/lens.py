"""Verbs on a lens: a theory's nodes held over the inductive codes, and why a code is seen through one. It never codes anything."""

import re
from typing import Any

from kithwork.actions.verbs import action
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.store import Change

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}")


@action
def link_to_lens(change: Change, lens_id: str, code_id: str, rationale: str | None = None) -> Row:
    """See a code through a node of a lens, and say why; a link that is there gets the new rationale."""
    found = change.rows("lens_links", lens_id=lens_id, code_id=code_id)
    if found:
        return change.update("lens_links", found[0]["id"], {"rationale": rationale})
    return change.insert("lens_links", {"lens_id": lens_id, "code_id": code_id, "rationale": rationale})


@action
def unlink_from_lens(change: Change, lens_id: str, code_id: str) -> None:
    """Take the link between a code and a node of a lens away."""
    for row in change.rows("lens_links", lens_id=lens_id, code_id=code_id):
        change.delete("lens_links", row["id"])


@action
def add_lens_node(
    change: Change, lens: str, code: str, label: str, meaning: str | None = None, parent_id: str | None = None, basis: str | None = None
) -> Row:
    """Add a node to a lens, or begin another lens with it."""
    lens, code, label = lens.strip(), code.strip(), label.strip()
    if not lens or not label:
        raise StudyError("A node needs the name of its lens and a label.")
    if not _CODE.fullmatch(code):
        raise StudyError("A node's short code is up to 24 letters, digits, dots or dashes.")
    there = change.rows("lenses", lens=lens)
    if any(row["code"].casefold() == code.casefold() for row in there):
        raise StudyError("This lens has a node of that short code already; choose another.")
    if parent_id is not None and change.row("lenses", parent_id)["lens"] != lens:
        raise StudyError("A node stands under one of the same lens; choose another place.")
    last = max((row["position"] or 0 for row in there if row["parent_id"] == parent_id), default=0)
    values = {"lens": lens, "code": code, "label": label, "meaning": meaning, "parent_id": parent_id, "position": last + 1}
    is_on = there[0]["is_on"] if there else True
    return change.insert("lenses", {**values, "is_on": is_on, "basis": basis or "the study's own"})


@action
def describe_lens_node(change: Change, lens_id: str, values: dict[str, Any]) -> Row:
    """Change what a node is called, what it stands for, or where it comes from."""
    if set(values) - {"label", "meaning", "basis"}:
        raise StudyError("Of a node only its label, its meaning and where it comes from can be changed here.")
    return change.update("lenses", lens_id, values)


@action
def remove_lens_node(change: Change, lens_id: str, with_links: bool = False) -> None:
    """Take a node out of a lens; what stands under it moves up. Its links go too, but only `with_links`; codes are not touched."""
    node = change.row("lenses", lens_id)
    links = change.rows("lens_links", lens_id=lens_id)
    if links and not with_links:
        raise StudyError("Codes are seen through this node; say that its links go with it, or take them away first.")
    for link in links:
        change.delete("lens_links", link["id"])
    last = max((row["position"] or 0 for row in change.rows("lenses", lens=node["lens"], parent_id=node["parent_id"])), default=0)
    for number, child in enumerate(change.rows("lenses", parent_id=lens_id), 1):
        change.update("lenses", child["id"], {"parent_id": node["parent_id"], "position": last + number})
    change.delete("lenses", lens_id)
