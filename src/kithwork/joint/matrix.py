"""The framework matrix: how many passages stand in each cell of participant × theme or code, wave by wave, and who is shown in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import polars as pl

from kithwork.joint.answer import answered_so, people_of, refuse_unknown
from kithwork.joint.dimensions import DIMENSIONS, side_of
from kithwork.joint.numbers import in_words
from kithwork.joint.question import Question
from kithwork.joint.said import ATTRIBUTES, COLUMNS, Said
from kithwork.joint.shape import MEASURE
from kithwork.model.errors import SelectionError, StudyError

Columns = Literal["theme", "code"]

READ: dict[str, tuple[str, ...]] = {
    **{name: COLUMNS[name] for name in ("waves", "participants", "interviews", "documents", "revisions", "decisions")},
    **{name: COLUMNS[name] for name in ("codes", "themes", "theme_codes", "questions")},
    "segments": ("id", "revision_id"),
    "codings": ("segment_id", "code_id"),
}
"""What is read of a study for the matrix alone: less than for questions."""


@dataclass(frozen=True)
class View:
    """What a matrix shows. Lists mean any of their members; an empty one does not restrict.

    by          `theme` or `code`; empty for themes where there are any
    columns     ids of themes or codes
    waves       positions
    attributes  pairs of an attribute of participants, or of what the study asks of them, their interviews, maps and topics, or of a
                measure of maps, and a value
    at          the wave whose answers of interviews decide who is shown, with all waves; None for each wave by its own answers
    """

    by: str = ""
    columns: tuple[str, ...] = ()
    waves: tuple[int, ...] = ()
    has_maps: bool = True
    attributes: tuple[tuple[str, str], ...] = ()
    at: int | None = None

    def __post_init__(self) -> None:
        if self.by not in ("", "theme", "code"):
            raise SelectionError("A matrix has themes or codes for columns; choose one of the two.")
        if any(side_of(name) != "world" or (name in DIMENSIONS and name not in ATTRIBUTES) for name, _ in self.attributes):
            raise SelectionError("A matrix is of persons and interviews; choose who is shown by what is known of them, not of ties.")

    @property
    def question(self) -> Question:
        """The same persons and waves, as a question asks for them."""
        return Question(attributes=self.attributes, waves=self.waves)

    @classmethod
    def of(cls, definition: Mapping[str, Any] | None) -> "View":
        """A view as it was saved. Raises `StudyError` for one that cannot be read."""
        given = dict(definition or {})
        unread = StudyError("This view cannot be read; remove it and save it again.")
        if set(given) - {one.name for one in fields(cls)} or not all(
            isinstance(given.get(name, []), list) for name in ("columns", "waves")
        ):
            raise unread
        pairs = Question.of({"attributes": given.get("attributes", []), "waves": given.get("waves", [])})
        given |= {"attributes": pairs.attributes, "waves": pairs.waves, "columns": tuple(str(one) for one in given.get("columns", []))}
        if not isinstance(given.get("by", ""), str) or not isinstance(given.get("at"), (int, type(None))):
            raise unread
        return cls(**given)

    def definition(self) -> dict[str, Any]:
        """The view as it is saved: only what was chosen."""
        usual = View()
        plain = {name: value for name, value in asdict(self).items() if value != getattr(usual, name)}
        lists = {name: list(value) for name, value in plain.items() if isinstance(value, tuple)}
        return plain | lists | ({"attributes": [list(pair) for pair in self.attributes]} if self.attributes else {})


def lines_of(said: Said, view: View) -> pl.DataFrame:
    """One row a person and wave that is shown: `participant_id`, `wave` (position), a wave without an interview included.

    Definition  Who is what is wanted, and answered so, is shown with all waves. What is asked of an interview, its map or a topic, or
                measured of its map, shows just the waves at which it was answered so; or, where the view names a wave, with all waves
                those who answered so then.
    """
    refuse_unknown(said, view.question)
    of_person = tuple(pair for pair in view.attributes if pair[0] in ATTRIBUTES or pair[0].startswith("participant:"))
    persons = answered_so(said, Question(attributes=of_person), people_of(said, Question(attributes=of_person)).select("participant_id"))
    waves = said.tables["waves"].select(pl.col("position").alias("wave"))
    if len(of_person) < len(view.attributes):
        rest = tuple(pair for pair in view.attributes if pair not in of_person)
        own = said.interviews.select("interview_id", "participant_id", "wave").join(persons, on="participant_id", how="semi")
        told = answered_so(said, Question(attributes=rest), own).select("participant_id", "wave").unique()
        if view.at is None:
            found = told
        else:
            found = persons.join(told.filter(pl.col("wave") == view.at), on="participant_id", how="semi").join(waves, how="cross")
    else:
        found = persons.join(waves, how="cross")
    found = found.filter(pl.col("wave").is_in(view.waves)) if view.waves else found
    return found.sort("participant_id", "wave")


def measured_at(said: Said, question: Question) -> dict[tuple[str, int], str]:
    """Participant and wave → what the measures that the question uses are there, in words."""
    found: dict[tuple[str, int], list[str]] = {}
    for name in question.measures:
        one, told = said.invented[f"{MEASURE}:{name}"], said.answered(f"{MEASURE}:{name}")
        for person, wave, key in (
            told.join(said.interviews, on="interview_id").select("participant_id", "wave", told.columns[1]).iter_rows()
        ):
            found.setdefault((person, wave), []).append(f"{one.label}: {in_words(key) or one.reason(key)}")
    return {place: ", ".join(words) for place, words in found.items()}


def cells_of(said: Said, columns: Columns = "theme") -> pl.DataFrame:
    """One row a cell with any passage: `participant_id`, `wave` (empty where the text has none), `column_id`, `passages`.

    Definition  A passage counts once a cell, whoever coded it. A theme holds its codes and what stands under them; a code what stands
                under it.
    """
    own = said.themed.rename({"theme_id": "column_id"}) if columns == "theme" else said.under.rename({"as_id": "column_id"})
    texts = said.tables["revisions"].select(pl.col("id").alias("revision_id"), "document_id").join(said.documents, on="document_id")
    places = texts.drop_nulls("participant_id").select("revision_id", "participant_id", "wave")
    of = said.tables["segments"].select(pl.col("id").alias("segment_id"), "revision_id").join(places, on="revision_id").drop("revision_id")
    coded = said.held.select("segment_id", "code_id").join(own, on="code_id").select("segment_id", "column_id").unique()
    whole = coded.join(of, on="segment_id")
    return whole.group_by("participant_id", "wave", "column_id").agg(pl.len().cast(pl.Int64).alias("passages"))
