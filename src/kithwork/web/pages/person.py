"""One person through time: their maps side by side, what changed and why, and the measures of each map."""

from typing import Any

from flask import Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.cohort.lookalikes import look_alikes
from kithwork.cohort.order import natural
from kithwork.figures.change_story import change_story
from kithwork.figures.printed_page import printed_page
from kithwork.measures import REASONS, Measures, change_measures, map_measures
from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS, MAP_STATES, TABLES
from kithwork.model.tables import StudyTables
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed
from kithwork.web.measured import GROUPS, Value, rows_of
from kithwork.web.pages.register import cells
from kithwork.web.person_tables import person_tables
from kithwork.web.pictures import picture

FATES = TABLES["fates"]["fate"].choices
STATUSES = TABLES["participants"]["status"].choices


def person(participant_id: str) -> str:
    """Everything about one participant on one page."""
    study = desk().study
    tables = person_tables(study, participant_id)
    found = tables["participants"].to_dicts()[0]
    waves = sorted(tables["waves"].to_dicts(), key=lambda wave: wave["position"])
    with_names = bool(session.get("with_names"))
    measured = map_measures(tables)
    line = cells(study, [found], waves, tables)[participant_id]
    drawn = _drawn(tables, waves)
    return render_template(
        "person.html",
        person=found,
        name=next((row["name"] for row in tables["identities"].to_dicts() if row["participant_id"] and with_names), None),
        status=STATUSES[found["status"]],
        waves=waves,
        cells=line,
        with_names=with_names,
        maps=picture("maps_side_by_side", tables, participant_id, names=with_names),
        flow=picture("circle_flow", tables, participant_id) if _is_followed(tables) else None,
        timeline=picture("presence_timeline", tables, participant_id, names=with_names),
        story=change_story(tables, participant_id, names=with_names),
        measures=_by_measure(measured),
        heads=_heads(measured, waves),
        changes=_changes(change_measures(tables), waves),
        reasons=REASONS,
        alters=_alters(tables, with_names),
        alike=_alike(tables, with_names),
        drawn=drawn,
        columns=_columns(len(drawn) + sum(not any("map" in mark for mark in cell.marks) for cell in line)),
    )


def _columns(panels: int) -> int:
    """How many maps stand in one row of the picture."""
    return 2 if panels == 4 else min(panels, 3)


def _is_followed(tables: StudyTables) -> bool:
    """Whether there are everyday maps of two waves or more, so that something can have moved between them."""
    return tables["maps"].filter(tables["maps"]["state"] == "everyday").height > 1


def _heads(measured: Measures, waves: list[Row]) -> list[str]:
    labels = {wave["position"]: wave["label"] for wave in waves}
    return [labels[row["wave"]] + _state(row["state"]) for row in measured.keys.to_dicts()]


def _state(state: str) -> str:
    return "" if state == "everyday" else f" ({MAP_STATES[state].lower()})"


def _by_measure(measured: Measures) -> list[tuple[str, list[tuple[str, str, list[Value]]]]]:
    """Group → (label, definition, one value a map)."""
    values = [row for _, row in rows_of(measured)]
    groups: dict[str, list[tuple[str, str, list[Value]]]] = {}
    for place, column in enumerate(measured.columns):
        line = (column.label, column.measure.summary, [row[place] for row in values])
        groups.setdefault(GROUPS[column.measure.group], []).append(line)
    return list(groups.items())


def _changes(measured: Measures, waves: list[Row]) -> dict[str, Any]:
    labels = {wave["position"]: wave["label"] for wave in waves}
    pairs = [f"{labels[row['from_wave']]} → {labels[row['to_wave']]}" for row in measured.keys.to_dicts()]
    return {"pairs": pairs, "lines": [line for _, lines in _by_measure(measured) for line in lines] if pairs else []}


