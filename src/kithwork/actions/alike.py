"""Written in two ways: participants and alters called alike but for capitals, blanks, accents or marks. Told, not joined unasked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kithwork.cohort.lookalikes import plain
from kithwork.model.rows import Row


def _bare(text: str) -> str:
    return plain(text).replace(" ", "")


def alike_people(there: Iterable[Row], coming: Iterable[Row]) -> dict[str, str | None]:
    """Participants that come in and are called like another, but not the same: the id of that one, None where several are.

    The other is one of the study, or one that comes in earlier.
    """
    known: defaultdict[str, dict[str, str]] = defaultdict(dict)  # as told apart by nobody -> pseudonym -> id
    for row in there:
        known[_bare(row["pseudonym"])][row["pseudonym"]] = row["id"]
    found: dict[str, str | None] = {}
    for row in coming:
        others = known[_bare(row["pseudonym"])]
        if row["pseudonym"] not in others:
            if others and _bare(row["pseudonym"]):
                found[row["id"]] = next(iter(others.values())) if len(others) == 1 else None
            others[row["pseudonym"]] = row["id"]
    return found


def alike_alters(owner: Mapping[str, str], there: Iterable[Row], new: Iterable[Row], names: Mapping[str, str]) -> int:
    """How many new alters are called like another of their participant: by the same name, or one that is only written otherwise."""
    known: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def words(row: Row) -> tuple[str, ...]:
        name = names.get(row["id"], "")
        return (f"\x00{name}", row["pseudonym"]) if name else (row["pseudonym"],)  # a name and a number that a reader gave are two things

    for row in there:
        for word in words(row):
            known[owner[row["id"]], _bare(word)].add(word)
    count = 0
    for row in new:
        mine = [(known[owner[row["id"]], _bare(word)], word) for word in words(row) if _bare(word)]
        count += any(word.startswith("\x00") or others - {word} for others, word in mine if others)
        for others, word in mine:
            others.add(word)
    return count
