"""Verbs on the codebook as a whole: codes in vivo, move, merge, split, remove; and the summaries of a framework matrix.

Where a verb takes `why`, the reason is kept as a methodological memo in the same entry, and the history of the codebook tells it.
"""

from typing import Any

from kithwork.actions.coding import drop_unused, put_code, segment_at, write_memo
from kithwork.actions.setup import add_code, code_named
from kithwork.actions.verbs import action
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.store import Change

IN_VIVO = 80  # characters of the words said that name a code

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
    if not name:
        words = words.rstrip(" .,;:") or words  # what ends a sentence is no part of a name
        words = words if len(words) <= IN_VIVO else words[: IN_VIVO - 1].rstrip() + "…"
    code = code_named(change, words, parent_id) or add_code(change, words, parent_id)
    put_code(change, segment["id"], code["id"], coder_id)
    return code


@action
def move_code(
    change: Change,
    code_id: str,
    parent_id: str | None = None,
    position: int | None = None,
    why: str | None = None,
    coder_id: str | None = None,
) -> Row:
    """Move a code under another one, or to the top, and to a place among those already there (last unless told)."""
    code = change.row("codes", code_id)
    if parent_id is not None and code_id in (parent_id, *_above(change, parent_id)):
        raise StudyError("A code cannot stand under itself; choose another place.")
    if code_named(change, code["name"], parent_id, but=code_id):
        raise StudyError("There is a code of this name there already; merge the two or rename one.")
    siblings = [row for row in change.rows("codes", parent_id=parent_id) if row["id"] != code_id]
    siblings.sort(key=lambda row: (row["position"] or 0, row["id"]))
    place = len(siblings) if position is None else max(0, min(position - 1, len(siblings)))
    for number, row in enumerate([*siblings[:place], code, *siblings[place:]], 1):
        change.update("codes", row["id"], {"position": number, **({"parent_id": parent_id} if row["id"] == code_id else {})})
    say_why(change, why, "code", code_id, coder_id)
    return change.row("codes", code_id)


@action
def merge_codes(change: Change, code_ids: list[str], into_id: str, why: str | None = None, coder_id: str | None = None) -> Row:
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
            if child["id"] != into_id and code_named(change, child["name"], into_id, but=child["id"]):
                raise StudyError("Both have a code of the same name under them; merge or rename those first.")
            change.update("codes", child["id"], {"parent_id": into_id})
        _hand_over(change, code["id"], into_id)
        filled = {name: code[name] for name in ("definition", "example", "limits") if code[name] and not into[name]}
        into = change.update("codes", into_id, filled) if filled else into
        change.delete("codes", code["id"])
    into = change.row("codes", into_id)
    if code_named(change, into["name"], into["parent_id"], but=into_id):
        raise StudyError("Where the merged code would stand there is another of its name; merge or rename that one first.")
    say_why(change, why, "code", into_id, coder_id)
    return into


_ONCE = {  # table → the columns beside the code that make a row the same
    "codings": ("segment_id", "coder_id"),
    "decisions": ("segment_id",),
    "theme_codes": ("theme_id",),
    "lens_links": ("lens_id",),
}


def _hand_over(change: Change, code_id: str, into_id: str) -> None:
    for table, same in _ONCE.items():
        there = {tuple(row[name] for name in same) for row in change.rows(table, code_id=into_id)}
        for row in change.rows(table, code_id=code_id):
            if tuple(row[name] for name in same) in there:
                change.delete(table, row["id"])
            else:
                change.update(table, row["id"], {"code_id": into_id})
    for table in ("memos", "summaries"):
        for row in change.rows(table, code_id=code_id):
            change.update(table, row["id"], {"code_id": into_id})


@action
def split_code(change: Change, code_id: str, parts: list[dict[str, Any]], why: str | None = None, coder_id: str | None = None) -> list[Row]:
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
        new = add_code(change, name, code["parent_id"], part.get("definition"))
        for coding_id in ids:
            coding = change.row("codings", coding_id)
            if coding["code_id"] != code_id:
                raise StudyError("This coding belongs to another code; reload the page.")
            change.update("codings", coding_id, {"code_id": new["id"]})
        made.append(new)
    say_why(change, why, "code", code_id, coder_id)
    return made


@action
def remove_code(change: Change, code_id: str, with_codings: bool = False, why: str | None = None, coder_id: str | None = None) -> None:
    """Take a code out of the codebook; what stands under it moves up to its place.

    Codings, decisions, memos and summaries that rest on it go too, but only `with_codings`; one undo brings all of it back.
    """
    code = change.row("codes", code_id)
    resting = {table: change.rows(table, code_id=code_id) for table in ("codings", "decisions", "memos", "summaries")}
    if any(resting.values()) and not with_codings:
        raise StudyError("This code is in use; merge it into another, or say that its codings and memos go with it.")
    for child in change.rows("codes", parent_id=code_id):
        move_code(change, child["id"], code["parent_id"])
    for table in (*resting, "theme_codes", "lens_links"):
        for row in change.rows(table, code_id=code_id):
            change.delete(table, row["id"])
    for segment_id in dict.fromkeys(row["segment_id"] for row in (*resting["codings"], *resting["decisions"])):
        drop_unused(change, segment_id)
    change.delete("codes", code_id)
    for study in change.rows("studies")[:1]:
        say_why(change, why, "study", study["id"], coder_id)


def say_why(change: Change, why: str | None, about: str, about_id: str, coder_id: str | None) -> None:
    """Keep the reason of a change as a memo on what it changed, in the same entry."""
    if why and why.strip():
        write_memo(change, why.strip(), about, about_id, "methodological", coder_id)


def _above(change: Change, code_id: str) -> list[str]:
    """Ids of the codes a code stands under, nearest first."""
    found: list[str] = []
    while (parent_id := change.row("codes", code_id)["parent_id"]) is not None:
        found.append(parent_id)
        code_id = parent_id
    return found


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
