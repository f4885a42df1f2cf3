"""A question and its answer in words: what was asked, counts as a table, ties as a list."""

from collections.abc import Collection

import polars as pl

from kithwork.joint.answer import Answer
from kithwork.joint.dimensions import dimensions_of, labels_of
from kithwork.joint.fates import BECAME
from kithwork.joint.invented import REASON, Invented
from kithwork.joint.numbers import in_words, plain
from kithwork.joint.question import GROUPS_OF_FATE, Question
from kithwork.joint.said import Said
from kithwork.model.schema import KINDS

_LABELS = {
    "codes": ("code", "Coded with"),
    "themes": ("theme", "Of the themes"),
    "lens": ("lens", "Seen through"),
    "overlaps": ("code", "Sharing words with passages coded"),
    "together": ("code", "On the same passage as"),
    "coders": ("coder", "Coded by"),
    "speakers": ("speaker", "Said by"),
    "kinds": ("kind", "About ties of kind"),
    "role_groups": ("role_group", "In the group"),
    "roles": ("role", "In the role"),
    "circles": ("circle", "In the circle"),
    "trust": ("trust", "With trust"),
    "valence": ("valence", "That"),
    "supports": ("support", "Giving or taking"),
    "events": ("event", "To which happened"),
    "people": ("participant", "Of"),
}
_GROUPS = {"stayed": "on both maps", "came": "on the later map only", "went": "on the earlier map only"}


def conditions_of(said: Said, question: Question) -> list[tuple[str, str]]:
    """What restricts the question: label and words."""
    found = []
    for name, (dimension, label) in _LABELS.items():
        if chosen := getattr(question, name):
            labels = labels_of(said, dimension)
            found.append((label, _or(labels.get(str(key), "something not in the study any more") for key in chosen)))
    if question.words:
        found.append(("With the words", question.words))
    waves = labels_of(said, "wave")
    if question.fates:
        words = _or(_GROUPS.get(name) or BECAME[name] for name in question.fates)
        first, second = (waves.get(str(wave), str(wave)) for wave in question.pair or (0, 0))
        found.append(("That became", f"{words}, {f'from {first} to {second}' if question.pair else 'from any map to the next'}"))
    named = dimensions_of(said)
    for name in dict.fromkeys(name for name, _ in question.attributes):
        label = named[name].label if name in named else "Something not asked in the study any more"
        labels = labels_of(said, name)
        found.append((label, _or(_value(labels, value, said.invented.get(name)) for value in question.values_of(name))))
    if question.waves:
        found.append(("At", _or(waves.get(str(wave), str(wave)) for wave in question.waves)))
    return found


def _value(labels: dict[str, str], value: str, own: Invented | None) -> str:
    if own and value.startswith(REASON):
        return own.reason(value)
    return labels.get(value) or in_words(value) or "something not in the study any more"


def cuts_of(said: Said, question: Question) -> list[str]:
    """How numbers that are counted by are cut, a sentence each."""
    named, found = dimensions_of(said), []
    for name in dict.fromkeys((question.rows, question.columns)):
        if name in said.invented and said.invented[name].is_number:
            points = [plain(point) for point in question.cut(name)]
            keys = [key for key in said.members_of(name) if in_words(key)]
            how = f"cut at {', '.join(points)}" if points else "counted number by number"
            if not points and any(not key.endswith("]") for key in keys):
                all_of, more = ("maps", "maps change") if said.invented[name].is_measured else ("answers", "answers are added")
                how = f"cut at the quarters of all {all_of} in the study; they move when {more}"
            found.append(f"“{named[name].label}” is {how}.")
    return found


def _or(words: Collection[str] | object) -> str:
    parts = list(words)  # type: ignore[call-overload]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def count_table(found: Answer) -> pl.DataFrame:
    """One row a cell: the members of rows and columns by their labels, and the counts; totals say `all`."""
    question = found.question
    named = [pl.col("row").replace_strict(found.rows, default="all", return_dtype=pl.String).alias(found.titles[0])]
    if question.columns:
        column = pl.col("column").replace_strict(found.columns, default="all", return_dtype=pl.String)
        named.append(column.alias(found.titles[1]))
    numbers = ["passages", "people", "people_of", "ties", "ties_of"] if question.is_of_ties else ["passages", "people", "people_of"]
    return found.counts.select(*named, *numbers)


def tie_table(said: Said, alter_ids: Collection[str], *, with_ids: bool = False) -> pl.DataFrame:
    """One row a tie: `participant`, `tie`, `kind`, `role`, and a column a wave with the circle it stood in there; empty where not."""
    circles, roles = labels_of(said, "circle"), labels_of(said, "role")
    rows = said.alters.filter(pl.col("alter_id").is_in(list(alter_ids))).join(
        said.people.select("participant_id", pl.col("pseudonym").alias("participant")), on="participant_id"
    )
    for key in [key for key in labels_of(said, "wave") if key.isdigit()]:
        at = said.ties.filter(pl.col("wave") == int(key))
        own = at.select(
            "alter_id", pl.col("circle").cast(pl.String).fill_null("0").replace_strict(circles, default=None, return_dtype=pl.String)
        )
        rows = rows.join(own.rename({"circle": f"wave_{key}"}).unique("alter_id"), on="alter_id", how="left")
    named = rows.with_columns(
        pl.col("kind").replace_strict(KINDS, default=None, return_dtype=pl.String),
        pl.col("role").replace_strict(roles, default=None, return_dtype=pl.String),
        tie=pl.col("pseudonym"),
    ).sort("participant", "tie", "alter_id")
    ids = ["alter_id", "participant_id"] if with_ids else []
    return named.select(*ids, "participant", "tie", "kind", "role", *(name for name in named.columns if name.startswith("wave_")))


__all__ = ["GROUPS_OF_FATE", "conditions_of", "count_table", "tie_table"]
