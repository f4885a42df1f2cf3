"""What passages can be counted by: something of the talk, of the tie, or of the person and the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from kithwork.joint.fates import BECAME
from kithwork.joint.invented import SIDES
from kithwork.joint.said import ATTRIBUTES, TIE_ATTRIBUTES, Said
from kithwork.model.schema import KINDS, TABLES

NOT_KNOWN = "?"  # key of what was not recorded
_TIES, _TURNS = TABLES["ties"], TABLES["turns"]


@dataclass(frozen=True)
class Dimension:
    """One thing to count by. Only the sides `tie` and `world` exist without a passage, so only they have a denominator of their own."""

    name: str
    label: str
    side: Literal["talk", "tie", "world"]
    column: str  # of the frames of `answer`


def _of(side: Literal["talk", "tie", "world"], **labels: str) -> list[Dimension]:
    return [Dimension(name, label, side, name) for name, label in labels.items()]


DIMENSIONS: dict[str, Dimension] = {
    one.name: one
    for one in (
        *_of("talk", code="Code", theme="Theme", lens="Lens node", coder="Coder", speaker="Who speaks"),
        *_of(
            "tie", kind="Kind of tie", role="Role", role_group="Group of roles", circle="Circle", trust="Trust", valence="Helps or hinders"
        ),
        *_of("tie", **dict(zip(TIE_ATTRIBUTES, ("Contact", "Reliability", "Security", "Effort", "Giving and taking"), strict=True))),
        *_of("tie", support="Kind of support", became="What became of it", event="What happened to it"),
        *_of("world", wave="Wave", participant="Participant"),
        *_of("world", **{name: name.replace("_", " ").capitalize() for name in ATTRIBUTES}),
    )
}


def side_of(name: str) -> Literal["talk", "tie", "world"] | None:
    """On which side something to count by stands; None for a name that nothing can have. Whether a study asks it, the study knows."""
    if name in DIMENSIONS:
        return DIMENSIONS[name].side
    subject, _, code = name.partition(":")
    return SIDES.get(subject) if code else None


def dimensions_of(said: Said) -> dict[str, Dimension]:
    """Everything that passages of a study can be counted by: the same in all, and what it asks besides."""
    own = said.invented.values()
    labels = {one.label for one in DIMENSIONS.values()} | {"passages", "people", "people_of", "ties", "ties_of"}
    named = {one.name: f"{one.label} ({one.name.partition(':')[2]})" if one.label in labels else one.label for one in own}
    return DIMENSIONS | {one.name: Dimension(one.name, named[one.name], SIDES[one.name.partition(":")[0]], one.name) for one in own}


def labels_of(said: Said, name: str, points: Sequence[float] = ()) -> dict[str, str]:
    """Key → label of every member of a dimension there can be in the study, in the order in which they are shown.

    points  where numbers are cut, if a person said so
    """
    tables = said.tables
    if name == "code":
        return {code: label for code, label, _ in code_tree(said)}
    if name == "theme":
        return dict(tables["themes"].sort("position", "id", nulls_last=True).select("id", "name").iter_rows())
    if name == "lens":
        shown = tables["lenses"].filter(tables["lenses"]["is_on"].fill_null(True)).sort("lens", "position", "code", nulls_last=True)
        return {row: f"{code} {label}" for row, code, label in shown.select("id", "code", "label").iter_rows()}
    if name == "coder":
        return dict(tables["coders"].sort("name").select("id", "name").iter_rows()) | {NOT_KNOWN: "nobody named"}
    if name == "role":
        return _roles(said)
    if name == "circle":
        return _circles(said)
    if name == "support":
        return dict(tables["support_types"].sort("position", nulls_last=True).select("code", "label").iter_rows())
    if name == "wave":
        waves = {str(place): label for place, label in tables["waves"].sort("position").select("position", "label").iter_rows()}
        return waves | {NOT_KNOWN: "no wave"}
    if name == "participant":
        return dict(said.people.select("participant_id", "pseudonym").iter_rows())
    if ":" in name:
        return said.members_of(name, points) if name in said.invented else {}
    if name in ATTRIBUTES:
        return {value: value for value in said.people[name].drop_nulls().unique().sort().to_list()} | {NOT_KNOWN: "not recorded"}
    return _CHOICES[name] if name in _CHOICES else _groups(said)


_CHOICES: dict[str, dict[str, str]] = {
    "speaker": {**_TURNS["speaker_role"].choices, NOT_KNOWN: "not known"},
    "kind": KINDS,
    "trust": {**_TIES["trust"].choices, NOT_KNOWN: "not recorded"},
    "valence": {**_TIES["valence"].choices, NOT_KNOWN: "not recorded"},
    **{name: {**_TIES[name].choices, NOT_KNOWN: "not recorded"} for name in TIE_ATTRIBUTES},
    "became": {word: label[0].upper() + label[1:] for word, label in BECAME.items()},
    "event": TABLES["events"]["event"].choices,
}


def code_tree(said: Said) -> list[tuple[str, str, int]]:
    """Id, name and depth of every code, parents before what stands under them."""
    rows = said.tables["codes"].select("id", "parent_id", "name", "position").to_dicts()
    known = {row["id"] for row in rows}
    below: dict[str | None, list[dict]] = {}
    for row in sorted(rows, key=lambda row: (row["position"] or 0, row["name"].casefold())):
        below.setdefault(row["parent_id"] if row["parent_id"] in known else None, []).append(row)
    found: list[tuple[str, str, int]] = []
    waiting = [(row, 0) for row in reversed(below.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        found.append((row["id"], row["name"], depth))
        waiting += [(child, depth + 1) for child in reversed(below.get(row["id"], []))]
    return found


def _roles(said: Said) -> dict[str, str]:
    kinds = said.tables["roles"]["kind"].replace_strict(
        {kind: place for place, kind in enumerate(KINDS)}, default=None, return_dtype=pl.Int64
    )
    ordered = said.tables["roles"].with_columns(kinds.alias("of_kind")).sort("of_kind", "position", nulls_last=True)
    listed = dict(ordered.select("code", "label").iter_rows())
    used = said.alters["role"].drop_nulls().unique().sort().to_list()
    return listed | {role: role for role in used if role not in listed} | {NOT_KNOWN: "no role recorded"}


def _groups(said: Said) -> dict[str, str]:
    groups = said.tables["roles"].sort("position", nulls_last=True)["role_group"].drop_nulls().unique(maintain_order=True).to_list()
    return {group: group.replace("_", " ").capitalize() for group in groups} | {NOT_KNOWN: "in no group"}


def _circles(said: Said) -> dict[str, str]:
    latest = said.tables["circles"].sort("version", "position")
    labels = {str(place): label for place, label in latest.select("position", "label").iter_rows()}
    used = said.ties["circle"].drop_nulls().unique().sort().to_list()
    more = {str(place): f"Circle {place}" for place in used if str(place) not in labels}
    return labels | more | {"0": "In no circle", "-": "Not on that map"}
