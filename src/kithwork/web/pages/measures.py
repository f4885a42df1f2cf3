"""The measures of every map, or of change between waves: a table, its summary by wave, definitions, and downloads."""

from datetime import date

import numpy as np
from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.cohort.order import natural
from kithwork.formats.frames import ENDINGS, frame_bytes
from kithwork.measures import REASONS, Measures, change_measures, map_measures
from kithwork.measures.on_maps import TABLES
from kithwork.measures.registry import offered
from kithwork.model.errors import SelectionError
from kithwork.model.schema import KINDS, MAP_STATES
from kithwork.web.desk import desk
from kithwork.web.forms import text_of
from kithwork.web.measured import GROUPS, by_wave, rows_of

PAGE = 100
TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/octet-stream",
}
_WAVES = ("wave", "from_wave", "to_wave")


def measures() -> str:
    """One group of measures over all maps, or change; the kinds in scope and the group are in the address."""
    group = request.args.get("group", "size")
    if group not in GROUPS:
        raise SelectionError("There is no such group of measures; go back to the measures.")
    measured = _measured(group == "change")
    waves = {row["position"]: row["label"] for row in desk().study.rows("waves")}
    find, sort = desk().sought.get(request.args.get("find", ""), ""), request.args.get("sort", "participant")
    order = _in_order(measured, waves, find, sort.removeprefix("-"), is_down=sort.startswith("-"))
    pages = max(-(-len(order) // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    people = {row["pseudonym"]: row["id"] for row in desk().study.rows("participants")}
    return render_template(
        "measures.html",
        group=group,
        groups=GROUPS,
        columns=[column for column in measured.columns if column.measure.group == group],
        keys=measured.keys.columns,
        rows=rows_of(measured, group, order[(page - 1) * PAGE : page * PAGE]),
        summary=by_wave(measured, group) if group != "change" else [],
        page=page,
        pages=pages,
        total=len(order),
        find=find,
        sort=sort,
        waves=waves,
        states=MAP_STATES,
        people=people,
        kinds=KINDS,
        chosen_kinds=measured.kinds,
        chosen_counted=measured.counted,
        definitions=[measure for measure in offered("pair" if group == "change" else "map").values() if measure.group == group],
        reasons=REASONS,
        endings=ENDINGS,
        scope={"kinds": _asked("kinds", ()), "counted": _asked("counted", ()), "find": request.args.get("find") if find else None},
        dropped=measured.dropped,
    )


def find_measures() -> AnyResponse:
    """POST keeps the words to find on the desk, so that no pseudonym stands in an address or a history; then shows their rows."""
    group, kinds, counted = text_of("group") or None, request.form.getlist("kinds"), request.form.getlist("counted")
    return redirect(url_for("measures", group=group, kinds=kinds, counted=counted, find=desk().seek(text_of("find"))))


def _in_order(measured: Measures, waves: dict[int, str], find: str, sort: str, *, is_down: bool) -> list[int]:
    """Rows whose participant or waves have the words sought, by participant or by a column; what is empty stays last."""
    keys = measured.keys
    shown = [keys["participant"].to_list(), *(keys[name].replace_strict(waves).to_list() for name in _WAVES if name in keys.columns)]
    rows = [row for row, words in enumerate(zip(*shown, strict=True)) if find.casefold() in "\n".join(words).casefold()]
    rows.sort(key=lambda row: natural(shown[0][row]))
    column = next((column for column in measured.columns if column.name == sort), None)
    if column is None:
        return rows[::-1] if is_down else rows
    at = column.values[rows]
    order = np.argsort(np.where(np.isnan(at), np.inf, -at if is_down else at), kind="stable")
    return [rows[place] for place in order]


def download_measures(ending: str) -> Response:
    """Every measure of every map, or of change, as a file."""
    is_change = request.args.get("group") == "change"
    name = f"kithwork-{'change' if is_change else 'measures'}-{date.today():%Y-%m-%d}{ending}"  # noqa: DTZ011 - the day on this desk
    return attachment(frame_bytes(_measured(is_change).frame, ending), name, TYPES.get(ending, "application/octet-stream"))


def attachment(data: bytes, name: str, kind: str) -> Response:
    """A file to keep, never opened as a page."""
    return Response(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _measured(is_change: bool) -> Measures:
    study, kinds, counted = desk().study, _asked("kinds", ("person",)), _asked("counted", ("all",))

    def measure() -> Measures:
        tables = study.tables(*TABLES)
        return change_measures(tables, counted, kinds=kinds) if is_change else map_measures(tables, kinds, counted)

    return desk().remembered(("measures", is_change, kinds, counted), measure)


def _asked(name: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(request.args.getlist(name)) or otherwise
