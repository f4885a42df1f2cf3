"""Every measure once more, slowly and plainly: networkx and loops over rows. What a measure must equal."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from statistics import mean
from typing import Any

import networkx as nx

from kithwork.model.schema import KINDS, TABLES
from kithwork.model.tables import StudyTables

Row = dict[str, Any]


@dataclass
class SlowMap:
    """One map as lists of dicts."""

    participant: str
    wave: Row
    state: str
    ties: list[Row]  # with `kind`, `role`, `group` of the alter and `supports`
    links: list[Row]
    alter_ties_asked: str
    asked: set[str]
    study: "SlowStudy"
    fates: dict[str, str] = field(default_factory=dict)
    held_on: str | None = None
    interview_id: str = ""

    def within(self, kinds: tuple[str, ...]) -> "SlowMap":
        return replace(self, ties=[tie for tie in self.ties if tie["kind"] in kinds])

    def with_ties(self, ties: list[Row]) -> "SlowMap":
        return replace(self, ties=ties)

    def with_links(self, links: list[Row]) -> "SlowMap":
        return replace(self, links=links)

    @property
    def graph(self) -> nx.Graph:
        """The alters without ego."""
        graph = nx.Graph()
        graph.add_nodes_from(tie["id"] for tie in self.ties)
        for link in self.links:
            one, other = link["from_tie_id"], link["to_tie_id"]
            if one != other and one in graph and other in graph and link.get("weight") != 0:
                graph.add_edge(one, other)
        return graph

    @property
    def with_ego(self) -> nx.Graph:
        graph = self.graph
        graph.add_node("ego")
        graph.add_edges_from(("ego", tie["id"]) for tie in self.ties)
        return graph


class SlowStudy:
    """All maps of a study, and what the study asks about."""

    def __init__(self, tables: StudyTables) -> None:
        rows = {name: tables.rows(name) for name in tables.frames}
        self.rows = {name: rows.get(name, []) for name in TABLES}
        self.by_id = {row["id"]: row for group in self.rows.values() for row in group}
        self.types = [row["code"] for row in self.rows["support_types"] if not row.get("is_retired")]
        self.groups = list(dict.fromkeys(row["role_group"] for row in self.rows["roles"] if row.get("role_group")))
        self.circles = max((row["position"] for row in self.rows["circles"]), default=0)
        self.positions = sorted(row["position"] for row in self.rows["waves"])
        self.maps = sorted((self._map(row) for row in self.rows["maps"]), key=lambda m: (m.participant, m.wave["position"]))

    def _asked(self, wave_id: str) -> set[str]:
        maps = {row["id"] for row in self.rows["maps"] if self.by_id[row["interview_id"]]["wave_id"] == wave_id}
        ties = [row for row in self.rows["ties"] if row["map_id"] in maps]
        found = {name for row in ties for name in row}
        found |= {self.by_id[row["question_id"]]["column_name"] for row in self.rows["asked"] if row["wave_id"] == wave_id}
        own = {row["id"] for row in ties}
        supports = [row for row in self.rows["supports"] if row["tie_id"] in own]
        found |= {"supports"} if supports else set()
        found |= {"sufficiency"} if any("sufficiency" in row for row in supports) else set()
        return found | ({"circle"} if self.rows["circles"] else set())

    def _map(self, row: Row) -> SlowMap:
        interview = self.by_id[row["interview_id"]]
        groups = {role["code"]: role.get("role_group") for role in self.rows["roles"]}
        ties = []
        for tie in self.rows["ties"]:
            if tie["map_id"] == row["id"]:
                alter = self.by_id[tie["alter_id"]]
                supports = [s for s in self.rows["supports"] if s["tie_id"] == tie["id"] and s.get("amount") != 0]
                role = alter.get("role")
                ties.append({**tie, "kind": alter["kind"], "role": role, "group": groups.get(role), "supports": supports})
        return SlowMap(
            self.by_id[interview["participant_id"]]["pseudonym"],
            self.by_id[interview["wave_id"]],
            row["state"],
            ties,
            [link for link in self.rows["alter_ties"] if link["map_id"] == row["id"]],
            row["alter_ties_asked"],
            self._asked(interview["wave_id"]),
            self,
            {fate["alter_id"]: fate["fate"] for fate in self.rows["fates"] if fate["map_id"] == row["id"]},
            interview.get("held_on"),
            interview["id"],
        )

    def pairs(self) -> list[tuple[SlowMap, SlowMap]]:
        """Neighbouring maps of one participant."""
        return [(s, t) for s, t in zip(self.maps, self.maps[1:], strict=False) if s.participant == t.participant]


def _divide(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _shares(values: list[Any], of: list[Any]) -> dict[Any, float | None]:
    counts = Counter(value for value in values if value in of)
    return {key: _divide(counts[key], sum(counts.values())) for key in of}


# -- what a map holds ----------------------------------------------------------------------------------------------------


def _by_kind(m: SlowMap) -> dict[str, int]:
    counts = Counter(tie["kind"] for tie in m.ties)
    return {kind: counts[kind] for kind in KINDS}


def _share_by_circle(m: SlowMap) -> dict[str, float | None]:
    own = max((row["position"] for row in m.study.rows["circles"] if row["version"] == m.wave["circle_version"]), default=0)
    shares = _shares([tie.get("circle") for tie in m.ties], list(range(1, m.study.circles + 1)))
    return {str(ring): value if ring <= own else None for ring, value in shares.items()}


def _professional(m: SlowMap) -> float | None:
    people = [tie for tie in m.ties if tie["kind"] == "person" and tie["role"]]
    return _divide(sum(tie["group"] == "professional" for tie in people), len(people))


def _blau(m: SlowMap) -> float | None:
    return 1 - sum((count / len(m.ties)) ** 2 for count in _by_kind(m).values()) if m.ties else None


def _iqv(m: SlowMap) -> float | None:
    blau = _blau(m)
    return None if blau is None else blau * 7 / 6


# -- structure -------------------------------------------------------------------------------------------------------------


def _structural(function: Callable[[SlowMap], float | None], least: int) -> Callable[[SlowMap], float | None]:
    return lambda m: function(m) if m.alter_ties_asked == "yes" and len(m.ties) >= least else None


def _betweenness(m: SlowMap) -> float:
    return nx.betweenness_centrality(m.with_ego, normalized=False)["ego"]


def _largest(m: SlowMap) -> float:
    return max(len(part) for part in nx.connected_components(m.graph)) / len(m.ties)


def _pairs_of(m: SlowMap) -> float:
    return len(m.ties) * (len(m.ties) - 1) / 2


# -- support ---------------------------------------------------------------------------------------------------------------


def _providers(m: SlowMap) -> dict[str, int]:
    return {
        kind: sum(any(s["support_type"] == kind and s["direction"] != "from_me" for s in tie["supports"]) for tie in m.ties)
        for kind in m.study.types
    }


def _supported(function: Callable[[SlowMap], float | None]) -> Callable[[SlowMap], float | None]:
    return lambda m: function(m) if "supports" in m.asked and m.study.types else None


def _redundancy(m: SlowMap) -> float | None:
    covered = [count for count in _providers(m).values() if count]
    return mean(covered) if covered else None


def _reciprocal(m: SlowMap) -> float | None:
    def both(tie: Row) -> bool:
        ways = {s["direction"] for s in tie["supports"]}
        return "both" in ways or {"to_me", "from_me"} <= ways

    return _divide(sum(both(tie) for tie in m.ties), len(m.ties))


def _conditional(m: SlowMap) -> float | None:
    depends = ["conditional_on" in s or "conditional_on" in tie for tie in m.ties for s in tie["supports"]]
    return mean(depends) if depends else None


def _sufficiency(m: SlowMap) -> float | None:
    rated = [s["sufficiency"] == "enough" for tie in m.ties for s in tie["supports"] if "sufficiency" in s]
    return mean(rated) if rated else None


# -- quality ---------------------------------------------------------------------------------------------------------------


def _trust(m: SlowMap) -> float | None:
    rated = [tie["trust"] in ("present", "strong") for tie in m.ties if tie.get("trust") not in (None, "not_applicable")]
    return mean(rated) if rated else None


def _mean_of(column: str) -> Callable[[SlowMap], float | None]:
    def average(m: SlowMap) -> float | None:
        rated = [tie[column] for tie in m.ties if column in tie]
        return mean(rated) if rated else None

    return average


def _each_kind(function: Callable[[SlowMap], float | None]) -> Callable[[SlowMap], dict[str, float | None]]:
    return lambda m: {kind: function(m.within((kind,))) for kind in KINDS}


Value = float | dict[Any, Any] | None
MAP_ORACLES: dict[str, Callable[[SlowMap], Value]] = {
    "size": lambda m: len(m.ties),
    "size_by_kind": _by_kind,
    "share_by_kind": lambda m: {kind: _divide(count, len(m.ties)) for kind, count in _by_kind(m).items()},
    "share_by_circle": _share_by_circle,
    "share_unplaced": lambda m: _divide(sum("circle" not in tie for tie in m.ties), len(m.ties)),
    "share_by_role_group": lambda m: _shares([tie["group"] for tie in m.ties], m.study.groups),
    "non_person_share": lambda m: _divide(sum(tie["kind"] != "person" for tie in m.ties), len(m.ties)),
    "professional_share": _professional,
    "kind_diversity": _blau,
    "kind_diversity_iqv": _iqv,
    "alter_tie_count": _structural(lambda m: m.graph.number_of_edges(), 0),
    "density": _structural(lambda m: nx.density(m.graph), 2),
    "mean_degree": _structural(lambda m: mean(degree for _, degree in m.graph.degree()), 1),
    "isolates": _structural(lambda m: nx.number_of_isolates(m.graph), 1),
    "components": _structural(lambda m: nx.number_connected_components(m.graph), 1),
    "largest_component_share": _structural(_largest, 1),
    "effective_size": _structural(lambda m: nx.effective_size(m.with_ego, ["ego"])["ego"], 1),
    "efficiency": _structural(lambda m: nx.effective_size(m.with_ego, ["ego"])["ego"] / len(m.ties), 1),
    "constraint": _structural(lambda m: nx.constraint(m.with_ego, ["ego"])["ego"], 1),
    "ego_betweenness": _structural(_betweenness, 2),
    "ego_betweenness_share": _structural(lambda m: _betweenness(m) / _pairs_of(m), 2),
    "support_coverage": _supported(lambda m: mean(count > 0 for count in _providers(m).values())),
    "support_gaps": _supported(lambda m: sum(count == 0 for count in _providers(m).values())),
    "single_provider_types": _supported(lambda m: sum(count == 1 for count in _providers(m).values())),
    "support_redundancy": _supported(_redundancy),
    "reciprocal_share": _supported(_reciprocal),
    "conditional_share": _conditional,
    "sufficiency_share": _sufficiency,
    "mean_multiplexity": _supported(lambda m: mean(len(tie["supports"]) for tie in m.ties) if m.ties else None),
    "trust_share": _trust,
    "trust_share_by_kind": _each_kind(_trust),
    "mean_reliability": _mean_of("reliability"),
    "mean_reliability_by_kind": _each_kind(_mean_of("reliability")),
    "mean_security": _mean_of("security"),
    "mean_security_by_kind": _each_kind(_mean_of("security")),
    "mean_effort": _mean_of("effort"),
    "share_by_valence": lambda m: _shares([tie.get("valence") for tie in m.ties], list(TABLES["ties"]["valence"].choices)),
}

# -- change ----------------------------------------------------------------------------------------------------------------

Pair = tuple[SlowMap, SlowMap]


def _sets(pair: Pair) -> tuple[set[str], set[str]]:
    return {tie["alter_id"] for tie in pair[0].ties}, {tie["alter_id"] for tie in pair[1].ties}


def _of_sets(function: Callable[[set[str], set[str]], float | None]) -> Callable[[Pair], float | None]:
    return lambda pair: function(*_sets(pair))


def _corrected(pair: Pair) -> float | None:
    before, after = _sets(pair)
    fates = pair[1].fates
    if before != after and not fates:
        return None
    lost = {alter for alter in before - after if fates.get(alter) != "forgotten"}
    gained = {alter for alter in after - before if fates.get(alter) not in ("new_forgotten", "new_reactivated")}
    return _divide(len(lost) + len(gained), len(before | after))


def _of_shifts(function: Callable[[int], float]) -> Callable[[Pair], float | None]:
    def average(pair: Pair) -> float | None:
        one, other = ({tie["alter_id"]: tie["circle"] for tie in m.ties if "circle" in tie} for m in pair)
        if pair[0].wave["circle_version"] != pair[1].wave["circle_version"]:
            return None
        shifts = [other[alter] - one[alter] for alter in one.keys() & other.keys()]
        return mean(function(shift) for shift in shifts) if shifts else None

    return average


def _drift(pair: Pair) -> float | None:
    if not pair[0].ties or not pair[1].ties:
        return None
    one, other = ({kind: count / len(m.ties) for kind, count in _by_kind(m).items()} for m in pair)
    return sum(abs(one[kind] - other[kind]) for kind in KINDS) / 2


CHANGE_ORACLES: dict[str, Callable[[Pair], float | None]] = {
    "kept": _of_sets(lambda s, t: len(s & t)),
    "lost": _of_sets(lambda s, t: len(s - t)),
    "gained": _of_sets(lambda s, t: len(t - s)),
    "size_change": _of_sets(lambda s, t: len(t) - len(s)),
    "stability": _of_sets(lambda s, t: _divide(len(s & t), len(s))),
    "turnover": _of_sets(lambda s, t: _divide(len(s ^ t), len(s | t))),
    "jaccard": _of_sets(lambda s, t: _divide(len(s & t), len(s | t))),
    "loss_rate": _of_sets(lambda s, t: _divide(len(s - t), len(s))),
    "gain_rate": _of_sets(lambda s, t: _divide(len(t - s), len(t))),
    "corrected_turnover": _corrected,
    "share_moved_in": _of_shifts(lambda shift: shift < 0),
    "share_moved_out": _of_shifts(lambda shift: shift > 0),
    "share_stayed": _of_shifts(lambda shift: shift == 0),
    "mean_circle_shift": _of_shifts(lambda shift: shift),
    "composition_drift": _drift,
}
