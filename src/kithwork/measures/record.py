"""What a number rests on, to be kept beside it: scope, what counts as an alter tie, categories and their number, what was left out."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from kithwork.cohort import Cohort, Policy
from kithwork.cohort.columns import known_kinds


def policy_record(
    policy: Policy,
    kinds: Iterable[str],
    counted: Iterable[str],
    cohort: Cohort | None = None,
    ties: Mapping[str, dict[str, int]] | None = None,
) -> dict[str, Any]:
    """Plain values, ready for JSON. With the cohort, also what the study records and how many rows were left out, and why.

    ties    column → ties used and without an answer over all rows, where it was asked for; see `rested_on`
    """
    told = asdict(policy)
    record: dict[str, Any] = {
        "kinds_whose_alter_ties_are_measured": list(known_kinds(kinds)),
        "kinds_counted_by_every_other_measure": list(known_kinds(counted)),
        "circles": "all, and ties named but in no circle",
        "ego": "left out, but for constraint, hierarchy, effective size and ego betweenness",
        "alter_ties": {
            "relations": told["relations"] or "all",
            "loops": "left out",
            "repeated_pairs": "count once, with the largest strength and all directions and relations recorded",
            "recorded_non_ties": "count" if policy.is_zero_a_tie else "left out",
            "directions": "ignored, but by measures named directed",
            "strengths": "ignored, but by measures named weighted",
            "largest_strength_declared": policy.most_weight or 1,
        },
        "weak_ties": list(policy.weak),
        "ties_without_an_answer": "a category of their own" if policy.is_missing_a_category else "left out, of the denominator too",
        "undefined": "empty, never 0",
    }
    if ties:
        record["ties_each_column_rests_on"] = dict(ties)
    if cohort is not None:
        record["maps"] = len(cohort)
        record["alter_ties"] |= {
            "relations_recorded": list(cohort.relations),
            "largest_strength_recorded": None if np.isnan(cohort.most_weight) else cohort.most_weight,
            "are_directions_recorded": "arcs" in cohort.links,
            "rows_left_out": dict(cohort.dropped),
        }
        record["attributes"] = [
            {
                "name": attribute.name,
                "categories": "a number" if attribute.is_number else list(attribute.categories),
                "K": None if attribute.is_number else len(attribute.categories),
                "is_ego_known": attribute.ego is not None,
            }
            for attribute in cohort.attributes
        ]
    return record
