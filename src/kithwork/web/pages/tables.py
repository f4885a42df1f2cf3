"""Tables of the codebook: codes against attributes, waves and ties, codes that stand together, and new codes by interview."""

from datetime import date

import polars as pl
from flask import Response, render_template, request, session

from kithwork.figures.codes_together import codes_together
from kithwork.formats.frames import ENDINGS, frame_bytes
from kithwork.joint import Question, dimensions_of, labels_of
from kithwork.joint.dimensions import code_tree
from kithwork.joint.said import ATTRIBUTES
from kithwork.joint.tables import co_occurrence, most_together, new_codes
from kithwork.model.errors import SelectionError
from kithwork.model.tables import StudyTables
from kithwork.web.desk import desk
from kithwork.web.joined import NOT_THEIRS, address, said
from kithwork.web.pages.measures import TYPES, attachment
from kithwork.web.pictures import PICTURE_TYPES, picture_bytes

UNITS = {"overlap": "sharing words", "passage": "on the same passage"}
BESIDE = {"overlap": "overlaps", "passage": "together"}  # what asks for the passages behind a number
MOST = 60  # codes side by side; a table of more cannot be read, and is taken along instead


def tables() -> str:
    """Links to counts of codes by everything there is, the codes that stand together, and the codes that were new."""
    here, unit = said(), _unit()
    tree = code_tree(here)
    shown = [(code, name) for code, name, depth in tree if depth == 0 or request.args.get("depth") == "all"]
    who = session.get("coder_id")
    found = desk().remembered(("together", unit, who), lambda: co_occurrence(here, unit), NOT_THEIRS)
    together = {(row, column): number for row, column, number in found.iter_rows()}
    left_out, shown = max(len(shown) - MOST, 0), most_together(shown, together, MOST)
    people, waves = labels_of(here, "participant"), labels_of(here, "wave")
    lines = [(people.get(row["participant_id"], ""), waves.get(str(row["wave"]), ""), row) for row in new_codes(here).to_dicts()]
    named = dimensions_of(here)
    by = {named[name].label: address(Question(rows="code", columns=name)) for name in ("wave", "kind", *ATTRIBUTES)}
    own, measured = (
        {
            named[key].label: address(Question(rows="code", columns=key))
            for key, one in here.invented.items()
            if one.is_measured == is_measured
        }
        for is_measured in (False, True)
    )
    themes = {named[name].label: address(Question(rows="theme", columns=name)) for name in ("kind", "wave", "circle")}
    return render_template(
        "tables.html", unit=unit, units=UNITS, shown=shown, left_out=left_out, together=together, lines=lines, by=by, themes=themes,
        own=own, measured=measured, depth=request.args.get("depth", "top"), endings=ENDINGS,
        nested=set(here.under.select("code_id", "as_id").iter_rows()), pictures=PICTURE_TYPES,
        asks=address(Question(rows="wave", columns="")), beside=BESIDE[unit],
    )  # fmt: skip


def download_tables(ending: str) -> Response:
    """Codes that stand together, as a table or a picture, or new codes by interview, as a file."""
    here = said()
    name = f"kithwork-codes-{date.today():%Y-%m-%d}{ending}"  # noqa: DTZ011 - the day on this desk
    if ending in PICTURE_TYPES:
        tables = StudyTables({**here.tables.frames, "studies": desk().study.tables("studies")["studies"]})
        svg = codes_together(tables, _unit(), is_whole=request.args.get("depth") == "all")
        return attachment(picture_bytes(svg, ending), name, PICTURE_TYPES[ending])
    names, people, waves = (labels_of(here, name) for name in ("code", "participant", "wave"))
    text = pl.String
    if request.args.get("what") == "new":
        frame = new_codes(here).select(
            pl.col("participant_id").replace_strict(people, default=None, return_dtype=text).alias("participant"),
            pl.col("wave").cast(text).replace_strict(waves, default=None, return_dtype=text),
            "held_on", "codes", "new", "so_far",
        )  # fmt: skip
    else:
        frame = co_occurrence(here, _unit()).with_columns(pl.col("row", "column").replace_strict(names, default=None, return_dtype=text))
    return attachment(frame_bytes(frame, ending), name, TYPES.get(ending, "application/octet-stream"))


def _unit() -> str:
    unit = request.args.get("unit", "overlap")
    if unit not in UNITS:
        raise SelectionError("Codes stand together by words shared or on one passage; choose one of the two.")
    return unit
