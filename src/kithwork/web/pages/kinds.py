"""Kinds of network: by rule, by structure, by measures, and from wave to wave; each label with what it rests on, and who moved where."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import polars as pl
from flask import Response, render_template, request

from kithwork.cohort.order import natural
from kithwork.figures.kinds_flow import LANES, placed, typed_flow
from kithwork.figures.render import pdf_of, png_of
from kithwork.formats.frames import ENDINGS, frame_bytes
from kithwork.measures.typology import (
    ALL_KINDS_TYPES,
    CHANGE_TYPES,
    PEOPLE_TYPES,
    STEMS,
    Clusters,
    change_types,
    kinds_of_network,
    measured_types,
    structural_types,
    type_moves,
)
from kithwork.measures.typology.clusters import METHODS
from kithwork.model.errors import SelectionError
from kithwork.model.schema import KINDS, MAP_STATES
from kithwork.web.desk import desk
from kithwork.web.pages.analysis import PICTURE_TYPES, number_options
from kithwork.web.pages.measures import PAGE, TYPES, attachment
from kithwork.web.pictures import drawn

BY = {"rules": "By rule", "moves": "From wave to wave", "structure": "By structure", "measures": "By measures"}
LABELS = {"people": "People and groups", "all_kinds": "All kinds of tie"}
MEANINGS: dict[str, dict[str, str]] = {"people": PEOPLE_TYPES, "all_kinds": ALL_KINDS_TYPES}
INPUTS = {
    "family": "family",
    "friends": "friends",
    "other_people": "other people",
    "groups": "groups",
    "professionals": "professionals",
    "other_kinds": "of other kinds",
}
_MOST = 4  # measures to group by


@dataclass(frozen=True)
class Choice:
    """What the address asks for."""

    by: str = "rules"
    labels: str = "people"
    state: str = "everyday"
    method: str = "k-medoids"
    types: int | None = None
    measures: tuple[str, ...] = ("size", "density")
    kinds: tuple[str, ...] = ("person",)

    def command(self) -> str:
        """The command that makes the same table."""
        parts = ["kith kinds STUDY.kith", f"--by {self.by}"]
        if self.by == "moves":
            parts.append(f"--labels {self.labels}")
        if self.by in ("structure", "measures"):
            parts += [f"--method {self.method}", f"--state {self.state}", f"--kinds {','.join(self.kinds)}"]
            parts += [f"--types {self.types}"] if self.types else []
            parts += [f"--measures {','.join(self.measures)}"] if self.by == "measures" else []
        return " ".join((*parts, "-o kinds.csv"))

    def address(self) -> dict[str, Any]:
        """As it stands in an address."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Found:
    """Labels of maps: the table to take along, the label of each everyday map, what labels mean, and how grouping went."""

    table: pl.DataFrame
    typed: pl.DataFrame  # participant, wave, type
    meanings: Mapping[str, str]
    made: Clusters | None = None
    changes: pl.DataFrame = field(default_factory=pl.DataFrame)


