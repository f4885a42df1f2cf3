"""easyNWK maps, read: JSON with versions (each a wave), horizons as circles, exact positions, support in five kinds.

Theirs is measured counter-clockwise from three o'clock, −180 to 180; ours clockwise from twelve: ours = (90 − theirs) mod 360.
Their distance is a share of 100, and above it an alter stands outside the map; ours ends at 1, so what lies outside is kept beside.
"""

import hashlib
import json
import math
import re
from collections import Counter
from typing import Any

from kithwork.formats.building import Builder, Question, kind_of, slug
from kithwork.formats.networkcanvas.protocol import is_shallow
from kithwork.formats.reading import Notes
from kithwork.formats.sheets import decode
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError, StudyError
from kithwork.model.rows import clean_value
from kithwork.model.schema import MAP_STATES, TABLES
from kithwork.model.tables import StudyTables

HORIZONS = (100 / 3, 200 / 3, 100.0)
DEEPEST = 30
OURS = "kithwork"  # what our export says of a version beside easyNWK's own fields: its wave and state
SUPPORT = re.compile(r"support([A-Z][A-Za-z]{1,30})")
DIRECTIONS = {1: "to_me", 2: "from_me", 3: "both"}
QUESTIONS = {
    "edgeType": ("nwk_edge", "Line to ego", "choice"),
    "edgeTypeByUser": ("nwk_edge_by_user", "Line to ego as set by hand", "choice"),
    "deceased": ("nwk_deceased", "Has died", "boolean"),
    "conflict": ("nwk_conflict", "Conflict", "boolean"),
    "contactOfPartner": ("nwk_contact_of_partner", "Contact of the partner", "boolean"),
    "currentGender": ("nwk_gender", "Gender", "choice"),
    "genderDefault": ("nwk_gender_default", "Gender left as it was", "boolean"),
    "roleDefault": ("nwk_role_default", "Role left as it was", "boolean"),
    "age": ("nwk_age", "Age", "text"),
    "note": ("nwk_note", "Note", "text"),
    "emoji": ("nwk_emoji", "Emoji", "text"),
    "distance": ("nwk_distance", "Distance where it is outside the map", "number"),
}
EGO_QUESTIONS = {
    "currentGender": ("nwk_ego_gender", "Gender", "choice"),
    "age": ("nwk_ego_age", "Age", "text"),
    "note": ("nwk_ego_note", "Note", "text"),
    "emoji": ("nwk_ego_emoji", "Emoji", "text"),
}
_LINES = [["0", "No line at present"], ["1", "A line"], ["2", "A double line"]]
_KNOWN = {"id", "name", "role", "human", "angle", "distance", *QUESTIONS}
_ANIMALS = ("hund", "katze", "haustier", "pferd", "vogel", "tier")


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether a file holds an easyNWK map."""
    return any(_is_one(source) for source in sources)


def _is_one(source: Source) -> bool:
    head = source.data[:20_000]
    return source.name.lower().endswith((".json", ".nwk")) and (b'"alteri"' in source.data or b'"nwk"' in head)


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from one file or many; a file is a participant, a version of it an interview and a map.

    Raises `FormatError` where a file is no JSON of easyNWK.
    """
    reader = _Reader(Builder(notes))
    count = 0
    for source in sources:
        if source.name.lower().endswith((".json", ".nwk")):
            whole = _load(source, notes)
            reader.file(source, whole)
            count += 1
        else:
            notes.meet("not_read", "The file is no JSON of easyNWK and is not read.", source.name)
    if not count:
        raise FormatError("No file is a map of easyNWK; save it from easyNWK Web as JSON.")
    return reader.tables()


