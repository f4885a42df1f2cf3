"""A study's talk and its ties as a few frames that join: who said what, coded how, of whom, at which wave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from kithwork.joint.fates import became
from kithwork.joint.invented import Invented, answered, invented
from kithwork.joint.overlap import overlapping
from kithwork.joint.shape import Shape
from kithwork.model.tables import StudyTables

ATTRIBUTES = ("site", "gender", "age_band", "lives_alone", "housing", "education", "employment", "status")
_FAR = 2**32
TIE_ATTRIBUTES = ("contact", "reliability", "security", "effort", "reciprocity")
TIE_COLUMNS = ("circle", "trust", "valence", *TIE_ATTRIBUTES)

COLUMNS: dict[str, tuple[str, ...]] = {
    "waves": ("id", "position", "label", "circle_version"),
    "circles": ("version", "position", "label"),
    "roles": ("kind", "code", "label", "role_group", "position"),
    "support_types": ("code", "label", "position"),
    "participants": ("id", "pseudonym", *ATTRIBUTES),
    "interviews": ("id", "participant_id", "wave_id", "status", "held_on"),
    "coders": ("id", "name"),
    "documents": ("id", "interview_id", "participant_id", "title"),
    "revisions": ("id", "document_id", "number", "signed_off_at"),
    "segments": ("id", "revision_id", "start", "stop", "is_lost"),
    "codes": ("id", "parent_id", "name", "position", "color"),
    "themes": ("id", "name", "position"),
    "theme_codes": ("theme_id", "code_id"),
    "lenses": ("id", "parent_id", "lens", "code", "label", "position", "is_on"),
    "lens_links": ("lens_id", "code_id"),
    "codings": ("segment_id", "code_id", "coder_id"),
    "decisions": ("segment_id", "code_id", "is_kept"),
    "mentions": ("segment_id", "alter_id"),
    "maps": ("id", "interview_id", "state"),
    "alters": ("id", "participant_id", "pseudonym", "kind", "role"),
    "ties": ("id", "map_id", "alter_id", *TIE_COLUMNS),
    "fates": ("map_id", "alter_id", "fate"),
    "supports": ("tie_id", "support_type"),
    "events": ("id", "alter_id", "interview_id", "map_id", "event"),
    "turns": ("revision_id", "start", "stop", "speaker_role"),
    "questions": ("id", "code", "version", "subject", "column_name", "wording", "answer_kind", "options", "position", "kinds"),
    "asked": ("question_id", "wave_id"),
}
"""What is read of a study: tables and columns; words stay where they are."""


@dataclass(frozen=True, eq=False)
class Said:
    """The frames of one study. Interviews, participants and alters go by their ids, waves by their positions."""

    tables: StudyTables
    shape: Shape = field(default_factory=Shape)

    def opened(self, shut: Collection[str], coder_id: str | None) -> "Said":
        """Without codings of other coders in documents that are still coded blind."""
        texts = self.tables["revisions"].filter(pl.col("document_id").is_in(list(shut)))["id"]
        hidden = self.tables["segments"].filter(pl.col("revision_id").is_in(texts.implode()))["id"]
        is_own = pl.col("coder_id").eq_missing(pl.lit(coder_id)) & pl.col("coder_id").is_not_null()
        seen = self.tables["codings"].filter(~pl.col("segment_id").is_in(hidden.implode()) | is_own)
        return Said(StudyTables({**self.tables.frames, "codings": seen}), self.shape)

    # -- talk ---------------------------------------------------------------------------------------------------------

    @cached_property
    def interviews(self) -> pl.DataFrame:
        """(interviews,) `interview_id`, `participant_id`, `wave`."""
        waves = self.tables["waves"].select(pl.col("id").alias("wave_id"), pl.col("position").alias("wave"))
        rows = self.tables["interviews"].select(pl.col("id").alias("interview_id"), "participant_id", "wave_id", "held_on")
        return rows.join(waves, on="wave_id", how="left", maintain_order="left").drop("wave_id")

    @cached_property
    def documents(self) -> pl.DataFrame:
        """(documents,) `document_id`, `interview_id`, `participant_id`, `wave`, and `is_signed` of the latest revision."""
        latest = self.tables["revisions"].sort("document_id", "number").group_by("document_id", maintain_order=True)
        signed = latest.agg(is_signed=pl.col("signed_off_at").last().is_not_null())
        rows = self.tables["documents"].select(pl.col("id").alias("document_id"), "interview_id", "participant_id")
        waves = self.interviews.select("interview_id", "wave")
        return rows.join(signed, on="document_id", maintain_order="left").join(waves, on="interview_id", how="left", maintain_order="left")

    @cached_property
    def passages(self) -> pl.DataFrame:
        """(segments,) `passage` (a number), `segment_id`, `text`, `start`, `stop`, `is_lost`, and the columns of its document."""
        texts = self.tables["revisions"].select(pl.col("id").alias("revision_id"), "document_id").with_row_index("text")
        rows = self.tables["segments"].rename({"id": "segment_id"}).with_columns(pl.col("is_lost").fill_null(False))
        placed = rows.join(texts, on="revision_id", maintain_order="left").join(self.documents, on="document_id", maintain_order="left")
        return placed.with_row_index("passage")

    @cached_property
    def _numbers(self) -> pl.DataFrame:
        return self.passages.select("segment_id", "passage")

    @cached_property
    def held(self) -> pl.DataFrame:
        """(codings,) `segment_id`, `code_id` and what else was read; without those of which was decided that the code does not hold."""
        rejected = self.tables["decisions"].filter(pl.col("is_kept").eq(False)).select("segment_id", "code_id")
        codings = self.tables["codings"]
        return codings.join(rejected, on=["segment_id", "code_id"], how="anti") if rejected.height else codings

    @cached_property
    def codings(self) -> pl.DataFrame:
        """(codings that hold,) `passage`, `code_id`, `coder_id`."""
        return self.held.join(self._numbers, on="segment_id").select("passage", "code_id", "coder_id")

    @cached_property
    def speakers(self) -> pl.DataFrame:
        """(segments,) `passage`, `speaker` in whose turn it begins."""
        turns = self.tables["turns"].filter(pl.col("start") < pl.col("stop")).sort("start")
        wanted = self.passages.select("passage", "revision_id", pl.col("start").alias("at")).sort("at")
        found = wanted.join_asof(turns, left_on="at", right_on="start", by="revision_id", check_sortedness=False)
        inside = pl.when(pl.col("at") < pl.col("stop")).then(pl.col("speaker_role"))
        return found.select("passage", speaker=inside)

    @cached_property
    def spoken(self) -> pl.DataFrame:
        """`passage`, `alter_id`: whom each passage speaks of, by mentions on words that it shares."""
        alters = self.tables["alters"].select(alter_id="id").with_row_index("alter")
        mentions = self.tables["mentions"].join(self._numbers, on="segment_id").join(alters, on="alter_id").select("passage", "alter")
        standing = self.passages.filter(~pl.col("is_lost")).select("passage", "text", "start", "stop")
        of = mentions.join(standing, on="passage", maintain_order="left")
        left, right = overlapping(standing, of)
        shared = pl.DataFrame({"passage": standing["passage"].gather(left), "alter": of["alter"].gather(right)})
        # both numbers as one: found once and put in order several times faster than a number beside an id
        pairs = pl.concat([shared, mentions]).select(pl.col("passage").cast(pl.Int64) * _FAR + pl.col("alter")).to_series().unique().sort()
        return pl.DataFrame({"passage": (pairs // _FAR).cast(pl.UInt32), "alter_id": alters["alter_id"].gather(pairs % _FAR)})

    @cached_property
    def counted(self) -> pl.DataFrame:
        """`passage` of those that count once: coded ones, and mentions on words that no coded passage holds whole."""
        coded = self.codings.select("passage").unique()
        standing = self.passages.filter(~pl.col("is_lost")).select("passage", "text", "start", "stop")
        bare = standing.join(coded, on="passage", how="anti").join(self._mentioned, on="passage", how="semi")
        whole = standing.join(coded, on="passage", how="semi")
        left, right = overlapping(bare, whole)
        inside = (whole["start"].gather(right) <= bare["start"].gather(left)) & (whole["stop"].gather(right) >= bare["stop"].gather(left))
        held = bare["passage"].gather(left).filter(inside).unique()
        lost = self.passages.filter("is_lost").join(self._mentioned, on="passage", how="semi").select("passage")
        free = bare.filter(~pl.col("passage").is_in(held.implode())).select("passage")
        return pl.concat([coded, free, lost.join(coded, on="passage", how="anti")]).unique()

    @cached_property
    def _mentioned(self) -> pl.DataFrame:
        return self.tables["mentions"].join(self._numbers, on="segment_id").select("passage").unique()

    # -- codebook -----------------------------------------------------------------------------------------------------

    @cached_property
    def under(self) -> pl.DataFrame:
        """`code_id`, `as_id`: each code, and every code it stands under, itself included."""
        parents = dict(self.tables["codes"].select("id", "parent_id").iter_rows())
        pairs = []
        for code in parents:
            at, seen = code, set()
            while at is not None and at not in seen:
                pairs.append((code, at))
                seen.add(at)
                at = parents.get(at)
        return pl.DataFrame(pairs, schema={"code_id": pl.String, "as_id": pl.String}, orient="row")

    @cached_property
    def themed(self) -> pl.DataFrame:
        """`code_id`, `theme_id`: a theme holds the codes put in it, and what stands under them."""
        rows = self.tables["theme_codes"].join(self.under, left_on="code_id", right_on="as_id").select(pl.col("code_id_right"), "theme_id")
        return rows.rename({"code_id_right": "code_id"}).unique(maintain_order=True)

    @cached_property
    def seen_through(self) -> pl.DataFrame:
        """`code_id`, `lens_id`: codes linked to a node of a lens that is on, or to a node under it, with what stands under them."""
        parents = dict(self.tables["lenses"].filter(pl.col("is_on").fill_null(True)).select("id", "parent_id").iter_rows())
        above = [(node, at) for node in parents for at in _upward(parents, node)]
        nodes = pl.DataFrame(above, schema={"lens_id": pl.String, "as_id": pl.String}, orient="row")
        links = self.tables["lens_links"].join(nodes, on="lens_id").select("code_id", pl.col("as_id").alias("lens_id"))
        rows = links.join(self.under, left_on="code_id", right_on="as_id").select(pl.col("code_id_right"), "lens_id")
        return rows.rename({"code_id_right": "code_id"}).unique(maintain_order=True)

    # -- ties ---------------------------------------------------------------------------------------------------------

    @cached_property
    def maps(self) -> pl.DataFrame:
        """(everyday maps,) `map_id`, `interview_id`, `participant_id`, `wave`, `version`; an empty one of a missed interview is none."""
        versions = self.tables["waves"].select(pl.col("position").alias("wave"), pl.col("circle_version").alias("version"))
        held = self.tables["interviews"].filter(pl.col("status") == "held")["id"]
        rows = self.tables["maps"].filter(pl.col("state") == "everyday").select(pl.col("id").alias("map_id"), "interview_id")
        filled = self.tables["ties"]["map_id"].unique()
        seen = rows.filter(pl.col("interview_id").is_in(held.implode()) | pl.col("map_id").is_in(filled.implode()))
        return seen.join(self.interviews, on="interview_id").join(versions, on="wave", how="left", maintain_order="left")

    @cached_property
    def ties(self) -> pl.DataFrame:
        """(ties of everyday maps,) `tie_id`, `alter_id`, `map_id`, `interview_id`, `wave` and the columns of ties."""
        rows = self.tables["ties"].rename({"id": "tie_id"})
        return rows.join(self.maps.select("map_id", "interview_id", "wave"), on="map_id")

    @cached_property
    def events(self) -> pl.DataFrame:
        """`alter_id`, `interview_id`, `event`: what was told of an alter in which interview."""
        by_map = self.tables["maps"].select(pl.col("id").alias("map_id"), pl.col("interview_id").alias("of_map"))
        rows = self.tables["events"].join(by_map, on="map_id", how="left", maintain_order="left")
        told = rows.select("alter_id", pl.coalesce("interview_id", "of_map").alias("interview_id"), "event")
        return told.drop_nulls("interview_id").unique(maintain_order=True)

    @cached_property
    def alters(self) -> pl.DataFrame:
        """(alters,) `alter_id`, `participant_id`, `kind`, `role`, `role_group`, `pseudonym`."""
        groups = self.tables["roles"].select(pl.col("code").alias("role"), "role_group").unique("role", keep="first", maintain_order=True)
        rows = self.tables["alters"].rename({"id": "alter_id"})
        return rows.join(groups, on="role", how="left", maintain_order="left")

    def became(self, pair: tuple[int, int] | None = None) -> pl.DataFrame:
        """`alter_id`, `from_wave`, `to_wave`, `became`: see `fates.became`."""
        return became(self.maps, self.ties.select("map_id", "alter_id", "circle"), self.tables["fates"], pair)

    @cached_property
    def people(self) -> pl.DataFrame:
        """(participants,) `participant_id`, `pseudonym` and attributes as words."""
        rows = self.tables["participants"].rename({"id": "participant_id"})
        alone = pl.col("lives_alone").replace_strict({True: "yes", False: "no"}, default=None, return_dtype=pl.String)
        return rows.with_columns(alone) if "lives_alone" in rows.columns else rows

    # -- what this study asks besides ---------------------------------------------------------------------------------

    @cached_property
    def invented(self) -> dict[str, Invented]:
        """Name → each attribute that the study invented, and each measure of maps."""
        own = invented(self.tables)
        return own | self.shape.attributes({one.label for one in own.values()})

    def answered(self, name: str) -> pl.DataFrame:
        """What was answered to a question of the study, of those it was asked of: see `invented.answered`. Of a map, by its interview."""
        if name not in self._answered:
            self._answered[name] = self._answers_to(self.invented[name])
        return self._answered[name]

    def members_of(self, name: str, points: Sequence[float] = ()) -> dict[str, str]:
        """Key → label of what an attribute of the study is counted by; numbers and reasons are known where answers were read."""
        is_known = self.invented[name].is_measured or "answers" in self.tables.frames
        told = self.answered(name)[name].to_list() if is_known else []
        return self.invented[name].members(told, points)

    @cached_property
    def _answered(self) -> dict[str, pl.DataFrame]:
        return {}

    def _answers_to(self, one: Invented) -> pl.DataFrame:
        if one.is_measured:
            return self.shape.told(one, self.maps)
        if one.subject == "map":
            told = answered(self.tables, one, self.maps)
            return told.join(self.maps.select("map_id", "interview_id"), on="map_id").select("interview_id", one.name)
        if one.key in ("participant_id", "interview_id"):
            held = self.tables["interviews"].filter(pl.col("status") == "held").select(pl.col("id").alias("interview_id"))
            return answered(self.tables, one, self.interviews.join(held, on="interview_id", how="semi"))
        return answered(self.tables, one, self.ties.join(self.alters.select("alter_id", "kind"), on="alter_id"))


def _upward(parents: dict[str, str | None], node: str) -> list[str]:
    found: list[str] = []
    at: str | None = node
    while at in parents and at not in found:
        found.append(at)
        at = parents[at]
    return found
