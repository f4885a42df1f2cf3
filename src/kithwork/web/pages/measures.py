"""The measures of every map, or of change between waves: a table, its summary by wave, definitions, and downloads."""

from datetime import date

from flask import Response, render_template, request

from kithwork.formats.frames import ENDINGS, frame_bytes
from kithwork.measures import REASONS, Measures, change_measures, map_measures
from kithwork.measures.registry import offered
from kithwork.model.errors import SelectionError
from kithwork.model.schema import KINDS, MAP_STATES
from kithwork.web.desk import desk
from kithwork.web.measured import GROUPS, by_wave, rows_of
from kithwork.web.pages.register import natural

PAGE = 500
TABLES = [
    "studies",
    "waves",
    "circles",
    "roles",
    "support_types",
    "questions",
    "asked",
    "participants",
    "interviews",
    "maps",
    "alters",
    "ties",
    "fates",
    "supports",
    "alter_ties",
]
TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/octet-stream",
}


def measures() -> str:
    """One group of measures over all maps, or change; the kinds in scope and the group are in the address."""
    group = request.args.get("group", "size")
    if group not in GROUPS:
        raise SelectionError("There is no such group of measures; go back to the measures.")
    measured = _measured(group == "change")
    page = max(request.args.get("page", 1, type=int), 1)
    rows = sorted(rows_of(measured, group), key=lambda row: natural(row[0]["participant"]))
    people = {row["pseudonym"]: row["id"] for row in desk().study.rows("participants")}
    return render_template(
        "measures.html",
        group=group,
        groups=GROUPS,
        columns=[column for column in measured.columns if column.measure.group == group],
        keys=measured.keys.columns,
        rows=rows[(page - 1) * PAGE : page * PAGE],
        summary=by_wave(measured, group) if group != "change" else [],
        page=page,
        pages=-(-len(rows) // PAGE),
        total=len(rows),
        waves={row["position"]: row["label"] for row in desk().study.rows("waves")},
        states=MAP_STATES,
        people=people,
        kinds=KINDS,
        chosen_kinds=measured.kinds,
        chosen_counted=measured.counted,
        definitions=[measure for measure in offered("pair" if group == "change" else "map").values() if measure.group == group],
        reasons=REASONS,
        endings=ENDINGS,
        scope={"kinds": _asked("kinds", ()), "counted": _asked("counted", ())},
        dropped=measured.dropped,
    )


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
        return change_measures(tables, counted) if is_change else map_measures(tables, kinds, counted)

    return desk().remembered(("measures", is_change, () if is_change else kinds, counted), measure)


def _asked(name: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(request.args.getlist(name)) or otherwise
