"""Verbs on the codebook as a whole, and on what is built of it: merge, split, move; themes; the lens; summaries."""

from typing import Any

from kithwork.actions.coding import put_code, segment_at
from kithwork.actions.setup import add_code
from kithwork.actions.verbs import action
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.store import Change

LONGEST_NAME = 80

# -- codes ---------------------------------------------------------------------------------------------------------------------------


@action
def code_in_vivo(
    change: Change,
    revision_id: str,
    start: int,
    stop: int,
    name: str | None = None,
    parent_id: str | None = None,
    coder_id: str | None = None,
) -> Row:
    """Make a code of the participant's own words and put it on them; a code of that name in that place is used again."""
    segment = segment_at(change, revision_id, start, stop)
    words = " ".join((name or segment["quotation"]).split())
    words = words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1].rstrip() + "…"
    code = _named(change, words, parent_id) or add_code(change, words, parent_id)
    put_code(change, segment["id"], code["id"], coder_id)
    return code


@action
def move_code(change: Change, code_id: str, parent_id: str | None = None, position: int | None = None) -> Row:
    """Move a code under another one, or to the top, and to a place among those already there (last unless told)."""
    code = change.row("codes", code_id)
    if parent_id is not None and code_id in (parent_id, *_above(change, parent_id)):
        raise StudyError("A code cannot stand under itself; choose another place.")
    other = _named(change, code["name"], parent_id)
    if other and other["id"] != code_id:
        raise StudyError("There is a code of this name there already; merge the two or rename one.")
    siblings = [row for row in change.rows("codes", parent_id=parent_id) if row["id"] != code_id]
    siblings.sort(key=lambda row: (row["position"] or 0, row["id"]))
    place = len(siblings) if position is None else max(0, min(position - 1, len(siblings)))
    for number, row in enumerate([*siblings[:place], code, *siblings[place:]], 1):
        change.update("codes", row["id"], {"position": number, **({"parent_id": parent_id} if row["id"] == code_id else {})})
    return change.row("codes", code_id)


@action
def merge_codes(change: Change, code_ids: list[str], into_id: str) -> Row:
    """Merge codes into one: what was coded with them, their memos, themes and lens links are then its own.

    A passage that carried both carries it once. Definitions stay as they are; an empty one is filled from the first that has one.
    """
    into = change.row("codes", into_id)
    merged = [change.row("codes", code_id) for code_id in dict.fromkeys(code_ids) if code_id != into_id]
    if not merged:
        raise StudyError("Merging needs another code; choose at least two.")
    for code in merged:
        if code["id"] in _above(change, into_id):  # what is merged into one of its own branches leaves its place to it
            change.update("codes", into_id, {"parent_id": code["parent_id"]})
        for child in change.rows("codes", parent_id=code["id"]):
            change.update("codes", child["id"], {"parent_id": into_id})
        _hand_over(change, code["id"], into_id)
        filled = {name: code[name] for name in ("definition", "example", "limits") if code[name] and not into[name]}
        into = change.update("codes", into_id, filled) if filled else into
        change.delete("codes", code["id"])
    return change.row("codes", into_id)


_ONCE = {  # table → the columns beside the code that make a row the same
    "codings": ("segment_id", "coder_id"),
    "decisions": ("segment_id",),
    "theme_codes": ("theme_id",),
    "lens_links": ("lens_id",),
}


def _hand_over(change: Change, code_id: str, into_id: str) -> None:
    for table, same in _ONCE.items():
        for row in change.rows(table, code_id=code_id):
            if change.rows(table, code_id=into_id, **{name: row[name] for name in same}):
                change.delete(table, row["id"])
            else:
                change.update(table, row["id"], {"code_id": into_id})
    for table in ("memos", "summaries"):
        for row in change.rows(table, code_id=code_id):
            change.update(table, row["id"], {"code_id": into_id})


