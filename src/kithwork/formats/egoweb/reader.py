"""EgoWeb's two CSV files, read: a row an alter, a row a pair; one study or several joined (columns ending in `_1`, `_2` …).

Why an answer is missing is kept: the answer is a row without a value whose `codes` hold one word such as `missing:refused`.
"""

import csv
import datetime
import hashlib
import io
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from kithwork.formats.building import Builder, Question, is_choice, number_of, slug
from kithwork.formats.egoweb.study import Asked, Design, read_design
from kithwork.formats.reading import MISSING, Notes
from kithwork.formats.sheets import Sheet, decode, read_sheet, restore
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables

_WAVE = re.compile(r"(.+)_([1-9]\d?)")
_FIXED = {"egoid", "interviewid", "starttime", "endtime", "linkid"}
_MATCH = {"dyadmatchid", "matchuser", "alternumber", "altername", "matchedaltername", "alterpairid", "alterid"}
_PAIR = {"alter1number", "alter1name", "alter2number", "alter2name", "alter1id", "alter2id"}
_COMPUTED = {
    *("density", "maxdegreevalue", "maxbetweennessvalue", "maxeigenvectorvalue", "degreecentralization", "betweennesscentralization"),
    *("components", "dyads", "isolates", "degree", "betweenness", "eigenvector"),
}


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def _digest(*words: str) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:24]


@dataclass
class _File:
    """One of the two files; columns by their plain name (without the ending of a wave) and wave (0: none)."""

    sheet: Sheet
    places: dict[tuple[str, int], int] = field(default_factory=dict)
    count: int = 1

    def __post_init__(self) -> None:
        names = self.sheet.header
        endings = [int(match.group(2)) for name in names if (match := _WAVE.fullmatch(name)) and _plain(match.group(1)) == "interviewid"]
        self.count = max(endings, default=1)
        self.is_joined = bool(endings)
        self.names: list[tuple[str, int]] = []
        for at, name in enumerate(names):
            match = _WAVE.fullmatch(name) if self.is_joined else None
            stem, wave = (match.group(1), int(match.group(2))) if match and int(match.group(2)) <= self.count else (name, 0)
            self.names.append((stem, wave))
            self.places.setdefault((_plain(stem), wave), at)

    def cell(self, row: list[str], name: str, wave: int = 0) -> str:
        """A fixed cell at a wave; also where it stands without an ending, or with another's."""
        at = self.places.get((name, wave), self.places.get((name, 0)))
        if at is None and name in _MATCH:
            at = next((place for (stem, _), place in self.places.items() if stem == name), None)
        return "" if at is None else restore(row[at].strip())


def recognises(sources: list[Source], notes: Notes) -> bool:
    """Whether a file's first line names an EgoID, an Interview ID and an alter's number."""
    heads = (_plain(source.data[:4000].split(b"\n", 1)[0].decode("utf-8", "replace")) for source in sources)
    return any("egoid" in head and "interviewid" in head and ("alternumber" in head or "alter1number" in head) for head in heads)


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Tables from the ego–alter file, with the alter-pair file and `.study` files where they are given.

    Raises `FormatError` where no file lists alters, or a title with a comma has broken the header.
    """
    design = read_design([source for source in sources if source.name.lower().endswith((".study", ".xml"))])
    design.reasons |= dict(notes.options.missing)
    alters, pairs = _sort(sources, design, notes)
    return _Reader(alters, pairs, design, Builder(notes)).tables()


def _sort(sources: list[Source], design: Design, notes: Notes) -> tuple[_File, _File | None]:
    found: dict[str, _File] = {}
    for source in sources:
        if source.name.lower().endswith((".study", ".xml")):
            continue
        file = _File(read_sheet(_mended(source, design, notes), notes))
        stems = {stem for stem, _ in file.places}
        which = "pairs" if "alter1number" in stems else "alters" if {"egoid", "interviewid", "alternumber"} <= stems else None
        if which is None:
            notes.meet("not_read", "The file is no ego–alter or alter-pair file of EgoWeb and is not read.", source.name)
        elif which in found:
            raise FormatError(f"'{found[which].sheet.name}' and '{source.name}' are both EgoWeb's {which}; give one of them.")
        else:
            found[which] = file
    if "alters" not in found:
        raise FormatError("No file lists alters: none has the columns EgoID, Interview ID and Alter Number; export the ego–alter file too.")
    return found["alters"], found.get("pairs")


def _mended(source: Source, design: Design, notes: Notes) -> Source:
    """The file, its header mended where the study tells which titles hold commas; `FormatError` where it cannot be."""
    text = decode(source, notes)
    head, mark, rest = text.partition("\n")
    for title in design.questions:
        if "," in title and '"' not in title:
            head = head.replace(title, f'"{title}"') if f'"{title}"' not in head else head
    try:
        titles = next(csv.reader(io.StringIO(head)), [])
        widths = {len(row) for row, _ in zip(csv.reader(io.StringIO(rest)), range(50), strict=False) if any(row)}
    except csv.Error:
        return source
    if len(widths) == 1 and max(widths) < len(titles):
        raise FormatError(
            f"'{source.name}' has {len(titles)} titles in its first line and {max(widths)} values in each row: "
            "EgoWeb does not quote titles, so one with a comma breaks in two; take the comma out, or give the .study file too."
        )
    return Source(source.name, f"{head}{mark}{rest}".encode())


@dataclass
class _Column:
    """A column of answers: its question, its wave, and what the study says of it."""

    at: int
    wave: int
    question: Question
    asked: Asked | None


@dataclass
class _Map:
    """One interview's map: alters by number and by id."""

    id: str
    interview: str
    participant: str
    ties: dict[str, str] = field(default_factory=dict)
    order: int = 0


