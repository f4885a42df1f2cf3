"""Writes a study as `.qdpx`: cases, variables, wave sets, users, codes, coded sources, notes, links and graphs, valid against the schema.

What REFI-QDA cannot say rides in one extra member (`extension`), which no other program needs.
"""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - its types come apart from it

from kithwork.formats.guids import derived
from kithwork.formats.offsets import said
from kithwork.formats.reading import Writing
from kithwork.formats.refi.codes import code_element, described, lens_elements, names_apart
from kithwork.formats.refi.extension import MEMBER, write_extension
from kithwork.formats.refi.graphs import graph_elements
from kithwork.formats.refi.incoming import MENTIONS
from kithwork.formats.refi.leaving import Leaving
from kithwork.formats.refi.people import OF_ALTER
from kithwork.formats.refi.plain import Plain, plain_text
from kithwork.formats.refi.xml import NAMESPACE, element, guid, inside
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.model.tables import StudyTables

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same study makes the same file
_LONGEST_NAME = 2_000
_LONG_AGO = "2000-01-01T00:00:00Z"
_CASE_COLUMNS = ("site", "gender", "age_band", "housing", "education", "employment", "status")
_NUMBERS = {"number": "Float", "boolean": "Boolean"}


def write(tables: StudyTables, *, with_personal_text: bool = False, include_unsigned: bool = False) -> Writing:
    """`study.qdpx`. Texts nobody signed off stay behind unless `include_unsigned`; memos and notes unless `with_personal_text`."""
    leaving = Leaving(tables, include_unsigned=include_unsigned, with_personal_text=with_personal_text)
    outgoing = Outgoing(leaving)
    qde = outgoing.qde()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        members = {"project.qde": qde, **outgoing.sources, MEMBER: write_extension(leaving, qde, outgoing.paths)}
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(info, data)
    losses = [*leaving.losses, "Other programs read what REFI-QDA has; the rest of the study rides in a part only Kithwork reads."]
    return Writing({"study.qdpx": stream.getvalue()}, losses)


