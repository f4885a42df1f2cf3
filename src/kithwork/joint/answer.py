"""The answer to a question across talk and ties: counts with what they are of, and the passages or ties behind each."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kithwork.joint.dimensions import DIMENSIONS, NOT_KNOWN, dimensions_of, labels_of, side_of
from kithwork.joint.invented import NOT_ASKED
from kithwork.joint.overlap import overlapping
from kithwork.joint.question import Question
from kithwork.joint.said import ATTRIBUTES, TIE_ATTRIBUTES, Said
from kithwork.model.errors import SelectionError, near
from kithwork.talk import parse_search, places_of

_FROM_CODES = ("code", "theme", "lens", "coder")


@dataclass(frozen=True)
class Answer:
    """What was found.

    facts    one row a passage and what it is counted by: `passage`, `participant_id`, `alter_id` where ties matter, `row`, `column`
    base     the same of what could have been spoken of: `participant_id`, `alter_id`, `row`, `column` where those exist without talk
    titles   of what was counted by: the words for rows and for columns
    never    (alters,) ids of the ties of which nothing of this is said, where that was asked
    """

    question: Question
    rows: dict[str, str]
    columns: dict[str, str]
    facts: pl.DataFrame
    base: pl.DataFrame
    titles: tuple[str, str]
    never: frozenset[str] = frozenset()

    @property
    def counts(self) -> pl.DataFrame:
        """One row a cell: `row`, `column`, `passages`, `people` of `people_of`, `ties` of `ties_of`; empty keys are totals."""
        return counts_of(self)

    def segments(self, said: Said, row: str | None = None, column: str | None = None) -> list[str]:
        """Ids of the passages of a cell, a row, a column or all, by person, wave, document and place."""
        found = self.facts.filter(_at("row", row), _at("column", column)).select("passage").unique()
        names = said.people.select("participant_id", "pseudonym")
        placed = found.join(said.passages, on="passage").join(names, on="participant_id", how="left")
        return placed.sort("pseudonym", "wave", "document_id", "start", "passage", nulls_last=True)["segment_id"].to_list()

    def alters(self, row: str | None = None, column: str | None = None) -> list[str]:
        """Ids of the ties never spoken of, of a cell or all."""
        found = self.base.filter(_at("row", row), _at("column", column))["alter_id"].unique(maintain_order=True).to_list()
        return [alter for alter in found if alter in self.never]


def _at(name: str, key: str | None) -> pl.Expr:
    return pl.lit(True) if key is None else pl.col(name) == key


def answer(said: Said, question: Question, quotations: pl.DataFrame | None = None) -> Answer:
    """Answer a question. `quotations` (`segment_id`, `quotation`) is needed where words are looked for.

    A passage is counted once a cell. It speaks of a tie when a mention stands on words of it; where the question is about ties,
    all conditions on ties hold for one and the same tie, as it stood on the everyday map of that interview. What could have been
    spoken of are the ties on the map, or told of, in interviews of which there is a transcript: a wave without an interview, or
    an interview without a transcript, is a gap.
    """
    refuse_unknown(said, question)
    found = _passages(said, question, quotations)
    base = _base(said, question)
    facts = found
    if question.is_of_ties:
        facts = found.join(said.spoken, on="passage").join(base.drop("participant_id"), on=["alter_id", "interview_id"])
    facts = _coded(said, question, facts)
    if "speaker" in (question.rows, question.columns):
        facts = facts.join(said.speakers, on="passage", how="left", maintain_order="left") if "speaker" not in facts.columns else facts
    never: frozenset[str] = frozenset()
    if question.asked_of == "never":
        spoken = facts["alter_id"].unique()
        never = frozenset(base.filter(~pl.col("alter_id").is_in(spoken.implode()))["alter_id"].to_list())
    people = said.people.select("participant_id", *ATTRIBUTES)
    whole = [frame.join(people, on="participant_id", how="left", maintain_order="left") for frame in (facts, base)]
    for name in dict.fromkeys((question.rows, question.columns)):
        if name in said.invented and side_of(name) == "world":
            whole = [_answered(said, question, frame, name) for frame in whole]
    keyed = [_keyed(question, frame) for frame in whole]
    rows, columns = (_shown(said, question, name, keyed, key) for name, key in ((question.rows, "row"), (question.columns, "column")))
    named = dimensions_of(said)
    titles = (named[question.rows].label, named[question.columns].label if question.columns else "")
    return Answer(question, rows, columns, keyed[0], keyed[1], titles, never)


def refuse_unknown(said: Said, question: Question) -> None:
    """Raises `SelectionError` for a question of what is neither asked in the study nor measured of its maps."""
    if unknown := [name for name in question.invented if name not in said.invented]:
        if name := next((name.partition(":")[2] for name in unknown if name.startswith("measure:")), ""):
            raise SelectionError(f"There is no measure '{name}' that is a number of a map.{near(name, said.shape.named)}")
        raise SelectionError("Something this question counts or filters by is not asked in this study any more; choose something else.")


def _answered(said: Said, question: Question, frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """With a column of what was answered; only answers that are wanted, several rows where several of them were chosen.

    A number is looked at as it is where it is wanted, and then counted in the interval that holds it.
    """
    told, one = said.answered(name), said.invented[name]
    whole = frame.join(told, on=told.columns[0], how="left", maintain_order="left").with_columns(pl.col(name).fill_null(NOT_ASKED))
    wanted = question.values_of(name)
    if wanted or one.is_number:
        keys = whole[name].unique().to_list()
        whole = whole.filter(pl.col(name).is_in(one.wanted(keys, wanted))) if wanted else whole
        if one.is_number and name in (question.rows, question.columns):
            whole = whole.with_columns(pl.col(name).replace(one.cut(keys, said.members_of(name, question.cut(name)))))
    return whole


def answered_so(said: Said, question: Question, frame: pl.DataFrame) -> pl.DataFrame:
    """Passages or interviews of those who answered what is wanted, as participants or in that interview."""
    for name in question.invented:
        if side_of(name) == "world" and question.values_of(name):
            frame = _answered(said, question, frame, name).drop(name).unique(maintain_order=True)
    return frame


# -- talk ------------------------------------------------------------------------------------------------------------------


def _passages(said: Said, question: Question, quotations: pl.DataFrame | None) -> pl.DataFrame:
    """The passages that the talk side of the question wants: `passage`, `participant_id`, `interview_id`, `wave`."""
    found = said.passages
    if question.waves:
        found = found.filter(pl.col("wave").is_in(question.waves))
    if question.people or question.attributes:
        found = found.filter(pl.col("participant_id").is_in(people_of(said, question)["participant_id"].implode()))
        found = answered_so(said, question, found)
    if question.is_of_codes or set(_FROM_CODES) & {question.rows, question.columns}:
        found = found.join(_codings(said, question).select("passage").unique(), on="passage", how="semi")
    else:
        found = found.join(said.counted, on="passage", how="semi")
    if question.speakers:
        spoken = said.speakers.filter(pl.col("speaker").fill_null(NOT_KNOWN).is_in(question.speakers))
        found = found.join(spoken, on="passage", how="semi")
    if question.overlaps:
        found = _sharing(said, question, found)
    if question.together:
        found = found.join(_coded_with(said, question, question.together).select("passage"), on="passage", how="semi")
    if question.words.strip():
        search = parse_search(question.words)
        said_words = found.select("segment_id").join(quotations if quotations is not None else _no_words(), on="segment_id")
        kept = [one for one, words in said_words.iter_rows() if words and places_of(search, words)]
        found = found.filter(pl.col("segment_id").is_in(kept))
    return found.select("passage", "participant_id", "interview_id", "wave")


def _no_words() -> pl.DataFrame:
    return pl.DataFrame(schema={"segment_id": pl.String, "quotation": pl.String})


def _sharing(said: Said, question: Question, found: pl.DataFrame) -> pl.DataFrame:
    """Those that share words with a passage coded with one of `overlaps`, by the same coders where coders are chosen."""
    others = _coded_with(said, question, question.overlaps)
    standing = said.passages.filter(~pl.col("is_lost")).join(others.select("passage").unique(), on="passage", how="semi")
    own = found.filter(~pl.col("is_lost"))
    rows, _ = overlapping(own, standing)
    return own[sorted(set(rows.tolist()))]


def _coded_with(said: Said, question: Question, codes: tuple[str, ...]) -> pl.DataFrame:
    """Codings with any of the codes or what stands under them, by the coders of the question where there are any."""
    wanted = said.under.filter(pl.col("as_id").is_in(codes))["code_id"].unique()
    found = said.codings.filter(pl.col("code_id").is_in(wanted.implode()))
    return found.filter(pl.col("coder_id").fill_null(NOT_KNOWN).is_in(question.coders)) if question.coders else found


def wanted_codes(said: Said, question: Question) -> pl.Series | None:
    """Ids of every code that codes, themes and lens nodes of the question hold; None where none was chosen."""
    if not (question.codes or question.themes or question.lens):
        return None
    parts = [
        said.under.filter(pl.col("as_id").is_in(question.codes))["code_id"],
        said.themed.filter(pl.col("theme_id").is_in(question.themes))["code_id"],
        said.seen_through.filter(pl.col("lens_id").is_in(question.lens))["code_id"],
    ]
    return pl.concat(parts).unique()


def _codings(said: Said, question: Question) -> pl.DataFrame:
    found, codes = said.codings, wanted_codes(said, question)
    if codes is not None:
        found = found.filter(pl.col("code_id").is_in(codes.implode()))
    if question.coders:
        found = found.filter(pl.col("coder_id").fill_null(NOT_KNOWN).is_in(question.coders))
    return found


def _coded(said: Said, question: Question, facts: pl.DataFrame) -> pl.DataFrame:
    """With the codes, themes, nodes and coders by which passages are counted; those of one coding stay together."""
    names = {question.rows, question.columns}
    if not names & set(_FROM_CODES):
        return facts
    whole = facts.join(_codings(said, question).with_columns(pl.col("coder_id").alias("coder")), on="passage")
    if "code" in names:
        # a code counts what stands under it too; of codes chosen, only those below them are shown
        shown = wanted_codes(said, question)
        as_codes = said.under.rename({"as_id": "code"})
        whole = whole.join(as_codes if shown is None else as_codes.filter(pl.col("code").is_in(shown.implode())), on="code_id")
    if "theme" in names:
        own = said.themed.rename({"theme_id": "theme"})
        own = own.filter(pl.col("theme").is_in(question.themes)) if question.themes else own
        whole = whole.join(own, on="code_id")
    if "lens" in names:
        own = said.seen_through.rename({"lens_id": "lens"})
        own = own.filter(pl.col("lens").is_in(question.lens)) if question.lens else own
        whole = whole.join(own, on="code_id")
    return whole


def people_of(said: Said, question: Question) -> pl.DataFrame:
    """The participants that the question is of, as far as that is recorded of them."""
    found = said.people
    if question.people:
        found = found.filter(pl.col("participant_id").is_in(question.people))
    for name in dict.fromkeys(name for name, _ in question.attributes):
        if name in ATTRIBUTES:
            found = found.filter(pl.col(name).fill_null(NOT_KNOWN).is_in(question.values_of(name)))
    return found


# -- ties ------------------------------------------------------------------------------------------------------------------


def _base(said: Said, question: Question) -> pl.DataFrame:
    """What could have been spoken of: interviews with a transcript in scope, and, where ties matter, the ties in them."""
    told = said.documents.drop_nulls("interview_id").select("interview_id").unique()
    interviews = said.interviews.join(told, on="interview_id", how="semi").select("interview_id", "participant_id", "wave")
    interviews = interviews.join(people_of(said, question).select("participant_id"), on="participant_id", how="semi")
    interviews = answered_so(said, question, interviews)
    scope = interviews.filter(pl.col("wave").is_in(question.waves)) if question.waves else interviews
    if not question.is_of_ties:
        return scope
    names = {question.rows, question.columns}
    there = [said.ties.select("alter_id", "interview_id"), said.events.select("alter_id", "interview_id")]
    there.append(said.spoken.join(said.passages, on="passage").select("alter_id", "interview_id").drop_nulls())
    fates = said.became(question.pair) if question.fates or "became" in names else None
    if fates is not None:
        owner = fates.join(said.alters.select("alter_id", "participant_id"), on="alter_id")
        at = ["participant_id", "wave"]
        ends = [owner.select("alter_id", "participant_id", pl.col(end).alias("wave")) for end in ("from_wave", "to_wave")]
        there.append(pl.concat(ends).join(said.interviews, on=at).select("alter_id", "interview_id"))
    found = pl.concat(there).unique(maintain_order=True).join(scope, on="interview_id")
    return _narrowed(said, question, _described(said, question, found, fates), names)


def _described(said: Said, question: Question, found: pl.DataFrame, fates: pl.DataFrame | None) -> pl.DataFrame:
    """With what each tie is, and how it stood in that interview; several rows where several things became of it or happened."""
    names = {question.rows, question.columns}
    more = [pl.col(name).cast(pl.String) for name in TIE_ATTRIBUTES if name in names or question.values_of(name)]
    own = ["tie_id", pl.col("circle").cast(pl.String).fill_null("0"), "trust", "valence", *more]
    on_map = said.ties.select("alter_id", "interview_id", *own)
    whole = found.join(said.alters.select("alter_id", "kind", "role", "role_group"), on="alter_id", maintain_order="left")
    whole = whole.join(
        on_map.unique(["alter_id", "interview_id"], keep="first"), on=["alter_id", "interview_id"], how="left", maintain_order="left"
    )
    whole = whole.with_columns(pl.col("circle").fill_null("-"))
    if question.supports or "support" in names:
        carried = said.tables["supports"].select("tie_id", pl.col("support_type").alias("support")).unique()
        whole = whole.join(carried, on="tie_id", how="left")
    if question.events or "event" in names:
        whole = whole.join(said.events, on=["alter_id", "interview_id"], how="left")
    if fates is not None:
        whole = whole.join(fates.select("alter_id", "became").unique(), on="alter_id", how="left")
    for name in question.invented:
        whole = _answered(said, question, whole, name) if side_of(name) == "tie" else whole
    return whole


_CONDITIONS = {"kinds": "kind", "roles": "role", "role_groups": "role_group", "circles": "circle", "trust": "trust", "valence": "valence"}
_SEVERAL = {"supports": "support", "events": "event", "words_of_fate": "became"}


def _narrowed(said: Said, question: Question, found: pl.DataFrame, names: set[str]) -> pl.DataFrame:
    """Ties that meet every condition; of several things that became of one, only those asked for are counted by."""
    conditions: list[tuple[str, Sequence[str]]] = [
        (column, getattr(question, field)) for field, column in (*_CONDITIONS.items(), *_SEVERAL.items())
    ]
    for column, wanted in (*conditions, *((name, question.values_of(name)) for name in TIE_ATTRIBUTES)):
        if wanted:
            found = found.filter(pl.col(column).fill_null(NOT_KNOWN).is_in(wanted))
    for column in ("support", "event", "became", *question.invented):
        if column in found.columns:
            found = found.drop_nulls(column) if column in names else found.drop(column).unique(maintain_order=True)
    return found.drop("tie_id")


# -- counting --------------------------------------------------------------------------------------------------------------


def _keyed(question: Question, frame: pl.DataFrame) -> pl.DataFrame:
    """With the keys of row and column; of a dimension that is not there (talk, in what could have been said) none."""
    frame = frame.with_columns(pl.col("wave").cast(pl.String)) if "wave" in frame.columns else frame
    frame = frame.with_columns(pl.col("participant_id").alias("participant"))
    keys = []
    for key, name in (("row", question.rows), ("column", question.columns)):
        column = DIMENSIONS[name].column if name in DIMENSIONS else name
        keys.append((pl.col(column).fill_null(NOT_KNOWN) if column in frame.columns else pl.lit(None, pl.String)).alias(key))
    kept = [name for name in ("passage", "participant_id", "alter_id", "interview_id") if name in frame.columns]
    return frame.select(*kept, *keys)


def _shown(said: Said, question: Question, name: str, frames: Sequence[pl.DataFrame], key: str) -> dict[str, str]:
    """Key → label, in order, of what is there at all; in the whole order, also where a column of a few stays empty."""
    if not name:
        return {}
    used = set()
    for frame in frames:
        used |= set(frame[key].drop_nulls().unique().to_list())
    return {one: label for one, label in labels_of(said, name, question.cut(name)).items() if one in used}


def counts_of(found: Answer) -> pl.DataFrame:
    """Counts of every cell, row, column and of all; what could have been spoken of beside each where it is known."""
    keys = [[], ["row"], ["column"], ["row", "column"]] if found.question.columns else [[], ["row"]]
    parts = [_cells(found, names) for names in keys]
    cells = pl.concat(parts, how="diagonal")
    empty = {"row": pl.String, "column": pl.String, "ties": pl.Int64, "ties_of": pl.Int64}
    missing = [pl.lit(None, kind).alias(name) for name, kind in empty.items() if name not in cells.columns]
    return cells.with_columns(missing).select("row", "column", "passages", "people", "people_of", "ties", "ties_of")


def _cells(found: Answer, keys: list[str]) -> pl.DataFrame:
    """One row a member of these keys, all of them, also where nothing was said."""
    names, on = {"row": found.rows, "column": found.columns}, ["all", *keys]
    grid = pl.DataFrame({"all": [0]})
    for key in keys:
        grid = grid.join(pl.DataFrame({key: list(names[key])}, schema={key: pl.String}), how="cross")
    facts, base = (frame.with_columns(pl.lit(0, pl.Int64).alias("all")) for frame in (found.facts, found.base))
    has_ties = "alter_id" in base.columns
    ties = [_number("alter_id", "ties")] if has_ties else []
    if found.question.asked_of == "never":
        silent = base.filter(pl.col("alter_id").is_in(list(found.never)))
        counted = silent.group_by(on).agg(pl.lit(0, pl.Int64).alias("passages"), _number("participant_id", "people"), *ties)
    else:
        counted = facts.group_by(on).agg(_number("passage", "passages"), _number("participant_id", "people"), *ties)
    there = ["all", *(key for key in keys if base[key].null_count() < base.height)]
    could = base.group_by(there).agg(_number("participant_id", "people_of"), *([_number("alter_id", "ties_of")] if has_ties else []))
    whole = grid.join(counted, on=on, how="left", maintain_order="left").join(could, on=there, how="left", maintain_order="left")
    numbers = ["passages", "people", "people_of", *(["ties", "ties_of"] if has_ties else [])]
    return whole.with_columns(pl.col(numbers).fill_null(0))


def _number(column: str, name: str) -> pl.Expr:
    return pl.col(column).drop_nulls().n_unique().cast(pl.Int64).alias(name)
