"""Databases of QualCoder, Taguette and RQDA as their versions make them, filled here: every coding is on the words it was put on."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kithwork.actions.imports import import_reading, read_files
from kithwork.formats.reading import Reading
from kithwork.formats.taguette import Shown
from kithwork.store import Study
from tests.formats.qda.test_programs import coded

TEXT = "Vera: 🙂 I went to the harbour choir.\nAsker: Who was there?\nVera: Muriel, and the dog of Muriel.\n"
SAID = ["the harbour choir", "Who was there", "the dog of Muriel"]
Made = dict[str, tuple[str, list[tuple[Any, ...]]]]


def database(path: Path, tables: Made, *statements: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as connection:
        for name, (columns, rows) in tables.items():
            connection.execute(f"CREATE TABLE {name} ({columns})")
            for row in rows:
                connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path


def said_of(reading: Reading) -> set[str]:
    return {problem.code for problem in reading.problems}


def at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


# -- QualCoder -------------------------------------------------------------------------------------------------------------------------


def qualcoder(version: int, *, moved: int = 0) -> Made:
    """The tables of a version: columns came with v2 (files of sound), v3 (what is important), v4 (ids), v14 (names of coders), v17 (codes
    under codes); `moved` is how much a coding put in by hand is beside its words, as a window that counts UTF-16 does."""
    since = {2: "avid integer", 3: "important integer"}
    extra = [column for number, column in since.items() if version >= number]
    ids = ["ctid integer primary key"] if version >= 4 else []
    codings = []
    for number, words in enumerate(SAID):
        start, stop = (place + moved for place in at(words))
        row: list[Any] = [number] if ids else []
        codings.append(
            (*row, 1, 1, words, start, stop, "ana", "2026-01-02 10:00:00", "memo of it" if not number else "", *[0] * len(extra))
        )
    made: Made = {
        "project": ("databaseversion text, date text, memo text, about text", [(f"v{version}", "d", "Two waves", "QualCoder")]),
        "source": (
            "id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text"
            + (", av_text_id integer" * (version >= 2)),
            [
                (1, "Vera T2.txt", TEXT, None, "of the text", "ana", "d", *[None] * (version >= 2)),
                (2, "film.mp4", None, "/video/film.mp4", "", "ana", "d", *[1] * (version >= 2)),
                (3, "linked.pdf", "Words of a page.", "docs:/elsewhere/linked.pdf", "", "ana", "d", *[None] * (version >= 2)),
                (4, "empty.txt", "", None, "", "ana", "d", *[None] * (version >= 2)),
            ],
        ),
        "code_cat": (
            "catid integer primary key, name text, owner text, date text, memo text, supercatid integer",
            [(1, "outer", "ana", "d", "", None), (2, "inner", "ana", "d", "of a category", 1)],
        ),
        "code_name": (
            "cid integer primary key, name text, memo text, catid integer, owner text, date text, color text"
            + (", supercid integer" * (version >= 17)),
            [(1, "care", "of a code", 2, "ana", "d", "#9ACD32", *[None] * (version >= 17))],
        ),
        "code_text": (
            ", ".join(
                [*ids, "cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text, memo text", *extra]
            ),
            codings,
        ),
        "code_image": ("imid integer primary key, id integer, cid integer", [(1, 2, 1)]),
        "code_av": ("avid integer primary key, id integer, cid integer", [(1, 2, 1), (2, 2, 1)]),
        "annotation": (
            "anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text",
            [(1, 1, 0, 4, "who", "ana", "d")],
        ),
        "cases": ("caseid integer primary key, name text, memo text, owner text, date text", [(1, "Vera", "of a case", "ana", "d")]),
        "case_text": (
            "id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text",
            [(1, 1, 1, 0, len(TEXT), "ana", "d", "")],
        ),
        "attribute_type": (
            "name text, date text, owner text, memo text, caseOrFile text, valuetype text",
            [("Age", "d", "ana", "", "case", "numeric"), ("wave", "d", "ana", "", "file", "numeric")],
        ),
        "attribute": (
            "attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text",
            [(1, "Age", "case", "34", 1, "d", "ana"), (2, "wave", "file", "2", 1, "d", "ana")],
        ),
        "journal": ("jid integer primary key, name text, jentry text, date text, owner text", [(1, "Day one", "We began.", "d", "ana")]),
    }
    if version >= 14:
        made["coder_names"] = ("name text unique, visibility integer not null default 1", [("ana", 0)])
    return made


@pytest.mark.parametrize("version", [1, 2, 3, 4, 14, 17])
@pytest.mark.parametrize("moved", [0, 1], ids=["code points", "UTF-16"])
def test_every_version_of_qualcoder_is_read_with_all_it_says(tmp_path: Path, study: Study, version: int, moved: int) -> None:
    path = database(tmp_path / "x.qda" / "data.qda", qualcoder(version, moved=moved))
    for place in (path.parent, path):
        reading = read_files([place])
        tables = reading.tables
        assert coded(tables) == {("care", words) for words in SAID}
        assert not [row for row in tables.rows("segments") if row.get("is_lost")]
        names = {row["id"]: row["name"] for row in tables.rows("codes")}
        assert {row["name"]: names.get(row.get("parent_id")) for row in tables.rows("codes")} == {
            "outer": None,
            "inner": "outer",
            "care": "inner",
        }
        memos = {"memo of it", "of the text", "of a case", "Two waves", "who"}
        assert {row["text"] for row in tables.rows("memos")} == memos
        assert {row["title"] for row in tables.rows("documents")} == {"Vera T2.txt", "linked.pdf", "Day one"}
        assert [row["position"] for row in tables.rows("waves")] == [2]
        assert [row["number"] for row in tables.rows("answers")] == [34]
        assert "2 coding(s) of sound and film are not kept; codings of their transcripts are." in reading.losses
        assert "1 coding(s) of pictures and pages are not kept." in reading.losses
        assert "empty_text" in said_of(reading)
        assert ("hidden_coder" in said_of(reading)) == (version >= 14)
        import_reading(study, reading)
    assert len(study.rows("codings")) == len(SAID)


def test_a_project_that_qualcoder_4_has_opened_holds_views_that_are_not_looked_at(tmp_path: Path) -> None:
    views = [
        f"CREATE VIEW {name}_visible AS SELECT t.* FROM {name} t WHERE 0" for name in ("code_text", "code_image", "code_av", "annotation")
    ]
    path = database(tmp_path / "data.qda", qualcoder(17), *views)
    assert coded(read_files([path]).tables) == {("care", words) for words in SAID}


def test_what_is_important_in_qualcoder_is_said_to_stay_behind(tmp_path: Path) -> None:
    path = database(tmp_path / "data.qda", qualcoder(17), "UPDATE code_text SET important = 1 WHERE ctid = 1")
    assert any("important" in loss for loss in read_files([path]).losses)


# -- Taguette --------------------------------------------------------------------------------------------------------------------------

PAGE = "<h1>Interview</h1>\n<p>שלום 🙂 <b>went to the</b> harbour&nbsp;choir.</p>"
PAGE += "<ul><li>Muriel &amp; the dog</li><li>Muriel &amp; the dog</li></ul>"


def place_in(html: str, words: str, which: int = 0) -> tuple[int, int]:
    """Where words stand in bytes of the page's text, tags not counted, as Taguette counts."""
    shown = Shown(html)
    own = "".join(piece for piece, is_own in zip(shown._pieces, shown._is_own, strict=True) if is_own)
    start = -1
    for _ in range(which + 1):
        start = own.index(words, start + 1)
    return len(own[:start].encode()), len(own[: start + len(words)].encode())


