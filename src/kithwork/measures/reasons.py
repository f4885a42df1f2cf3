"""Why a value is empty: rules by which a measure has no value on a map. Undefined is empty with a reason, never 0."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kithwork.cohort import Cohort, PairedWaves
from kithwork.cohort.columns import any_of

REASONS = {
    "no_ties": "There is no tie in scope on this map.",
    "no_people": "There is no person on this map.",
    "none_of_kind": "There is no tie of this kind on this map.",
    "fewer_than_two": "There are fewer than two alters in scope on this map.",
    "alter_ties_not_asked": "Ties between alters were not asked about on this map.",
    "alter_ties_partly": "Ties between alters were asked about only in part on this map.",
    "not_asked": "This was not asked at this wave.",
    "no_answer": "This was asked, and no tie in scope has an answer to it.",
    "no_role": "No tie in scope has a role.",
    "none_placed": "No tie in scope is placed in a circle.",
    "no_such_circle": "The map drawn at this wave has fewer circles.",
    "one_kind_in_scope": "Only one kind is in scope, so there is nothing to vary.",
    "no_types": "The study lists no types of support.",
    "no_support": "No support is recorded on this map.",
    "none_before": "No tie in scope stands on the earlier map.",
    "none_after": "No tie in scope stands on the later map.",
    "none_either": "No tie in scope stands on either map.",
    "fates_not_told": "It was not recorded what became of the alters that differ between the two maps.",
    "circles_changed": "The circles changed between the two waves, so moves cannot be compared.",
    "none_kept_placed": "No tie in scope stands in a circle at both waves.",
    "one_category": "There is only one category, so there is nothing to vary.",
    "ego_not_known": "It is not known of ego.",
    "no_pairs": "There is no pair of alters between which such a tie could be.",
    "no_spread": "All pairs of alters, or none, are tied or alike, so nothing can go together.",
    "fewer_than_three": "There are fewer than three alters in scope on this map.",
    "no_alter_ties": "There is no tie between alters in scope on this map.",
    "no_weights": "The study records no strength of ties between alters.",
    "weights_partly": "Not every tie between alters on this map has a strength.",
    "no_maximum": "Strengths above the largest one declared are recorded; declare the largest with --most-weight.",
    "no_directions": "The study records no direction of ties between alters.",
    "several": "Several alters share the largest value, and their roles differ.",
    "too_few_components": "Fewer than two of the components of strength are known of any tie in scope.",
    "no_rule": "Nothing that the rule for weak ties rests on is known of any tie in scope.",
    "no_gap": "It is not known how much time lies between the two waves.",
    "empty_before_or_after": "The measure has no value at one of the two waves.",
    "no_kept_ties": "There was no tie between alters that are named at both waves.",
    "no_loss": "No support was lost with a tie.",
    "too_many_cliques": "There are more than 100,000 cliques on this map, too many to count.",
    "no_relations": "The study records fewer than two relations between alters.",
    "undefined": "The formula has no value here.",
}


Masks = np.ndarray | list[np.ndarray]
"""(ties,) one mask for all members of a family, or a list with one a member."""


@dataclass(frozen=True)
class Rule:
    """A reason and the test for it: rows (or rows × members of a family) at which it holds.

    known   the ties that have what the value rests on, where ties of one map can differ in that; see `rested_on`
    about   the ties the value is about, where that is not all in scope
    ties    both counted already, (rows, members) each, where they are not of the rows' own ties
    """

    code: str
    holds: Callable[[Any], np.ndarray]
    known: Callable[[Any], Masks] | None = None
    about: Callable[[Any], Masks] | None = None
    ties: Callable[[Any], tuple[np.ndarray, np.ndarray]] | None = None


def not_asked(column: str) -> Rule:
    """The question behind a column was not asked at the wave."""
    return Rule("not_asked", lambda cohort: ~cohort.asked[column])


def no_answer(column: str, *but: str) -> Rule:
    """Asked, and no tie in scope has an answer (other than those in `but`)."""
    return Rule("no_answer", lambda cohort: cohort.sum(answered(cohort, column, *but)) == 0, *_answers(column, *but))


def no_answer_by_kind(column: str, *but: str) -> Rule:
    """The same, kind by kind."""
    return Rule("no_answer", lambda cohort: by_kind(cohort, answered(cohort, column, *but)) == 0, *_answers(column, *but))


def _answers(column: str, *but: str) -> tuple[Callable[[Cohort], Masks], Callable[[Cohort], Masks]]:
    """The ties with an answer; those whose answer is in `but` are none of the measure's."""

    def about(cohort: Cohort) -> np.ndarray:
        return answered(cohort, column, *but) | ~answered(cohort, column)

    return lambda cohort: answered(cohort, column), about