def kinds() -> str:
    """One way of telling kinds of network, with its table, its picture and its counts by wave."""
    choice = _asked()
    found, problem = None, None
    try:
        found = _found(choice)
    except SelectionError as error:  # told beside the form, so that something else can be chosen
        problem = str(error)
    waves = {row["position"]: row["label"] for row in desk().study.rows("waves")}
    people = {row["pseudonym"]: row["id"] for row in desk().study.rows("participants")}
    rows = _in_order(found.table, choice) if found else []
    pages = max(-(-len(rows) // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    maps = _map_ids()
    return render_template(
        "kinds.html", choice=choice, by=BY, labels=LABELS, states=MAP_STATES, methods=METHODS, kinds=KINDS, inputs=INPUTS,
        problem=problem, found=found, picture=drawn(_picture(choice, found)) if found and not found.typed.is_empty() else None,
        counts=_counts(found) if found else [], moves=_moves(found) if found and choice.by == "moves" else [],
        rows=rows[(page - 1) * PAGE : page * PAGE], page=page, pages=pages, waves=dict(sorted(waves.items())), people=people,
        map_of=lambda row, wave: maps.get((row["participant"], wave, row.get("state", "everyday"))),
        change_meanings=CHANGE_TYPES, questions={stem: code for code, stem in STEMS.items()}, options=number_options(),
        measures=(*choice.measures, *("" for _ in range(_MOST - len(choice.measures)))), address=choice.address(),
        endings=(*PICTURE_TYPES, *ENDINGS),
    )  # fmt: skip


def download_kinds(ending: str) -> Response:
    """The table or the picture, by the ending."""
    choice = _asked()
    found = _found(choice)
    name = f"kithwork-kinds-{choice.by}-{date.today():%Y-%m-%d}{ending}"  # noqa: DTZ011 - the day on this desk
    if ending not in PICTURE_TYPES:
        table = found.changes if request.args.get("what") == "change" else found.table
        return attachment(frame_bytes(table, ending), name, TYPES.get(ending, "application/octet-stream"))
    svg = _picture(choice, found)
    return attachment(png_of(svg) if ending == ".png" else pdf_of(svg) if ending == ".pdf" else svg.encode(), name, PICTURE_TYPES[ending])


def _asked() -> Choice:
    usual, args = Choice(), request.args
    choice = Choice(
        args.get("by", usual.by),
        args.get("labels", usual.labels),
        args.get("state", usual.state),
        args.get("method", usual.method),
        args.get("types", None, type=int),
        tuple(dict.fromkeys(name for name in args.getlist("measures") if name))[:_MOST] or usual.measures,
        tuple(args.getlist("kinds")) or usual.kinds,
    )
    if choice.by not in BY or choice.labels not in LABELS or choice.state not in MAP_STATES or choice.method not in METHODS:
        raise SelectionError("There are no such kinds of network; go back to the kinds of network.")
    if choice.types is not None and not 2 <= choice.types <= 100:
        raise SelectionError("Maps are put into 2 to 100 types; choose a number between, or leave it empty.")
    return choice


def _found(choice: Choice) -> Found:
    return desk().remembered(("kinds", choice), lambda: _worked_out(choice))


def _worked_out(choice: Choice) -> Found:
    tables = desk().study.tables()
    if choice.by in ("structure", "measures"):
        how: dict[str, Any] = {"k": choice.types, "method": choice.method, "state": choice.state}
        if choice.by == "structure":
            frame, made = structural_types(tables, choice.kinds, **how)
            frame = frame.rename({"structural_type": "type"})
        else:
            frame, made = measured_types(tables, choice.measures, choice.kinds, **how)
        numbers = range(1, (made.k or 0) + 1)
        typed = frame.select("participant", "wave", pl.lit("Type ") + pl.col("type").cast(pl.String)).rename({"literal": "type"})
        return Found(frame, typed if made.k else typed.clear(), {f"Type {number}": f"Type {number}" for number in numbers}, made)
    labelled = kinds_of_network(tables)
    typed = labelled.filter(state=choice.state).select("participant", "wave", type=f"{choice.labels}_type")
    if choice.by == "rules":
        return Found(labelled, typed, MEANINGS[choice.labels])
    everyday = labelled.filter(state="everyday").select("participant", "wave", type=f"{choice.labels}_type")
    return Found(type_moves(tables, frame=everyday), everyday, MEANINGS[choice.labels], changes=change_types(tables))


def _picture(choice: Choice, found: Found) -> str:
    name = {"structure": "Types by structure", "measures": "Types by measures"}.get(choice.by)
    name = name or f"Kinds of network, by {LABELS[choice.labels].lower()}"
    name += "" if choice.state == "everyday" or choice.by == "moves" else f" ({MAP_STATES[choice.state].lower()})"
    return typed_flow(desk().study.tables("studies", "waves", "participants", "interviews"), found.typed, found.meanings, name)


def _counts(found: Found) -> list[tuple[str, str, bool, list[int]]]:
    """Label, its meaning, whether it is a kind of network, and how many people it has at each wave."""
    at = placed(desk().study.tables("waves", "participants", "interviews"), found.typed)
    seen = dict.fromkeys(label for column in at.values() for label in column.values())
    own = sorted(label for label in seen if label not in found.meanings and label not in LANES)
    rows = [*found.meanings, *own, *(lane for lane in LANES if lane in seen)]
    return [
        (
            label,
            found.meanings.get(label) or LANES.get(label, label),
            label not in LANES,
            [list(at[wave].values()).count(label) for wave in sorted(at)],
        )
        for label in rows
    ]


def _moves(found: Found) -> list[dict[str, Any]]:
    """Per pair of waves: the labels met, and for each pair of labels who went from the one to the other, and who across a missed wave."""
    tables = []
    for (before, after), pairs in found.table.group_by("from_wave", "to_wave", maintain_order=True):
        known = [label for label in found.meanings if label in {*pairs["from_type"], *pairs["to_type"]}]
        own = sorted({*pairs["from_type"].drop_nulls(), *pairs["to_type"].drop_nulls()} - set(known))
        cells: dict[tuple[str | None, str | None], list[str]] = {}
        for row in pairs.iter_rows(named=True):
            cells.setdefault((row["from_type"], row["to_type"]), []).append(row["participant"])
        ends = [*known, *own, *([None] if pairs["from_type"].null_count() + pairs["to_type"].null_count() else [])]
        moved = int(pairs["is_moved"].sum() or 0)
        tables.append({"from": before, "to": after, "ends": ends, "cells": cells, "people": len(pairs), "moved": moved,
                       "compared": int(pairs["is_moved"].count()), "missed": pairs["waves_missed"][0]})  # fmt: skip
    return sorted(tables, key=lambda one: (one["from"], one["to"]))


def _in_order(table: pl.DataFrame, choice: Choice) -> list[dict[str, Any]]:
    rows = table.filter(state=choice.state) if "state" in table.columns else table
    return sorted(rows.to_dicts(), key=lambda row: (natural(row["participant"]), row.get("wave", row.get("from_wave"))))


def _map_ids() -> dict[tuple[str, int, str], str]:
    """(pseudonym, wave position, state) → the map."""
    study = desk().study
    people = {row["id"]: row["pseudonym"] for row in study.rows("participants")}
    waves = {row["id"]: row["position"] for row in study.rows("waves")}
    held = {row["id"]: (people[row["participant_id"]], waves[row["wave_id"]]) for row in study.rows("interviews")}
    return {(*held[row["interview_id"]], row["state"]): row["id"] for row in study.rows("maps")}
