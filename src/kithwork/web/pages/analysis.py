"""Analysis: choose measures, scope and a picture; see it beside a table, take both along, and save what was chosen as a view."""

from datetime import date
from typing import Any

import numpy as np
from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.cohort import cohort_of
from kithwork.cohort.attributes import offered_attributes
from kithwork.cohort.columns import known_kinds
from kithwork.cohort.order import natural
from kithwork.figures import FIGURES, View
from kithwork.figures.measured import quartiles
from kithwork.formats.frames import ENDINGS, frame_bytes
from kithwork.measures import MEASURES, REASONS, Measures
from kithwork.measures.registry import Measure, offered, per_of
from kithwork.measures.run import Column
from kithwork.model.errors import SelectionError
from kithwork.model.schema import KINDS, MAP_STATES
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed, text_of
from kithwork.web.measured import GROUPS, value
from kithwork.web.pages.measures import PAGE, TYPES, attachment
from kithwork.web.pictures import PICTURE_TYPES, drawn, picture_bytes

PICTURES = {name: figure for name, figure in FIGURES.items() if figure.needs == "measures"}


def analysis() -> str:
    """The picture of what was chosen, the table beside it, and the views saved before."""
    saved = sorted(desk().study.rows("views", view_kind="measures"), key=lambda row: natural(row["name"]))
    view, picture, measured, problem = _asked(), None, None, None
    try:
        measured = _measured(view)
        picture = drawn(view.draw(desk().study.tables("studies", "waves", *_whole(view)), measured))
    except SelectionError as error:  # told beside the form, so that something else can be chosen
        problem = str(error)
    waves = {row["position"]: row["label"] for row in desk().study.rows("waves")}
    rows, page, pages = _rows(view, measured)
    return render_template(
        "analysis.html",
        view=view,
        opened=next((row for row in saved if row["id"] == request.args.get("view")), None),
        saved=saved,
        pictures=PICTURES,
        options=_options(view.counted, view.by),
        attributes=_attributes(),
        sorts=(*view.by, "") if view.by else ("",),
        states=MAP_STATES,
        kinds=KINDS,
        picture=picture,
        problem=problem,
        columns=measured.columns if measured else (),
        summary=_summary(view, measured, waves),
        rows=rows,
        page=page,
        pages=pages,
        waves=waves,
        people={row["pseudonym"]: row["id"] for row in desk().study.rows("participants")},
        reasons=REASONS,
        chosen=_chosen(view),
        explained=_explained(measured),
        is_change=per_of(view.measures) == "pair" if measured else False,
        chosen_kinds=_known(view.kinds),
        chosen_counted=_known(view.counted),
        endings=(*PICTURE_TYPES, *ENDINGS),
    )


def _known(kinds: tuple[str, ...]) -> list[str]:
    """Those there are of the kinds an address asks for; one there is not is told beside the form."""
    return [kind for kind in KINDS if kind in kinds or "all" in kinds]


def download_analysis(ending: str) -> Response:
    """The picture or the table of what was chosen, by the ending."""
    view = _asked()
    name = f"kithwork-analysis-{date.today():%Y-%m-%d}{ending}"  # noqa: DTZ011 - the day on this desk
    if ending not in PICTURE_TYPES:
        data = frame_bytes(view.table(desk().study.tables("waves"), _measured(view)), ending)
        return attachment(data, name, TYPES.get(ending, "application/octet-stream"))
    svg = view.draw(desk().study.tables("studies", "waves", *_whole(view)), _measured(view))
    return attachment(picture_bytes(svg, ending), name, PICTURE_TYPES[ending])


def save_view() -> AnyResponse:
    """POST saves what was chosen under a name, and opens it."""
    view = View.of({**{name: needed(name) for name in ("picture", "state")}, **{n: request.form.getlist(n) for n in _LISTS}})
    view.draw(desk().study.tables(*view.tables))  # what cannot be drawn is refused, not saved
    entry = carry_out("save view", "View saved.", name=text_of("name"), view_kind="measures", definition=view.definition())
    made = next(iter(entry.changed.get("views", {})), None)
    return redirect(url_for("analysis", view=made) if made else url_for("analysis"))


def remove_view(view_id: str) -> AnyResponse:
    """POST takes a saved view away."""
    carry_out("remove view", "View removed.", view_id=view_id)
    return redirect(url_for("analysis"))


_LISTS = ("measures", "kinds", "counted", "by")


def _asked() -> View:
    """What the address asks for: a saved view, or choices, whatever is left out as usual."""
    if request.args.get("view"):
        return View.of(desk().study.row("views", request.args["view"])["definition"])
    usual, args = View(), request.args
    picture = args.get("picture", usual.picture)
    if picture not in PICTURES:
        raise SelectionError("There is no such picture of measures; go back to the analysis.")
    measures = [name for name in (args.get("measure") or "size", args.get("against")) if name]
    by = tuple(dict.fromkeys(name for name in args.getlist("by") if name))
    if picture == "measure_by_category":
        measures = [_families(tuple(args.getlist("counted")) or usual.counted, by).get(name, name) for name in measures]
    kinds, counted = tuple(args.getlist("kinds")) or usual.kinds, tuple(args.getlist("counted")) or usual.counted
    counted = ("all",) if set(counted) == set(KINDS) else counted
    return View(picture, tuple(measures[: PICTURES[picture].measures]), kinds, counted, args.get("state", usual.state), by)


