"""The tables of one participant, read by their keys, so that a page about one person does not load everybody."""

from collections.abc import Callable

from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables, frame_of
from kithwork.store import Study

DESIGN = ("studies", "waves", "circles", "roles", "support_types", "questions", "asked")


def person_tables(study: Study, participant_id: str) -> StudyTables:
    """The study's design, and what belongs to one participant. `SelectionError` when there is no such participant."""
    rows: dict[str, list[Row]] = {name: study.rows(name) for name in DESIGN}
    rows["participants"] = [study.row("participants", participant_id)]

    def ids(table: str) -> list[str]:
        return [row["id"] for row in rows[table]]

    steps: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
        ("interviews", "participant_id", lambda: [participant_id]),
        ("alters", "participant_id", lambda: [participant_id]),
        ("maps", "interview_id", lambda: ids("interviews")),
        ("ties", "map_id", lambda: ids("maps")),
        ("alter_ties", "map_id", lambda: ids("maps")),
        ("fates", "map_id", lambda: ids("maps")),
        ("events", "alter_id", lambda: ids("alters")),
        ("supports", "tie_id", lambda: ids("ties")),
        ("nominations", "tie_id", lambda: ids("ties")),
        ("documents", "interview_id", lambda: ids("interviews")),
    )
    for table, column, keys in steps:
        rows[table] = study.rows(table, **{column: keys()})
    rows["identities"] = [*study.rows("identities", participant_id=participant_id), *study.rows("identities", alter_id=ids("alters"))]
    return StudyTables({name: frame_of(name, group) for name, group in rows.items()})