def _load(source: Source, notes: Notes) -> dict[str, Any]:
    text = decode(source, notes)
    if re.match(r"\s*[EFNPL];", text):
        raise FormatError(f"'{source.name}' is a map of an easyNWK before its web version; open it there and save it as JSON.")
    try:
        whole = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise FormatError(f"'{source.name}' is not whole JSON; save it from easyNWK again.") from None
    if not isinstance(whole, dict) or not is_shallow(whole, DEEPEST):
        raise FormatError(f"'{source.name}' is no map of easyNWK; save it from easyNWK again.")
    return whole


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _words(value: Any) -> str:
    """A text, or a number as text; broken characters taken out."""
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode().replace("\x00", "").strip()
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def _number(value: Any) -> float | None:
    is_one = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e9
    return float(value) if is_one and math.isfinite(value) else None


def _digest(*words: str) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:24]


class _Reader:
    """Reads files one after another into one study."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.notes = builder, builder.notes
        self.questions: dict[str, Question] = {}
        self.genders: dict[str, set[str]] = {"nwk_gender": set(), "nwk_ego_gender": set()}
        self.asked: set[tuple[str, int]] = set()
        self.roles: dict[tuple[str, str], str] = {}
        self.supports: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self.is_human: dict[tuple[str, str, str], bool] = {}
        self.egos: set[str] = set()
        self.interviews: dict[tuple[str, int], str] = {}
        self.drawn: set[tuple[str, int, str]] = set()

    def tables(self) -> StudyTables:
        """Everything read."""
        if self.counts["placed"]:
            self.builder.circles(3, None, "easyNWK's three horizons, at a third, two thirds and the whole of the map's radius.")
        if self.counts["outside"]:
            self.notes.meet(
                "outside_map", f"{self.counts['outside']} alter(s) stand outside the map: in no circle, their distance kept as 1."
            )
        self.notes.lose("Sectors are not kept as such: they follow from the angle (family, friends, colleagues, professionals).")
        for row in self.builder.rows["questions"]:
            if row["code"] in self.genders:
                row["options"] = [[word, word] for word in sorted(self.genders[row["code"]])]
        return self.builder.tables()

    def file(self, source: Source, whole: dict[str, Any]) -> None:
        """One participant: the versions of one file, or the bare map of an early one."""
        versions = _list(whole.get("versions")) or ([{"nwk": whole}] if "alteri" in whole else [])
        versions = versions or ([{"nwk": whole["nwk"]}] if isinstance(whole.get("nwk"), dict) else [])
        if not versions:
            raise FormatError(f"'{source.name}' holds no map of easyNWK; save it from easyNWK again.")
        ego = next((name for each in versions if (name := _words(_dict(_dict(each.get("nwk")).get("ego")).get("name")))), "")
        first = versions[0]  # where the ego has no name, the first version says which file it is
        key = _digest(ego) if ego else _digest("", _words(first.get("date")), _words(first.get("title")), source.name)
        if key in self.egos:
            self.notes.meet("repeated_ego", "An earlier file is of the same ego.", source.name)
            return
        self.egos.add(key)
        pseudonym = f"NWK-{key[:6]}"
        person = self.builder.add("participants", pseudonym=pseudonym, status="enrolled", source_key=f"easynwk:{key}")
        if ego:
            self.builder.add("identities", participant_id=person, name=ego)
        alters: dict[tuple[str, str], str] = {}
        for number, version in enumerate(versions):
            self._version(source, version, number, person, key, alters)

    def _version(
        self, source: Source, version: dict[str, Any], number: int, person: str, key: str, alters: dict[tuple[str, str], str]
    ) -> None:
        position, state = self._place_of(version, number)
        nwk = _dict(version.get("nwk"))
        if (person, position) not in self.interviews:
            self.interviews[person, position] = self.builder.add(
                "interviews",
                participant_id=person,
                wave_id=self.builder.wave(position),
                status="held",
                held_on=self._date(version.get("date"), source),
                notes=_words(version.get("title")) or None,
            )
        elif (person, position, state) in self.drawn:
            self.notes.meet("repeated_session", "A version is of the wave and state of an earlier one.", source.name, number + 1)
            return
        self.drawn.add((person, position, state))
        interview = self.interviews[person, position]
        own = _words(version.get("id")) or str(number + 1)
        drawn = self.builder.add(
            "maps",
            interview_id=interview,
            state=state,
            stage="finished",
            alter_ties_asked="yes",
            source_key=f"easynwk:{_digest(key, own, _words(version.get('date')), _words(version.get('title')))}",
        )
        for field, spec in EGO_QUESTIONS.items():
            self._answer(spec, "interview", interview, _dict(nwk.get("ego")).get(field), position)
        ties: dict[str, str] = {}
        for order, alter in enumerate(_list(nwk.get("alteri")), 1):
            tie = self._alter(source, alter, order, person, drawn, position, alters, ties)
            if tie:
                ties[_words(alter.get("id"))] = tie
        self._connections(source, nwk, drawn, ties)

    def _place_of(self, version: dict[str, Any], number: int) -> tuple[int, str]:
        """The wave and state of a version: one after another, or as our own export says."""
        told = _dict(version.get(OURS))
        wave, state = told.get("wave"), told.get("state")
        if isinstance(wave, int) and 0 < wave < 1000 and isinstance(state, str) and state in MAP_STATES:
            return int(wave), state
        return self.builder.options.wave + number, self.builder.options.state

    def _date(self, value: Any, source: Source) -> str | None:
        words = _words(value)[:10]
        try:
            return clean_value("interviews", TABLES["interviews"]["held_on"], words) if words else None
        except StudyError:
            self.notes.meet("date_not_read", "The date of a version is not one such as 2026-03-14 and is left empty.", source.name)
            return None

    # -- alters -----------------------------------------------------------------------------------------------------------

    def _alter(
        self,
        source: Source,
        alter: dict[str, Any],
        order: int,
        person: str,
        drawn: str,
        position: int,
        alters: dict[tuple[str, str], str],
        ties: dict[str, str],
    ) -> str | None:
        own, name = _words(alter.get("id")), _words(alter.get("name"))
        if not own:
            self.notes.meet("no_id", "An alter has no id.", source.name, order)
            return None
        if own in ties:
            self.notes.meet("repeated_alter", "An alter has the id of an earlier one.", source.name, order)
            return None
        if (own, name) not in alters:
            if any(known == own for known, _ in alters):
                self.notes.meet(
                    "same_id_other_name", "An alter has the id but not the name of one before and is kept apart.", source.name, order
                )
            alters[own, name] = self._person(alter, own, name, person)
        is_human = alter.get("human") is not False
        if self.is_human.setdefault((person, own, name), is_human) != is_human:
            self.notes.lose("An alter is human in one version and not in another; it stays what it was first.")
        tie = self.builder.add("ties", map_id=drawn, alter_id=alters[own, name], **self._place(alter))
        self.builder.add("nominations", tie_id=tie, position=order, phase="recall")
        for field, spec in QUESTIONS.items():
            if field != "distance" or (_number(alter.get(field)) or 0) > 100:
                self._answer(spec, "tie", tie, alter.get(field), position)
        self._support(alter, tie)
        unknown = set(alter) - _KNOWN - {key for key in alter if SUPPORT.fullmatch(key)}
        if unknown:
            self.notes.lose("Fields of alters that easyNWK's newest version here does not have are left out.")
        return tie

    def _person(self, alter: dict[str, Any], own: str, name: str, person: str) -> str:
        role = _words(alter.get("role"))
        kind = "person" if alter.get("human") is not False else self._kind(role)
        label = self.builder.label(person, kind)
        code = self._role(role, kind) if role else None
        made = self.builder.add(
            "alters", participant_id=person, kind=kind, role=code, pseudonym=label, source_key=f"easynwk:{_digest(own, name)}"
        )
        if name:
            self.builder.add("identities", alter_id=made, name=name)
        return made

    def _kind(self, role: str) -> str:
        if role.lower() in {key.lower() for key in self.builder.options.kinds}:
            return kind_of(role, self.builder.options, self.notes)
        kind = "animal" if role.lower().startswith(_ANIMALS) or re.search(r"\b(dog|cat|pet|horse|bird)\b", role.lower()) else "object"
        self.counts["not_human"] += 1
        if self.counts["not_human"] == 1:
            self.notes.meet(
                "kind_guessed", "Alters that are not human are read as animals by their role, else as objects; --kind ROLE=KIND."
            )
        return kind

    def _role(self, role: str, kind: str) -> str:
        if (role, kind) not in self.roles:
            code = f"nwk_{slug(role)}"[:60]
            taken = set(self.roles.values())
            number = 2
            while code in taken:
                code, number = f"nwk_{slug(role)}"[:60] + f"_{number}", number + 1
            self.roles[role, kind] = code
            self.builder.add("roles", code=code, kind=kind, label=role, position=len(self.roles), basis="easyNWK import.")
        return self.roles[role, kind]

    def _place(self, alter: dict[str, Any]) -> dict[str, Any]:
        angle, distance = _number(alter.get("angle")), _number(alter.get("distance"))
        if distance is None or distance < 0:
            return {}
        self.counts["placed"] += 1
        self.counts["outside"] += distance > 100
        circle = next((at for at, edge in enumerate(HORIZONS, 1) if distance < edge), 3 if distance == 100 else None)
        turned = None if angle is None else (90 - angle) % 360
        return {"angle": turned, "distance": min(distance / 100, 1.0), "circle": circle}

    def _support(self, alter: dict[str, Any], tie: str) -> None:
        for field, value in alter.items():
            match = SUPPORT.fullmatch(field)
            if not match:
                continue
            direction = DIRECTIONS.get(value) if isinstance(value, int) and not isinstance(value, bool) else None
            if direction is None:
                continue
            if match.group(1) not in self.supports:
                code = self.supports[match.group(1)] = f"nwk_{match.group(1).lower()}"
                self.builder.add("support_types", code=code, label=match.group(1), position=len(self.supports), basis="easyNWK import.")
            self.builder.add("supports", tie_id=tie, support_type=self.supports[match.group(1)], direction=direction)

    def _answer(self, spec: tuple[str, str, str], subject: str, owner: str, value: Any, position: int) -> None:
        code, wording, kind = spec
        cell = str(value).lower() if isinstance(value, bool) else _words(value)
        if cell == "":
            return
        if code not in self.questions:
            options = [*_LINES, ["-1", "Not set"]] if code.startswith("nwk_edge") else []
            self.builder.asked_at = ()
            self.questions[code] = self.builder.question(Question(code, subject, wording, kind, "easyNWK import.", options))
        question = self.questions[code]
        if code in self.genders:
            self.genders[code].add(cell)
        if (code, position) not in self.asked:
            self.asked.add((code, position))
            self.builder.add("asked", question_id=question.id, wave_id=self.builder.wave(position))
        self.builder.answer(question, owner, cell)

    def _connections(self, source: Source, nwk: dict[str, Any], drawn: str, ties: dict[str, str]) -> None:
        seen: set[tuple[str, str]] = set()
        for order, connection in enumerate(_list(nwk.get("connections")), 1):
            first, second = (_words(connection.get(name)) for name in ("id1", "id2"))
            if first not in ties or second not in ties:
                self.notes.meet("dangling_alter_tie", "A connection names an alter that is not on the map.", source.name, order)
                continue
            pair = (min(first, second), max(first, second))
            if first == second and self.notes.meet("loop", "A connection joins an alter to itself.", source.name, order) == "drop":
                continue
            if pair in seen and self.notes.meet("repeated_pair", "Two alters are joined twice.", source.name, order) == "keep_first":
                continue
            seen.add(pair)
            self.builder.add("alter_ties", map_id=drawn, from_tie_id=ties[first], to_tie_id=ties[second], relation="knows")