@action
def split_code(change: Change, code_id: str, parts: list[dict[str, Any]]) -> list[Row]:
    """Split codes off one: each part has a `name` and the `coding_ids` that go to it; what is not given away stays."""
    code = change.row("codes", code_id)
    if not parts:
        raise StudyError("Splitting needs at least one new code; name it.")
    lists = [part.get("coding_ids") or [] for part in parts]
    if not all(isinstance(ids, list) and all(isinstance(one, str) for one in ids) for ids in lists):
        raise StudyError("The codings that go to a new code must be a list of their ids.")
    given = [coding_id for ids in lists for coding_id in ids]
    if len(set(given)) < len(given):
        raise StudyError("A coding was given to two codes; choose one for it.")
    made = []
    for part, ids in zip(parts, lists, strict=True):
        name = str(part.get("name", "")).strip()
        if _named(change, name, code["parent_id"]):
            raise StudyError("There is a code of this name there already; choose another name.")
        new = add_code(change, name, code["parent_id"], part.get("definition"))
        for coding_id in ids:
            coding = change.row("codings", coding_id)
            if coding["code_id"] != code_id:
                raise StudyError("This coding belongs to another code; reload the page.")
            change.update("codings", coding_id, {"code_id": new["id"]})
        made.append(new)
    return made


def _above(change: Change, code_id: str) -> list[str]:
    """Ids of the codes a code stands under, nearest first."""
    found: list[str] = []
    while (parent_id := change.row("codes", code_id)["parent_id"]) is not None:
        found.append(parent_id)
        code_id = parent_id
    return found


def _named(change: Change, name: str, parent_id: str | None) -> Row | None:
    return next((row for row in change.rows("codes", parent_id=parent_id) if row["name"].casefold() == name.casefold()), None)


# -- themes ---------------------------------------------------------------------------------------------------------------------------


@action
def add_theme(change: Change, name: str, central_idea: str | None = None, code_ids: list[str] | None = None) -> Row:
    """Gather codes into a theme with a central idea."""
    if not name.strip():
        raise StudyError("A theme needs a name.")
    last = max((row["position"] or 0 for row in change.rows("themes")), default=0)
    theme = change.insert("themes", {"name": name.strip(), "central_idea": central_idea, "position": last + 1})
    change.insert_all("theme_codes", ({"theme_id": theme["id"], "code_id": code_id} for code_id in dict.fromkeys(code_ids or [])))
    return theme


@action
def describe_theme(change: Change, theme_id: str, values: dict[str, Any]) -> Row:
    """Change a theme's name, its central idea or its place in the list."""
    if set(values) - {"name", "central_idea", "position"}:
        raise StudyError("Of a theme only its name, its central idea and its place can be changed here.")
    return change.update("themes", theme_id, values)


@action
def put_code_in_theme(change: Change, theme_id: str, code_id: str, is_in: bool = True) -> None:
    """Put a code in a theme, or take it out; a code may be in several."""
    found = change.rows("theme_codes", theme_id=theme_id, code_id=code_id)
    if is_in and not found:
        change.insert("theme_codes", {"theme_id": theme_id, "code_id": code_id})
    for row in found if not is_in else []:
        change.delete("theme_codes", row["id"])


@action
def remove_theme(change: Change, theme_id: str) -> None:
    """Take a theme away, as long as no summary or memo rests on it; its codes stay."""
    if change.rows("summaries", theme_id=theme_id) or change.rows("memos", theme_id=theme_id):
        raise StudyError("Summaries or memos rest on this theme; remove them first.")
    for row in change.rows("theme_codes", theme_id=theme_id):
        change.delete("theme_codes", row["id"])
    change.delete("themes", theme_id)


# -- lens ------------------------------------------------------------------------------------------------------------------------------


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


# -- summaries -------------------------------------------------------------------------------------------------------------------------


@action
def write_summary(
    change: Change,
    participant_id: str,
    text: str,
    theme_id: str | None = None,
    code_id: str | None = None,
    wave_id: str | None = None,
    prompt: str | None = None,
    coder_id: str | None = None,
) -> Row | None:
    """Write the analyst's words in one cell of the framework matrix; empty words clear it."""
    if (theme_id is None) == (code_id is None):
        raise StudyError("A cell belongs to one theme or one code; choose one of the two.")
    cell = {"participant_id": participant_id, "theme_id": theme_id, "code_id": code_id, "wave_id": wave_id, "prompt": prompt or None}
    found = change.rows("summaries", **cell)
    if not text.strip():
        for row in found:
            change.delete("summaries", row["id"])
        return None
    if found:
        return change.update("summaries", found[0]["id"], {"text": text, "coder_id": coder_id})
    return change.insert("summaries", {**cell, "text": text, "coder_id": coder_id})
