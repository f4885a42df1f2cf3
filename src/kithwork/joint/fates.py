"""What became of each tie between two waves, as one word; a missed wave is a gap, never a loss."""

import polars as pl

STAYED = {
    "same": "in the same circle",
    "nearer": "nearer to the centre",
    "farther": "farther from the centre",
    "placed": "now in a circle, before in none",
    "unplaced": "now in no circle",
    "uncompared": "still there",
}
CAME = {
    "new": "new",
    "old_tie_back": "an old tie back",
    "named_late": "there before, not mentioned then",
    "returned": "back after being away",
}
WENT = {
    "lost": "lost",
    "dormant": "resting for now",
    "suspended": "set aside in a crisis",
    "not_relevant": "no longer mattering",
    "undrawn": "still there, not drawn this time",
    "unsaid": "not named, with no reason recorded",
}
BECAME = {**STAYED, **CAME, **WENT}
_CAME_BY = {"new_reactivated": "old_tie_back", "new_forgotten": "named_late", "returned": "returned"}
_AWAY = ("lost", "dormant", "suspended", "not_relevant")


def became(maps: pl.DataFrame, ties: pl.DataFrame, said: pl.DataFrame, pair: tuple[int, int] | None = None) -> pl.DataFrame:
    """One row an alter on either of two maps of one participant: `alter_id`, `from_wave`, `to_wave`, `became`.

    Definition  An alter on both maps stayed; on the later only, it came (returned when a map before both holds it); on the
                earlier only, it went, for the reason given last by the later map. Where the circles of the two maps differ,
                places are not compared.
    maps        everyday maps: `participant_id`, `wave` (position), `map_id`, `version` of the circles
    ties        `map_id`, `alter_id`, `circle`; said: `map_id`, `alter_id`, `fate`
    pair        the positions of two waves; left out, each map and the next one there is of the same participant
    """
    pairs = _pairs(maps, pair)
    waves = maps.select("map_id", "participant_id", "wave")
    on = ties.select("map_id", "alter_id", "circle", there=pl.lit(True))
    either = pl.concat(
        [pairs.join(on.select(pl.col("map_id").alias(end), "alter_id"), on=end).select("pair", "alter_id") for end in ("before", "after")]
    ).unique(maintain_order=True)
    whole = either.join(pairs, on="pair", how="left", maintain_order="left")
    for end in ("before", "after"):
        named = on.rename({"map_id": end, "circle": f"{end}_circle", "there": f"is_{end}"})
        whole = whole.join(named, on=[end, "alter_id"], how="left", maintain_order="left")
    named_at = on.join(waves, on="map_id").group_by("alter_id").agg(first_wave=pl.col("wave").min())
    told = said.join(waves, on="map_id").select("alter_id", "fate", pl.col("wave").alias("told_at"))
    whole = whole.join(named_at, on="alter_id", how="left", maintain_order="left")
    went = _last_told(whole, told, (*_AWAY, "kept", "forgotten"), "last").rename({"fate": "said_away"})
    came = _last_told(whole, told, tuple(_CAME_BY), "first").rename({"fate": "said_back"})
    whole = whole.join(went, on=["pair", "alter_id"], how="left", maintain_order="left")
    whole = whole.join(came, on=["pair", "alter_id"], how="left", maintain_order="left")
    return whole.select("alter_id", "from_wave", "to_wave", became=_word())


def _pairs(maps: pl.DataFrame, pair: tuple[int, int] | None) -> pl.DataFrame:
    if pair is not None:
        first = maps.filter(pl.col("wave") == pair[0]).select("participant_id", "version", pl.col("map_id").alias("before"))
        second = maps.filter(pl.col("wave") == pair[1]).select(
            "participant_id", pl.col("version").alias("new"), pl.col("map_id").alias("after")
        )
        both = first.join(second, on="participant_id").with_columns(from_wave=pl.lit(pair[0]), to_wave=pl.lit(pair[1]))
    else:
        later = [pl.col(name).shift(-1).over("participant_id") for name in ("map_id", "wave", "version")]
        both = (
            maps.sort("participant_id", "wave", maintain_order=True)
            .with_columns(later[0].alias("after"), later[1].alias("to_wave"), later[2].alias("new"))
            .drop_nulls("after")
            .rename({"map_id": "before", "wave": "from_wave"})
        )
    kept = both.select("participant_id", "before", "after", "from_wave", "to_wave", is_comparable=pl.col("version") == pl.col("new"))
    return kept.with_row_index("pair")


def _last_told(whole: pl.DataFrame, told: pl.DataFrame, fates: tuple[str, ...], which: str) -> pl.DataFrame:
    """What ego said of an alter after the earlier map, up to the later: the last word of these, or the first."""
    own = whole.select("pair", "alter_id", "from_wave", "to_wave").join(told.filter(pl.col("fate").is_in(fates)), on="alter_id")
    own = own.filter((pl.col("told_at") > pl.col("from_wave")) & (pl.col("told_at") <= pl.col("to_wave"))).sort(
        "told_at", maintain_order=True
    )
    return own.group_by("pair", "alter_id").agg(pl.col("fate").last() if which == "last" else pl.col("fate").first())


def _word() -> pl.Expr:
    before, after = pl.col("before_circle"), pl.col("after_circle")
    moved = (
        pl.when(~pl.col("is_comparable")).then(pl.lit("uncompared"))
        .when(before.eq_missing(after)).then(pl.lit("same"))
        .when(before.is_null()).then(pl.lit("placed"))
        .when(after.is_null()).then(pl.lit("unplaced"))
        .when(after < before).then(pl.lit("nearer"))
        .otherwise(pl.lit("farther"))
    )  # fmt: skip
    came = (
        pl.when(pl.col("first_wave") < pl.col("from_wave")).then(pl.lit("returned"))
        .otherwise(pl.col("said_back").replace_strict(_CAME_BY, default="new", return_dtype=pl.String))
    )  # fmt: skip
    away = pl.col("said_away").replace_strict(
        {**{word: word for word in _AWAY}, "kept": "undrawn", "forgotten": "undrawn"}, default="unsaid", return_dtype=pl.String
    )
    is_before, is_after = pl.col("is_before").fill_null(False), pl.col("is_after").fill_null(False)
    return pl.when(is_before & is_after).then(moved).when(is_after).then(came).otherwise(away)
