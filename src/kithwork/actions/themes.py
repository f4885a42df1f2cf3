"""Verbs on themes: gather codes under a central idea, put them in order, merge, split and take away; codes stay as they are."""

from typing import Any

from kithwork.actions.codebook import say_why
from kithwork.actions.verbs import action
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.store import Change


@action
def add_theme(change: Change, name: str, central_idea: str | None = None, code_ids: list[str] | None = None) -> Row:
    """Gather codes into a theme with a central idea."""
    name = _free(change, name)
    last = max((row["position"] or 0 for row in change.rows("themes")), default=0)
    theme = change.insert("themes", {"name": name, "central_idea": central_idea, "position": last + 1})
    change.insert_all("theme_codes", ({"theme_id": theme["id"], "code_id": code_id} for code_id in dict.fromkeys(code_ids or [])))
    return theme


@action
def describe_theme(change: Change, theme_id: str, values: dict[str, Any]) -> Row:
    """Change a theme's name, its central idea or its place in the list."""
    if set(values) - {"name", "central_idea", "position"}:
        raise StudyError("Of a theme only its name, its central idea and its place can be changed here.")
    if "name" in values:
        values = {**values, "name": _free(change, values["name"] or "", but=theme_id)}
    return change.update("themes", theme_id, values)


@action
def move_theme(change: Change, theme_id: str, position: int) -> Row:
    """Put a theme at a place in the list, counted from 1; the others keep their order."""
    theme = change.row("themes", theme_id)
    others = [row for row in themes_in_order(change.rows("themes")) if row["id"] != theme_id]
    place = max(0, min(position - 1, len(others)))
    for number, row in enumerate([*others[:place], theme, *others[place:]], 1):
        change.update("themes", row["id"], {"position": number})
    return change.row("themes", theme_id)


@action
def put_code_in_theme(change: Change, theme_id: str, code_id: str, is_in: bool = True) -> None:
    """Put a code in a theme, or take it out; a code may be in several."""
    found = change.rows("theme_codes", theme_id=theme_id, code_id=code_id)
    if is_in and not found:
        change.insert("theme_codes", {"theme_id": theme_id, "code_id": code_id})
    for row in found if not is_in else []:
        change.delete("theme_codes", row["id"])


@action
def choose_theme_codes(change: Change, theme_id: str, code_ids: list[str], why: str | None = None, coder_id: str | None = None) -> None:
    """Say which codes a theme gathers, all of them at once; any of them may be in other themes too."""
    change.row("themes", theme_id)
    wanted = set(code_ids)
    held = {row["code_id"] for row in change.rows("theme_codes", theme_id=theme_id)}
    for code_id in [*sorted(held - wanted), *(one for one in dict.fromkeys(code_ids) if one not in held)]:
        put_code_in_theme(change, theme_id, code_id, code_id in wanted)
    if held != wanted:
        say_why(change, why, "theme", theme_id, coder_id)


@action
def choose_code_themes(change: Change, code_id: str, theme_ids: list[str]) -> None:
    """Say which themes a code is in, all of them at once."""
    change.row("codes", code_id)
    for theme in change.rows("themes"):
        put_code_in_theme(change, theme["id"], code_id, theme["id"] in theme_ids)


@action
def merge_themes(change: Change, theme_id: str, into_id: str, why: str | None = None, coder_id: str | None = None) -> Row:
    """Merge a theme into another: its codes, memos and summaries are then the other's; an empty central idea is filled from it."""
    theme, into = change.row("themes", theme_id), change.row("themes", into_id)
    if theme_id == into_id:
        raise StudyError("Merging needs another theme; choose one.")
    for row in change.rows("theme_codes", theme_id=theme_id):
        change.delete("theme_codes", row["id"])
        put_code_in_theme(change, into_id, row["code_id"])
    for table in ("memos", "summaries"):
        for row in change.rows(table, theme_id=theme_id):
            change.update(table, row["id"], {"theme_id": into_id})
    if theme["central_idea"] and not into["central_idea"]:
        change.update("themes", into_id, {"central_idea": theme["central_idea"]})
    change.delete("themes", theme_id)
    say_why(change, why, "theme", into_id, coder_id)
    return change.row("themes", into_id)


@action
def split_theme(
    change: Change,
    theme_id: str,
    name: str,
    code_ids: list[str],
    central_idea: str | None = None,
    why: str | None = None,
    coder_id: str | None = None,
) -> Row:
    """Split a new theme off one: the codes chosen go over to it; memos and summaries stay."""
    held = {row["code_id"] for row in change.rows("theme_codes", theme_id=theme_id)}
    if not code_ids or not set(code_ids) <= held:
        raise StudyError("A theme is split by giving some of its codes to the new one; choose at least one of its codes.")
    new = add_theme(change, name, central_idea, code_ids)
    for code_id in dict.fromkeys(code_ids):
        put_code_in_theme(change, theme_id, code_id, is_in=False)
    move_theme(change, new["id"], 1 + [row["id"] for row in themes_in_order(change.rows("themes"))].index(theme_id) + 1)
    say_why(change, why, "theme", theme_id, coder_id)
    return new


@action
def remove_theme(change: Change, theme_id: str, with_words: bool = False, why: str | None = None, coder_id: str | None = None) -> None:
    """Take a theme away; its codes stay. Memos and summaries that rest on it go too, but only `with_words`."""
    resting = [(table, row["id"]) for table in ("summaries", "memos") for row in change.rows(table, theme_id=theme_id)]
    if resting and not with_words:
        raise StudyError("Summaries or memos rest on this theme; merge it into another, or say that they go with it.")
    for table, row_id in [*resting, *(("theme_codes", row["id"]) for row in change.rows("theme_codes", theme_id=theme_id))]:
        change.delete(table, row_id)
    change.delete("themes", theme_id)
    for study in change.rows("studies")[:1]:
        say_why(change, why, "study", study["id"], coder_id)


def themes_in_order(themes: list[Row]) -> list[Row]:
    """Themes as they stand in lists."""
    return sorted(themes, key=lambda row: (row["position"] or 0, row["id"]))


def _free(change: Change, name: object, but: str | None = None) -> str:
    if not isinstance(name, str) or not name.strip():
        raise StudyError("A theme needs a name in words.")
    name = name.strip()
    if any(row["name"].casefold() == name.casefold() and row["id"] != but for row in change.rows("themes")):
        raise StudyError("There is a theme of this name already; merge the two or choose another name.")
    return name