class _Reader:
    """Reads the two files into one study."""

    def __init__(self, alters: _File, pairs: _File | None, design: Design, builder: Builder) -> None:
        self.file, self.pairs, self.design, self.builder, self.notes = alters, pairs, design, builder, builder.notes
        self.maps: dict[str, _Map] = {}  # by interview id
        self.people: dict[str, str] = {}
        self.alters: dict[tuple[str, str], str] = {}
        self.placed: set[tuple[str, int]] = set()  # ego and wave
        self.counts: Counter[str] = Counter()
        self.paired = {pairs.cell(row, "interviewid", w) for row in pairs.sheet.rows for w in self._waves(pairs)} if pairs else set()

    def tables(self) -> StudyTables:
        """Everything read."""
        first = next(at for at, (stem, _) in enumerate(self.file.names) if _plain(stem) == "alternumber")
        self.is_member = self._members()
        egos = self._columns(self.file, range(first), "interview")
        own = [at for at in range(first + 1, len(self.file.names)) if at not in self.is_member.values()]
        alters = self._columns(self.file, own, "tie")
        for row, number in zip(self.file.sheet.rows, self.file.sheet.numbers, strict=True):
            for wave in self._waves(self.file):
                self._row(row, number, wave, egos, alters)
        if self.pairs:
            self._pairs(self.pairs)
        self._tell()
        return self.builder.tables()

    def _waves(self, file: _File) -> range:
        return range(1, file.count + 1) if file.is_joined else range(1)

    def _position(self, wave: int) -> int:
        return self.builder.options.wave + max(wave - 1, 0)

    def _members(self) -> dict[int, int]:
        """Columns that say, behind the alter's id, whether it was named at a wave."""
        last = self.file.places.get(("alterid", 0))
        if not self.file.is_joined or last is None:
            return {}
        return {wave: at for at, (_, wave) in enumerate(self.file.names) if at > last and wave}

    def _columns(self, file: _File, places: range | list[int], subject: str) -> list[_Column]:
        groups: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for at in places:
            stem, wave = file.names[at]
            if _plain(stem) in _COMPUTED:
                self.notes.lose("Measures that EgoWeb computed are left out; they are measured anew here.")
            elif _plain(stem) not in _FIXED | _MATCH | _PAIR:
                groups[stem].append((at, wave))
        found: list[_Column] = []
        for stem, columns in groups.items():
            asked = self.design.questions.get(stem)
            if asked and asked.subject == "EGO_ID" and all(self._is_part_of_id(file, at, wave) for at, wave in columns):
                self.notes.lose("Questions that make up the ego's id are not kept beside it.")
                continue
            self.builder.asked_at = tuple(sorted({self._position(wave) for _, wave in columns}))
            question = self.builder.question(self._question(file, stem, columns, subject, asked))
            found += [_Column(at, wave, question, asked) for at, wave in columns]
        return found

    def _is_part_of_id(self, file: _File, at: int, wave: int) -> bool:
        return all(row[at].strip() in file.cell(row, "egoid", wave) for row in file.sheet.rows)

    def _question(self, file: _File, stem: str, columns: list[tuple[int, int]], subject: str, asked: Asked | None) -> Question:
        basis = "EgoWeb import."
        if asked and asked.subject == "NAME_GENERATOR":
            return Question(slug("names", stem), "name_generator", asked.wording, "boolean", "EgoWeb import; a name generator.")
        if asked:
            return Question(slug(subject, stem), subject, asked.wording, asked.answer_kind, basis, asked.options)
        cells = [restore(row[at].strip()) for at, _ in columns for row in file.sheet.rows]
        cells = ["" if cell in self.design.reasons else cell for cell in cells]
        kind = self.builder.infer(cells)
        kind = self.builder.options.choices.get("read_as_number", kind) if kind == "number" else kind
        if kind == "text" and is_choice(cells):
            options = [[cell, cell] for cell in sorted(set(cells) - {""})]
            return Question(slug(subject, stem), subject, stem, "choice", basis, options)
        return Question(slug(subject, stem), subject, stem, kind, basis)

    def _answer(self, column: _Column, row: list[str], owner: str) -> None:
        cell = restore(row[column.at].strip())
        if column.question.subject == "name_generator" or cell == "":
            return
        reason = self.design.reasons.get(cell)
        if reason:
            self.counts["reasons"] += 1
            reference = {f"{column.question.subject}_id": owner}
            self.builder.add("answers", question_id=column.question.id, codes=[MISSING + reason], **reference)
        elif column.question.answer_kind == "choices":
            codes = [code.strip() for code in cell.split(";") if code.strip()]
            self.builder.add("answers", question_id=column.question.id, codes=codes, **{f"{column.question.subject}_id": owner})
        else:
            self.builder.answer(column.question, owner, cell)

    def _row(self, row: list[str], number: int, wave: int, egos: list[_Column], alters: list[_Column]) -> None:
        interview = self.file.cell(row, "interviewid", wave)
        if not interview:
            if wave == 0:
                self.notes.meet("no_id", "The row names no interview.", self.file.sheet.name, number)
            return
        drawn = self.maps.get(interview) or self._map(row, number, wave, interview, egos)
        if drawn is None:
            return
        alter = self.file.cell(row, "alternumber", wave)
        is_named = wave not in self.is_member or restore(row[self.is_member[wave]].strip()) == "1"
        if not is_named or alter in ("", "0"):  # an ego without alters has one row, with 0
            return
        key = self._key(row, interview, alter, wave)
        if alter in drawn.ties:
            self.notes.meet("repeated_alter", "The interview named this alter in an earlier row.", self.file.sheet.name, number)
            return
        tie = self._tie(row, drawn, key, wave)
        for name in dict.fromkeys((alter, f"id:{self.file.cell(row, 'alterid', wave)}")):
            drawn.ties.setdefault(name, tie)
        self._nominate(row, drawn, tie, wave, alters)
        for column in alters:
            if column.wave in (wave, 0):
                self._answer(column, row, tie)

    def _map(self, row: list[str], number: int, wave: int, interview: str, egos: list[_Column]) -> _Map | None:
        ego = self.file.cell(row, "linkid") or self.file.cell(row, "egoid", wave)
        if not ego:
            self.notes.meet("no_id", "The row names no ego.", self.file.sheet.name, number)
            return None
        if ego not in self.people:
            self.people[ego] = self.builder.add("participants", pseudonym=ego, status="enrolled", source_key=f"egoweb:{_digest(ego)}")
        start, end = (_moment(self.file.cell(row, name, wave)) for name in ("starttime", "endtime"))
        position = self._position(wave)
        if (ego, position) in self.placed:
            self.notes.meet("repeated_ego", "The ego has an earlier interview at the same wave.", self.file.sheet.name, number)
            return None
        self.placed.add((ego, position))
        held = self.builder.add(
            "interviews",
            participant_id=self.people[ego],
            wave_id=self.builder.wave(position),
            status="held",
            held_on=start.date().isoformat() if start else None,
            minutes=(end - start).total_seconds() / 60 if start and end and end >= start else None,
        )
        asked = "no" if not self.pairs else "yes" if interview in self.paired else "no"
        stage = "finished" if end or not start else "recall"
        if stage == "recall":
            self.notes.meet("unfinished_session", "The interview was not finished.", self.file.sheet.name, number)
        made = self.builder.add(
            "maps",
            interview_id=held,
            state=self.builder.options.state,
            stage=stage,
            alter_ties_asked=asked,
            source_key=f"egoweb:{_digest(interview, ego)}",
        )
        for column in egos:
            if column.wave in (wave, 0):
                self._answer(column, row, held)
        self.maps[interview] = _Map(made, held, self.people[ego])
        return self.maps[interview]

    def _key(self, row: list[str], interview: str, alter: str, wave: int) -> str:
        """What makes an alter the same one at another wave: its id, the id of its matched pair, else nothing."""
        own = self.file.cell(row, "alterid", wave)
        matched = self.file.cell(row, "alterpairid", wave)
        if own:
            return f"id\x1f{own}"
        return f"pair\x1f{matched}" if matched else f"number\x1f{interview}\x1f{alter}"

    def _tie(self, row: list[str], drawn: _Map, key: str, wave: int) -> str:
        known = (drawn.participant, key)
        if known not in self.alters:
            label = self.builder.label(drawn.participant, "person")
            values = {"participant_id": drawn.participant, "kind": "person", "pseudonym": label, "source_key": f"egoweb:{_digest(key)}"}
            self.alters[known] = self.builder.add("alters", **values)
            name = self.file.cell(row, "altername", wave)
            if name and name not in self.design.reasons:
                self.builder.add("identities", alter_id=self.alters[known], name=name)
        return self.builder.add("ties", map_id=drawn.id, alter_id=self.alters[known])

    def _nominate(self, row: list[str], drawn: _Map, tie: str, wave: int, columns: list[_Column]) -> None:
        drawn.order += 1
        named = [c for c in columns if c.question.subject == "name_generator" and c.wave in (wave, 0) and row[c.at].strip() == "1"]
        if len(named) > 1:
            self.notes.lose("An alter named by several generators keeps the first of them.")
        question = named[0].question.id if named else None
        self.builder.add("nominations", tie_id=tie, question_id=question, position=drawn.order, phase="recall")

    def _pairs(self, file: _File) -> None:
        first = next(at for at, (stem, _) in enumerate(file.names) if _plain(stem) == "alter1number")
        columns = self._columns(file, range(first, len(file.names)), "alter_tie")
        told = self.builder.options.columns.get("weight")
        stems = {column.at: file.names[column.at][0] for column in columns}
        if told and told not in stems.values():
            raise FormatError(f"No column of '{file.sheet.name}' is the one named for weight; check its title.")
        name = told or next(iter(stems.values()), None)
        seen: set[tuple[str, ...]] = set()
        for row, number in zip(file.sheet.rows, file.sheet.numbers, strict=True):
            for wave in self._waves(file):
                self._pair(file, row, number, wave, [c for c in columns if c.wave in (wave, 0)], name, seen)

    def _pair(
        self, file: _File, row: list[str], number: int, wave: int, columns: list[_Column], name: str | None, seen: set[tuple[str, ...]]
    ) -> None:
        interview = file.cell(row, "interviewid", wave)
        if not interview:
            return
        drawn = self.maps.get(interview)
        if drawn is None:
            self.notes.meet("unknown_ego", "The pair belongs to an interview that names no alter.", file.sheet.name, number)
            return
        answer = next((restore(row[c.at].strip()) for c in columns if file.names[c.at][0] == name), "")
        if name and (answer == "" or answer in self.design.reasons):
            self.counts["unanswered"] += 1
            return
        ends = [self._end(file, row, drawn, which) for which in ("1", "2")]
        if None in ends:
            self.notes.meet("dangling_alter_tie", "The pair names an alter that its ego did not name.", file.sheet.name, number)
            return
        source, target = (end or "" for end in ends)
        if source == target and self.notes.meet("loop", "The pair is an alter with itself.", file.sheet.name, number) == "drop":
            return
        pair = (drawn.id, *sorted((source, target)))
        if pair in seen and self.notes.meet("repeated_pair", "The pair was in an earlier row.", file.sheet.name, number) == "keep_first":
            return
        seen.add(pair)
        is_non_tie = answer in (self.builder.options.non_ties or ("0",))
        if is_non_tie and self.notes.meet("zero_weight", "The pair is recorded as not tied.", file.sheet.name, number) == "drop":
            return
        self.counts["ties"] += 1
        value = number_of(answer)
        weight = 0.0 if is_non_tie else value if value is not None and value > 0 else None
        ends_of = {"from_tie_id": source, "to_tie_id": target}
        made = self.builder.add("alter_ties", map_id=drawn.id, relation="knows", relation_label=name, weight=weight, **ends_of)
        for column in columns:
            self._answer(column, row, made)

    def _end(self, file: _File, row: list[str], drawn: _Map, which: str) -> str | None:
        own, number = file.cell(row, f"alter{which}id"), file.cell(row, f"alter{which}number")
        return drawn.ties.get(f"id:{own}") or drawn.ties.get(number) if own else drawn.ties.get(number)

    def _tell(self) -> None:
        if self.counts["reasons"]:
            self.notes.meet("reasons_kept", f"{self.counts['reasons']} answer(s) are missing for a reason, which is kept as its code.")
        if self.counts["unanswered"]:
            self.notes.lose(
                f"{self.counts['unanswered']} pair(s) of alters have no answer; without one a pair has no row here, nor a reason."
            )
        if self.counts["ties"]:
            values = ", ".join(self.builder.options.non_ties or ("0",))
            self.notes.meet(
                "tie_rule", f"A pair is tied unless its answer is {values}; say otherwise with --non-tie, --column weight=TITLE."
            )
        self.notes.lose("EgoWeb's times have no zone: the date of an interview and its length are kept.")


def _moment(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=None) if len(text) > 9 else None
    except ValueError:
        return None
