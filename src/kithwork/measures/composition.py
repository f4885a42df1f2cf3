"""Who and what a map holds: size, shares, diversity. Every kind counts the same; which are counted is the reader's choice."""

import numpy as np

from kithwork.cohort import Cohort
from kithwork.measures.reasons import (
    NO_PEOPLE,
    NO_ROLE_GROUP,
    NO_ROLE_OF_PEOPLE,
    NO_SUCH_CIRCLE,
    NO_TIES,
    NONE_PLACED,
    ONE_KIND,
    by_kind,
    not_asked,
)
from kithwork.measures.registry import BY_CIRCLE, BY_KIND, BY_ROLE_GROUP, measure

_TEXTBOOK = "McCarty, Lubbers, Vacca, Molina (2019), Conducting Personal Network Research"


def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, NaN where the whole is 0; a whole per row also divides a part per row and member."""
    whole = whole[:, np.newaxis] if part.ndim > whole.ndim else whole
    is_zero = whole == 0
    if not is_zero.any():  # as on most data; to divide only where it is not takes several times as long
        return np.divide(part, whole)
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=np.broadcast_to(~is_zero, part.shape))


@measure(label="Size", unit="ties", bounds=(0, None), group="size", source=_TEXTBOOK, is_whole=True)
def size(cohort: Cohort) -> np.ndarray:
    """How many ties stand on each map, placed in a circle or not.

    Definition  n, the number of ties of the kinds counted.
    Returns     (maps,) whole numbers ≥ 0.
    Missing     never: a map on which nobody is named has size 0.
    """
    return cohort.sizes.astype(float)


@measure(label="Number", unit="ties", bounds=(0, None), group="size", source=_TEXTBOOK, family=BY_KIND, stem="size", is_whole=True)
def size_by_kind(cohort: Cohort) -> np.ndarray:
    """How many ties of each kind stand on each map.

    Definition  n_k, the number of ties of kind k.
    Returns     (maps, kinds) whole numbers ≥ 0.
    Missing     never.
    """
    return by_kind(cohort)


@measure(
    label="Share",
    unit="share of ties",
    bounds=(0, 1),
    group="composition",
    source=_TEXTBOOK,
    missing=(NO_TIES,),
    family=BY_KIND,
    stem="share",
)
def share_by_kind(cohort: Cohort) -> np.ndarray:
    """Share of the ties that are of each kind; 0 for a kind that is absent.

    Definition  n_k / n; the shares add up to 1.
    Returns     (maps, kinds) floats in 0..1.
    Missing     NaN where n = 0.
    """
    return share(by_kind(cohort), cohort.sizes)


@measure(
    label="Share",
    unit="share of placed ties",
    bounds=(0, 1),
    group="composition",
    source="Brooks et al. (2016), BMC Psychiatry 16:409, placement in circles",
    missing=(not_asked("circle"), NO_SUCH_CIRCLE, NO_TIES, NONE_PLACED),
    family=BY_CIRCLE,
    stem="share_circle",
)
def share_by_circle(cohort: Cohort) -> np.ndarray:
    """Share of the placed ties that stand in each circle, 1 = innermost; 0 for an empty circle.

    Definition  n_r / (ties placed in any circle); the shares add up to 1.
    Returns     (maps, circles) floats in 0..1.
    Missing     NaN where no tie is placed, where circles were not drawn, and for a circle the wave's map did not have.
    """
    count = cohort.rings
    placed = cohort.sum_by(np.minimum(cohort.ties["circle"], count) - 1, count)
    return share(placed, placed.sum(axis=1))


@measure(
    label="Named but in no circle",
    unit="share of ties",
    bounds=(0, 1),
    group="composition",
    source="Brooks et al. (2016), BMC Psychiatry 16:409, members named and placed in no circle",
    missing=(not_asked("circle"), NO_TIES),
)
def share_unplaced(cohort: Cohort) -> np.ndarray:
    """Share of the ties that were named and placed in no circle.

    Definition  n_unplaced / n.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n = 0 and where circles were not drawn.
    """
    return share(cohort.sum(cohort.ties["circle"] == 0), cohort.sizes)


@measure(
    label="Share",
    unit="share of ties with a role group",
    bounds=(0, 1),
    group="composition",
    source=_TEXTBOOK,
    missing=(NO_TIES, NO_ROLE_GROUP),
    family=BY_ROLE_GROUP,
    stem="share_role",
)
def share_by_role_group(cohort: Cohort) -> np.ndarray:
    """Share of the ties in each group of roles; 0 for a group that is absent.

    Definition  n_g / (ties whose role belongs to a group); ties without a role are left out of both.
    Returns     (maps, role groups) floats in 0..1.
    Missing     NaN where no tie has a role in a group.
    """
    groups = cohort.sum_by(cohort.ties["role_group"], len(cohort.role_groups))
    return share(groups, groups.sum(axis=1))


@measure(
    label="Share that are not people",
    unit="share of ties",
    bounds=(0, 1),
    group="composition",
    source="our definition, after Brooks et al. (2020), BMC Psychiatry 20:50",
    missing=(NO_TIES,),
)
def non_person_share(cohort: Cohort) -> np.ndarray:
    """Share of the ties that are animals, groups, places, objects, activities or digital.

    Definition  (n − n_person) / n.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n = 0.
    """
    return share(cohort.sum(~cohort.of_kind("person")), cohort.sizes)


@measure(
    label="Professionals among people",
    unit="share of people with a role",
    bounds=(0, 1),
    group="composition",
    source="our definition, after Kennedy et al. (2016), GENIE",
    scope="people",
    missing=(NO_PEOPLE, NO_ROLE_OF_PEOPLE),
)
def professional_share(cohort: Cohort) -> np.ndarray:
    """Share of the people on the map who are there by profession.

    Definition  people whose role is in the group "professional" / people with a role.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where there are no people, or none has a role.
    """
    group = cohort.role_groups.index("professional") if "professional" in cohort.role_groups else -2
    people = cohort.of_kind("person")
    return share(cohort.sum(people & (cohort.ties["role_group"] == group)), cohort.sum(people & (cohort.ties["role"] >= 0)))


@measure(
    label="Kind diversity (Blau)",
    unit="index",
    bounds=(0, 1),
    group="composition",
    source="Blau (1977), Inequality and Heterogeneity",
    missing=(NO_TIES,),
)
def kind_diversity(cohort: Cohort) -> np.ndarray:
    """How far the ties spread over kinds: the chance that two ties drawn with replacement differ in kind.

    Definition  H = 1 − Σ p_k², p_k = n_k / n.
    Returns     (maps,) floats in 0..1 − 1/K.
    Missing     NaN where n = 0.
    """
    return 1 - (share_by_kind(cohort) ** 2).sum(axis=1)


@measure(
    label="Kind diversity (IQV)",
    unit="index",
    bounds=(0, 1),
    group="composition",
    source="Mueller, Schuessler, Costner (1970); Agresti & Agresti (1978)",
    missing=(ONE_KIND, NO_TIES),
)
def kind_diversity_iqv(cohort: Cohort) -> np.ndarray:
    """Blau's index as a share of the most it can be with the kinds that could have been named.

    Definition  H / (1 − 1/K), K = kinds that could be named (7, or as many as are counted), not kinds seen.
    Returns     (maps,) floats in 0..1.
    Missing     NaN where n = 0 and where only one kind is counted.
    """
    kinds = len(cohort.kinds)
    return kind_diversity(cohort) / (1 - 1 / kinds) if kinds > 1 else np.full(len(cohort), np.nan)