def answered(cohort: Cohort, column: str, *but: str) -> np.ndarray:
    """(ties,) whether the tie has an answer to a question, other than those in `but`."""
    values = cohort.ties[column]
    if values.dtype.kind == "f":
        return ~np.isnan(values)
    return (values >= 0) & ~any_of(values, cohort.code(column, *but))


def by_kind(cohort: Cohort, weights: np.ndarray | None = None) -> np.ndarray:
    """(maps, kinds in scope) ties, or sums of a value per tie."""
    return cohort.kind_counts if weights is None else cohort.sum_by_kind(weights)


def each_kind(cohort: Cohort) -> list[np.ndarray]:
    """(ties,) a kind in scope: the ties of that kind."""
    return [cohort.of_kind(kind) for kind in cohort.kinds]


NO_TIES = Rule("no_ties", lambda cohort: cohort.sizes == 0)
NONE_OF_KIND = Rule("none_of_kind", lambda cohort: by_kind(cohort) == 0, about=each_kind)
FEWER_THAN_TWO = Rule("fewer_than_two", lambda cohort: cohort.sizes < 2)
FEWER_THAN_THREE = Rule("fewer_than_three", lambda cohort: cohort.sizes < 3)
NO_ALTER_TIES = Rule("no_alter_ties", lambda cohort: cohort.alter_tie_counts == 0)
ALTER_TIES_NOT_ASKED = Rule("alter_ties_not_asked", lambda cohort: cohort.asked["alter_ties"] <= 0)
ALTER_TIES_PARTLY = Rule("alter_ties_partly", lambda cohort: cohort.asked["alter_ties"] == 1)
NO_ROLE_OF_PEOPLE = Rule(
    "no_role",
    lambda cohort: cohort.sum(cohort.of_kind("person") & (cohort.ties["role"] >= 0)) == 0,
    lambda cohort: cohort.ties["role"] >= 0,
)
NO_ROLE_GROUP = Rule(
    "no_role", lambda cohort: cohort.sum(cohort.ties["role_group"] >= 0) == 0, lambda cohort: cohort.ties["role_group"] >= 0
)
NONE_PLACED = Rule("none_placed", lambda cohort: cohort.sum(cohort.ties["circle"] > 0) == 0, lambda cohort: cohort.ties["circle"] > 0)
ONE_KIND = Rule("one_kind_in_scope", lambda cohort: np.full(len(cohort), len(cohort.kinds) < 2))
NO_PEOPLE = Rule("no_people", lambda cohort: cohort.sum(cohort.of_kind("person")) == 0, about=lambda cohort: cohort.of_kind("person"))
NO_TYPES = Rule("no_types", lambda cohort: np.full(len(cohort), cohort.scheme.size == 0))
NO_SUCH_CIRCLE = Rule(
    "no_such_circle",
    lambda cohort: np.arange(1, cohort.rings + 1) > cohort.circle_counts[:, np.newaxis],
    lambda cohort: cohort.ties["circle"] > 0,
)


def _without(mask: Callable[[PairedWaves], np.ndarray]) -> Callable[[PairedWaves], np.ndarray]:
    return lambda pairs: pairs.count(mask(pairs)) == 0


NONE_BEFORE = Rule("none_before", _without(lambda pairs: pairs.is_before), about=lambda pairs: pairs.is_before)
NONE_AFTER = Rule("none_after", _without(lambda pairs: pairs.is_after), about=lambda pairs: pairs.is_after)
NONE_EITHER = Rule("none_either", lambda pairs: np.bincount(pairs.pair, minlength=len(pairs)) == 0)
FATES_NOT_TOLD = Rule("fates_not_told", lambda pairs: ~pairs.are_fates_told & (pairs.count(~pairs.kept) > 0))
CIRCLES_CHANGED = Rule("circles_changed", lambda pairs: ~pairs.are_circles_same)
NONE_KEPT_PLACED = Rule(
    "none_kept_placed",
    _without(lambda pairs: (pairs.circle_before > 0) & (pairs.circle_after > 0)),
    lambda pairs: (pairs.circle_before > 0) & (pairs.circle_after > 0),
    lambda pairs: pairs.kept,
)
CIRCLES_NOT_ASKED = Rule(
    "not_asked", lambda pairs: ~(pairs.cohort.asked["circle"][pairs.from_map] & pairs.cohort.asked["circle"][pairs.to_map])
)
