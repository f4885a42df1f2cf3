"""Projects as smaller exporters write them: ids that are no GUIDs, names that are no quotations, texts in odd places. Made up here."""

import io
import zipfile
from pathlib import Path

import pytest

from kithwork.actions.imports import import_reading, read_files
from kithwork.formats import refi
from kithwork.formats.reading import Notes, Reading
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError
from kithwork.model.tables import StudyTables
from kithwork.store import Study
from tests.formats.qda.test_programs import coded
from tests.formats.qda.test_refi import packed
from tests.formats.transcripts.files import docx

TEXT = "Vera: I went to the harbour choir. 🙂\nAsker: Who was there?\nVera: Nobody I knew, and Muriel, and the dog of Muriel.\n"
TEXT += "Vera: The first year was long, the second one shorter, I would say.\n"
SAID = ["the harbour choir", "Who was there", "the dog of Muriel", "The first year was long", "Vera", "I would say"]


def at(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def marks(name: str = "{words}", text: str = TEXT, move: int = 0, said: list[str] = SAID) -> str:
    """A selection with one coding for each of the words said."""
    lines = []
    for number, words in enumerate(said):
        start, stop = (place + move for place in at(words, text))
        called = name.format(words=words, start=start, stop=stop, number=number)
        lines.append(f'<PlainTextSelection guid="s{number}" name="{called}" startPosition="{start}" endPosition="{stop}">')
        lines.append(f'<Coding guid="k{number}" creatingUser="u1"><CodeRef targetGUID="code-1"/></Coding></PlainTextSelection>')
    return "".join(lines)


def project(inner: str, after: str = "", origin: str = "Somebody's") -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?><Project name="p" origin="{origin}" xmlns="urn:QDA-XML:project:1.0">
<Users><User guid="u1" name="Coder one"/></Users><CodeBook><Codes><Code guid="code-1" name="care" isCodable="true" color="255, 0, 10"/>
</Codes></CodeBook><Sources>{inner}</Sources>{after}</Project>""".encode()


def read(qde: bytes, members: dict[str, bytes] | None = None) -> tuple[StudyTables, Notes]:
    notes = Notes()
    tables = refi.read([packed({"project.qde": qde, **(members or {})})], notes)
    assert tables.problems() == []
    return tables, notes


def source(inner: str, path: str = "internal://t.txt") -> str:
    return f'<TextSource guid="src-1" name="Talk" plainTextPath="{path}">{inner}</TextSource>'


def said_of(notes: Notes) -> set[str]:
    return {problem.code for problem in notes.problems}


EVERY = {("care", words) for words in SAID}
FILE = {"sources/t.txt": TEXT.encode()}


def test_ids_that_are_no_guids_say_what_refers_to_what_and_come_in_once(study: Study) -> None:
    qde = project(
        source(marks() + '<NoteRef targetGUID="n1"/>'), '<Notes><Note guid="n1"><PlainTextContent>hm</PlainTextContent></Note></Notes>'
    )
    tables, notes = read(qde, FILE)
    assert coded(tables) == EVERY
    assert [row["name"] for row in tables.rows("coders")] == ["Coder one"]
    assert [row["color"] for row in tables.rows("codes")] == ["#FF000A"]
    assert [row["text"] for row in tables.rows("memos")] == ["hm"]
    assert "no_code" not in said_of(notes)
    assert import_reading(study, Reading(tables, format="refi-qda")).id
    assert not import_reading(study, Reading(read(qde, FILE)[0], format="refi-qda")).id


def test_a_coding_written_as_its_code_alone_is_one(study: Study) -> None:
    start, stop = at(SAID[0])
    mark = (
        f'<PlainTextSelection guid="x" startPosition="{start}" endPosition="{stop}" creatingUser="Somebody"><CodeRef targetGUID="code-1"/>'
    )
    tables, _ = read(project(source(mark + "</PlainTextSelection>")), FILE)
    assert coded(tables) == {("care", SAID[0])}
    assert {row["name"] for row in tables.rows("coders")} == {"Coder one", "Somebody"}


@pytest.mark.parametrize("name", ["{start},{stop}", "{start}-{stop}", "[{start}:{stop}]", "Quotation 1:{number}", "Talk.mp4.transcribed"])
def test_names_that_are_no_quotations_do_not_move_a_coding(name: str) -> None:
    tables, notes = read(project(source(marks(name))), FILE)
    assert coded(tables) == EVERY
    assert not [row for row in tables.rows("segments") if row.get("is_lost")]
    assert {"selection_differs", "selection_moved"}.isdisjoint(said_of(notes))


def test_one_name_given_by_hand_among_quotations_is_a_label_even_where_it_is_as_long() -> None:
    inner = marks().replace(f'name="{SAID[2]}"', 'name="why dogs matter!!"')
    tables, _ = read(project(source(inner)), FILE)
    assert coded(tables) == EVERY


@pytest.mark.parametrize("name", ["", "{start},{stop}", "Quotation {number}"])
@pytest.mark.parametrize("way", ["one as two", "UTF-16", "inclusive"])
def test_without_quotations_the_words_tell_how_positions_count(name: str, way: str) -> None:
    said = [f"answer{n} was this and that" for n in range(12)]
    text = "".join(f"🙂 Somebody asked a question, and the {words} or so\n" for words in said)
    lines = []
    for number, words in enumerate(said):
        start, stop = at(words, text)
        before = text[:start]
        shift = {"one as two": before.count("\n"), "UTF-16": before.count("🙂"), "inclusive": 0}[way]
        start, stop = start + shift, stop + shift - (way == "inclusive")
        called = name.format(start=start, stop=stop, number=number)
        lines.append(f'<PlainTextSelection guid="s{number}" name="{called}" startPosition="{start}" endPosition="{stop}">')
        lines.append(f'<Coding guid="k{number}"><CodeRef targetGUID="code-1"/></Coding></PlainTextSelection>')
    tables, notes = read(project(source("".join(lines))), {"sources/t.txt": text.encode()})
    assert coded(tables) == {("care", words) for words in said}
    assert any("between words" in problem.sentence or "called by its words" in problem.sentence for problem in notes.problems)


def test_ends_inside_words_are_not_moved_where_no_way_of_counting_is_better() -> None:
    spans = [(n * 7 + 1, n * 7 + 4) for n in range(12)]
    lines = [
        f'<PlainTextSelection guid="s{n}" startPosition="{a}" endPosition="{b}"><Coding guid="k{n}"><CodeRef targetGUID="code-1"/></Coding>'
        "</PlainTextSelection>"
        for n, (a, b) in enumerate(spans)
    ]
    tables, notes = read(project(source("".join(lines))), FILE)
    assert [(row["start"], row["stop"]) for row in tables.rows("segments")] == spans
    assert any("inside a word" in problem.sentence for problem in notes.problems)


def test_selections_of_one_text_that_count_in_two_ways_are_each_on_their_words() -> None:
    text = "🙂🙂🙂 " + "yes and no, yes and no, " * 30 + "the rest of it is told here by nobody at all."
    places = [i for i in range(len(text)) if text.startswith("yes and no", i)]
    lines = []
    for number, start in enumerate(places):
        move = 3 if number % 3 == 0 else 0  # put in by hand, the others by a search
        span = f'startPosition="{start + move}" endPosition="{start + move + 10}"'
        lines.append(f'<PlainTextSelection guid="s{number}" name="yes and no" {span}>')
        lines.append(f'<Coding guid="k{number}"><CodeRef targetGUID="code-1"/></Coding></PlainTextSelection>')
    tables, _ = read(project(source("".join(lines))), {"sources/t.txt": text.encode()})
    assert sorted(row["start"] for row in tables.rows("segments")) == places
    assert not [row for row in tables.rows("segments") if row.get("is_lost")]


def test_a_selection_from_its_end_to_its_beginning_is_turned_round() -> None:
    start, stop = at(SAID[0])
    mark = f'<PlainTextSelection guid="x" startPosition="{stop}" endPosition="{start}"><CodeRef targetGUID="code-1"/></PlainTextSelection>'
    assert coded(read(project(source(mark)), FILE)[0]) == {("care", SAID[0])}


@pytest.mark.parametrize(
    "cut", ["Nobody I … of Muriel", "Nobody I knew, and Mur...", "[...] the dog of Muriel", "NobodyIknew,andMuriel,andthedogofMuriel"]
)
def test_quotations_cut_short_anywhere_still_tell(cut: str) -> None:
    words = "Nobody I knew, and Muriel, and the dog of Muriel"
    inner = marks(said=[words]).replace(f'name="{words}"', f'name="{cut}"')
    tables, notes = read(project(source(inner)), FILE)
    assert coded(tables) == {("care", words)}
    assert not said_of(notes) & {"quotation_is_label", "selection_moved"}


def test_a_quotation_over_several_lines_is_found_although_xml_made_its_line_ends_blanks() -> None:
    words = "Who was there?\nVera: Nobody I knew"
    inner = marks(said=[words], move=5) + marks(said=SAID[:4])
    assert ("care", words) in coded(read(project(source(inner)), FILE)[0])


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return stream.getvalue()


@pytest.mark.parametrize(
    "members",
    [
        {"project.qde": b"", "sources\\t.txt": b""},
        {"My study/project.qde": b"", "My study/sources/t.txt": b"", "__MACOSX/My study/._project.qde": b"x"},
        {"project.qde": b"", "Sources/deep/er/t.txt": b""},
        {"project.qde": b"", "t.txt": b""},
        {"project.qde": b"", "sources/t.txt": b"", "old/sources/t.txt": b"other"},
    ],
    ids=["backslashes", "in a folder", "deep", "beside", "two of a name"],
)
def test_a_text_is_found_wherever_it_lies(tmp_path: Path, members: dict[str, bytes]) -> None:
    whole = {name: data or (TEXT.encode() if name.endswith(".txt") else project(source(marks()))) for name, data in members.items()}
    (tmp_path / "p.qdpx").write_bytes(zipped(whole))
    assert coded(read_files([tmp_path / "p.qdpx"]).tables) == EVERY


def test_two_texts_of_one_name_in_two_folders_are_not_taken_for_each_other() -> None:
    inner = source(marks(), "internal://a/t.txt") + source("", "internal://b/t.txt").replace("src-1", "src-2")
    tables, _ = read(project(inner), {"sources/a/t.txt": TEXT.encode(), "sources/b/t.txt": b"another"})
    assert coded(tables) == EVERY
    assert sorted(row["text"] for row in tables.rows("revisions")) == [TEXT, "another"]


def test_an_unpacked_project_and_a_renamed_one_are_read_with_their_texts(tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    (folder / "sources").mkdir(parents=True)
    (folder / "project.qde").write_bytes(project(source(marks())))
    (folder / "sources" / "t.txt").write_text(TEXT)
    assert coded(read_files([folder]).tables) == EVERY
    (tmp_path / "p.zip").write_bytes(zipped({"project.qde": project(source(marks())), **FILE}))
    assert coded(read_files([tmp_path / "p.zip"]).tables) == EVERY


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_any_encoding_that_xml_names_is_read(encoding: str) -> None:
    text = TEXT.replace("🙂", "é")
    named = encoding.removesuffix("-sig")
    qde = project(f'<TextSource guid="s" name="Zoë"><PlainTextContent>{text}</PlainTextContent>{marks(text=text)}</TextSource>')
    tables, _ = read(qde.decode().replace('encoding="utf-8"', f'encoding="{named}"').encode(encoding))
    assert coded(tables) == EVERY
    assert [row["title"] for row in tables.rows("documents")] == ["Zoë"]


def test_where_the_text_is_missing_the_page_beside_it_is_read_and_each_coding_held_to_its_words() -> None:
    page = docx(*TEXT.replace("🙂", "").splitlines())
    inner = source(marks(), "internal://no.txt").replace("plainTextPath", 'richTextPath="internal://t.docx" plainTextPath')
    tables, notes = read(project(inner), {"sources/t.docx": page})
    kept = {words for _, words in coded(tables)}
    assert kept >= {"the harbour choir", "the dog of Muriel", "The first year was long"}
    assert kept <= set(SAID)
    assert "text_from_page" in said_of(notes)
    untold, notes = read(project(inner.replace('name="', 'title="').replace('title="Talk"', 'name="Talk"')), {"sources/t.docx": page})
    assert coded(untold) == set()  # positions of another text say nothing
    assert len([row for row in untold.rows("segments") if row["is_lost"]]) == len(SAID)
    assert any("counts a text that is not in the file" in problem.sentence for problem in notes.problems)


def test_selections_right_under_a_pdf_count_the_text_that_stands_for_it() -> None:
    inside = f'<Representation guid="r" plainTextPath="internal://t.txt"/>{marks()}'
    tables, _ = read(project(f'<PDFSource guid="p" name="Letter" path="internal://p.pdf">{inside}</PDFSource>'), FILE)
    assert coded(tables) == EVERY


def test_a_region_is_put_on_its_words_where_the_text_holds_them_once_and_counted_where_not() -> None:
    region = '<PDFSelection guid="g{0}" name="{1}" page="0" firstX="1" firstY="1" secondX="2" secondY="2">{2}'
    region += '<Coding guid="c{0}"><CodeRef targetGUID="code-1"/></Coding></PDFSelection>'
    words = "<Representation guid='w'><PlainTextContent>the harbour choir</PlainTextContent></Representation>"
    inside = region.format(1, "", words) + region.format(2, "The first year was long", "") + region.format(3, "Muriel", "")
    inside += '<Representation guid="r" plainTextPath="internal://t.txt"/>'
    tables, notes = read(project(f'<PDFSource guid="p" name="Letter">{inside}</PDFSource>'), FILE)
    assert coded(tables) == {("care", "the harbour choir"), ("care", "The first year was long")}
    assert any(loss.startswith("1 coding(s) or memo(s) on regions") for loss in notes.losses)


def test_a_recording_is_its_transcript_and_stretches_between_its_sync_points_are_passages() -> None:
    places = [at(words)[0] for words in ("Vera: I", "Asker", "Vera: Nobody", "Vera: The")]
    syncs = "".join(f'<SyncPoint guid="y{n}" position="{place}" timeStamp="{n * 1000}"/>' for n, place in enumerate(places))
    untimed = f'<SyncPoint guid="z1" position="{at("Muriel")[0]}"/><SyncPoint guid="z2" position="{at("Muriel")[1]}"/>'
    chosen = (
        '<TranscriptSelection guid="t1" name="a.mp4" fromSyncPoint="z1" toSyncPoint="z2"><Coding guid="q"><CodeRef targetGUID="code-1"/>'
    )
    chosen += "</Coding></TranscriptSelection>"
    stretch = (
        '<VideoSelection guid="v{0}" begin="{1}" end="{2}"><Coding guid="w{0}"><CodeRef targetGUID="code-1"/></Coding></VideoSelection>'
    )
    inside = f'<Transcript guid="r" name="a.mp4" plainTextPath="internal://t.txt">{syncs}{untimed}{chosen}</Transcript>'
    inside += stretch.format(1, 1000, 2000) + stretch.format(2, 400, 1700)
    tables, notes = read(project(f'<VideoSource guid="p" name="Film" path="internal://a.mp4">{inside}</VideoSource>'), FILE)
    assert coded(tables) == {("care", "Muriel"), ("care", "Asker: Who was there?\n")}
    assert any(loss.startswith("1 coding(s) or memo(s) on regions") for loss in notes.losses)


def test_variables_of_other_programs_are_kept_whatever_they_are_called() -> None:
    kinds = {
        "Participant": "Text",
        "Case": "Text",
        "Age": "Integer",
        "Income": "Float",
        "Urban": "Boolean",
        "Met": "Date",
        "At": "DateTime",
    }
    values = ["P 7", "C", "34", "2.5", "true", "2026-01-02", "2026-01-02T10:00:00Z"]
    named = "".join(f'<Variable guid="v{n}" name="{name}" typeOfVariable="{kind}"/>' for n, (name, kind) in enumerate(kinds.items()))
    told = "".join(
        f'<VariableValue><VariableRef targetGUID="v{n}"/><{kind}Value>{value}</{kind}Value></VariableValue>'
        for n, (kind, value) in enumerate(zip(kinds.values(), values, strict=True))
    )
    told += '<VariableValue><VariableRef targetGUID="v99"/><TextValue>x</TextValue></VariableValue>'
    case = f'<Cases><Case guid="c1" name="Vera">{told}<SourceRef targetGUID="src-1"/></Case></Cases>'
    qde = project(source(marks())).decode().replace("<Sources>", f"<Variables>{named}</Variables>{case}<Sources>").encode()
    tables, notes = read(qde, FILE)
    codes = {row["id"]: row["code"] for row in tables.rows("questions")}
    answers = {codes[row["question_id"]]: row.get("number", row.get("text")) for row in tables.rows("answers")}
    expected = ("P 7", "C", 34.0, 2.5, "yes", "2026-01-02", "2026-01-02T10:00:00Z")
    assert answers == dict(zip(("participant", "case", "age", "income", "urban", "met", "at"), expected, strict=True))
    assert tables.rows("documents")[0]["participant_id"] == tables.rows("participants")[0]["id"]
    assert "no_variable" in said_of(notes)


def test_codings_outside_any_source_are_counted() -> None:
    stray = '<Coding guid="y"><CodeRef targetGUID="code-1"/><TextRange start="0" end="4" sourceGUID="src-1"/></Coding>'
    _, notes = read(project(source(marks()), stray), FILE)
    assert "1 coding(s) that stand in no source are not read." in notes.losses


def test_a_project_packed_with_its_recordings_is_read_whatever_their_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kithwork.formats.sources.LARGEST_WHOLE", 2**18)
    members = {"project.qde": project(source(marks())), **FILE, "sources/film.mp4": bytes(range(256)) * 4096}
    for name in ("p.qdpx", "p.zip"):
        (tmp_path / name).write_bytes(zipped(members))
        assert coded(read_files([tmp_path / name]).tables) == EVERY
    (tmp_path / "p.qdpx").write_bytes(zipped({**members, "sources/u.txt": b"word " * 2**17}))
    with pytest.raises(FormatError, match="unpack to more than"):
        read_files([tmp_path / "p.qdpx"])
    (tmp_path / "p.qdpx").write_bytes(b"PK\x03\x04" + bytes(2**19))
    with pytest.raises(FormatError, match="damaged"):
        read_files([tmp_path / "p.qdpx"])


def test_two_projects_in_one_file_are_refused() -> None:
    with pytest.raises(FormatError, match="2 project files"):
        refi.read([packed({"a.qde": project(""), "b.qde": project("")})], Notes())
    with pytest.raises(FormatError, match="0 project files"):
        refi.read([Source("x.qdpx", zipped({"a.txt": b"a"}))], Notes())
