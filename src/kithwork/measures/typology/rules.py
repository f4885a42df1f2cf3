"""Kinds of network by open rules: every label shows its rule, its inputs and how near it was to another, and can be refused.

The rules are ours, in the spirit of GENIE's feedback (Kennedy et al. 2016, whose own rule is told in words only). A label opens a talk;
it judges nobody. A map without people is never called isolated where places, things, activities or animals hold it.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from kithwork.cohort import Cohort, cohort_of
from kithwork.model.tables import StudyTables

PEOPLE_TYPES = {
    "diverse": "Family, friends and groups, with regular contact in at least two of them",
    "friend_family_centred": "Mostly family and friends, with regular contact",
    "friend_family_contact": "Some family or friends",
    "other_ties_only": "Other people or groups, no family or friends",
    "anchored_elsewhere": "Held by places, things, activities or animals rather than by people",
    "isolated_or_professional_only": "Contact with professionals only, or nobody and nothing named",
}
ALL_KINDS_TYPES = {
    "people_led": "People and groups hold most of the two inner circles",
    "place_activity_led": "Places, activities, things or online ties hold most of the two inner circles",
    "animal_led": "Animals hold most of the two inner circles",
    "service_led": "Professionals hold most of the two inner circles",
    "mixed": "No sort of tie holds most of the two inner circles",
}
QUESTIONS = {"network_type": PEOPLE_TYPES, "all_kinds_type": ALL_KINDS_TYPES}
"""Code of the question, asked of a map, by whose answer an analyst or participant replaces a label → the labels on offer."""
REASON_OF = {code: f"{code}_reason" for code in QUESTIONS}
"""Code of the question by whose answer it is said why → of each of those."""
STEMS = {"network_type": "people", "all_kinds_type": "all_kinds"}
"""How the columns of each label begin."""

_LED = ("people_led", "place_activity_led", "animal_led", "service_led")
_REGULAR = {"weekly": ("daily", "weekly"), "monthly": ("daily", "weekly", "monthly")}
_RULES = {
    "isolated_or_professional_only": "Rule 1: no people but professionals, no groups, and nothing else named",
    "anchored_elsewhere": "Rule 1: no people but professionals, and no groups, while other kinds of tie are named",
    "diverse": "Rule 2: family, friends and groups are all named, and at least two of them have contact at least {regular}",
    "friend_family_centred": "Rule 3: family and friends are at least {share:.0%} of people, half of them with contact at least {regular}",
    "friend_family_contact": "Rule 4: at least one of family or friends",
    "other_ties_only": "Rule 5: only other people or groups",
}


@dataclass(frozen=True)
class Sorting:
    """Which role groups, and which roles of groups, count as what; a study's own words can be put here."""

    family: tuple[str, ...] = ("kin",)
    friends: tuple[str, ...] = ("chosen",)
    professional: tuple[str, ...] = ("professional",)
    professional_roles: tuple[str, ...] = ("care_team",)