def _chosen(view: View) -> dict[str, Any]:
    """The view as it stands in an address."""
    measure, *against = view.measures
    scope = {"kinds": list(view.kinds), "counted": list(view.counted), "state": view.state, "by": list(view.by)}
    return {"picture": view.picture, "measure": measure, "against": against[:1] or None, **scope}


def _measured(view: View) -> Measures:
    key = ("analysis", view.measures, view.kinds, view.counted, view.by)
    return desk().remembered(key, lambda: view.measured(desk().study.tables(*view.tables)))


def _whole(view: View) -> tuple[str, ...]:
    """The tables that are measured anew where the picture is of a whole family and one column of it was saved."""
    return view.tables[1:] if view.picture == "measure_by_category" and view.measures[0] not in MEASURES else ()


def _attributes() -> dict[str, str]:
    """What alters can be sorted by."""
    return offered_attributes(desk().study.tables("questions"))


def _options(counted: tuple[str, ...], by: tuple[str, ...] = ()) -> dict[str, list[tuple[str, str]]]:
    """Group → every measure that is a number, and every column of those that have several."""

    def find() -> dict[str, list[tuple[str, str]]]:
        tables = desk().study.tables(*View(by=by).tables)
        try:
            base = cohort_of(tables, by=by)
        except SelectionError:  # told beside the form
            base = cohort_of(tables)
        base = base.within(known_kinds(counted))
        found: dict[str, list[tuple[str, str]]] = {}
        for measure in (*offered("map").values(), *offered("pair").values()):
            columns = [] if measure.words else measure.columns(base)
            if columns and measure.family:
                found.setdefault(GROUPS[measure.group], []).append((measure.name, f"{measure.label}: each {measure.family.short}"))
            found.setdefault(GROUPS[measure.group], []).extend(columns)
        return found

    return desk().remembered(("columns", counted, by), find)


def number_options() -> dict[str, list[tuple[str, str]]]:
    """Group → every measure of a map that is one number, to be chosen by name."""
    options = {group: [one for one in columns if not _is_whole(one[0])] for group, columns in _options(View().counted).items()}
    return {group: columns for group, columns in options.items() if columns and group != GROUPS["change"]}


def _is_whole(name: str) -> bool:
    """Whether a name stands for a measure with all its columns."""
    return name in MEASURES and MEASURES[name].family is not None


def _families(counted: tuple[str, ...], by: tuple[str, ...]) -> dict[str, str]:
    """Column → the measure that it is one category of."""
    whole, found = "", {}
    for name, _ in (option for options in _options(counted, by).values() for option in options):
        measure = MEASURES.get(name)
        if measure is not None:
            whole = name if measure.family else ""
        elif whole:
            found[name] = whole
    return found


def _summary(view: View, measured: Measures | None, waves: dict[int, str]) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Per column, wave by wave in words: maps or pairs of maps, empty, mean, median, quartiles, least and greatest."""
    if measured is None:
        return []
    at, rows = _places(view, measured)
    positions = sorted(waves)[1:] if "to_wave" in measured.keys.columns else sorted(waves)
    return [
        (column.label, [(waves[position], _told(column, rows[at[rows] == position])) for position in positions])
        for column in measured.columns
    ]


def _places(view: View, measured: Measures) -> tuple[np.ndarray, np.ndarray]:
    """The wave of each row, the later of two where it is of change; and the rows that are shown."""
    keys = measured.keys
    if "to_wave" in keys.columns:
        return keys["to_wave"].to_numpy(), np.arange(len(keys))
    return keys["wave"].to_numpy(), np.flatnonzero((keys["state"] == view.state).to_numpy())


def _explained(measured: Measures | None) -> list[Measure]:
    """The measures that are shown, each once."""
    return list({column.measure.name: column.measure for column in measured.columns}.values()) if measured else []


def _told(column: Column, rows: np.ndarray) -> list[str]:
    values = column.values[rows]
    known = values[~np.isnan(values)]
    ties = ["–" if counts is None else f"{counts[rows].sum():,}" for counts in (column.used, column.missing)]
    counts = [f"{len(values):,}", f"{len(values) - len(known):,}"]
    if not len(known):
        return [*counts, *["–"] * 4, *ties]
    low, middle, high = quartiles(known.tolist())
    return [
        *counts,
        f"{known.mean():,.2f}",
        f"{middle:,.2f}",
        f"{low:,.2f} to {high:,.2f}",
        f"{known.min():,.2f} to {known.max():,.2f}",
        *ties,
    ]


def _ties(column: Column, row: int) -> tuple[int | str, ...]:
    """Ties used and without an answer."""
    return tuple("–" if counts is None else int(counts[row]) for counts in (column.used, column.missing))


def _rows(view: View, measured: Measures | None) -> tuple[list[tuple[dict[str, Any], list[Any]]], int, int]:
    """A page of maps, or of pairs of maps, by participant and wave, with their values; which page it is, and how many there are."""
    if measured is None:
        return [], 1, 1
    at, of_view = _places(view, measured)
    who = measured.keys["participant"].to_list()
    order: list[int] = of_view.tolist()
    order.sort(key=lambda row: (natural(who[row]), at[row]))
    pages = max(-(-len(order) // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = order[(page - 1) * PAGE : page * PAGE]
    keys = measured.keys[shown].to_dicts()
    values = [[(value(c.measure, c.values[row], c.reasons[row]), *_ties(c, row)) for c in measured.columns] for row in shown]
    return list(zip(keys, values, strict=True)), page, pages
