"""The history of the codebook, told from the journal: each change to codes, themes, the lens and their links, what was and what is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kithwork.model.rows import Row
from kithwork.store import RowChange, Study, changes_to

TABLES = ("codes", "themes", "theme_codes", "lenses", "lens_links", "memos", "codings")
_TOLD = {  # column → what it is called; the rest is not told
    "codes": {"name": "name", "definition": "what it covers", "example": "example", "limits": "what it does not cover", "color": "colour"},
    "themes": {"name": "name", "central_idea": "central idea"},
    "lenses": {"label": "label", "meaning": "meaning"},
}
_NOUNS = {"codes": "code", "themes": "theme", "lenses": "lens node"}


@dataclass(frozen=True)
class Line:
    """One thing that an entry did."""

    what: str  # code, theme, lens node, code in a theme, lens link, codings
    name: str
    did: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Step:
    """One entry of the journal that touched the codebook."""

    entry_id: str
    place: int
    at: str
    verb: str
    actor: str | None
    undoes: str | None
    lines: list[Line] = field(default_factory=list)
    why: str = ""  # memos written in the same entry


def codebook_history(study: Study, *, with_memos: bool = True) -> list[Step]:
    """Every entry that changed codes, themes, a lens or their links, from the first; reasons are the memos written with them."""
    state: dict[str, dict[str, Row]] = {table: {} for table in TABLES}
    steps = []
    for head, changes in changes_to(study, TABLES, but_new=("codings",), keep=_is_told):
        lines = _lines(changes, state)
        if lines:
            reasons = [str(one.after["text"]) for one in changes if one.table == "memos" and one.before is None and one.after]
            names = {name: head[name] for name in ("place", "at", "verb", "actor", "undoes")}
            is_reason = with_memos and len(reasons) <= 3  # an import brings memos that are no reasons
            steps.append(Step(head["id"], **names, lines=lines, why="\n".join(reasons) if is_reason else ""))
    return steps


def history_frame(study: Study, *, with_memos: bool = False) -> pl.DataFrame:
    """One row a thing done: number, when, who, action, taken back, thing, name, what was done, before, after, and why. No ids leave.

    Missing     `why` is empty unless `with_memos`: memos are free text about people and the work.
    """
    coders = {row["id"]: row["name"] for row in study.rows("coders")}
    steps = codebook_history(study, with_memos=with_memos)
    taken_back = taken_back_of(steps)
    rows = [
        {
            "number": number,
            "at": step.at,
            "who": coders.get(step.actor or ""),
            "action": step.verb,
            "taken_back": step.entry_id in taken_back,
            "thing": line.what,
            "name": line.name,
            "done": line.did,
            "before": line.before or None,
            "after": line.after or None,
            "why": step.why or None,
        }
        for number, step in enumerate(steps, 1)
        for line in step.lines
    ]
    kinds = {"number": pl.Int64, "taken_back": pl.Boolean}
    names = ("number", "at", "who", "action", "taken_back", "thing", "name", "done", "before", "after", "why")
    return pl.DataFrame(rows, schema={name: kinds.get(name, pl.String) for name in names})


def taken_back_of(steps: Iterable[Step]) -> set[str]:
    """Entries that, as things stand, were taken back."""
    root: dict[str, str] = {}
    found: set[str] = set()
    for step in steps:
        if step.undoes:
            target = root[step.entry_id] = root.get(step.undoes, step.undoes)
            found ^= {target}
    return found


def _is_told(change: RowChange) -> bool:
    """Of codings only those that got another code or lost it with it; of memos only those on the codebook or the study."""
    if change.table == "codings":
        return change.before is not None and (change.after is None or "code_id" in change.after)
    if change.table == "memos":
        row = change.after or {}
        return change.before is None and any(row.get(name) for name in ("code_id", "theme_id", "study_id"))
    return True


def _lines(changes: list[RowChange], state: dict[str, dict[str, Row]]) -> list[Line]:
    """What the changes of one entry did, in the names of that time; `state` is brought up to after them."""
    before = {table: dict(rows) for table, rows in state.items() if table in (*_NOUNS, "theme_codes", "lens_links")}
    for change in changes:
        _apply(change, state)
    lines: list[Line] = []
    for change in changes:
        if change.table in _NOUNS:
            lines += _told(change, before, state)
        elif change.table == "theme_codes":
            lines.append(_membership(change, before, state))
        elif change.table == "lens_links":
            lines.append(_link(change, before, state))
    lines += _order(changes, state)
    if lines:
        lines += _codings(changes, before, state)
    return lines


def _apply(change: RowChange, state: dict[str, dict[str, Row]]) -> None:
    rows = state[change.table]
    if change.table in ("codings", "memos"):
        return
    if change.after is None:
        rows.pop(change.row_id, None)
    else:
        rows[change.row_id] = {**({} if change.before is None else rows.get(change.row_id, {})), **change.after}


def _named(table: str, row_id: str | None, *states: dict[str, dict[str, Row]]) -> str:
    """What a row was called, in the first state that knows it."""
    row: Row = next((state[table][row_id] for state in states if row_id is not None and row_id in state[table]), {})
    if table == "lenses":
        return f"{row.get('code', '')} {row.get('label', '')}".strip()
    return str(row.get("name", ""))


def _told(change: RowChange, before: Any, after: Any) -> list[Line]:
    noun, name = _NOUNS[change.table], _named(change.table, change.row_id, after, before)
    if change.before is None:
        row = change.after or {}
        said = row.get("definition") or row.get("central_idea") or row.get("meaning") or ""
        under = _named(change.table, row.get("parent_id"), after, before)
        return [Line(noun, name, f"made under {under}" if under else "made", after=said)]
    if change.after is None:
        row = change.before
        return [Line(noun, name, "taken out", before=row.get("definition") or row.get("central_idea") or row.get("meaning") or name)]
    lines = []
    for column, told in _TOLD[change.table].items():
        if column in change.after:
            was, now = change.before.get(column) or "", change.after[column] or ""
            lines.append(Line(noun, name, "renamed" if column in ("name", "label") else f"{told} changed", str(was), str(now)))
    if "parent_id" in change.after:
        places = [_named(change.table, row.get("parent_id"), before, after) or "the top" for row in (change.before, change.after)]
        lines.append(Line(noun, name, "moved", *places))
    if "is_on" in change.after:
        lines.append(Line(noun, name, "shown" if change.after["is_on"] else "put away"))
    return lines


def _membership(change: RowChange, before: Any, after: Any) -> Line:
    row = (change.after if change.before is None else change.before) or {}
    code, theme = _named("codes", row.get("code_id"), before, after), _named("themes", row.get("theme_id"), before, after)
    if change.before is not None and change.after is not None:  # a merge hands it over
        code = _named("codes", change.after.get("code_id") or row.get("code_id"), after, before)
        return Line("code in a theme", code, "put in a theme", after=_named("themes", _of(change, "theme_id", after), after, before))
    did = "put in a theme" if change.before is None else "taken out of a theme"
    return Line("code in a theme", code, did, *(("", theme) if change.before is None else (theme, "")))


def _link(change: RowChange, before: Any, after: Any) -> Line:
    code = _named("codes", _of(change, "code_id", after, before), after, before)
    node = _named("lenses", _of(change, "lens_id", after, before), after, before)
    name = f"{code} – {node}"
    was, now = ((row or {}).get("rationale") or "" for row in (change.before, change.after))
    if change.before is None:
        return Line("lens link", name, "linked", after=now)
    if change.after is None:
        return Line("lens link", name, "unlinked", before=was)
    return Line("lens link", name, "reason changed" if "rationale" in change.after else "handed over", was, now)


def _of(change: RowChange, column: str, *states: dict[str, dict[str, Row]]) -> str | None:
    for row in (change.after or {}, change.before or {}, *(state[change.table].get(change.row_id, {}) for state in states)):
        if row.get(column):
            return row[column]
    return None


def _order(changes: list[RowChange], state: dict[str, dict[str, Row]]) -> list[Line]:
    """A new order among siblings is one line, where nothing else of the entry moved anything."""
    moved = [one for one in changes if one.table in _NOUNS and one.before is not None and one.after is not None and "position" in one.after]
    only = moved and all(set(one.after or ()) == {"position"} for one in moved) and len(moved) == len(changes)
    if not only:
        return []
    moved.sort(key=lambda one: (one.after or {})["position"] or 0)
    names = ", ".join(_named(moved[0].table, one.row_id, state) for one in moved)
    return [Line(_NOUNS[moved[0].table], names, "put in another order")]


def _codings(changes: list[RowChange], before: Any, after: Any) -> list[Line]:
    """How many codings went from one code to another, or went with their code."""
    counts: dict[tuple[str, str], int] = {}
    for change in changes:
        if change.table == "codings" and change.before:
            was = _named("codes", change.before.get("code_id"), before, after)
            now = _named("codes", (change.after or {}).get("code_id"), after, before)
            counts[was, now] = counts.get((was, now), 0) + 1
    return [
        Line("codings", f"{number:,}", "given another code" if now else "taken off (already there, or gone with their code)", was, now)
        for (was, now), number in counts.items()
    ]
