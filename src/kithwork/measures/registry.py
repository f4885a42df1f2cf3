"""`@measure`: how a function becomes a column of every page, command, export and document."""

import inspect
import re
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, get_args

import numpy as np

from kithwork.cohort import Cohort
from kithwork.measures.reasons import Rule
from kithwork.model.errors import SelectionError, near
from kithwork.model.schema import KINDS, TABLES

Group = Literal["size", "composition", "structure", "support", "quality", "change"]
Scope = Literal["counted", "people", "structure"]
"""`counted`: the kinds counted, all unless chosen; `people`: all kinds, for a measure that picks the people itself;
`structure`: the kinds whose alter ties are measured, people unless chosen."""

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Family:
    """One column a category: which, in this cohort, as (end of the column name, label)."""

    one_a: str
    members: Callable[[Cohort], Labels]

    @property
    def short(self) -> str:
        """What there is a column of, without how it was named."""
        return self.one_a.partition(" named")[0].partition(",")[0]


def _circles(cohort: Cohort) -> Labels:
    return tuple((str(ring), f"circle {ring}") for ring in range(1, cohort.rings + 1))


def _role_groups(cohort: Cohort) -> Labels:
    return tuple((column_word(group), group.replace("_", " ")) for group in cohort.role_groups)


def _valences(_: Cohort) -> Labels:
    return tuple((code, label.lower()) for code, label in TABLES["ties"]["valence"].choices.items())


def column_word(text: str) -> str:
    return re.sub(r"\W+", "_", text.strip().lower()).strip("_")


BY_KIND = Family("kind", lambda cohort: tuple((kind, KINDS[kind].lower()) for kind in cohort.kinds))
BY_CIRCLE = Family("circle", _circles)
BY_ROLE_GROUP = Family("role group", _role_groups)
BY_VALENCE = Family("answer", _valences)


@dataclass(frozen=True)
class Measure:
    """One registered measure; `function` takes a cohort (or paired waves) and gives (rows,) or, for a family, (rows, members).

    is_on_request   left out unless it, its group or `all` is asked for: it takes long, or has a column a pair of categories
    words           where values are positions in a list of words, that list
    applies         whether a study records what it is about; left out unless asked for where it does not
    """

    name: str
    function: Callable[[Any], np.ndarray]
    label: str
    unit: str
    bounds: tuple[float | None, float | None]
    source: str
    group: Group
    scope: Scope
    missing: tuple[Rule, ...]
    family: Family | None
    stem: str
    is_whole: bool
    is_on_request: bool
    words: Callable[[Cohort], tuple[str, ...]] | None
    applies: Callable[[Cohort], bool] | None

    @property
    def per(self) -> Literal["map", "pair"]:
        """What one value describes: a map, or a pair of waves of one person."""
        return "pair" if self.group == "change" else "map"

    @property
    def summary(self) -> str:
        """The first sentence of its docstring."""
        return (inspect.getdoc(self.function) or "").split("\n")[0]

    @property
    def definition(self) -> str:
        """The formula in its docstring."""
        text = inspect.getdoc(self.function) or ""
        found = re.search(r"^Definition +(.*?)(?=^\S|\Z)", text, flags=re.DOTALL | re.MULTILINE)
        return " ".join(found[1].split()) if found else ""

    def columns(self, cohort: Cohort) -> list[tuple[str, str]]:
        """Name and label of each column it fills in this cohort."""
        if self.family is None:
            return [(self.name, self.label)]
        return [(f"{self.stem}_{end}", f"{self.label}: {label}") for end, label in self.family.members(cohort)]


MEASURES: dict[str, Measure] = {}