def taguette(*, projects: int = 1, called: str = "highlight_id", page: str = PAGE, ahead: int = 0, has_parents: bool = False) -> Made:
    marks = [("went to the harbour\xa0choir", 0), ("Muriel & the dog", 1), ("שלום", 0)]
    documents, tags, highlights, joined, commands = [], [], [], [], []
    for number in range(1, projects + 1):
        documents.append((number, f"Talk {number}", "of a document", "t.docx", "2026-01-02", number, page))
        base = 10 * number
        parents = [None, base, None] if has_parents else []
        paths = ["support", "practical" if has_parents else "support.practical", "people"]
        for at_, path in enumerate(paths):
            tags.append((base + at_, number, path, "of a tag", *([parents[at_]] if has_parents else [])))
        for at_, (words, which) in enumerate(marks):
            start, stop = (place - ahead for place in place_in(page, words, which))
            highlights.append((base + at_, number, start, stop, words.replace("&", "&amp;")))
            joined.append((base + at_, base + at_))
            commands.append(
                (base + at_, "2026-01-02 10:00:00", "ana", number, number, json.dumps({"type": "highlight_add", called: base + at_}))
            )
    return {
        "projects": ("id integer, name text, description text, created text", [(n, f"Study {n}", "", "d") for n in range(1, projects + 1)]),
        "documents": ("id integer, name text, description text, filename text, created text, project_id integer, contents text", documents),
        "tags": ("id integer, project_id integer, path text, description text" + ", parent_id integer" * has_parents, tags),
        "highlights": ("id integer, document_id integer, start_offset integer, end_offset integer, snippet text", highlights),
        "highlight_tags": ("highlight_id integer, tag_id integer", joined),
        "commands": ("id integer, date text, user_login text, project_id integer, document_id integer, payload text", commands),
        "alembic_version": ("version_num text", [("x",)]),
    }