class Outgoing:
    """The project's elements, made table by table in the order of the schema."""

    def __init__(self, leaving: Leaving) -> None:
        self.rows, self.by_id = leaving.rows, leaving.by_id
        self.latest = leaving.latest()
        self.revisions = {row["id"]: row for row in self.latest.values()}
        self.paths = {row["id"]: f"sources/{guid(row['id'])}.txt" for row in self.latest.values()}
        self.sources: dict[str, bytes] = {}
        self.selection_of: dict[str, str] = {}  # segment -> guid of the selection that stands for it
        self.codings: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.rows["codings"]:
            self.codings[row["segment_id"]].append(row)
        self.notes_of: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._about: dict[str, tuple[str, str]] = {}
        for memo in self.rows["memos"]:
            column = next(name for name in TABLES["memos"].exactly_one if name in memo)
            self.notes_of[column, memo[column]].append(memo["id"])
            self._about[memo["id"]] = (column, memo[column])
        self._words_of = {memo["id"]: plain_text(memo["text"]) for memo in self.rows["memos"]}
        self.spoken_of: defaultdict[str, list[str]] = defaultdict(list)
        for row in self.rows["mentions"]:
            self.spoken_of[row["segment_id"]].append(self._case_name(self.by_id["alters"][row["alter_id"]]))

    def qde(self) -> bytes:
        """`project.qde`, UTF-8."""
        study = next(iter(self.rows["studies"]), {})
        self._undated = study.get("created_at") or _LONG_AGO
        stream = io.BytesIO()
        names: dict[str, Any] = {"name": said(study.get("title") or "Study"), "origin": f"Kithwork {_version()}"}
        if study.get("created_at"):
            names["creationDateTime"] = study["created_at"]
        with etree.xmlfile(stream, encoding="utf-8") as file:
            file.write_declaration()
            with file.element("Project", names, nsmap={None: NAMESPACE}):
                for container, elements in (
                    ("Users", self._users()),
                    ("CodeBook", self._codebook()),
                    ("Variables", self._variables()),
                    ("Cases", self._cases()),
                    ("Sources", self._sources()),
                    ("Notes", self._notes()),
                    ("Links", self._links()),
                    ("Sets", self._sets()),
                    ("Graphs", graph_elements(self.rows, self.by_id)),
                ):
                    _write(file, container, elements)
                if study.get("aims"):
                    file.write(described(study["aims"]))
                for note in self._note_refs("study_id", study.get("id", "")):
                    file.write(note)
        return stream.getvalue()

    def _users(self) -> Iterable[etree._Element]:
        return (element("User", guid=guid(row["id"]), name=said(row["name"])) for row in self.rows["coders"])

    def _codebook(self) -> Iterable[etree._Element]:
        codes = element("Codes")
        children: defaultdict[str | None, list[Row]] = defaultdict(list)
        for row in sorted(self.rows["codes"], key=lambda row: (row.get("position") or 0, row["name"])):
            children[row.get("parent_id")].append(row)
        names = names_apart(self.rows["codes"])
        for row in children[None]:
            codes.append(code_element(row, children, names, self._note_refs))
        codes.extend(lens_elements(self.rows["lenses"]))
        if len(codes):
            yield codes

    def _described(self, made: etree._Element, column: str, row_id: str, otherwise: str = "") -> None:
        """What memos say of a thing, as its Description too: QualCoder and ATLAS.ti show no other note of a source, a case or a passage."""
        words = "\n\n".join(self._words_of[note] for note in self.notes_of.get((column, row_id), ())) or otherwise
        if words:
            made.append(described(words))

    def _note_refs(self, column: str, row_id: str) -> list[etree._Element]:
        return [element("NoteRef", targetGUID=guid(note)) for note in self.notes_of.get((column, row_id), ())]

    # -- variables and cases -----------------------------------------------------------------------------------------------------

    def _variables(self) -> Iterable[etree._Element]:
        self.variables: dict[str, str] = {}
        wanted: list[tuple[str, str, Row | None]] = [("wave", "Integer", None), ("wave_date", "Date", None)] if self.latest else []
        if self.rows["participants"]:
            wanted += [(name, "Text", None) for name in ("case", *_CASE_COLUMNS)] + [("lives_alone", "Boolean", None)]
        if self.rows["alters"]:
            wanted += [(name, "Text", None) for name in ("participant", "kind", "role")]
        for question in self._asked():
            name = question["code"] if question["version"] == 1 else f"{question['code']} (version {question['version']})"
            wanted.append((name, _NUMBERS.get(question.get("answer_kind") or "", "Text"), question))
        for name, kind, question in wanted:
            row_id = question["id"] if question else derived("kithwork variable", name)
            self.variables[row_id if question else name] = guid(row_id)
            made = element("Variable", guid=guid(row_id), name=said(name), typeOfVariable=kind)
            if question:
                made.append(described(question["wording"]))
            yield made

    def _asked(self) -> list[Row]:
        """Questions of participants and interviews, which are what cases and sources have variables for."""
        self._answers: defaultdict[str, list[Row]] = defaultdict(list)
        answered = set()
        for row in self.rows["answers"]:
            owner = row.get("participant_id") or row.get("interview_id")
            if owner and (row.get("text") or row.get("number") is not None):
                self._answers[owner].append(row)
                answered.add(row["question_id"])
        return [row for row in self.rows["questions"] if row["id"] in answered]

    def _value(self, variable: str, kind: str, value: Any) -> etree._Element:
        made = element("VariableValue")
        made.append(element("VariableRef", targetGUID=self.variables[variable]))
        inner = element(f"{kind}Value")
        inner.text = said(value)
        made.append(inner)
        return made

    def _answered(self, owner: str) -> Iterable[etree._Element]:
        for row in self._answers.get(owner, ()):
            question = self.by_id["questions"][row["question_id"]]
            kind = _NUMBERS.get(question.get("answer_kind") or "", "Text")
            value: Any = row.get("text")
            if kind == "Float":
                value = None if row.get("number") is None else f"{row['number']:.10f}".rstrip("0").rstrip(".")
            elif kind == "Boolean":
                value = {"yes": "true", "no": "false"}.get(value)
            if value is not None:
                yield self._value(row["question_id"], kind, value)

    def _cases(self) -> Iterable[etree._Element]:
        documents = defaultdict(list)
        for row in self.latest.values():
            documents[self._owner(self.by_id["documents"][row["document_id"]])].append(row["document_id"])
        for row in self.rows["participants"]:
            case = element("Case", guid=guid(row["id"]), name=said(row["pseudonym"]))
            self._described(case, "participant_id", row["id"])
            case.append(self._value("case", "Text", "participant"))
            for name in _CASE_COLUMNS:
                if row.get(name):
                    case.append(self._value(name, "Text", row[name]))
            if row.get("lives_alone") is not None:
                case.append(self._value("lives_alone", "Boolean", "true" if row["lives_alone"] else "false"))
            case.extend(self._answered(row["id"]))
            case.extend(element("SourceRef", targetGUID=guid(document)) for document in documents[row["id"]])
            yield case
        for row in self.rows["alters"]:
            owner = self.by_id["participants"][row["participant_id"]]["pseudonym"]
            case = element("Case", guid=guid(row["id"]), name=said(self._case_name(row)))
            self._described(case, "alter_id", row["id"])
            values = {"case": OF_ALTER, "participant": owner, "kind": row["kind"], "role": row.get("role")}
            case.extend(self._value(name, "Text", value) for name, value in values.items() if value)
            yield case

    def _case_name(self, alter: Row) -> str:
        return f"{self.by_id['participants'][alter['participant_id']]['pseudonym']} · {alter['pseudonym']}"

    def _owner(self, document: Row) -> str | None:
        interview = self.by_id["interviews"].get(document.get("interview_id"))
        return interview["participant_id"] if interview else document.get("participant_id")

    # -- sources -----------------------------------------------------------------------------------------------------------------

    def _sources(self) -> Iterable[etree._Element]:
        segments: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.rows["segments"]:
            if row["revision_id"] in self.revisions:
                segments[row["revision_id"]].append(row)
        for revision in self.latest.values():
            document = self.by_id["documents"][revision["document_id"]]
            plain = Plain(revision["text"])
            self.sources[self.paths[revision["id"]]] = plain.text.encode("utf-8")
            path = "internal://" + self.paths[revision["id"]].removeprefix("sources/")
            source = element("TextSource", guid=guid(document["id"]), name=said(document["title"]), plainTextPath=path, **self._dated(None))
            self._described(source, "document_id", document["id"])
            for row in sorted(segments[revision["id"]], key=lambda row: (row["start"], row["stop"])):
                is_spoken_of = row["id"] in self.spoken_of or ("segment_id", row["id"]) in self.notes_of
                if not row.get("is_lost") and (is_spoken_of or row["id"] in self.codings):
                    self._selections(source, row, plain)
            source.extend(self._note_refs("document_id", document["id"]))
            source.extend(self._wave_values(document))
            yield source

    def _selections(self, source: etree._Element, segment: Row, plain: Plain) -> None:
        """One selection a coder, as the field's programs write them; the first stands for the passage."""
        start, stop = plain.place(segment["start"]), plain.place(segment["stop"])
        words = said(plain.text[start:stop][: _LONGEST_NAME + 1])
        name = words if len(words) <= _LONGEST_NAME else words[:_LONGEST_NAME] + "…"
        by_coder: defaultdict[str | None, list[Row]] = defaultdict(list)
        for row in self.codings.get(segment["id"], ()):
            by_coder[row.get("coder_id")].append(row)
        for number, (coder, rows) in enumerate(by_coder.items() or [(None, [])]):
            made = guid(segment["id"] if number == 0 else derived("selection", segment["id"], coder))
            self.selection_of.setdefault(segment["id"], made)
            at = min((row["coded_at"] for row in rows if row.get("coded_at")), default=None)
            user = guid(coder) if coder else None
            span = {"startPosition": str(start), "endPosition": str(stop), "creatingUser": user, **self._dated(at)}
            selection = inside(source, "PlainTextSelection", guid=made, name=name, **span)
            if number == 0:
                names = "" if rows else ", ".join(self.spoken_of.get(segment["id"], ()))
                self._described(selection, "segment_id", segment["id"], names and f"{MENTIONS} {names}")
            for row in rows:
                coding = inside(selection, "Coding", guid=guid(row["id"]), creatingUser=user, creationDateTime=row.get("coded_at"))
                inside(coding, "CodeRef", targetGUID=guid(row["code_id"]))
            if number == 0:
                selection.extend(self._note_refs("segment_id", segment["id"]))

    def _dated(self, at: str | None) -> dict[str, str]:
        """When something was made; QualCoder needs a time on everything, so what has none is said to be changed with the study."""
        return {"creationDateTime": at} if at else {"modifiedDateTime": self._undated}

    def _wave_values(self, document: Row) -> Iterable[etree._Element]:
        interview = self.by_id["interviews"].get(document.get("interview_id"))
        if interview:
            yield self._value("wave", "Integer", self.by_id["waves"][interview["wave_id"]]["position"])
            if interview.get("held_on"):
                yield self._value("wave_date", "Date", interview["held_on"])
            yield from self._answered(interview["id"])

    # -- notes, links, sets ------------------------------------------------------------------------------------------------------

    def _notes(self) -> Iterable[etree._Element]:
        """Each by a name of its own (QualCoder and NVivo stumble over a second); those on no passage or case as files, its journals."""
        numbers: defaultdict[str, int] = defaultdict(int)
        for row in self.rows["memos"]:
            kind = f"{row['memo_kind'].capitalize()} memo" if row.get("memo_kind") else "Memo"
            numbers[kind] += 1
            user = guid(row["coder_id"]) if row.get("coder_id") else None
            note = element("Note", guid=guid(row["id"]), name=f"{kind} {numbers[kind]}", creatingUser=user)
            words = said(self._words_of[row["id"]])
            if self._about[row["id"]][0] in ("study_id", "theme_id", "code_id"):
                path = f"{guid(row['id'])}.txt"
                self.sources[f"sources/{path}"] = words.encode("utf-8")
                note.set("plainTextPath", f"internal://{path}")
            else:
                content = element("PlainTextContent")
                content.text = words
                note.append(content)
            note.attrib.update(self._dated(row.get("written_at")))
            yield note

    def _links(self) -> Iterable[etree._Element]:
        for row in self.rows["mentions"]:
            origin = self.selection_of.get(row["segment_id"])
            if origin:
                yield _link(row["id"], MENTIONS, origin, guid(row["alter_id"]))
        for row in self.rows["lens_links"]:
            yield _link(row["id"], "seen through", guid(row["code_id"]), guid(row["lens_id"]))
        for memo, (column, row_id) in self._about.items():
            if column in ("participant_id", "map_id", "alter_id"):  # cases and graphs name no notes
                yield _link(derived("memo link", memo), "memo", guid(memo), guid(row_id))

    def _sets(self) -> Iterable[etree._Element]:
        codes: defaultdict[str, list[str]] = defaultdict(list)
        for row in self.rows["theme_codes"]:
            codes[row["theme_id"]].append(row["code_id"])
        for row in self.rows["themes"]:
            made = element("Set", guid=guid(row["id"]), name=said(row["name"]))
            if row.get("central_idea"):
                made.append(described(row["central_idea"]))
            made.extend(element("MemberCode", targetGUID=guid(code)) for code in codes[row["id"]])
            made.extend(element("MemberNote", targetGUID=guid(note)) for note in self.notes_of.get(("theme_id", row["id"]), ()))
            yield made
        for wave in sorted(self.rows["waves"], key=lambda row: row["position"]):
            members = [d["id"] for d in self.rows["documents"] if self._wave(d) == wave["id"] and d["id"] in self.latest]
            if members:
                label = wave["label"] if re.search(r"\d", wave["label"]) else f"Wave {wave['position']}: {wave['label']}"
                made = element("Set", guid=guid(wave["id"]), name=said(label))
                made.extend(element("MemberSource", targetGUID=guid(document)) for document in members)
                yield made

    def _wave(self, document: Row) -> str | None:
        interview = self.by_id["interviews"].get(document.get("interview_id"))
        return interview["wave_id"] if interview else None


def _link(row_id: str, name: str, origin: str, target: str) -> etree._Element:
    return element("Link", guid=guid(row_id), name=name, direction="OneWay", originGUID=origin, targetGUID=target)


def _write(file: Any, container: str, elements: Iterable[etree._Element]) -> None:
    """A container with what is in it; never an empty one, which the schema forbids."""
    pending = iter(elements)
    first = next(pending, None)
    if first is None:
        return
    with file.element(container):
        file.write(first)
        for each in pending:
            file.write(each)


def _version() -> str:
    try:
        return version("kithwork")
    except PackageNotFoundError:
        return "0"