def measure(
    *,
    label: str,
    unit: str,
    bounds: tuple[float | None, float | None],
    group: Group,
    source: str,
    scope: Scope = "counted",
    missing: tuple[Rule, ...] = (),
    family: Family | None = None,
    stem: str = "",
    is_whole: bool = False,
    is_on_request: bool = False,
    words: Callable[[Cohort], tuple[str, ...]] | None = None,
    applies: Callable[[Cohort], bool] | None = None,
) -> Callable[[Callable[[Any], np.ndarray]], Callable[[Any], np.ndarray]]:
    """Register a function as a measure. `missing` are the rules, in order, by which a value is empty and why."""

    def register(function: Callable[[Any], np.ndarray]) -> Callable[[Any], np.ndarray]:
        name = function.__name__
        if name in MEASURES:
            raise ValueError(f"There are two measures named '{name}'.")
        rest = (missing, family, stem, is_whole, is_on_request, words, applies)
        MEASURES[name] = Measure(name, function, label, unit, bounds, source, group, scope, *rest)
        return function

    return register


def once(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Compute once a cohort what several measures need; forgotten with the cohort."""
    kept: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()

    @wraps(function)
    def wrapper(data: Any) -> Any:
        if data not in kept:
            kept[data] = function(data)
        return kept[data]

    wrapper.__dict__["give"] = kept.__setitem__  # another engine may know it already
    return wrapper


def give(function: Callable[[Any], Any], data: Any, value: Any) -> None:
    """Say what a function kept by `once` has for these data, when an engine knows it another way."""
    function.__dict__["give"](data, value)


@once
def _found(_: Any) -> dict[Rule, np.ndarray | None]:
    """What each rule found in these data, as many measures share a rule."""
    return {}


def holding(rule: Rule, data: Any) -> np.ndarray | None:
    """Where a rule holds; None where it holds nowhere, as most do on most data."""
    found = _found(data)
    if rule not in found:
        holds = rule.holds(data)
        found[rule] = holds if holds.any() else None
    return found[rule]


def offered(per: Literal["map", "pair"]) -> dict[str, Measure]:
    """Every measure of a map, or of a pair of waves, by group."""
    groups = get_args(Group)
    return {m.name: m for m in sorted(MEASURES.values(), key=lambda m: groups.index(m.group)) if m.per == per}


def per_of(names: Iterable[str]) -> Literal["map", "pair"]:
    """What values of these measures, or columns of them, describe; a name that is not known is looked for among those of maps.

    Raises SelectionError where some are of maps and some of pairs of waves: their rows cannot stand beside each other.
    """
    of_pairs, of_maps = offered("pair"), offered("map")
    stems = tuple(f"{measure.stem}_" for measure in of_pairs.values() if measure.family)
    found = {name: name in of_pairs or (name not in of_maps and name.startswith(stems)) for name in names}
    if len(set(found.values())) > 1:
        alone = next(name for name, is_pair in found.items() if is_pair)
        raise SelectionError(f"'{alone}' is of change between two waves and the other of one map; choose two of the same sort.")
    return "pair" if any(found.values()) else "map"


def chosen(names: Iterable[str] | None, per: Literal["map", "pair"], cohort: Cohort) -> list[tuple[Measure, str | None]]:
    """What was asked for, in that order: a measure with all its columns, one column of it, a group, or `all`.

    When nothing is named: every measure that need not be asked for.
    """
    known = offered(per)
    if names is None:
        usual = [measure for measure in known.values() if not measure.is_on_request and measure.columns(cohort)]
        return [(measure, None) for measure in usual if measure.applies is None or measure.applies(cohort)]
    columns: dict[str, Measure] = {}
    wanted: dict[str, tuple[Measure, str | None]] = {}
    for name in names:
        if name in known:
            wanted[name] = known[name], None
            continue
        columns = columns or {column: measure for measure in known.values() for column, _ in measure.columns(cohort)}
        if name in columns:
            wanted[name] = columns[name], name
        elif name == "all" or name in get_args(Group):
            members = [measure for measure in known.values() if name in ("all", measure.group) and measure.columns(cohort)]
            wanted |= {measure.name: (measure, None) for measure in members}
        else:
            what = "of change between waves" if per == "pair" else "of a map"
            if name in MEASURES:
                other = "a map, which `kith measure`" if per == "pair" else "change between waves, which `kith change`"
                raise SelectionError(f"'{name}' is of {other} measures; here only measures {what} can stand.")
            raise SelectionError(f"There is no measure {what} named '{name}'.{near(name, [*known, *columns])}")
    return list(wanted.values())