EVERY = {("support", "went to the harbour\xa0choir"), ("practical", "Muriel & the dog"), ("people", "שלום")}


@pytest.mark.parametrize(
    "made",
    [taguette(), taguette(called="id"), taguette(has_parents=True), taguette(page="\n " + PAGE, ahead=2)],
    ids=["1.5", "before 2021", "parents", "blanks ahead"],
)
def test_every_version_of_taguette_is_read_byte_by_byte(tmp_path: Path, made: Made) -> None:
    tables = read_files([database(tmp_path / "t.sqlite3", made)]).tables
    assert coded(tables) == EVERY
    assert {row["name"] for row in tables.rows("coders")} == {"ana"}
    passages = [row for row in tables.rows("segments") if row["quotation"] == "Muriel & the dog"]
    assert tables.rows("revisions")[0]["text"].rindex("Muriel") == passages[0]["start"]  # the second of two alike
    names = {row["id"]: row["name"] for row in tables.rows("codes")}
    assert {row["name"]: names.get(row.get("parent_id")) for row in tables.rows("codes")} == {
        "support": None,
        "practical": "support",
        "people": None,
    }


def test_several_projects_of_one_server_do_not_share_their_tags(tmp_path: Path, study: Study) -> None:
    path = database(tmp_path / "t.sqlite3", taguette(projects=2))
    reading = read_files([path])
    tables = reading.tables
    names = {row["id"]: row["name"] for row in tables.rows("codes")}
    above = {row["id"]: row.get("parent_id") for row in tables.rows("codes")}
    where = {row["id"]: row["document_id"] for row in tables.rows("revisions")}
    texts = {row["id"]: row["title"] for row in tables.rows("documents")}
    passages = {row["id"]: texts[where[row["revision_id"]]] for row in tables.rows("segments")}
    for row in tables.rows("codings"):
        root = row["code_id"]
        while above[root]:
            root = above[root]
        assert names[root] == passages[row["segment_id"]].replace("Talk", "Study")
    assert len(tables.rows("codings")) == 6
    assert "several_projects" in said_of(reading)
    import_reading(study, reading)
    assert not import_reading(study, read_files([path])).id


def test_a_line_end_right_after_pre_is_no_text() -> None:
    assert Shown("<pre>\na\r\nb</pre>\n<p>c</p>").text == "a\nb\nc"


# -- RQDA ------------------------------------------------------------------------------------------------------------------------------