def people_types(cohort: Cohort, sorting: Sorting | None = None) -> pl.DataFrame:
    """The GENIE-like type of each map, by our rule: F family, R friends, O other people, Gp groups, Pr professionals.

    Definition  the first that holds of: 1 F + R + O + Gp = 0; 2 F, R, Gp ≥ 1, at least two of them with a tie of at least weekly contact;
                3 (F + R) / (F + R + O) ≥ 0.6 and at least half of F + R weekly; 4 F + R ≥ 1; 5 any other. Every circle counts.
    Returns     one row a map: `people_type`, `people_label`, `people_part`, `people_rule`, `people_near` (labels under a share of 0.5, of
                0.7, monthly contact, and unanswered contact taken as regular), `is_people_borderline`, `people_why`, the inputs, and
                `people_focus`: which of family, friends and professionals are most, null where none is (Morris et al. 2016).
    Missing     null, with `people_why`: contact not asked where it decides, or people on the map and none with a role.
    Source      our rule; types after Kennedy et al. (2016), table 1 (GENIE).
    """
    n = _people_inputs(cohort, sorting or Sorting())
    base = _people(n, 0.6, "weekly")
    tries = {
        "a share of 0.5": _people(n, 0.5, "weekly"),
        "a share of 0.7": _people(n, 0.7, "weekly"),
        "monthly contact": _people(n, 0.6, "monthly"),
        "unanswered contact as regular": _people(n, 0.6, "weekly", is_open=True),
    }
    codes = list(PEOPLE_TYPES)
    contact_decides = ~cohort.asked["contact"] & np.isin(base, [codes.index("friend_family_contact")])
    no_roles = (n["people"] > 0) & (n["people_without_role"] == n["people"])
    why = np.where(no_roles, "no person on this map has a role", np.where(contact_decides, "contact was not asked at this wave", ""))
    rows = []
    for place in range(len(cohort)):
        if why[place]:
            rows.append((None, None, None, None, [], None, why[place]))
            continue
        code = codes[base[place]]
        near = [f"{codes[other[place]]} with {what}" for what, other in tries.items() if other[place] != base[place]]
        rule = _RULES[code].format(share=0.6, regular="weekly")
        rows.append((code, PEOPLE_TYPES[code], _part(code, n, place), rule, near, bool(near), None))
    frame = _framed("people", rows).with_columns(people_focus=pl.Series(_focus(n), dtype=pl.String))
    return frame.with_columns(**{name: pl.Series(values.astype(np.int64)) for name, values in n.items() if not name.startswith("_")})


def all_kinds_types(cohort: Cohort, sorting: Sorting | None = None) -> pl.DataFrame:
    """Which sort of tie leads on each map: people and groups, places and activities (with things and online ties), animals, services.

    Definition  the sort with the largest share of ties in circles 1 and 2; `mixed` where the two largest are within 0.10.
    Returns     one row a map: `all_kinds_type`, `…_label`, `…_part`, `…_rule`, `…_near` (labels with margins of 0.05 and 0.15),
                `is_all_kinds_borderline`, `…_why`, the four shares, and `is_animals_most_inner` (animals are the largest kind in circle 1).
    Missing     null, with `all_kinds_why`: circles not drawn, or no tie in the two inner circles.
    Source      our rule; the flag of animals after Brooks et al. (2016).
    """
    sort = _sorts(cohort, sorting or Sorting())
    inner = (cohort.ties["circle"] > 0) & (cohort.ties["circle"] <= 2)
    counts = cohort.sum_by(np.where(inner, sort, -1), len(_LED))
    total = counts.sum(axis=1)
    shares = np.divide(counts, total[:, np.newaxis], out=np.full(counts.shape, np.nan), where=total[:, np.newaxis] > 0)
    why = np.where(
        ~cohort.asked["circle"], "circles were not drawn at this wave", np.where(total == 0, "no tie is in the two inner circles", "")
    )
    base, narrow, wide = (_leading(shares, margin) for margin in (0.10, 0.05, 0.15))
    rows = []
    for place in range(len(cohort)):
        if why[place]:
            rows.append((None, None, None, None, [], None, why[place]))
            continue
        code = base[place]
        tries = {"a margin of 0.05": narrow[place], "a margin of 0.15": wide[place]}
        near = [f"{other} with {what}" for what, other in tries.items() if other != code]
        rule = "The two largest shares are within 0.10" if code == "mixed" else "The largest share, by more than 0.10"
        rows.append((code, ALL_KINDS_TYPES[code], None, rule, near, bool(near), None))
    parts = {f"inner_share_{name.removesuffix('_led')}": pl.Series(shares[:, i], nan_to_null=True) for i, name in enumerate(_LED)}
    first = cohort.sum_by(np.where(cohort.ties["circle"] == 1, cohort.ties["kind"], -1), len(cohort.kinds) if len(cohort.kinds) > 6 else 7)
    animal = cohort.code("kind", "animal")[0]
    others = np.delete(first, animal, axis=1).max(axis=1)
    return _framed("all_kinds", rows).with_columns(**parts, is_animals_most_inner=pl.Series(first[:, animal] > others))


