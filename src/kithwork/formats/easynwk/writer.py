"""easyNWK maps, written: one JSON file a participant, a version a map; names are pseudonyms."""

import json
from collections import Counter, defaultdict
from typing import Any

from kithwork.formats.easynwk.reader import DIRECTIONS, EGO_QUESTIONS, OURS, QUESTIONS
from kithwork.formats.reading import Writing
from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables

SUPPORTS = {"emotional_work": "Emotional", "everyday_work": "Practical", "information": "Cognitive", "companionship": "Social"}
"""Our kinds of support that easyNWK has a field for; those imported from it go back where they came from."""
_ROUND = {direction: value for value, direction in DIRECTIONS.items()}
_DEFAULTS: dict[str, Any] = {
    "roleDefault": True,
    "genderDefault": True,
    "currentGender": "",
    "age": "",
    "note": "",
    "deceased": False,
    "edgeType": 1,
    "edgeTypeByUser": -1,
    "conflict": False,
}


def write(tables: StudyTables, *, with_personal_text: bool = False) -> Writing:
    """A file a participant who has a map; what easyNWK has no place for is listed."""
    writer = _Writer(tables, with_personal_text)
    files = {f"nwk-{number:03}.json": writer.file(person) for number, person in enumerate(writer.people(), 1)}
    return Writing(files, writer.losses())