def rqda(version: str, *, text: str = TEXT) -> Made:
    def spans(owner: str) -> list[tuple[Any, ...]]:
        live = [(1, 1, words, *map(float, (text.index(words), text.index(words) + len(words))), 1, owner, "d", "") for words in SAID]
        return [*live, (1, 1, "Vera", 0.0, 4.0, 0, owner, "d", ""), (1, 9, "gone", 0.0, 4.0, 1, owner, "d", "")]

    coding = "cid integer, fid integer, seltext text, selfirst real, selend real, status integer, owner text, date text, memo text"
    made: Made = {
        "project": ("databaseversion text, date text, dateM text, memo text, about text", [(version, "d", "d", "of all", "RQDA")]),
        "source": (
            "name text, id integer, file text, memo text, owner text, date text, dateM text, status integer",
            [("Vera", 1, text, "of a file", "ana", "d", "d", 1), ("gone", 9, "gone away", "", "ana", "d", "d", 0)],
        ),
        "freecode": (
            "name text, memo text, owner text, date text, dateM text, id integer, status integer" + ", color text" * (version >= "0.2"),
            [
                ("care", "of a code", "ana", "d", "d", 1, 1, *["#FF0000"] * (version >= "0.2")),
                ("old", "", "ana", "d", "d", 2, 0, *[None] * (version >= "0.2")),
            ],
        ),
        "codecat": (
            "name text, cid integer, catid integer, owner text, date text, dateM text, memo text, status integer",
            [("kinds", None, 1, "ana", "d", "d", "", 1)],
        ),
        "treecode": (
            "cid integer, catid integer, date text, dateM text, memo text, status integer, owner text",
            [(1, 1, "d", "d", "", 1, "ana")],
        ),
        "coding": (coding, spans("ana")),
        "cases": (
            "name text, memo text, owner text, date text, dateM text, id integer, status integer",
            [("Vera B", "of a case", "ana", "d", "d", 1, 1)],
        ),
        "caselinkage": (
            "caseid integer, fid integer, selfirst real, selend real, status integer, owner text, date text, memo text",
            [(1, 1, 0.0, float(len(text)), 1, "ana", "d", "")],
        ),
        "annotation": (
            "fid integer, position integer, annotation text, owner text, date text, dateM text, status integer",
            [(1, 4, "who", "ana", "d", "d", 1)],
        ),
        "journal": (
            "name text, journal text, date text, dateM text, owner text, status integer",
            [("Day", "We began.", "d", "d", "ana", 1)],
        ),
    }
    if version >= "0.1.6":
        made["attributes"] = (
            "name text, status integer, date text, dateM text, owner text, memo text, class text",
            [("Age", 1, "d", "d", "ana", "", "numeric")],
        )
        made["caseAttr"] = (
            "variable text, value text, caseID integer, date text, dateM text, owner text, status integer",
            [("Age", "34", 1, "d", "d", "ana", 1)],
        )
        made["fileAttr"] = (
            "variable text, value text, fileID integer, date text, dateM text, owner text, status integer",
            [("wave", "2", 1, "d", "d", "ana", 1), ("place", "north", 1, "d", "d", "ana", 1)],
        )
    if version >= "0.2":
        made["coding2"] = (coding, spans("ben"))
    return made


@pytest.mark.parametrize("version", ["0.1.5", "0.1.6", "0.2.2"])
def test_every_version_of_rqda_is_read_without_what_was_deleted(tmp_path: Path, version: str) -> None:
    reading = read_files([database(tmp_path / "p.rqda", rqda(version))])
    tables = reading.tables
    assert coded(tables) == {("care", words) for words in SAID}
    assert {row["name"] for row in tables.rows("coders")} == ({"ana", "ben"} if version >= "0.2" else {"ana"})
    assert {row["text"] for row in tables.rows("memos")} == {"of all", "of a file", "of a case", "who"}
    assert {row["name"] for row in tables.rows("codes")} == {"kinds", "care"}
    assert any("deleted" in loss for loss in reading.losses)
    assert any("deleted or empty" in problem.sentence for problem in reading.problems)
    if version >= "0.1.6":
        assert [row["number"] for row in tables.rows("answers")] == [34]
        assert [row["position"] for row in tables.rows("waves")] == [2]
        assert "Attributes of files other than the wave are not kept." in reading.losses


def test_a_text_that_rqda_kept_as_windows_wrote_it_is_read_so(tmp_path: Path) -> None:
    text = TEXT.replace("🙂", "é").replace("Muriel", "Müriel")
    made = rqda("0.2.2", text=text.replace("Müriel", "Muriel"))
    path = database(tmp_path / "p.rqda", made)
    with sqlite3.connect(path) as connection:
        for table, column in (("source", "file"), ("coding", "seltext"), ("coding2", "seltext")):
            for row, words in connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall():
                told = words.replace("Muriel", "Müriel").encode("cp1252")
                connection.execute(f"UPDATE {table} SET {column} = CAST(? AS TEXT) WHERE rowid = ?", (told, row))
    connection.close()
    tables = read_files([path]).tables
    assert coded(tables) == {("care", words.replace("Muriel", "Müriel")) for words in SAID}
