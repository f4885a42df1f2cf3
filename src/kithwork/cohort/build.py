"""From a study's tables to a `Cohort`."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from kithwork.cohort.attributes import Known, attributes_of
from kithwork.cohort.columns import CODES, Cohort, Policy
from kithwork.cohort.links import Links, links_of
from kithwork.cohort.order import natural_rank
from kithwork.model.schema import MAP_STATES, TABLES
from kithwork.model.tables import StudyTables

_NUMBERS = ("reliability", "security", "effort")
_CHOICES = ("trust", "valence", "contact", "reciprocity")
_ASKED_OF_TIES = (*_CHOICES, *_NUMBERS, "circle", "conditional_on")

COLUMNS: dict[str, tuple[str, ...]] = {
    "waves": ("id", "position", "months", "circle_version"),
    "circles": ("version", "position"),
    "roles": ("code", "role_group", "position"),
    "support_types": ("code", "position", "is_retired"),
    "questions": ("id", "subject", "column_name"),
    "asked": ("question_id", "wave_id"),
    "participants": ("id", "pseudonym"),
    "interviews": ("id", "participant_id", "wave_id", "status", "held_on"),
    "maps": ("id", "interview_id", "state", "alter_ties_asked"),
    "alters": ("id", "kind", "role"),
    "ties": ("id", "map_id", "alter_id", *_ASKED_OF_TIES, "condition", "via_tie_id"),
    "fates": ("map_id", "alter_id", "fate"),
    "supports": ("tie_id", "support_type", "direction", "amount", "sufficiency", "conditional_on", "condition", "via_tie_id"),
    "alter_ties": ("from_tie_id", "to_tie_id", "relation", "relation_label", "weight", "is_directed"),
}
"""What a cohort reads of a study: tables and columns. Whoever loads may leave the rest out."""

ATTRIBUTE_TABLES = ("answers",)
"""Tables read besides, and whole, when alters are sorted by attributes."""


def cohort_of(tables: StudyTables, kinds: Iterable[str] = ("all",), policy: Policy | None = None, by: Iterable[str] = ()) -> Cohort:
    """Every map of a study as columns, with alters of these kinds; `by` names attributes to sort alters by.

    A map of an interview that did not take place, and that is empty, is no observation and is left out: a missed wave is
    not a loss. A tie question counts as asked at a wave when the study says so, or when any tie has an answer to it then.
    """
    policy = policy or Policy()
    maps = _maps(tables)
    alters = tables["alters"].select("id", "kind", "role").with_row_index("alter")
    roles, groups, group_of = _roles(tables, alters)
    ties = _ties(tables, maps, alters)
    tie_map = ties["map"].to_numpy().astype(np.int64)
    alter = ties["alter"].to_numpy().astype(np.int64)
    kinds_of, role = _codes(alters["kind"], CODES["kind"]), _codes(alters["role"], roles)[alter]
    tie_columns = {
        "alter": alter,
        "kind": kinds_of[alter],
        "role": role,
        "role_group": np.where(role >= 0, group_of[role], -1),
        "circle": ties["circle"].fill_null(0).to_numpy(),
        "is_conditional": ties.select(pl.col("conditional_on").is_not_null() | pl.col("condition").is_not_null()).to_series().to_numpy(),
        **{name: _codes(ties[name], CODES[name]) for name in _CHOICES},
        **{name: ties[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in _NUMBERS},
    }
    types, scheme = _support_types(tables)
    with ThreadPoolExecutor(1) as aside:  # the two longest tables side by side
        finding = aside.submit(_alter_ties, tables, ties["id"], tie_map, policy)
        supports = _supports(tables, ties["id"], types, tie_map)
        links = finding.result()
    if ties["via_tie_id"].null_count() < ties.height:
        tie_columns["via"] = _via(ties["id"], ties["via_tie_id"], tie_map, tie_map)
    choices = {"role": roles, "role_group": groups, "circle": _circles(tables)}
    known = Known(tables, ties["id"], ties["alter_id"], maps, tie_columns, choices)
    attributes, columns = attributes_of(known, by, policy.is_missing_a_category)
    counts = tables["circles"].group_by("version").agg(pl.col("position").max().alias("count"))
    drawn = maps.join(counts, left_on="circle_version", right_on="version", how="left", maintain_order="left")["count"]
    cohort = Cohort(
        maps=maps.drop("map", "wave_id", "alter_ties_asked", "interview_id"),
        circle_counts=drawn.fill_null(tables["ties"]["circle"].max() or 0).to_numpy().astype(np.int64),
        offsets=np.concatenate(([0], np.cumsum(np.bincount(tie_map, minlength=maps.height)))).astype(np.int64),
        ties=tie_columns | columns,
        alter_ties=links.pairs,
        supports=supports,
        asked=_asked(tables, maps, ties, tie_map[supports["tie"]], supports),
        alter_ids=alters["id"],
        alter_kinds=kinds_of,
        fates=_fates(tables["fates"], maps, alters),
        wave_positions=tuple(sorted(tables["waves"]["position"].to_list())),
        roles=roles,
        role_groups=groups,
        support_types=types,
        scheme=scheme,
        policy=policy,
        dropped=links.dropped,
        links=links.columns,
        relations=links.labels,
        most_weight=links.most_weight,
        attributes=attributes,
    )
    return cohort.within(kinds)


def _maps(tables: StudyTables) -> pl.DataFrame:
    interviews = tables["interviews"].select("id", "participant_id", "wave_id", "status", "held_on")
    people = tables["participants"].select("id", pl.col("pseudonym").alias("participant"))
    waves = tables["waves"].select("id", pl.col("position").alias("wave"), "months", "circle_version")
    state_order = pl.col("state").replace_strict(list(MAP_STATES), range(len(MAP_STATES)))
    drawn = (
        tables["maps"]
        .select(pl.col("id").alias("map_id"), "interview_id", "state", "alter_ties_asked")
        .join(interviews, left_on="interview_id", right_on="id")
    )
    if not (drawn["status"] == "held").all():
        is_empty = pl.col("map_id").is_in(tables["ties"]["map_id"].unique().implode()).not_()
        drawn = drawn.filter((pl.col("status") == "held") | is_empty.not_())
    return (
        drawn.join(people, left_on="participant_id", right_on="id")
        .join(waves, left_on="wave_id", right_on="id")
        .with_columns(state_order=state_order)
        .pipe(lambda maps: maps.with_columns(order=natural_rank(maps["participant"])))
        .sort("order", "participant", "wave", "state_order")
        .with_row_index("map")
        .drop("order", "state_order", "status")
    )


def _ties(tables: StudyTables, maps: pl.DataFrame, alters: pl.DataFrame) -> pl.DataFrame:
    ties = _by(tables["ties"].select(COLUMNS["ties"]), "map", _places(maps["map_id"], tables["ties"]["map_id"]))
    return ties.with_columns(alter=pl.Series(_places(alters["id"], ties["alter_id"])))


def _by(frame: pl.DataFrame, name: str, places: np.ndarray) -> pl.DataFrame:
    """The rows that have a place, sorted by it; as a rule they are already, and moving them would cost most of the time."""
    frame = frame.with_columns(pl.Series(name, places))
    if places.size and places.min() < 0:
        frame = frame.filter(pl.col(name) >= 0)
    return frame if (places[1:] >= places[:-1]).all() else frame.sort(name, maintain_order=True)


def _places(ids: pl.Series, wanted: pl.Series) -> np.ndarray:
    """Where each wanted id stands in `ids`; −1 where it does not.

    Ids are long, so a table says who stands at a hash, and the ids are compared once after; only ids that share a place are joined.
    """
    if ids.is_empty() or wanted.is_empty():
        return np.full(len(wanted), -1)
    ids, wanted = ids.rechunk(), wanted.rechunk()  # gathering from many pieces takes ten times as long
    places, bits = np.arange(len(ids), dtype=np.int32), (4 * len(ids)).bit_length()
    own, sought = (series.hash().to_numpy() >> np.uint64(64 - bits) for series in (ids, wanted))
    table = np.zeros(1 << bits, dtype=np.int32)
    table[own] = places
    found = table[sought].astype(np.int64)
    found[~(ids.gather(found) == wanted).fill_null(False).to_numpy()] = -1
    rest, hidden = np.flatnonzero(found < 0), np.flatnonzero(table[own] != places)
    if rest.size and hidden.size:
        behind = pl.DataFrame({"key": ids.gather(hidden), "place": hidden})
        joined = wanted.gather(rest).to_frame("key").join(behind, on="key", how="left", maintain_order="left")
        found[rest] = joined["place"].fill_null(-1).to_numpy()
    return found


def _codes(values: pl.Series, codes: tuple[str, ...]) -> np.ndarray:
    """Positions in `codes`; −1 where empty or unknown."""
    if not codes:
        return np.full(len(values), -1)
    return values.cast(pl.Enum(codes), strict=False).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()


def _roles(tables: StudyTables, alters: pl.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray]:
    """Role codes, role groups, and the group of each role; an import may use a role that the study has not listed."""
    known = tables["roles"].sort("position", maintain_order=True, nulls_last=True)
    codes = tuple(dict.fromkeys([*known["code"].to_list(), *sorted(alters["role"].drop_nulls().unique().to_list())]))
    groups = tuple(known["role_group"].drop_nulls().unique(maintain_order=True).to_list())
    group_by_role = dict(zip(known["code"].to_list(), known["role_group"].to_list(), strict=True))
    group_of = [groups.index(group) if (group := group_by_role.get(code)) else -1 for code in codes]
    return codes, groups, np.array([*group_of, -1], dtype=np.int64)


def _support_types(tables: StudyTables) -> tuple[tuple[str, ...], np.ndarray]:
    """All codes in use, and which of them the study asks about: those not retired, or, where it lists none, all."""
    known = tables["support_types"].sort("position", maintain_order=True, nulls_last=True)
    codes = tuple(dict.fromkeys([*known["code"].to_list(), *sorted(tables["supports"]["support_type"].unique().to_list())]))
    offered = set(known.filter(pl.col("is_retired").fill_null(False).not_())["code"].to_list() or codes)
    return codes, np.array([place for place, code in enumerate(codes) if code in offered], dtype=np.int64)


def _supports(tables: StudyTables, ties: pl.Series, types: tuple[str, ...], tie_map: np.ndarray) -> dict[str, np.ndarray]:
    frame = _by(tables["supports"], "tie", _places(ties, tables["supports"]["tie_id"]))
    conditional = frame.select(pl.col("conditional_on").is_not_null() | pl.col("condition").is_not_null()).to_series()
    tie, via = frame["tie"].to_numpy().astype(np.int64), frame["via_tie_id"]
    return {
        "tie": tie,
        "support_type": _codes(frame["support_type"], types),
        "direction": _codes(frame["direction"], CODES["direction"]),
        "sufficiency": _codes(frame["sufficiency"], CODES["sufficiency"]),
        "amount": frame["amount"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        "is_conditional": conditional.to_numpy(),
        **({"via": _via(ties, via, tie_map, tie_map[tie])} if via.null_count() < frame.height else {}),
    }


def _via(ids: pl.Series, wanted: pl.Series, tie_map: np.ndarray, own_map: np.ndarray) -> np.ndarray:
    """The row of the tie through which each is reached; −1 where there is none, or none on the same map."""
    rows, said = np.full(len(wanted), -1), np.flatnonzero(wanted.is_not_null().to_numpy())
    found = _places(ids, wanted[said])
    there = (found >= 0) & (tie_map[found] == own_map[said])
    rows[said[there]] = found[there]
    return rows


def _fates(fates: pl.DataFrame, maps: pl.DataFrame, alters: pl.DataFrame) -> np.ndarray:
    """(fates, 3) map, alter and code of each; what names a map that is left out is left out."""
    found = np.column_stack(
        [
            _places(maps["map_id"], fates["map_id"]),
            _places(alters["id"], fates["alter_id"]),
            _codes(fates["fate"], CODES["fate"]),
        ]
    )
    return found[(found[:, :2] >= 0).all(axis=1)]


def _circles(tables: StudyTables) -> tuple[str, ...]:
    drawn, placed = tables["circles"]["position"].to_list(), tables["ties"]["circle"].drop_nulls().unique().to_list()
    return tuple(str(ring) for ring in range(1, max(drawn or placed, default=0) + 1))


def _alter_ties(tables: StudyTables, ties: pl.Series, tie_map: np.ndarray, policy: Policy) -> Links:
    rows = tables["alter_ties"].select(COLUMNS["alter_ties"])
    one, other = _places(ties, pl.concat([rows["from_tie_id"], rows["to_tie_id"].alias("from_tie_id")])).reshape(2, -1)
    return links_of(rows, one, other, tie_map, policy)


def _asked(
    tables: StudyTables, maps: pl.DataFrame, ties: pl.DataFrame, support_map: np.ndarray, supports: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Column → whether it was asked at the map's wave: said by the study, or answered by anyone at that wave."""
    wave_ids = maps["wave_id"].unique(maintain_order=True)
    wave_of_map = _codes(maps["wave_id"], tuple(wave_ids.to_list()))
    declared = tables["asked"].join(tables["questions"].select("id", "subject", "column_name"), left_on="question_id", right_on="id")
    wave_of_tie, wave_of_support = wave_of_map[ties["map"].to_numpy()], wave_of_map[support_map]

    said = set(declared.select("subject", "column_name", "wave_id").rows())

    def at(subject: str, columns: tuple[str, ...], waves: np.ndarray) -> np.ndarray:
        is_asked = np.array([any((subject, column, wave) in said for column in columns) for wave in wave_ids], dtype=bool)
        is_asked[waves] = True
        return is_asked

    def answered(column: pl.Series) -> np.ndarray:  # as a rule all ties have an answer, or none
        whole = {0: slice(None), ties.height: slice(0)}
        return wave_of_tie[whole.get(column.null_count(), column.is_not_null().to_numpy())]

    asked = {name: at("tie", (name,), answered(ties[name])) for name in _ASKED_OF_TIES}
    asked["supports"] = at("support", ("support_type", "direction"), wave_of_support)
    asked["sufficiency"] = at("support", ("sufficiency",), wave_of_support[supports["sufficiency"] >= 0])
    if not tables["circles"].is_empty():
        versions = tables["circles"]["version"].unique().to_list()
        drawn = maps.unique("wave_id", maintain_order=True)["circle_version"].is_in(versions).to_numpy()
        asked["circle"] = asked["circle"] | drawn
    by_map = {name: waves[wave_of_map] for name, waves in asked.items()}
    return {**by_map, "alter_ties": _codes(maps["alter_ties_asked"], tuple(TABLES["maps"]["alter_ties_asked"].choices))}