def kinds_of_network(tables: StudyTables, sorting: Sorting | None = None) -> pl.DataFrame:
    """Both labels of every map, with rule, inputs and near misses; what a person said instead stands in their place, and is told.

    Returns     one row a map: `participant`, `wave`, `state`, then the columns of `people_types` and `all_kinds_types`. `people_type` and
                `all_kinds_type` are what was said in answer to the questions `network_type` and `all_kinds_type` of the map, where
                something was, and `…_reason` why; `…_by_rule` is always the rule's, `is_…_overridden` tells that they differ in source.
    """
    cohort = cohort_of(tables)
    frame = pl.concat([cohort.maps.select("map_id", "participant", "wave", "state"), people_types(cohort, sorting)], how="horizontal")
    frame = pl.concat([frame, all_kinds_types(cohort, sorting)], how="horizontal")
    for code, stem in STEMS.items():
        said = _said(tables, code)
        why = _said(tables, REASON_OF[code]).rename({"said": f"{stem}_reason"})
        frame = (
            frame.join(said, on="map_id", how="left", maintain_order="left")
            .join(why, on="map_id", how="left", maintain_order="left")
            .with_columns(
                pl.col(f"{stem}_type").alias(f"{stem}_type_by_rule"), (pl.col("said").is_not_null()).alias(f"is_{stem}_overridden")
            )
            .with_columns(
                pl.coalesce("said", f"{stem}_type").alias(f"{stem}_type"),
                pl.when(pl.col("said").is_null())
                .then(f"{stem}_label")
                .otherwise(pl.col("said").replace_strict(QUESTIONS[code], default=pl.col("said")))
                .alias(f"{stem}_label"),
            )
            .drop("said")
        )
    return frame.drop("map_id")


def _said(tables: StudyTables, code: str) -> pl.DataFrame:
    """Map → the last answer to a question, whichever version of its wording."""
    asked = (
        tables["questions"]
        .filter((pl.col("code") == code) & (pl.col("subject") == "map"))
        .select(pl.col("id").alias("question_id"), "version")
    )
    answers = tables["answers"].select("id", "question_id", "map_id", pl.col("text").alias("said")).join(asked, on="question_id")
    return answers.drop_nulls(["said", "map_id"]).sort("version", "id").unique("map_id", keep="last").select("map_id", "said")


def _groups_of(cohort: Cohort, sorting: Sorting) -> dict[str, np.ndarray]:
    """(ties,) which ties are family, friends, other people, groups, professionals, and neither person nor group."""
    in_group = {
        name: np.isin(cohort.ties["role_group"], [i for i, group in enumerate(cohort.role_groups) if group in getattr(sorting, name)])
        for name in ("family", "friends", "professional")
    }
    in_role = np.isin(cohort.ties["role"], [i for i, role in enumerate(cohort.roles) if role in sorting.professional_roles])
    person, group = cohort.of_kind("person"), cohort.of_kind("group")
    professional = (in_group["professional"] | in_role) & (person | group)
    family, friends = person & in_group["family"] & ~professional, person & in_group["friends"] & ~professional
    return {
        "family": family,
        "friends": friends,
        "other_people": person & ~family & ~friends & ~professional,
        "groups": group & ~professional,
        "professionals": professional,
        "other_kinds": ~person & ~group,
    }


