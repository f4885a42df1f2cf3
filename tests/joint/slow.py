"""The answer to a question, looked for one passage and one tie at a time, by its definition."""

import itertools
from typing import Any

from kithwork.figures.change import steps
from kithwork.figures.course import course
from kithwork.joint import Question, numbers
from kithwork.joint.dimensions import side_of
from kithwork.joint.fates import CAME, STAYED, WENT
from kithwork.model.tables import StudyTables
from kithwork.talk import parse_search, places_of
from tests.joint.studies import ABOUT, MEASURED, TIE, WORLD

Row = dict[str, Any]


class Slow:
    """A study as rows, and what is so of each passage and each tie."""

    def __init__(self, tables: StudyTables, question: Question) -> None:
        self.tables, self.q = tables, question
        self.rows = {name: {row["id"]: row for row in tables[name].to_dicts()} for name in tables.frames}
        self.positions = {row["id"]: row["position"] for row in self.all("waves")}

    def all(self, table: str) -> list[Row]:
        return list(self.rows.get(table, {}).values())

    # -- passages

    def document(self, segment: Row) -> Row:
        return self.rows["documents"][self.rows["revisions"][segment["revision_id"]]["document_id"]]

    def wave(self, interview_id: str | None) -> int | None:
        return self.positions[self.rows["interviews"][interview_id]["wave_id"]] if interview_id else None

    def codings(self, segment: Row) -> list[Row]:
        against = {(row["segment_id"], row["code_id"]) for row in self.all("decisions") if row["is_kept"] is False}
        own = [row for row in self.all("codings") if row["segment_id"] == segment["id"]]
        return [row for row in own if (row["segment_id"], row["code_id"]) not in against]

    def above(self, code_id: str | None) -> list[str]:
        found = []
        while code_id is not None:
            found.append(code_id)
            code_id = self.rows["codes"][code_id]["parent_id"]
        return found

    def themes(self, code_id: str) -> set[str]:
        return {row["theme_id"] for row in self.all("theme_codes") if row["code_id"] in self.above(code_id)}

    def nodes(self, code_id: str) -> set[str]:
        found = set()
        for row in self.all("lens_links"):
            node = self.rows["lenses"][row["lens_id"]]
            while row["code_id"] in self.above(code_id) and node is not None and node["is_on"]:
                found.add(node["id"])
                node = self.rows["lenses"].get(node["parent_id"])
        return found

    def is_wanted_code(self, code_id: str) -> bool:
        q = self.q
        if not (q.codes or q.themes or q.lens):
            return True
        return bool(set(self.above(code_id)) & set(q.codes) or self.themes(code_id) & set(q.themes) or self.nodes(code_id) & set(q.lens))

    def wanted(self, segment: Row) -> list[Row]:
        own = [row for row in self.codings(segment) if self.is_wanted_code(row["code_id"])]
        return [row for row in own if not self.q.coders or row["coder_id"] in self.q.coders]

    def share(self, one: Row, other: Row) -> bool:
        same = one["revision_id"] == other["revision_id"] and not one["is_lost"] and not other["is_lost"]
        return same and bool(set(range(one["start"], one["stop"])) & set(range(other["start"], other["stop"])))

    def speaker(self, segment: Row) -> str:
        for turn in self.all("turns"):
            if turn["revision_id"] == segment["revision_id"] and turn["start"] <= segment["start"] < turn["stop"]:
                return turn["speaker_role"] or "?"
        return "?"

    def is_counted(self, segment: Row) -> bool:
        if self.codings(segment):
            return True
        if not any(row["segment_id"] == segment["id"] for row in self.all("mentions")):
            return False
        holds = [
            o for o in self.all("segments") if self.share(segment, o) and o["start"] <= segment["start"] and o["stop"] >= segment["stop"]
        ]
        return not any(self.codings(other) for other in holds)

    def is_of_scope(self, person: str, wave: int | None) -> bool:
        site = self.rows["participants"][person]["site"] or "?"
        wanted = [value for name, value in self.q.attributes if name == "site"]
        return (not self.q.waves or wave in self.q.waves) and (not wanted or site in wanted)

    # -- what the study asks besides

    def told(self, name: str, key: str | None, places: list[tuple[int, str]]) -> set[str | float]:
        """What was answered by one person, in one interview, of one alter or tie, that stood at these waves and is of this kind."""
        subject, code = name.split(":")
        about = ABOUT.get(subject, f"{subject}_id")
        wordings = sorted((row for row in self.all("questions") if row["code"] == code), key=lambda row: -row["version"])
        truths = [["yes", ""], ["no", ""]] if code in ("slept", "rest") else []
        listed = {option for row in wordings for option, _ in [*(row["options"] or []), *truths]}
        for wording in wordings:
            for row in self.all("answers"):
                if row["question_id"] == wording["id"] and key is not None and row[about] == key:
                    if row["number"] is not None:
                        return {row["number"]}
                    chosen = row["codes"] or ([row["text"]] if row["text"] else [])
                    if "missing:refused" in chosen:
                        return {"missing:refused"}
                    return {f"={one}" if one in listed else "=" for one in chosen} or {"?"}
        for wording in wordings:
            for wave, kind in places:
                asked = any(r["question_id"] == wording["id"] and self.positions[r["wave_id"]] == wave for r in self.all("asked"))
                if asked and (name in WORLD or kind in (wording["kinds"] or [kind])):
                    return {"?"}
        return {"-"}

    # -- what the map of an interview is like

    def measured(self, name: str, interview_id: str | None) -> set[str | float]:
        """What a measure of the everyday map says, or why it says nothing."""
        drawn = self.everyday(interview_id) if interview_id else None
        if drawn is None or interview_id is None:
            return {"-"}
        name, ties = name.partition(":")[2], self.ties_on(drawn["id"])
        if name in ("lost", "stability", "jaccard"):
            return {self.change(name, interview_id, {row["alter_id"] for row in ties})}
        people = [row for row in ties if self.rows["alters"][row["alter_id"]]["kind"] == "person"]
        if name in ("density", "isolates"):
            return {self.among(name, drawn, [row["id"] for row in people])}
        if name == "non_person_share":
            return {(len(ties) - len(people)) / len(ties) if ties else "missing:no_ties"}
        return {float(len(people if name == "size_person" else ties))}

    def ties_on(self, map_id: str) -> list[Row]:
        return [row for row in self.all("ties") if row["map_id"] == map_id]

    def change(self, name: str, interview_id: str, now: set[str]) -> str | float:
        wave = self.wave(interview_id) or 0
        earlier = [drawn for at, drawn in self.seen(self.rows["interviews"][interview_id]["participant_id"]) if at < wave]
        if not earlier:
            return "missing:no_earlier_map"
        was = {row["alter_id"] for row in self.ties_on(earlier[-1]["id"])}
        if name == "lost":
            return float(len(was - now))
        if name == "stability":
            return len(was & now) / len(was) if was else "missing:none_before"
        return len(was & now) / len(was | now) if was | now else "missing:none_either"

    def among(self, name: str, drawn: Row, people: list[str]) -> str | float:
        if drawn["alter_ties_asked"] != "yes":
            return f"missing:alter_ties_{'partly' if drawn['alter_ties_asked'] == 'partly' else 'not_asked'}"
        joined = [(row["from_tie_id"], row["to_tie_id"]) for row in self.all("alter_ties")]
        own = [ends for ends in joined if ends[0] in people and ends[1] in people]
        if name == "isolates":
            return float(sum(all(one not in ends for ends in own) for one in people)) if people else "missing:no_ties"
        return len(own) / (len(people) * (len(people) - 1) / 2) if len(people) > 1 else "missing:fewer_than_two"

    def of_world(self, name: str, person: str, interview_id: str | None) -> set[str | float]:
        if name in MEASURED:
            return self.measured(name, interview_id)
        held = [row for row in self.all("interviews") if row["participant_id"] == person and row["status"] == "held"]
        if name.startswith("participant"):
            return self.told(name, person, [(self.wave(row["id"]) or 0, "") for row in held])
        if name.startswith("map"):
            drawn = self.everyday(interview_id) if interview_id else None
            return self.told(name, drawn["id"] if drawn else None, [(self.wave(interview_id) or 0, "")] if drawn else [])
        return self.told(name, interview_id, [(self.wave(row["id"]) or 0, "") for row in held if row["id"] == interview_id])

    def of_tie(self, name: str, alter: Row, tie: Row | None) -> set[str | float]:
        stood = [(self.wave(i["id"]) or 0, alter["kind"]) for i in self.all("interviews") if self.stands(alter["id"], i["id"])]
        if name.startswith("alter"):
            return self.told(name, alter["id"], stood)
        at = [(self.wave(self.rows["maps"][tie["map_id"]]["interview_id"]) or 0, alter["kind"])] if tie else []
        return self.told(name, tie["id"] if tie else None, at)

    def stands(self, alter_id: str, interview_id: str) -> bool:
        drawn = self.everyday(interview_id)
        return drawn is not None and self.tie(alter_id, drawn["id"]) is not None

    def kept(self, name: str, members: set[str | float]) -> set[str | float]:
        """Of what was answered, what the question wants; all of it where it wants nothing of that."""
        meant = {value for one, value in self.q.attributes if one == name}
        return {member for member in members if not meant or any(is_within(member, value) for value in meant)}

    def all_told(self, name: str) -> list[float]:
        """Every number in the study that was answered to this, one of each it was asked of."""
        if name in MEASURED:
            told = [one for row in self.all("interviews") for one in self.measured(name, row["id"])]
            return sorted(one for one in told if isinstance(one, float))
        subject = name.partition(":")[0]
        told = [one for row in self.all(f"{subject}s") for one in self.told(name, row["id"], [])]
        return sorted(one for one in told if isinstance(one, float))

    def member(self, name: str, value: str | float) -> str | float:
        """The key of a number, among the intervals that it is counted in."""
        if not isinstance(value, float):
            return value
        cuts = sorted(float(one) for other, text in self.q.cuts if other == name for one in text.split(","))
        if cuts:
            below, above = [one for one in cuts if one <= value], [one for one in cuts if one > value]
            return f"[{short(max(below)) if below else ''},{short(min(above)) if above else ''}{')' if above else ']'}"
        told = self.all_told(name)
        if len(set(told)) <= numbers.FEW:
            return f"[{short(value)},{short(value)}]"
        second = sorted(set(told))[1]
        cuts = sorted({max(told[len(told) * quarter // 4], second) for quarter in (1, 2, 3)})
        below, above = [one for one in cuts if one <= value], [one for one in cuts if one > value]
        return f"[{short(max(below) if below else min(told))},{short(min(above) if above else max(told))}{')' if above else ']'}"

    def is_meant(self, person: str, interview_id: str | None) -> bool:
        return all(self.kept(name, self.of_world(name, person, interview_id)) for name in (*WORLD, *MEASURED))

    def spread(self, line: dict[str, Any]) -> list[dict[str, Any]]:
        """Once for each answer of the person or interview that it is counted by."""
        found = [line]
        for name in (*WORLD, *MEASURED):
            if name in (self.q.rows, self.q.columns):
                members = self.kept(name, self.of_world(name, line["person"], line["interview"]))
                found = [{**one, name: self.member(name, key)} for one in found for key in members]
        return found

    def passages(self) -> list[Row]:
        q, found = self.q, []
        by_code = bool(q.codes or q.themes or q.lens or q.coders) or bool({"code", "theme", "lens", "coder"} & {q.rows, q.columns})
        for segment in self.all("segments"):
            document = self.document(segment)
            if not self.is_of_scope(document["participant_id"], self.wave(document["interview_id"])):
                continue
            if not self.is_meant(document["participant_id"], document["interview_id"]):
                continue
            if not (self.wanted(segment) if by_code else self.is_counted(segment)):
                continue
            if q.speakers and self.speaker(segment) not in q.speakers:
                continue
            if q.words and not places_of(parse_search(q.words), segment["quotation"]):
                continue
            if q.overlaps and not any(self.share(segment, other) and self.has_code_of(other, q.overlaps) for other in self.all("segments")):
                continue
            if q.together and not self.has_code_of(segment, q.together):
                continue
            found.append(segment)
        return found

    def has_code_of(self, segment: Row, codes: tuple[str, ...]) -> bool:
        own = [row for row in self.codings(segment) if set(self.above(row["code_id"])) & set(codes)]
        return any(not self.q.coders or row["coder_id"] in self.q.coders for row in own)

    def spoken(self, segment: Row) -> set[str]:
        found = set()
        for row in self.all("mentions"):
            other = self.rows["segments"][row["segment_id"]]
            if other["id"] == segment["id"] or self.share(segment, other):
                found.add(row["alter_id"])
        return found

    # -- ties

    def everyday(self, interview_id: str) -> Row | None:
        for row in self.all("maps"):
            filled = any(tie["map_id"] == row["id"] for tie in self.all("ties"))
            if row["interview_id"] == interview_id and (self.rows["interviews"][interview_id]["status"] == "held" or filled):
                return row
        return None

    def seen(self, person: str) -> list[tuple[int, Row]]:
        """Position and map of each wave, in order."""
        found = [(self.wave(i["id"]), self.everyday(i["id"])) for i in self.all("interviews") if i["participant_id"] == person]
        return sorted(((wave, drawn) for wave, drawn in found if wave is not None and drawn is not None), key=lambda one: one[0])

    def became(self, alter: Row) -> set[str]:
        seen = dict(self.seen(alter["participant_id"]))
        pairs = [self.q.pair] if self.q.pair else list(itertools.pairwise(seen))
        return {word for pair in pairs if set(pair) <= set(seen) for word in self._became(alter, pair, seen)}

    def _became(self, alter: Row, pair: tuple[int, int], seen: dict[int, Row]) -> list[str]:
        ties = {wave: self.tie(alter["id"], drawn["id"]) for wave, drawn in seen.items()}
        before, after = ties[pair[0]], ties[pair[1]]
        told = [
            row["fate"]
            for wave in sorted(seen)
            if pair[0] < wave <= pair[1]
            for row in self.all("fates")
            if row["map_id"] == seen[wave]["id"] and row["alter_id"] == alter["id"]
        ]
        if before and after:
            versions = {row["position"]: row["circle_version"] for row in self.all("waves")}
            if versions[pair[0]] != versions[pair[1]]:
                return ["uncompared"]
            was, now = before["circle"], after["circle"]
            if was == now:
                return ["same"]
            return ["placed" if was is None else "unplaced" if now is None else "nearer" if now < was else "farther"]
        if after:
            if any(tie for wave, tie in ties.items() if wave < pair[0]):
                return ["returned"]
            back = [{"new_reactivated": "old_tie_back", "new_forgotten": "named_late", "returned": "returned"}.get(word) for word in told]
            return [next((word for word in back if word), "new")]
        if before:
            away = [word for word in told if word in ("lost", "dormant", "suspended", "not_relevant", "kept", "forgotten")]
            last = away[-1] if away else "unsaid"
            return ["undrawn" if last in ("kept", "forgotten") else last]
        return []

    def tie(self, alter_id: str, map_id: str) -> Row | None:
        return next((row for row in self.all("ties") if row["map_id"] == map_id and row["alter_id"] == alter_id), None)

    def events(self, alter_id: str, interview_id: str) -> set[str]:
        found = set()
        for row in self.all("events"):
            at = row["interview_id"] or (self.rows["maps"][row["map_id"]]["interview_id"] if row["map_id"] else None)
            if row["alter_id"] == alter_id and at == interview_id:
                found.add(row["event"])
        return found

    def has_transcript(self, interview_id: str) -> bool:
        return any(row["interview_id"] == interview_id for row in self.all("documents"))

    def base(self) -> list[dict[str, Any]]:
        """Each tie in each interview in scope, once for every member of the several-valued things it is counted by."""
        q, found = self.q, []
        wants_fate = bool(q.fates) or "became" in (q.rows, q.columns)
        for interview in self.all("interviews"):
            person, wave = interview["participant_id"], self.wave(interview["id"])
            if not self.has_transcript(interview["id"]) or not self.is_of_scope(person, wave) or not self.is_meant(person, interview["id"]):
                continue
            drawn = self.everyday(interview["id"])
            here = [s for s in self.all("segments") if self.document(s)["interview_id"] == interview["id"]]
            spoken = {alter for segment in here for alter in self.spoken(segment)}
            for alter in [row for row in self.all("alters") if row["participant_id"] == person]:
                tie = self.tie(alter["id"], drawn["id"]) if drawn else None
                became = self.became(alter) if wants_fate else set()
                ends = {end for pair in self.pairs(person, alter) for end in pair} if wants_fate else set()
                if tie or alter["id"] in spoken or self.events(alter["id"], interview["id"]) or wave in ends:
                    found += self.lines(alter, tie, interview, wave, became)
        return found

    def pairs(self, person: str, alter: Row) -> list[tuple[int, int]]:
        seen = dict(self.seen(person))
        pairs = [self.q.pair] if self.q.pair else list(itertools.pairwise(sorted(seen)))
        return [pair for pair in pairs if set(pair) <= set(seen) and self._became(alter, pair, seen)]

    def lines(self, alter: Row, tie: Row | None, interview: Row, wave: int | None, became: set[str]) -> list[dict[str, Any]]:
        q = self.q
        group = next((row["role_group"] for row in self.all("roles") if row["code"] == alter["role"]), None)
        circle = "-" if tie is None else str(tie["circle"] or 0)
        one = {"kind": alter["kind"], "role": alter["role"] or "?", "role_group": group or "?", "circle": circle}
        one["trust"] = (tie["trust"] if tie else None) or "?"
        one["security"] = "?" if tie is None or tie["security"] is None else str(tie["security"])
        safe = {value for name, value in q.attributes if name == "security"}
        if safe and one["security"] not in safe:
            return []
        wanted = {"kind": q.kinds, "role": q.roles, "role_group": q.role_groups, "circle": q.circles, "trust": q.trust}
        if any(values and one[name] not in values for name, values in wanted.items()):
            return []
        several: dict[str, tuple[set[str], Any]] = {
            "support": ({row["support_type"] for row in self.all("supports") if tie and row["tie_id"] == tie["id"]}, q.supports),
            "event": (self.events(alter["id"], interview["id"]), q.events),
            "became": (became, opened(q.fates)),
        }
        choices: list[list[str | float | None]] = []
        for name, (members, asked) in several.items():
            kept = {member for member in members if not asked or member in asked}
            if asked and not kept:
                return []
            choices.append(sorted(kept) if name in (q.rows, q.columns) else [None])
        for name in TIE:
            kept = self.kept(name, self.of_tie(name, alter, tie))
            if not kept:
                return []
            choices.append([self.member(name, one) for one in kept] if name in (q.rows, q.columns) else [None])
        keys = {"alter": alter["id"], "interview": interview["id"], "person": alter["participant_id"], "wave": wave}
        return [{**one, **keys, **dict(zip((*several, *TIE), chosen, strict=True))} for chosen in itertools.product(*choices)]

    # -- counts

    def cells(self) -> dict[tuple[str | None, str | None], dict[str, set[str]]]:
        """Row and column key → the sets behind each number."""
        q, found = self.q, {}
        sides = {side_of(name) for name in (q.rows, q.columns) if name}
        base = self.base() if q.is_of_ties else self.plain_base()
        facts = []
        for segment in self.passages():
            document = self.document(segment)
            place = {"person": document["participant_id"], "interview": document["interview_id"], "passage": segment["id"]}
            place["wave"] = self.wave(document["interview_id"])
            spoken = self.spoken(segment)
            lines = [{**line, **place} for line in base if line["interview"] == document["interview_id"] and line.get("alter") in spoken]
            facts += [{**line, **talk} for line in (lines if q.is_of_ties else [place]) for talk in self.talk(segment)]
        facts, base = ([one for line in lines for one in self.spread(line)] for lines in (facts, base))
        silent = {line["alter"] for line in base if "alter" in line} - {fact.get("alter") for fact in facts}
        for name, group in (("said", facts), ("could", base)):
            for line in group:
                keys = [self.key(line, q.rows), self.key(line, q.columns) if q.columns else None]
                if name == "could" and "talk" in sides:
                    keys = [None if side_of(one) == "talk" else key for one, key in zip((q.rows, q.columns), keys, strict=False) if one]
                    keys += [None] * (2 - len(keys))
                for cell in {(a, b) for a in (keys[0], None) for b in (keys[1], None)}:
                    sets = found.setdefault(cell, {"said": set(), "people": set(), "ties": set(), "people_of": set(), "ties_of": set()})
                    if name == "could":
                        sets["people_of"].add(line["person"])
                        sets["ties_of"] |= {line["alter"]} if "alter" in line else set()
                        if q.asked_of == "never" and line["alter"] in silent:
                            sets["ties"].add(line["alter"])
                            sets["people"].add(line["person"])
                    elif q.asked_of == "said":
                        sets["said"].add(line["passage"])
                        sets["people"].add(line["person"])
                        sets["ties"] |= {line["alter"]} if "alter" in line else set()
        return found

    def plain_base(self) -> list[dict[str, Any]]:
        return [
            {"person": row["participant_id"], "interview": row["id"], "wave": self.wave(row["id"])}
            for row in self.all("interviews")
            if self.has_transcript(row["id"])
            and self.is_of_scope(row["participant_id"], self.wave(row["id"]))
            and self.is_meant(row["participant_id"], row["id"])
        ]

    def talk(self, segment: Row) -> list[dict[str, str]]:
        """What the passage is counted by on the side of the talk, those of one coding together."""
        q = self.q
        said = {"speaker": self.speaker(segment)}
        if not {"code", "theme", "lens", "coder"} & {q.rows, q.columns}:
            return [said]
        found = []
        for coding in self.wanted(segment):
            members = {
                "code": [code for code in self.above(coding["code_id"]) if self.is_wanted_code(code)],
                "theme": [one for one in self.themes(coding["code_id"]) if not q.themes or one in q.themes],
                "lens": [one for one in self.nodes(coding["code_id"]) if not q.lens or one in q.lens],
                "coder": [coding["coder_id"] or "?"],
            }
            names = [name for name in (q.rows, q.columns) if name in members]
            found += [{**said, **dict(zip(names, chosen, strict=True))} for chosen in itertools.product(*(members[name] for name in names))]
        return found

    def key(self, line: dict[str, Any], name: str) -> str | None:
        if name == "wave":
            return "?" if line["wave"] is None else str(line["wave"])
        if name == "participant":
            return line["person"]
        if name == "site":
            return self.rows["participants"][line["person"]]["site"] or "?"
        return line.get(name)


def short(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def is_within(member: str | float, value: str) -> bool:
    """Whether an answer is meant by a value of a question: the same, or a number between bounds, the upper one in it but for `)`."""
    if not isinstance(member, float) or not value.startswith("["):
        return member == value
    low, high = value[1:-1].split(",")
    below = not high or member < float(high) or (value.endswith("]") and member == float(high))
    return (not low or float(low) <= member) and below


def opened(fates: tuple[str, ...]) -> set[str]:
    groups = {"stayed": STAYED, "came": CAME, "went": WENT}
    return {word for name in fates for word in groups.get(name, (name,))}


def neighbours(tables: StudyTables) -> set[tuple[str, int, int, str]]:
    """What the pictures say became of each tie from each map to the next: alter, waves, word."""
    found = set()
    for person in tables["participants"]["id"].to_list():
        for step in steps(course(tables, person)):
            waves = step.before.wave["position"], step.after.wave["position"]
            found |= {(alter, *waves, word) for alter, word in step.became.items()}
    return found
