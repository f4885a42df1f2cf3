"""Transcripts of the demo study: each speaks of the ties, changes and events of its own map, in our own words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kithwork.formats.demo.chance import Chance
from kithwork.formats.demo.words import read_words
from kithwork.model.rows import Row

_SPEECH = read_words("speech.yaml")
_CHOICE = re.compile(r"<([^<>]*)>")
_SLOT = re.compile(r"\{(\w+)\}")
_THINGS = ("place", "object", "activity", "animal", "digital")
_GONE = ("lost", "dormant", "suspended", "not_relevant")
_GAINED = ("new_true", "new_reactivated", "new_forgotten", "returned")
_OPEN_ONLY = {"Trust present", "Keeping trust", "Kept word", "Being believed", "Reliability and security"}
_DOUBTFUL = ("absent", "tentative", "breached", "rebuilding")
_ASKS_A_PERSON = {"their_health", "third_person", "time"}
_WORDS_A_SECOND = 2.3


@dataclass(slots=True)
class Passage:
    """A few sentences on one thing; `{a}` and the like stand for the alters in `about`."""

    words: str
    codes: list[str]
    about: dict[str, Row]
    event: Row | None = None


@dataclass(slots=True)
class Around:
    """What an interview can speak of: its map, what changed since the last one, and what happened."""

    interview: Row
    is_first: bool
    ties: list[tuple[Row, Row]]  # tie and alter, everyday map
    crisis: list[tuple[Row, Row]]
    fates: list[Row]
    events: list[Row]
    alters: dict[str, Row]
    sorts: dict[str, str]  # role → sort, as in `cast.NATURES`


@dataclass(slots=True)
class Spoken:
    """A passage as it stands in a text, or a turn, or a name: from where to where."""

    start: int
    stop: int
    passage: Passage | None = None
    alter: Row | None = None


@dataclass(slots=True)
class Transcript:
    """A text with its turns, passages and names in it."""

    text: str
    turns: list[Row] = field(default_factory=list)
    passages: list[Spoken] = field(default_factory=list)
    names: list[Spoken] = field(default_factory=list)


Exchange = tuple[str, list[Passage]]


class Conversation:
    """Makes up one interview; `used` remembers what the participant has said already, so that waves differ."""

    def __init__(self, around: Around, used: set[str], chance: Chance) -> None:
        self.around, self.used, self.chance = around, used, chance
        self.spoken: set[str] = set()  # alters spoken of
        self.tie_of = {alter["id"]: tie for tie, alter in around.ties}
        self.said: set[str] = set()

    def exchanges(self) -> list[Exchange]:
        """Question → passages, in the order spoken."""
        first, chance = self.around.is_first, self.chance
        opening = "opening_first" if first else "opening_later"
        start = (opening, [self._say(opening), *([self._say("opening_then")] if chance.is_so(0.6) else [])])
        found = [start, ("near", self._nearest())]
        found += [("lost", self._lost()), ("new", self._new())] if not first else []
        found += [
            ("steady", self._of_kinds(_THINGS, 3)),
            ("trust", self._trust()),
            ("condition", self._conditions()),
            ("event", self._events()),
            ("stigma", [self._say("stigma")]),
            ("strategy", self._free("strategy", chance.whole(1, 3))),
            ("crisis", self._free("crisis", 2) if self.around.crisis else []),
            ("hope", [self._say("hope")] if chance.is_so(0.7) else []),
        ]
        closing = ("closing", [self._say("closing") for _ in range(chance.whole(1, 2))])
        wanted = chance.whole(460, 800)
        more = self._more(wanted - _length([*found, closing]))
        for key in ("strategy", "stigma", "strategy", "hope"):  # where the map is small, there is more talk around it
            if _length([*found, *more, closing]) < 0.75 * wanted:
                found.append((key, self._free(key, 3)))
        return [(key, said) for key, said in [*found[:2], *more, *found[2:], closing] if said]

    # -- what is spoken of --------------------------------------------------------------------------------------------

    def _nearest(self) -> list[Passage]:
        ranked = sorted(self.around.ties, key=lambda pair: (pair[0]["circle"] is None, pair[0]["circle"], pair[0].get("distance") or 0))
        return [passage for _, alter in ranked[:3] if (passage := self._of_alter(alter))][:2]

    def _of_kinds(self, kinds: Sequence[str], most: int) -> list[Passage]:
        free = [alter for _, alter in self.around.ties if alter["kind"] in kinds and alter["id"] not in self.spoken]
        said = (self._of_alter(alter) for alter in self.chance.sample(free, min(most, len(free))))
        return [passage for passage in said if passage]

    def _more(self, words: int) -> list[Exchange]:
        """Further alters of the map until there is enough talk."""
        found: list[Exchange] = []
        while words > 60:
            said = self._of_kinds(("person", "group", *_THINGS), self.chance.whole(2, 3))
            if not said:
                break
            found.append(("more", said))
            words -= _length(found[-1:])
        return found

    def _of_alter(self, alter: Row) -> Passage | None:
        """Something on an alter of the map, or None where it would only repeat what was said of another."""
        sort: str = self.around.sorts.get(str(alter["role"])) or str(alter["kind"])
        tie = self.tie_of[alter["id"]]
        if tie.get("valence") == "hinders":
            sort = "hinders"
        elif alter["kind"] == "animal" and alter["role"] not in ("pet", "assistance_animal"):
            sort = "animal_elsewhere"
        pool = [entry for entry in (*_SPEECH[sort], *_SPEECH.get(f"{sort}_more", ())) if entry not in self.said]
        return self._pick(pool, {"a": alter}, is_guarded=True)

    def _lost(self) -> list[Passage]:
        found = []
        gone = sorted((fate for fate in self.around.fates if fate["fate"] in _GONE), key=lambda fate: _GONE.index(fate["fate"]))
        for fate in gone[:5]:
            alter = self.around.alters[fate["alter_id"]]
            if fate["fate"] != "lost":
                found.append(self._say(fate["fate"], alter))
                continue
            heir = self.around.alters.get(fate.get("replaced_by_id") or "")
            found += [self._say(self._pool(f"lost_{reason}", alter), alter) for reason in fate["reasons"] if reason != "replaced"]
            if heir:
                found.append(self._say(self.chance.one(("lost_replaced", "replaced_by")), alter, b=heir))
        return found

    def _new(self) -> list[Passage]:
        fates = [fate for fate in self.around.fates if fate["fate"] in _GAINED]
        alters = [(fate["fate"], self.around.alters[fate["alter_id"]]) for fate in fates[:4]]
        return [self._say(self._pool(fate, alter), alter) for fate, alter in alters]

    def _trust(self) -> list[Passage]:
        people = [(tie, alter) for tie, alter in self.around.ties if alter["kind"] == "person" and f"trust_{tie.get('trust')}" in _SPEECH]
        self.chance.shuffle(people)
        people.sort(key=lambda pair: pair[0]["trust"] not in ("breached", "rebuilding"))
        return [self._say(f"trust_{tie['trust']}", alter) for tie, alter in people[:2]]

    def _conditions(self) -> list[Passage]:
        found = []
        by_tie = {tie["id"]: alter for tie, alter in self.around.ties}
        for tie, alter in self.around.ties:
            on_what = [on for on in tie.get("conditional_on") or () if alter["kind"] == "person" or on not in _ASKS_A_PERSON]
            found += [self._say(f"condition_{on}", alter) for on in on_what]
        doors = [(alter, by_tie[tie["via_tie_id"]]) for tie, alter in self.around.ties if tie.get("via_tie_id") in by_tie]
        return [*found[:2], *(self._say("via", alter, b=door) for alter, door in doors[:1])]

    def _events(self) -> list[Passage]:
        told = [row for row in self.around.events if row["event"] not in ("lost", "returned") or row["alter_id"] not in self.spoken]
        one_each = {row["event"]: row for row in told}
        return [self._say(f"event_{kind}", self.around.alters[row["alter_id"]], event=row) for kind, row in list(one_each.items())[:4]]

    def _free(self, key: str, most: int) -> list[Passage]:
        """Passages that choose whom they speak of."""
        ties = self.around.crisis if key == "crisis" else self.around.ties
        people = [
            alter
            for tie, alter in ties
            if alter["kind"] == "person" and tie.get("valence") != "hinders" and tie.get("trust") not in ("absent", "breached")
        ]
        usual = {alter["id"]: tie.get("circle") for tie, alter in self.around.ties}
        nearer = [alter for tie, alter in ties if (tie.get("circle") or 9) < (usual.get(alter["id"]) or 0)]
        groups = {"person": people, "calm": people, "thing": [alter for _, alter in ties if alter["kind"] in _THINGS], "nearer": nearer}
        about = {slot: self.chance.one(group) for slot, group in groups.items() if group}
        others = [alter for alter in people if alter is not about.get("person")]
        if others:
            about["other"] = self.chance.one(others)
        found = (self._pick([entry for entry in _SPEECH[key] if entry not in self.said], about) for _ in range(most))
        return [passage for passage in found if passage]

    # -- how it is said ------------------------------------------------------------------------------------------------

    def _pool(self, key: str, alter: Row) -> str:
        is_thing = alter["kind"] in _THINGS
        return f"{key}_thing" if is_thing and f"{key}_thing" in _SPEECH else key

    def _say(self, key: str, alter: Row | None = None, event: Row | None = None, **others: Row) -> Passage:
        about = {**({"a": alter} if alter else {}), **others}
        pool = [*_SPEECH[key], *_SPEECH.get(f"{key}_more", ())]
        passage = self._pick(pool, about) or self._pick(_SPEECH["hinders" if alter else "closing"], about)
        assert passage is not None  # those two pools ask for nothing
        passage.event = event
        return passage

    def _pick(self, pool: Sequence[str], about: dict[str, Row], *, is_guarded: bool = False) -> Passage | None:
        """An entry that fits whom it is about, rather one not said yet; guarded: none that claims a trust the map does not show."""
        fitting = [entry for entry in pool if self._fits(entry, about, is_guarded=is_guarded)]
        fresh = [entry for entry in fitting if entry not in self.used] or fitting
        if not fresh:
            return None
        entry = self.chance.one(fresh)
        self.used.add(entry)
        self.said.add(entry)
        head, _, words = entry.partition("|")
        codes = [code.strip() for code in head.partition("!")[0].split(";") if code.strip()]
        words = _chosen(words, self.chance).strip()
        named = {slot: about[slot] for slot in dict.fromkeys(_SLOT.findall(words))}
        self.spoken |= {alter["id"] for alter in named.values()}
        return Passage(words, codes, named)

    def _fits(self, entry: str, about: dict[str, Row], *, is_guarded: bool) -> bool:
        head, _, words = entry.partition("|")
        codes, _, need = head.partition("!")
        if not set(_SLOT.findall(words)) <= set(about):
            return False
        tie = self.tie_of.get(about["a"]["id"]) if "a" in about else None
        if is_guarded and tie and tie.get("trust") in _DOUBTFUL and any(code.strip() in _OPEN_ONLY for code in codes.split(";")):
            return False
        need = need.strip()
        if need in ("calm", "stormy"):
            return (sum(fate["fate"] in _GONE for fate in self.around.fates) > 1) == (need == "stormy")
        if need == "often":
            return tie is not None and tie.get("contact") in ("daily", "weekly")
        return not need or ("a" in about and about["a"]["role"] in need.split("/"))


def _length(exchanges: Sequence[Exchange]) -> int:
    """About how many words, with some for what is asked."""
    return sum(12 + sum(len(passage.words.split()) for passage in said) for _, said in exchanges if said)


def question(key: str, chance: Chance) -> str:
    """What the interviewer asks."""
    return _chosen(chance.one(_SPEECH["questions"][key]), chance)


def _chosen(words: str, chance: Chance) -> str:
    """Words with one of each choice taken, the inner ones first."""
    while _CHOICE.search(words):
        words = _CHOICE.sub(lambda found: chance.one(found[1].split("|")), words)
    return words


def written(exchanges: Iterable[tuple[str, list[Passage]]], names: dict[str, str]) -> Transcript:
    """The exchanges as a text, with `names` (alter → what it is called in this text).

    First a line that says the text is made up, then a line a turn: the speaker, a colon, the words spoken.
    """
    made = Transcript(_SPEECH["header"] + "\n")
    clock = 4.0
    for asked, said in exchanges:
        for speaker in ("Interviewer", "Participant"):
            made.text += f"\n{speaker}: "
            start = len(made.text)
            if speaker == "Interviewer":
                made.text += asked
            else:
                for number, passage in enumerate(said):
                    made.text += " " if number else ""
                    _speak(made, passage, names)
            seconds = round(len(made.text[start:].split()) / _WORDS_A_SECOND, 1)
            made.turns.append(
                {
                    "position": len(made.turns) + 1,
                    "start": start,
                    "stop": len(made.text),
                    "speaker": speaker,
                    "speaker_role": speaker.lower(),
                    "starts_at": round(clock, 1),
                    "stops_at": round(clock + seconds, 1),
                }
            )
            clock += seconds + 0.6
    made.text += "\n"
    return made


def _speak(made: Transcript, passage: Passage, names: dict[str, str]) -> None:
    start = len(made.text)
    for number, part in enumerate(_SLOT.split(passage.words)):
        if number % 2 == 0:
            made.text += part
            continue
        alter = passage.about[part]
        is_opening = len(made.text) == start or made.text.endswith((". ", "? ", "! "))
        name = names[alter["id"]]
        if is_opening:
            name = name[0].upper() + name[1:]
        elif name.startswith(("The ", "My ", "Next ", "Home")) or alter["kind"] in ("activity", "object"):
            name = name[0].lower() + name[1:]
        made.names.append(Spoken(len(made.text), len(made.text) + len(name), alter=alter))
        made.text += name
    made.passages.append(Spoken(start, len(made.text), passage))
