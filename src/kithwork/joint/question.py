"""A question across talk and ties: which passages, of which ties, of whom and when, and how they are counted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from kithwork.joint.dimensions import DIMENSIONS, side_of
from kithwork.joint.fates import BECAME, CAME, STAYED, WENT
from kithwork.joint.numbers import cut_points
from kithwork.joint.said import ATTRIBUTES, TIE_ATTRIBUTES, Said
from kithwork.model.errors import SelectionError, StudyError, near

GROUPS_OF_FATE = {"stayed": tuple(STAYED), "came": tuple(CAME), "went": tuple(WENT)}
TALK = ("codes", "themes", "lens", "overlaps", "together", "coders", "speakers", "words")
TIES = ("kinds", "roles", "role_groups", "circles", "trust", "valence", "supports", "fates", "events")
_LISTS = ("codes", "themes", "lens", "overlaps", "together", "coders", "speakers", *TIES, "people", "waves")
_PAIRS = ("attributes", "cuts")
_WORDS = ("words", "asked_of", "rows", "columns")


@dataclass(frozen=True)
class Question:
    """What is asked. Lists mean any of their members; an empty one does not restrict.

    codes, themes, lens   ids; a code holds what stands under it
    overlaps              ids of codes: only passages that share words with a passage of one of these
    together              ids of codes: only passages that carry one of these themselves, by the same coders where coders are chosen
    words                 as typed into a search: words, "a phrase", care*, -without
    circles               positions as text; `0` named in no circle, `-` not on that map
    fates                 what became of the tie from `from_wave` to `to_wave`: words of `fates.BECAME`, or `stayed`, `came`, `went`
    attributes            pairs of an attribute of participants or ties, or of what the study asks besides, and a value; of numbers an
                          interval with its bounds, `[2,5]`: see `numbers`
    cuts                  pairs of something answered by numbers that is counted by, and its cut points, `0, 5, 10`; without a pair it is
                          cut at the quarters of all answers there are
    asked_of              `said` for passages, `never` for ties of which nothing of this is said
    rows, columns         names of `DIMENSIONS`, of what the study asks besides (`tie:CODE`), or of measures of maps (`measure:size`);
                          columns may be empty
    """

    codes: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    lens: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    coders: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    words: str = ""
    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    role_groups: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    trust: tuple[str, ...] = ()
    valence: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    fates: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    from_wave: int | None = None
    to_wave: int | None = None
    people: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    cuts: tuple[tuple[str, str], ...] = ()
    waves: tuple[int, ...] = ()
    asked_of: str = "said"
    rows: str = "kind"
    columns: str = "wave"

    def __post_init__(self) -> None:
        for name in (self.rows, self.columns):
            if name and side_of(name) is None:
                raise SelectionError(f"Passages cannot be counted by '{name}'.{near(name, DIMENSIONS)}")
        if not self.rows or self.rows == self.columns:
            raise SelectionError("Rows and columns are two different things; choose another for one of them.")
        if self.asked_of == "never" and "talk" in {side_of(name) for name in (self.rows, self.columns)}:
            raise SelectionError("What is never spoken of has no code, coder or speaker; count it by something of the tie or the person.")
        if (self.from_wave is None) != (self.to_wave is None) or (self.from_wave is not None and self.from_wave >= (self.to_wave or 0)):
            raise SelectionError(
                "What became of a tie needs an earlier and a later wave; choose both, or neither for each map and the next."
            )
        if wrong := [word for word in self.fates if word not in BECAME and word not in GROUPS_OF_FATE]:
            raise SelectionError(f"A tie cannot have become '{wrong[0]}'.{near(wrong[0], [*BECAME, *GROUPS_OF_FATE])}")
        known = (*ATTRIBUTES, *TIE_ATTRIBUTES)
        if wrong := [name for name, _ in self.attributes if name not in known and (name in DIMENSIONS or side_of(name) is None)]:
            raise SelectionError(f"Participants and ties have no '{wrong[0]}'.{near(wrong[0], known)}")
        for _, text in self.cuts:
            cut_points(text)

    @property
    def pair(self) -> tuple[int, int] | None:
        """The two waves between which something became of a tie; None for each map and the next."""
        return None if self.from_wave is None or self.to_wave is None else (self.from_wave, self.to_wave)

    @property
    def words_of_fate(self) -> tuple[str, ...]:
        """The fates, groups opened."""
        return tuple(dict.fromkeys(word for name in self.fates for word in GROUPS_OF_FATE.get(name, (name,))))

    @property
    def is_of_ties(self) -> bool:
        """Whether anything of it is about ties, so that a passage counts for those it speaks of."""
        sides = {side_of(name) for name in (self.rows, self.columns, *(name for name, _ in self.attributes))}
        return self.asked_of == "never" or "tie" in sides or any(getattr(self, name) for name in TIES)

    @property
    def invented(self) -> tuple[str, ...]:
        """What the study asks besides, as far as the question counts or filters by it."""
        names = (self.rows, self.columns, *(name for name, _ in self.attributes))
        return tuple(dict.fromkeys(name for name in names if ":" in name))

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures of maps that it counts or filters by."""
        return tuple(name.partition(":")[2] for name in self.invented if name.startswith("measure:"))

    def cut(self, name: str) -> tuple[float, ...]:
        """Where numbers are cut, as a person said; none where that was left open."""
        return next((cut_points(text) for one, text in self.cuts if one == name), ())

    def values_of(self, name: str) -> list[str]:
        """The values of an attribute that are meant; none where it does not restrict."""
        return [value for one, value in self.attributes if one == name]

    @property
    def is_of_codes(self) -> bool:
        """Whether only coded passages are meant."""
        return bool(self.codes or self.themes or self.lens or self.coders)

    @classmethod
    def of(cls, definition: Mapping[str, Any] | None) -> "Question":
        """A question as it was saved. Raises `StudyError` for one that cannot be read."""
        given = dict(definition or {})
        unread = StudyError("This question cannot be read; remove it and save it again.")
        if set(given) - {one.name for one in fields(cls)}:
            raise unread
        for name in _LISTS:
            value = given.get(name, [])
            if not isinstance(value, (list, tuple)) or not all(isinstance(one, int if name == "waves" else str) for one in value):
                raise unread
            given[name] = tuple(value)
        for field in _PAIRS:
            pairs = given.get(field, [])
            if not isinstance(pairs, (list, tuple)) or not all(isinstance(one, (list, tuple)) and len(one) == 2 for one in pairs):
                raise unread
            given[field] = tuple((str(name), str(value)) for name, value in pairs)
        if not all(isinstance(given.get(name, ""), str) for name in _WORDS):
            raise unread
        if not all(given.get(name) is None or isinstance(given[name], int) for name in ("from_wave", "to_wave")):
            raise unread
        return cls(**given)

    def definition(self) -> dict[str, Any]:
        """The question as it is saved: only what was chosen."""
        usual = Question()
        given = {name: value for name, value in asdict(self).items() if value != getattr(usual, name) or name in ("rows", "columns")}
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
        return plain | {name: [list(pair) for pair in getattr(self, name)] for name in _PAIRS if getattr(self, name)}


