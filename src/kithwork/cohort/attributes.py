"""What alters are sorted by: a column of the schema, a role group, or the answers to a question the study invented."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from kithwork.cohort.columns import CODES, Attribute
from kithwork.model.errors import SelectionError, near
from kithwork.model.tables import StudyTables

_OF_EGO = ("gender", "age_band", "lives_alone", "housing", "education", "employment", "site")
_ABOUT_ALTERS = {"tie": "tie_id", "alter": "alter_id"}
_ABOUT_EGO = {"interview": "interview_id", "participant": "participant_id", "map": "map_id"}
_PREFIXES = {
    "tie": ("", "tie_", "alter_", "person_"),
    "alter": ("", "alter_", "person_", "tie_"),
    "interview": ("", "interview_", "ego_"),
    "participant": ("", "participant_", "ego_"),
    "map": ("", "map_", "ego_"),
}
_CHOICES = ("kind", "trust", "valence", "contact", "reciprocity", "role", "role_group", "circle")
_NUMBERS = ("reliability", "security", "effort")
NOBODY, ELSEWHERE = -1, -2
"""Ego's category: not known; known, and in none of the categories of the alters."""


@dataclass(frozen=True)
class Known:
    """What a cohort knows when attributes are looked up."""

    tables: StudyTables
    tie_ids: pl.Series
    alter_of_tie: pl.Series
    maps: pl.DataFrame  # with `map_id`, `interview_id`, `participant_id`
    columns: Mapping[str, np.ndarray]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # role, role_group, circle


def offered_attributes(tables: StudyTables) -> dict[str, str]:
    """Name → label of everything that alters can be sorted by: columns of the schema, and questions of ties and alters that the study
    invented, where they are answered by one code or a number."""
    asked = tables["questions"].filter(pl.col("subject").is_in(list(_ABOUT_ALTERS)) & pl.col("column_name").is_null())
    told = asked.filter(pl.col("answer_kind").is_in(["choice", "boolean", "number"])).sort("position", nulls_last=True)
    taken, names = {*asked["code"], *_CHOICES, *_NUMBERS}, []
    for code, subject in told.select("code", "subject").unique(maintain_order=True).iter_rows():
        short = code.removeprefix(f"{subject}_")  # `_question` finds it without the name of what it is asked of
        names.append(code if short in taken else short)
        taken.add(short)
    return {name: name.replace("_", " ") for name in (*_CHOICES, *_NUMBERS, *names)}


def attributes_of(known: Known, by: Iterable[str], is_missing_a_category: bool) -> tuple[tuple[Attribute, ...], dict[str, np.ndarray]]:
    """Attributes named as `NAME`, `NAME=EGO'S NAME`, `NAME:codes` (numbers taken as categories), and their values a tie."""
    found, values = [], {}
    for spelled in dict.fromkeys(by):
        name, _, of_ego = spelled.partition("=")
        name, _, how = name.partition(":")
        attribute, column = _attribute(known, name.strip(), (of_ego or name).partition(":")[0].strip(), how == "codes")
        if is_missing_a_category and not attribute.is_number and (column < 0).any():
            column = np.where(column < 0, len(attribute.categories), column)
            attribute = attribute.with_category("missing", "Not known")
        found.append(attribute)
        values[attribute.column] = column
    return tuple(found), values


def _attribute(known: Known, name: str, of_ego: str, are_codes: bool) -> tuple[Attribute, np.ndarray]:
    choices = {**{column: CODES[column] for column in ("kind", "trust", "valence", "contact", "reciprocity")}, **known.choices}
    if name in choices:
        column = known.columns[name] - (1 if name == "circle" else 0)
        ego, _ = _of_ego(known, of_ego)
        return Attribute(name, name.replace("_", " "), choices[name], choices[name], False, _placed(ego, choices[name])), column
    if name in _NUMBERS:
        return Attribute(name, name, (), (), True, _as_numbers(_of_ego(known, of_ego)[0])), known.columns[name]
    question = _question(known.tables, name, _ABOUT_ALTERS)
    if question is None:
        offered = [*choices, *_NUMBERS, *_codes_of(known.tables, _ABOUT_ALTERS)]
        raise SelectionError(f"Nothing that was asked of ties or alters is called '{name}'.{near(name, offered)}")
    return _answered(known, name, of_ego, question, are_codes)


