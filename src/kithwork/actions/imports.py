"""Bringing what a reader read into a study: what would be added, and adding it as one entry that can be undone.

What is there already is recognised: a wave by its position, a participant by the source's id or the pseudonym, a map by the
source's id or its place (participant, wave, state), a question by code and wording. Nothing that is there is overwritten.
"""

from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kithwork.actions.alike import alike_alters, alike_people
from kithwork.actions.free_name import free_name
from kithwork.actions.known_question import known_question
from kithwork.actions.long_names import with_short_names
from kithwork.actions.merge import Merge
from kithwork.formats.reading import Notes, Options, Problem, Reading
from kithwork.model.rows import Row
from kithwork.model.schema import LIVE, REFERRED_FIRST, TABLES

if TYPE_CHECKING:
    from kithwork.store import Entry, Study

_NEEDED = ("waves", "circles", "questions", "asked", "participants", "identities", "interviews", "maps", "alters")
TIDY = ("csv", "parquet", "xlsx")  # our own tables, where a pseudonym says which alter it is
MERGED = ("refi-qda", "refi-codebook", "qualcoder", "taguette", "rqda")
_CODED = ("roles", "support_types")


def read_files(paths: list[Path], format: str | None = None, options: Options | None = None) -> Reading:  # noqa: A002 - as people say it
    """What is in foreign files, databases of other programs among them; see `formats.read`."""
    from kithwork.formats import read
    from kithwork.store.foreign import read_sqlite

    return with_short_names(read(paths, format, options, read_sqlite))


def plan_of(study: "Study", reading: Reading) -> "Plan | Merge":
    """How a reading goes into the study: maps by their place, coded talk and whole studies row by row."""
    return Merge(study, reading) if reading.format in MERGED else Plan(study, reading)


def preview(study: "Study", reading: Reading) -> dict[str, Any]:
    """What importing would do, without doing it: `adds` (rows a table), `problems` and `losses`."""
    plan = plan_of(study, reading)
    return {"adds": plan.adds(), "problems": [*reading.problems, *plan.problems], "losses": list(reading.losses)}


def import_reading(study: "Study", reading: Reading, origin: str = "import", actor: str | None = None) -> "Entry":
    """Add what a reader read as one journal entry, all or nothing. An entry without an id: nothing was new."""
    with study.change("import", origin=origin, actor=actor) as change:
        plan = plan_of(study, reading)
        for table, row_id, values in plan.updates:
            change.update(table, row_id, values)
        for table in REFERRED_FIRST:
            change.insert_all(table, plan.rows[table])
    return change.entry