class _Writer:
    """Writes one study."""

    def __init__(self, tables: StudyTables, with_personal_text: bool) -> None:
        names = ("waves", "participants", "interviews", "maps", "alters", "ties", "alter_ties", "supports", "roles", "nominations")
        self.rows = {name: tables.rows(name) for name in names}
        self.with_personal_text = with_personal_text
        self.counts: Counter[str] = Counter()
        questions = {row["id"]: row for row in tables.rows("questions")}
        known = {spec[0]: field for specs in (QUESTIONS, EGO_QUESTIONS) for field, spec in specs.items()}
        self.answers: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for row in tables.rows("answers"):
            question = questions[row["question_id"]]
            owner = row.get("tie_id") or row.get("interview_id")
            is_free = question.get("answer_kind") == "text" and "text" in row
            if question["code"] not in known or owner is None:
                self.counts["answers"] += 1
            elif is_free and not with_personal_text:
                self.counts["withheld"] += 1
            else:
                self.answers[owner][known[question["code"]]] = _value(question, row)
        self.circles = Counter(row["version"] for row in tables.rows("circles"))
        self.by: dict[str, defaultdict[str, list[Row]]] = {}
        for table, column in (("interviews", "participant_id"), ("maps", "interview_id"), ("ties", "map_id"), ("alter_ties", "map_id")):
            self.by[table] = defaultdict(list)
            for row in self.rows[table]:
                self.by[table][row[column]].append(row)
        self.supports: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.rows["supports"]:
            self.supports[row["tie_id"]].append(row)
        self.waves = {row["id"]: row for row in self.rows["waves"]}
        self.alters = {row["id"]: row for row in self.rows["alters"]}
        self.roles = {row["code"]: row["label"] for row in self.rows["roles"]}
        self.order = {row["tie_id"]: row.get("position", 10**9) for row in self.rows["nominations"]}

    def people(self) -> list[Row]:
        """Participants who have a map, by pseudonym."""
        drawn = {row["interview_id"] for row in self.rows["maps"]}
        held = {row["participant_id"] for row in self.rows["interviews"] if row["id"] in drawn}
        return sorted((row for row in self.rows["participants"] if row["id"] in held), key=lambda row: row["pseudonym"])

    def losses(self) -> list[str]:
        """What easyNWK has no place for."""
        found = ["Names are pseudonyms. Trust, reliability, contact, fates, events and all talk have no place in easyNWK's files."]
        for key, sentence in (
            ("answers", "{} answer(s) to questions easyNWK does not ask are left out."),
            ("withheld", "{} answer(s) in free words are left out; --with-personal-text keeps them."),
            ("supports", "{} support(s) of kinds easyNWK does not have are left out."),
            ("made_up", "{} alter(s) without a recorded position are given one: in the middle of their circle, or outside the map."),
            ("non_ties", "{} recorded non-tie(s) between alters are left out."),
            ("again", "{} alter tie(s) join two alters again (another relation or direction) or an alter with itself and are left out."),
            ("other_circles", "{} map(s) have other than three circles; positions are exact, but easyNWK draws its own three."),
        ):
            if self.counts[key]:
                found.append(sentence.format(self.counts[key]))
        return found

    def file(self, person: Row) -> bytes:
        """One participant's maps as versions."""
        ids: dict[str, int] = {}
        versions = []
        held = sorted(self.by["interviews"][person["id"]], key=lambda row: self.waves[row["wave_id"]]["position"])
        for interview in held:
            for drawn in sorted(self.by["maps"][interview["id"]], key=lambda row: row["state"]):
                versions.append(self._version(person, interview, drawn, ids, len(versions) + 1))
        whole = {"versions": versions, "currentVersion": versions[-1]["id"]}
        return b"\xef\xbb\xbf" + json.dumps(whole, ensure_ascii=False, indent=2).encode()

    def _version(self, person: Row, interview: Row, drawn: Row, ids: dict[str, int], number: int) -> dict[str, Any]:
        wave = self.waves[interview["wave_id"]]
        state = "" if drawn["state"] == "everyday" else f" ({drawn['state']})"
        title = (interview.get("notes") if self.with_personal_text else None) or wave["label"]
        count = self.circles[wave["circle_version"]]
        self.counts["other_circles"] += count not in (0, 3)
        ties = sorted(self.by["ties"][drawn["id"]], key=lambda row: (self.order.get(row["id"], 10**9), row["id"]))
        spread = {row["id"]: at * 360 / max(len(ties), 1) for at, row in enumerate(ties)}
        for tie in ties:
            ids.setdefault(tie["alter_id"], len(ids) + 1)
        alteri = [self._alter(tie, ids[tie["alter_id"]], spread[tie["id"]], count) for tie in ties]
        ego = {"name": person["pseudonym"], "currentGender": "", "age": "", "note": ""} | self.answers[interview["id"]]
        connections = self._connections(self.by["alter_ties"][drawn["id"]], {tie["id"]: ids[tie["alter_id"]] for tie in ties})
        nwk = {"ego": ego, "alteri": alteri, "connections": connections}
        ours = {"wave": wave["position"], "state": drawn["state"]}
        return {"id": number, "title": f"{title}{state}", "date": interview.get("held_on", ""), OURS: ours, "nwk": nwk}

    def _connections(self, rows: list[Row], number_of: dict[str, int]) -> list[dict[str, int]]:
        """Which alters are joined, each pair once."""
        found: dict[frozenset[int], dict[str, int]] = {}
        for row in rows:
            ends = {"id1": number_of[row["from_tie_id"]], "id2": number_of[row["to_tie_id"]]}
            if row.get("weight") == 0:
                self.counts["non_ties"] += 1
            elif frozenset(ends.values()) in found or ends["id1"] == ends["id2"]:
                self.counts["again"] += 1
            else:
                found[frozenset(ends.values())] = ends
        return list(found.values())

    def _alter(self, tie: Row, number: int, spread: float, circles: int) -> dict[str, Any]:
        alter = self.alters[tie["alter_id"]]
        found = {
            "id": number,
            "name": alter["pseudonym"],
            "role": self.roles.get(alter.get("role", ""), alter.get("role", "")),
            "human": alter["kind"] == "person",
            **_DEFAULTS,
            **self.answers[tie["id"]],
        }
        angle, distance = tie.get("angle"), tie.get("distance")
        if angle is None or distance is None:
            self.counts["made_up"] += 1
            angle = spread if angle is None else angle
        if distance is None:
            distance = (tie["circle"] - 0.5) / circles if tie.get("circle") and circles else 1.1
        elif distance == 1.0 and not tie.get("circle"):
            distance = found.get("distance", 110) / 100
        turned = 90 - angle
        found["angle"] = turned + 360 if turned <= -180 else turned
        found["distance"] = distance * 100
        for row in self.supports[tie["id"]]:
            code = row["support_type"]
            name = code[4:].capitalize() if code.startswith("nwk_") else SUPPORTS.get(code)
            if name is None:
                self.counts["supports"] += 1
            else:
                found[f"support{name}"] = _ROUND[row["direction"]]
        return found


def _value(question: Row, row: Row) -> Any:
    if "number" in row:
        return row["number"]
    text = row.get("text", "")
    if question.get("answer_kind") == "boolean":
        return text == "yes"
    return int(text) if question["code"].startswith("nwk_edge") and text.lstrip("-").isdigit() else text