def _alters(tables: StudyTables, with_names: bool) -> list[Row]:
    """Every alter ever named, with the waves it stood on."""
    names = _labels(tables, with_names)
    maps = {row["id"]: row["interview_id"] for row in tables["maps"].to_dicts()}
    interviews = {row["id"]: row["wave_id"] for row in tables["interviews"].to_dicts()}
    roles = {row["code"]: row["label"] for row in tables["roles"].to_dicts()}
    on: dict[str, set[str]] = {}
    for tie in tables["ties"].to_dicts():
        on.setdefault(tie["alter_id"], set()).add(interviews[maps[tie["map_id"]]])
    return [
        {
            "id": row["id"],
            "label": names[row["id"]],
            "kind": KINDS[row["kind"]],
            "role": roles.get(row["role"] or "", row["role"] or ""),
            "waves": on.get(row["id"], set()),
        }
        for row in sorted(tables["alters"].to_dicts(), key=lambda row: natural(names[row["id"]]))
    ]


def _labels(tables: StudyTables, with_names: bool) -> dict[str, str]:
    labels = {row["id"]: row["pseudonym"] for row in tables["alters"].to_dicts()}
    if with_names:
        labels |= {row["alter_id"]: row["name"] for row in tables["identities"].to_dicts() if row["alter_id"] and row["name"]}
    return labels


def _alike(tables: StudyTables, with_names: bool) -> list[tuple[str, str, str, str]]:
    """Pairs of alters that may be one, never on the same map: ids and labels; names are compared, even where not shown."""
    said = _labels(tables, with_names=True)
    shown = _labels(tables, with_names)
    kinds = {row["id"]: row["kind"] for row in tables["alters"].to_dicts()}
    named = {row["alter_id"] for row in tables["identities"].to_dicts() if row["alter_id"]}
    known = {alter: (said[alter], kinds[alter]) for alter in said if alter in named}
    maps: dict[str, set[str]] = {}
    for tie in tables["ties"].to_dicts():
        maps.setdefault(tie["alter_id"], set()).add(tie["map_id"])
    pairs = {}
    for pair in look_alikes(known, known):
        one, other = sorted((pair.alter_id, pair.same_as_id))
        if not maps.get(one, set()) & maps.get(other, set()):
            pairs[one, other] = (other, one, shown[other], shown[one])
    return list(pairs.values())[:5]


def _drawn(tables: StudyTables, waves: list[Row]) -> list[tuple[str, str]]:
    """Id and heading of each map, in the order of the waves."""
    labels = {wave["id"]: (wave["position"], wave["label"]) for wave in waves}
    interviews = {row["id"]: labels[row["wave_id"]] for row in tables["interviews"].to_dicts()}
    order = list(MAP_STATES)
    rows = sorted(tables["maps"].to_dicts(), key=lambda row: (interviews[row["interview_id"]][0], order.index(row["state"])))
    return [(row["id"], interviews[row["interview_id"]][1] + _state(row["state"])) for row in rows]


def show_names() -> AnyResponse:
    """POST chooses whether names or pseudonyms are shown outside the map page; pseudonyms unless chosen, for this browser."""
    session["with_names"] = needed("show") == "names"
    return redirect(url_for("person", participant_id=needed("participant_id")))


def merge_alters(participant_id: str) -> AnyResponse:
    """POST says that two alters are one; it can be undone."""
    carry_out("merge alters", "Now one alter.", alter_id=needed("alter_id"), same_as_id=needed("same_as_id"))
    return redirect(url_for("person", participant_id=participant_id) + "#alters")


def print_person(participant_id: str) -> Response:
    """The page a participant may keep, as PDF: with names or pseudonyms, and the maps chosen."""
    tables = person_tables(desk().study, participant_id)
    waves = sorted(tables["waves"].to_dicts(), key=lambda wave: wave["position"])
    chosen = request.args.getlist("map")
    maps = [map_id for map_id, _ in _drawn(tables, waves) if map_id in chosen]
    if not maps:
        raise SelectionError("Choose at least one map to print.")
    pdf = printed_page(tables, participant_id, maps, request.args.get("show") == "names")
    return Response(pdf, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="maps.pdf"'})