def _people_inputs(cohort: Cohort, sorting: Sorting) -> dict[str, np.ndarray]:
    groups, contact = _groups_of(cohort, sorting), cohort.ties["contact"]
    person = cohort.of_kind("person")
    inputs = {name: cohort.sum(mask) for name, mask in groups.items()}
    inputs["people"], inputs["people_without_role"] = cohort.sum(person), cohort.sum(person & (cohort.ties["role"] < 0))
    for often, choices in _REGULAR.items():
        regular = np.isin(contact, cohort.code("contact", *choices))
        for name in ("family", "friends", "groups"):
            inputs[f"{name}_{often}"] = cohort.sum(groups[name] & regular)
    for name in ("family", "friends", "groups"):
        inputs[f"_{name}_open"] = cohort.sum(groups[name] & (contact < 0))
    return inputs


def _people(n: dict[str, np.ndarray], threshold: float, often: str, *, is_open: bool = False) -> np.ndarray:
    """(maps,) positions in PEOPLE_TYPES; `is_open` takes contact that was not answered as regular."""
    f, r, o, gp = n["family"], n["friends"], n["other_people"], n["groups"]
    regular = {name: n[f"{name}_{often}"] + (n[f"_{name}_open"] if is_open else 0) for name in ("family", "friends", "groups")}
    close, people = f + r, f + r + o
    share = np.divide(close, people, out=np.zeros(people.shape), where=people > 0)
    with_regular = sum((regular[name] > 0).astype(int) for name in regular)
    nobody = people + gp == 0
    codes = list(PEOPLE_TYPES)
    rules = [
        (nobody & (n["other_kinds"] > 0), "anchored_elsewhere"),
        (nobody, "isolated_or_professional_only"),
        ((f > 0) & (r > 0) & (gp > 0) & (with_regular >= 2), "diverse"),
        ((close > 0) & (share >= threshold - 1e-12) & (2 * (regular["family"] + regular["friends"]) >= close), "friend_family_centred"),
        (close > 0, "friend_family_contact"),
    ]
    return np.select([holds for holds, _ in rules], [codes.index(code) for _, code in rules], codes.index("other_ties_only"))


def _focus(n: dict[str, np.ndarray]) -> list[str | None]:
    counts = np.column_stack([n["family"], n["friends"], n["professionals"]])
    ordered = np.sort(counts, axis=1)
    words = ("family", "friends", "professionals")
    return [None if one == two else words[first] for one, two, first in zip(*ordered.T[:0:-1], counts.argmax(axis=1), strict=True)]


def _part(code: str, n: dict[str, np.ndarray], place: int) -> str | None:
    if code in ("friend_family_centred", "friend_family_contact"):
        family, friends = n["family"][place], n["friends"][place]
        return "more family" if family > friends else "more friends" if friends > family else "as many family as friends"
    if code == "anchored_elsewhere":
        return "with professionals" if n["professionals"][place] else "without professionals"
    if code == "isolated_or_professional_only":
        return "professionals only" if n["professionals"][place] else "no ties named"
    return None


def _sorts(cohort: Cohort, sorting: Sorting) -> np.ndarray:
    """(ties,) positions in _LED."""
    professional = _groups_of(cohort, sorting)["professionals"]
    animal, people = cohort.of_kind("animal"), cohort.of_kind("person", "group")
    return np.select([professional, people, animal], [3, 0, 2], 1)


def _leading(shares: np.ndarray, margin: float) -> list[str]:
    ordered = np.sort(np.nan_to_num(shares), axis=1)
    is_mixed = ordered[:, -1] - ordered[:, -2] <= margin + 1e-12
    return ["mixed" if mixed else _LED[first] for mixed, first in zip(is_mixed, np.nan_to_num(shares).argmax(axis=1), strict=True)]


def _framed(stem: str, rows: list[tuple]) -> pl.DataFrame:
    schema = {
        f"{stem}_type": pl.String,
        f"{stem}_label": pl.String,
        f"{stem}_part": pl.String,
        f"{stem}_rule": pl.String,
        f"{stem}_near": pl.List(pl.String),
        f"is_{stem}_borderline": pl.Boolean,
        f"{stem}_why": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(f"{stem}_near").list.join("; "))