def ready_made(said: Said) -> dict[str, Question]:
    """Questions to begin with, in the words of this study's codebook where they speak of codes."""
    waves = sorted(said.tables["waves"]["position"].to_list())
    labels = dict(said.tables["waves"].select("position", "label").iter_rows())
    trust, strategies = _named(said, ("trust",)), _named(said, ("strateg",))
    stigma = _named(said, ("felt stigma", "enacted stigma"))
    is_told = said.tables["fates"].filter(said.tables["fates"]["fate"] == "lost").height > 0
    lost = ("lost",) if is_told else ("unsaid",)
    found = {}
    if len(waves) > 1:
        name = f"What is said about ties lost between {labels[waves[0]]} and {labels[waves[1]]}"
        found[name] = Question(fates=lost, from_wave=waves[0], to_wave=waves[1], rows="kind", columns="wave")
    if trust:
        found["Trust talk by kind of tie and circle"] = Question(codes=trust, rows="kind", columns="circle")
    found["Ties never spoken of"] = Question(asked_of="never", rows="kind", columns="circle")
    found["Felt against enacted stigma by role, as told on the map"] = Question(
        events=("felt_stigma", "enacted_stigma"), rows="role", columns="event"
    )
    if len(stigma) > 1:
        found["Felt against enacted stigma by role, as coded"] = Question(codes=stigma, rows="role", columns="code")
    if strategies:
        found["Strategies by wave"] = Question(codes=strategies, rows="code", columns="wave")
    return found


def _named(said: Said, words: tuple[str, ...]) -> tuple[str, ...]:
    """The highest codes whose names hold one of the words."""
    codes = said.tables["codes"].select("id", "parent_id", "name").rows()
    chosen = {code: parent for code, parent, name in codes if any(word in name.casefold() for word in words)}
    return tuple(code for code, parent in chosen.items() if parent not in chosen)


def narrowed(question: Question, **values: Any) -> Question:
    """The same question with some of it changed."""
    return replace(question, **values)