def _answered(known: Known, name: str, of_ego: str, question: dict, are_codes: bool) -> tuple[Attribute, np.ndarray]:
    keys = known.tie_ids if question["subject"] == "tie" else known.alter_of_tie
    answers = _answers(known.tables, question, _ABOUT_ALTERS[question["subject"]])
    told = keys.to_frame("key").join(answers, on="key", how="left", maintain_order="left")
    ego, _ = _of_ego(known, of_ego)
    label = name.replace("_", " ")
    if question["answer_kind"] == "number" and not are_codes:
        return Attribute(name, label, (), (), True, _as_numbers(ego)), told["number"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    if question["answer_kind"] in ("choices", "text"):
        raise SelectionError(f"'{name}' is answered in words or by several codes; choose a question answered by one code or a number.")
    words = told.select(pl.coalesce("text", _as_code("number"))).to_series()
    options = [(str(code), str(text)) for code, text in question["options"] or ()]
    if question["answer_kind"] == "boolean":
        options = [("no", "no"), ("yes", "yes")]
    listed = [code for code, _ in options]
    seen = [word for word in _sorted(words.drop_nulls().unique().to_list()) if word not in listed]
    categories = (*listed, *seen)
    labels = (*(text for _, text in options), *seen)
    codes = words.cast(pl.Enum(categories)).to_physical().cast(pl.Int64) if categories else pl.Series([-1]).new_from_index(0, len(words))
    column = codes.fill_null(-1).to_numpy()
    return Attribute(name, label, categories, labels, False, _placed(ego, categories)), column


def _question(tables: StudyTables, name: str, subjects: Mapping[str, str]) -> dict | None:
    """The newest wording of the question that bears this name, its own or without the name of what it is asked of."""
    questions = tables["questions"].filter(pl.col("subject").is_in(list(subjects)) & pl.col("column_name").is_null()).sort("version")
    rows = questions.to_dicts()
    for subject in subjects:
        for prefix in _PREFIXES[subject]:
            found = [row for row in rows if row["subject"] == subject and row["code"] == prefix + name]
            if found:
                return {**found[-1], "ids": [row["id"] for row in found]}
    return None


def _codes_of(tables: StudyTables, subjects: Mapping[str, str]) -> list[str]:
    return tables["questions"].filter(pl.col("subject").is_in(list(subjects)) & pl.col("column_name").is_null())["code"].to_list()


def _answers(tables: StudyTables, question: dict, subject_column: str) -> pl.DataFrame:
    answers = tables["answers"].filter(pl.col("question_id").is_in(question["ids"]))
    return answers.select(pl.col(subject_column).alias("key"), "text", "number").drop_nulls("key").unique("key", keep="last")


def _of_ego(known: Known, name: str) -> tuple[pl.Series | None, str]:
    """(maps,) what ego answered, as text, and where it was found; None where it was never asked."""
    question = _question(known.tables, name, _ABOUT_EGO)
    if question is not None:
        column = _ABOUT_EGO[question["subject"]]
        answers = _answers(known.tables, question, column)
        told = known.maps.select(pl.col(column).alias("key")).join(answers, on="key", how="left", maintain_order="left")
        return told.select(pl.coalesce("text", _as_code("number"))).to_series(), question["code"]
    if name in _OF_EGO:
        people = known.tables["participants"].select(pl.col("id").alias("participant_id"), pl.col(name).cast(pl.String))
        return known.maps.select("participant_id").join(people, on="participant_id", how="left", maintain_order="left")[name], name
    return None, ""


def _as_code(column: str) -> pl.Expr:
    """Whole numbers as words without a point."""
    number = pl.col(column)
    return pl.when(number == number.round()).then(number.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(number.cast(pl.String))


def _placed(words: pl.Series | None, categories: tuple[str, ...]) -> np.ndarray | None:
    if words is None:
        return None
    place = {category: number for number, category in enumerate(categories)}
    return np.array([NOBODY if word is None else place.get(word, ELSEWHERE) for word in words.to_list()], dtype=np.int64)


def _as_numbers(words: pl.Series | None) -> np.ndarray | None:
    return None if words is None else words.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()


def _sorted(words: list[str]) -> list[str]:
    def key(word: str) -> tuple[int, float, str]:
        return (0, float(word), word) if word.replace(".", "", 1).isdecimal() else (1, 0.0, word)

    return sorted(words, key=key)
