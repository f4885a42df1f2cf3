"""One column an attribute, a category, a relation, a type of support: families that depend on what a study asked."""

from collections.abc import Callable, Iterable, Iterator, Sized
from itertools import combinations

import numpy as np

from kithwork.cohort import Cohort
from kithwork.cohort.columns import Attribute
from kithwork.measures.registry import Family, Labels, column_word

COMPONENTS = ("contact", "circle", "trust", "reciprocity")
"""What a tie's strength is made of; see `strength`."""


def categorical(cohort: Cohort) -> list[Attribute]:
    """Attributes whose values are categories."""
    return [attribute for attribute in cohort.attributes if not attribute.is_number]


def numeric(cohort: Cohort) -> list[Attribute]:
    """Attributes whose values are numbers."""
    return [attribute for attribute in cohort.attributes if attribute.is_number]


def of_ego(attributes: list[Attribute]) -> list[Attribute]:
    """Attributes that ego has as well."""
    return [attribute for attribute in attributes if attribute.ego is not None]


def side_by_side(cohort: Sized, columns: Iterable[np.ndarray]) -> np.ndarray:
    """(rows, members) from a column, or a table of columns, a member; no members make no columns."""
    return np.column_stack([np.zeros((len(cohort), 0)), *columns])


def joined_categories(attribute: Attribute) -> Iterator[tuple[int, int]]:
    """Every pair of categories, each once, a category with itself too."""
    count = len(attribute.categories)
    return ((one, other) for one in range(count) for other in range(one, count))


def words_of(codes: Iterable[str]) -> list[str]:
    """Ends of column names, told apart where two codes would give the same."""
    seen: dict[str, int] = {}
    words = []
    for code in codes:
        word = column_word(code) or "empty"
        seen[word] = seen.get(word, 0) + 1
        words.append(word if seen[word] == 1 else f"{word}_{seen[word]}")
    return words


def _named(attributes: Callable[[Cohort], list[Attribute]]) -> Callable[[Cohort], Labels]:
    def members(cohort: Cohort) -> Labels:
        chosen = attributes(cohort)
        return tuple(zip(words_of(a.name for a in chosen), (a.label for a in chosen), strict=True))

    return members


def _categories(attribute: Attribute) -> list[tuple[str, str]]:
    name = column_word(attribute.name)
    return [
        (f"{name}_{word}", f"{attribute.label} {label}")
        for word, label in zip(words_of(attribute.categories), attribute.labels, strict=True)
    ]


def _each_category(cohort: Cohort) -> Labels:
    return tuple(member for attribute in categorical(cohort) for member in _categories(attribute))


def _each_pair(cohort: Cohort) -> Labels:
    found = []
    for attribute in categorical(cohort):
        words, name = words_of(attribute.categories), column_word(attribute.name)
        for one, other in joined_categories(attribute):
            label = f"{attribute.label} {attribute.labels[one]} – {attribute.labels[other]}"
            found.append((f"{name}_{words[one]}_{words[other]}", label))
    return tuple(found)


def _each_number_in_category(cohort: Cohort) -> Labels:
    return tuple(
        (f"{column_word(number.name)}_{end}", f"{number.label} where {label}")
        for number in numeric(cohort)
        for attribute in categorical(cohort)
        for end, label in _categories(attribute)
    )


def _relations(cohort: Cohort) -> Labels:
    if len(cohort.relations) < 2:
        return ()
    ends = [word if word not in ("weighted", "directed") else f"{word}_relation" for word in words_of(cohort.relations)]
    return tuple((end, label) for end, label in zip(ends, cohort.relations, strict=True))


def _relation_pairs(cohort: Cohort) -> Labels:
    return tuple((f"{one}_{other}", f"{first} and {second}") for (one, first), (other, second) in combinations(_relations(cohort), 2))


def _types(cohort: Cohort) -> Labels:
    codes = [cohort.support_types[place] for place in cohort.scheme]
    return tuple((word, code.replace("_", " ")) for word, code in zip(words_of(codes), codes, strict=True))


BY_ATTRIBUTE = Family("attribute named with `--by`", _named(categorical))
BY_NUMBER = Family("attribute named with `--by` that is a number", _named(numeric))
BY_EGO_ATTRIBUTE = Family("attribute named with `--by` that ego has too", _named(lambda cohort: of_ego(categorical(cohort))))
BY_EGO_NUMBER = Family("attribute named with `--by` that is a number and that ego has too", _named(lambda cohort: of_ego(numeric(cohort))))
BY_CATEGORY = Family("category of an attribute named with `--by`", _each_category)
BY_PAIR = Family("pair of categories of an attribute named with `--by`", _each_pair)
BY_NUMBER_IN_CATEGORY = Family("number and category of attributes named with `--by`", _each_number_in_category)
BY_RELATION = Family("relation, where a study records several between alters", _relations)
BY_RELATION_PAIR = Family("pair of relations, where a study records several between alters", _relation_pairs)
BY_SUPPORT_TYPE = Family("type of support", _types)
BY_COMPONENT = Family("component of strength", lambda _: tuple((name, name) for name in COMPONENTS))