class Plan:
    """Rows to add and change, worked out against what a study holds."""

    def __init__(self, study: "Study", reading: Reading) -> None:
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)
        self.updates: list[tuple[str, str, Row]] = []
        self._notes = Notes(reading.options)
        self._reading = reading
        self._there = {name: study.rows(name) for name in _NEEDED}
        self._study = study
        self._coming = {name: reading.tables.rows(name) for name in LIVE}
        self._ids: dict[str, str | None] = {}  # id in the reading -> id in the study, or None where it is left out
        self._waves()
        self._leave_out_known_maps()
        self._participants()
        self._interviews_and_maps()
        self._questions()
        self._alters()
        self._coded()
        for name in REFERRED_FIRST:
            if name not in (*_NEEDED, *_CODED):
                self._add(name, self._coming[name])
        self._answers()
        self._circles()
        self._prune()

    @property
    def problems(self) -> list[Problem]:
        return self._notes.problems

    def adds(self) -> dict[str, int]:
        """Rows that would be added, by table."""
        return {name: len(self.rows[name]) for name in LIVE if self.rows[name]}

    def known_as(self, row_id: str) -> str | None:
        """The id a row of the reading has in the study; its own where it is new, None where it is left out."""
        return self._ids.get(row_id, row_id)

    def _add(self, table: str, rows: list[Row], **changed: Any) -> None:
        """Rows with their references turned to the study's ids; a row that points to one left out is left out."""
        references = [column.name for column in TABLES[table].columns if column.table]
        for row in rows:
            row = {**row, **changed}
            pointed = {name: self._ids.get(row[name], row[name]) for name in references if row.get(name) is not None}
            if None in pointed.values():
                self._ids[row["id"]] = None
            else:
                self.rows[table].append({**row, **pointed})

    # -- waves, circles, questions ------------------------------------------------------------------------------------------

    def _waves(self) -> None:
        there = {row["position"]: row for row in self._there["waves"]}
        for row in self._coming["waves"]:
            if row["position"] in there:
                self._ids[row["id"]] = there[row["position"]]["id"]
            else:
                self._add("waves", [row])

    def _circles(self) -> None:
        """Rings are never compared silently: a circle is kept only where the wave has the same rings.

        A new wave, or one without maps so far, takes the rings of the files (or has none); its plan was never used.
        """
        wave_of_map = self._wave_of_map()
        coming: defaultdict[int, list[Row]] = defaultdict(list)
        for row in self._coming["circles"]:
            coming[row["version"]].append(row)
        said = {self._ids.get(row["id"]) or row["id"]: row["circle_version"] for row in self._coming["waves"]}
        rings = Counter(row["version"] for row in self._there["circles"])
        versions = {row["id"]: row["circle_version"] for row in self._there["waves"]}
        first = max([*rings, *versions.values(), 0]) + 1
        fresh = {version: first + at for at, version in enumerate(sorted(set(said.values())))}
        waves = {row["id"]: row["wave_id"] for row in self._there["interviews"]}
        drawn = {waves[row["interview_id"]] for row in self._there["maps"]}

        def fits(wave: str) -> bool:
            """Whether a wave has the rings of the reading."""
            there, here = rings[versions[wave]], len(coming[said[wave]])
            return there == here if self._reading.are_circles_counted else there >= here

        follows = [wave for wave in sorted(set(wave_of_map.values())) if wave in versions and not fits(wave)]
        if self._reading.options.choices.get("circles_differ") == "keep_plan":
            follows = [wave for wave in follows if not rings[versions[wave]]]
        taken: Counter[int] = Counter()
        for wave in follows:
            if wave not in drawn:
                versions[wave] = fresh[said[wave]]
                self.updates.append(("waves", wave, {"circle_version": versions[wave]}))
                taken[len(coming[said[wave]])] += 1
        for circles, count in taken.items():
            wave = "A wave without maps takes" if count == 1 else f"{count} waves without maps take"
            self._say("circles_differ", f"{wave} the {circles} circle(s) of the files in place of those planned.")
        for wave in self.rows["waves"]:
            wave["circle_version"] = versions[wave["id"]] = fresh[said[wave["id"]]]
        for version, number in fresh.items():
            if coming[version] and number in versions.values():
                self._add("circles", coming[version], version=number)
                rings[number] = len(coming[version])
        misfit = [tie for tie in self.rows["ties"] if not fits(wave_of_map[tie["map_id"]])]
        for tie in misfit:
            tie.pop("circle", None)
        if misfit:
            self._say(
                "circles_unlike",
                f"{len(misfit)} tie(s) come from maps with other circles than this wave has, or none: they are in no circle here.",
            )

    def _wave_of_map(self) -> dict[str, str]:
        waves = {row["id"]: row["wave_id"] for row in (*self._there["interviews"], *self.rows["interviews"])}
        return {row["id"]: waves[row["interview_id"]] for row in self.rows["maps"]}

    def _questions(self) -> None:
        by_code: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._there["questions"]:
            by_code[row["code"]].append(row)
        words: defaultdict[str, list[str]] = defaultdict(list)
        for answer in self._coming["answers"]:
            if answer.get("text") is not None or answer.get("number") is not None or answer.get("codes"):
                words[answer["question_id"]].append(str(answer.get("text") or ""))
        for row in self._coming["questions"]:
            same = known_question(row, by_code[row["code"]], words[row["id"]], self._is_answered)
            if same:
                there, grown = same
                self._ids[row["id"]] = there["id"]
                self._grow(there, grown)
                continue
            known = by_code[row["code"]]
            if known and (known[-1]["subject"] != row["subject"] or known[-1].get("column_name")):
                row = {**row, "code": free_name(f"{row['code']}_imported", set(by_code))}
                known = []
            elif known:
                self._say("new_version", f"Question '{row['code']}' is there with other words or options; it is added as a new version.")
            self._add("questions", [{**row, "version": max((r["version"] for r in known), default=0) + 1}])
        asked = {(row["question_id"], row["wave_id"]) for row in self._there["asked"]}
        self._add("asked", self._coming["asked"])
        self.rows["asked"] = [row for row in self.rows["asked"] if (row["question_id"], row["wave_id"]) not in asked]

    def _is_answered(self, question: str) -> bool:
        return bool(self._study.rows("answers", question_id=question))

    def _grow(self, there: Row, grown: Row) -> None:
        """What a question gets from the files: options that occur there, or how it is answered where nobody had answered it."""
        if not grown:
            return
        self.updates.append(("questions", there["id"], grown))
        more = len(grown.get("options") or ()) - len(there.get("options") or ())
        what = f"gets {more} option(s) more, which the files hold" if more > 0 else "had no answers and is answered as in the files"
        self._say("question_grows", f"Question '{there['code']}' {what}.")

    def _coded(self) -> None:
        """Roles and kinds of support: one whose code is there already is that one."""
        for name in _CODED:
            there = {row["code"] for row in self._study.rows(name)} if self._coming[name] else set()
            self._add(name, [row for row in self._coming[name] if row["code"] not in there])

    # -- people and maps ------------------------------------------------------------------------------------------------------

    def _leave_out_known_maps(self) -> None:
        """A map whose source's id is there already is the same map, whatever wave is asked for now."""
        known = {row["source_key"]: row for row in self._there["maps"] if row["source_key"]}
        participants = {row["id"]: row["participant_id"] for row in self._there["interviews"]}
        owners = {row["id"]: row["participant_id"] for row in self._coming["interviews"]}
        left: defaultdict[str, list[bool]] = defaultdict(list)
        for row in self._coming["maps"]:
            match = known.get(row.get("source_key"))
            left[row["interview_id"]].append(match is not None)
            if match:
                self._ids[row["id"]] = None
                self._ids[owners[row["interview_id"]]] = participants[match["interview_id"]]
        for interview, is_there in left.items():
            if all(is_there):
                self._ids[interview] = None
        count = sum(map(sum, left.values()))
        if count:
            self._say("already_there", f"{count} map(s) were imported before and are skipped.")

    def _participants(self) -> None:
        by_key = {row["source_key"]: row["id"] for row in self._there["participants"] if row["source_key"]}
        by_name = {row["pseudonym"]: row["id"] for row in self._there["participants"]}
        taken = {self._ids[row["id"]] for row in self._coming["participants"] if row["id"] in self._ids}
        names, matched, renamed = set(by_name), 0, 0
        # a pseudonym that stands where the other tool keeps a name, as it does in what the study wrote for that tool
        called = {row["participant_id"]: row["name"] for row in self._coming["identities"] if row.get("participant_id")}
        alike = self._alike()
        for row in self._coming["participants"]:
            if row["id"] in self._ids:
                continue
            match = by_key.get(row.get("source_key")) or by_name.get(row["pseudonym"]) or by_name.get(called.get(row["id"], ""))
            if not match and row["id"] in alike:
                match = self._ids.get(alike[row["id"]], alike[row["id"]])
                if match not in by_name.values() or match in taken:  # one that comes in too, at other waves
                    self._ids[row["id"]] = match
                    continue
            if match and match not in taken:
                self._ids[row["id"]] = match
                taken.add(match)
                matched += 1
                continue
            pseudonym = free_name(row["pseudonym"], names)
            renamed += pseudonym != row["pseudonym"]
            names.add(pseudonym)
            self._add("participants", [{**row, "pseudonym": pseudonym}])
        if matched:
            self._say("participants_matched", f"{matched} participant(s) are in the study already, by id or pseudonym, and get these maps.")
        if renamed:
            self._say("participants_renamed", f"{renamed} participant(s) share a pseudonym with another person and get a number behind it.")

    def _alike(self) -> dict[str, str]:
        """Participants that come in and, as somebody said, are one who is called the same but for how it is written."""
        coming = [row for row in self._coming["participants"] if row["id"] not in self._ids]
        keys = {row["source_key"] for row in self._there["participants"]} - {None}
        found = alike_people(self._there["participants"], (row for row in coming if row.get("source_key") not in keys))
        if not found:
            return {}
        waves: defaultdict[str, set[str]] = defaultdict(set)
        for row in (*self._there["interviews"], *self._coming["interviews"]):
            waves[row["participant_id"]].add(self._ids.get(row["wave_id"]) or row["wave_id"])
        sentence = f"{len(found)} participant(s) are called like another but for capitals, blanks, accents or marks."
        if self._notes.meet("people_alike", sentence) == "apart":
            return {}
        return {each: other for each, other in found.items() if other is not None and not waves[each] & waves[other]}

    def _interviews_and_maps(self) -> None:
        there = {(row["participant_id"], row["wave_id"]): row for row in self._there["interviews"]}
        for row in self._coming["interviews"]:
            if self._ids.get(row["id"], "") is None:
                continue
            owner, wave = (self._ids.get(row[name], row[name]) for name in ("participant_id", "wave_id"))
            match = there.get((owner, wave))
            if match is None:
                self._add("interviews", [row])
            elif match["status"] == "due":
                self._ids[row["id"]] = match["id"]
                kept = {
                    name: value
                    for name, value in row.items()
                    if name not in ("id", "participant_id", "wave_id") and match.get(name) in (None, "due")
                }
                self.updates.append(("interviews", match["id"], kept))
            elif match["status"] == "held" or row["status"] != "held":
                self._ids[row["id"]] = match["id"]
            else:
                self._ids[row["id"]] = None
                self._say(
                    "interview_missed",
                    "An interview recorded as not held has a map in the file; it is skipped, as the record says otherwise.",
                )
        drawn = {(row["interview_id"], row["state"]) for row in self._there["maps"]}
        skipped, kept_of = 0, set()
        for row in self._coming["maps"]:
            if self._ids.get(row["id"], "") is None:
                continue
            interview = self._ids.get(row["interview_id"], row["interview_id"])
            if (interview, row["state"]) in drawn:
                self._ids[row["id"]] = None
                skipped += 1
            else:
                self._add("maps", [row])
                kept_of.add(row["interview_id"])
        # an interview of which no map comes in brings no answers either
        self._ids |= {row["interview_id"]: None for row in self._coming["maps"] if row["interview_id"] not in kept_of}
        if skipped:
            sentence = f"{skipped} map(s) are skipped: the participant has one of that wave and state; choose another --wave or --state."
            self._say("map_there", sentence)

    def _alters(self) -> None:
        """Alters of the maps that come in; an earlier import's alter is the same one, a look-alike is not."""
        there = {(row["participant_id"], row["source_key"]): row["id"] for row in self._there["alters"] if row["source_key"]}
        names: defaultdict[str, set[str]] = defaultdict(set)
        for row in self._there["alters"]:
            names[row["participant_id"]].add(row["pseudonym"])
        tied: defaultdict[str, bool] = defaultdict(bool)
        for row in self._coming["ties"]:
            tied[row["alter_id"]] |= self._ids.get(row["map_id"], "") is not None
        matches, known = self._reading.matches, dict[str, str]()
        made: dict[Any, str] = {}
        called = {(row["participant_id"], row["pseudonym"], row["kind"]): row["id"] for row in self._there["alters"]}
        # what somebody said is the same as another alter of the files comes after that one
        for row in sorted(self._coming["alters"], key=lambda row: row["id"] in matches):
            owner = self._ids.get(row["participant_id"], row["participant_id"])
            if owner is not None and (owner, row.get("source_key")) in there:
                known[row["id"]] = there[owner, row["source_key"]]
            same = matches.get(row["id"])
            same = known.get(same) or self._ids.get(same, same) if same else known.get(row["id"])
            # the same alter of two participants of the files who were said to be one
            joined = (owner, row.get("source_key")) if row.get("source_key") and owner != row["participant_id"] else None
            if same is None and joined in made:
                same = made[joined]
            if same is None and self._reading.format in TIDY:
                same = called.get((owner, row["pseudonym"], row["kind"]))
            if owner is None or (row["id"] in tied and not tied[row["id"]]):
                self._ids[row["id"]] = None
            elif same:
                self._ids[row["id"]] = same
            else:
                pseudonym = free_name(row["pseudonym"], names[owner])
                names[owner].add(pseudonym)
                self._add("alters", [{**row, "pseudonym": pseudonym}])
                made[owner, row.get("source_key")] = row["id"]
        self._tell_alike()
        new = {row["id"] for name in ("alters", "participants") for row in self.rows[name]}
        self._add("identities", [row for row in self._coming["identities"] if (row.get("alter_id") or row.get("participant_id")) in new])

    def _tell_alike(self) -> None:
        """One line for new alters that are called like another of the same participant."""
        rows = self.rows["alters"]
        owner = {row["id"]: row["participant_id"] for row in (*self._there["alters"], *rows)}
        names = {row["alter_id"]: row["name"] for row in (*self._there["identities"], *self._coming["identities"]) if row.get("alter_id")}
        count = alike_alters(owner, self._there["alters"], rows, names)
        if count:
            sentence = f"{count} alter(s) are called as another of the same participant, or so but for capitals, blanks, accents or marks;"
            self._say("alters_alike", f"{sentence} they come in as others, unless you say who is the same.")

    def _answers(self) -> None:
        """An answer that was given to the same question in the same interview stays as it is."""
        new = {row["id"] for rows in self.rows.values() for row in rows}
        owners = TABLES["answers"].exactly_one

        def about(row: Row) -> str:
            return next(row[name] for name in owners if row.get(name) is not None)

        if any(about(row) not in new for row in self.rows["answers"]):
            given = {(row["question_id"], about(row)) for row in self._study.rows("answers")}
            self.rows["answers"] = [row for row in self.rows["answers"] if (row["question_id"], about(row)) not in given]
        # an event of an alter that is there, at an interview that is there, was there before
        self.rows["events"] = [row for row in self.rows["events"] if new & {row["alter_id"], row.get("interview_id"), row.get("map_id")}]

    def _prune(self) -> None:
        """Waves nobody was interviewed at, and questions nobody was asked, do not come in."""
        held = {row["wave_id"] for row in self.rows["interviews"]} | {row["wave_id"] for row in self._there["interviews"]}
        if not self.rows["maps"] and not self.rows["interviews"]:
            for name in ("waves", "circles", "questions", "asked", *_CODED):
                self.rows[name] = []
            self.updates = [update for update in self.updates if update[0] != "questions"]
            self._notes.problems = [problem for problem in self._notes.problems if problem.code != "question_grows"]
        self.rows["waves"] = [row for row in self.rows["waves"] if row["id"] in held]
        new = {row["id"] for row in self.rows["waves"]} | {row["id"] for row in self._there["waves"]}
        self.rows["asked"] = [row for row in self.rows["asked"] if row["wave_id"] in new]

    def _say(self, code: str, sentence: str) -> None:
        self._notes.meet(code, sentence)
