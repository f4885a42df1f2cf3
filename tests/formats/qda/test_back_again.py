"""What other programs wrote, brought in, written out and brought in elsewhere: valid, and the same codings, codes and memos."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xmlschema

from kithwork.actions.imports import import_reading, read_files
from kithwork.formats import refi
from kithwork.formats.codebook import paths_of
from kithwork.model.schema import LIVE
from kithwork.model.tables import StudyTables
from kithwork.store import Study, create_study
from tests.formats.qda import test_databases as made
from tests.formats.qda import test_exporters as exporters
from tests.formats.qda.test_refi import SCHEMA, packed, written

Place = Callable[[Path], Path]


def exported(folder: Path) -> Path:
    notes = '<Notes><Note guid="n1" name="why"><PlainTextContent>hm</PlainTextContent></Note></Notes>'
    qde = exporters.project(exporters.source(exporters.marks("{start},{stop}") + '<NoteRef targetGUID="n1"/>'), notes)
    (folder / "p.qdpx").write_bytes(exporters.zipped({"project.qde": qde, "sources\\t.txt": exporters.TEXT.encode()}))
    return folder / "p.qdpx"


PROGRAMS: dict[str, Place] = {
    "exporter": exported,
    "QualCoder": lambda folder: made.database(folder / "x.qda" / "data.qda", made.qualcoder(17, moved=1)),
    "Taguette": lambda folder: made.database(folder / "t.sqlite3", made.taguette()),
    "RQDA": lambda folder: made.database(folder / "p.rqda", made.rqda("0.2.2")),
}


def said(tables: StudyTables) -> set[tuple[str, ...]]:
    """Every coding by its code's path, words, coder and document; every memo by its words and what it is on."""
    codes = paths_of(tables)
    names = {row["id"]: row["name"] for row in tables.rows("coders")}
    titles = {row["id"]: row["title"] for row in tables.rows("documents")}
    where = {row["id"]: titles[row["document_id"]] for row in tables.rows("revisions")}
    segments = {row["id"]: row for row in tables.rows("segments")}
    found = {("code", path) for path in codes.values()}
    for row in tables.rows("codings"):
        segment = segments[row["segment_id"]]
        place = str((segment["start"], segment["stop"], segment.get("is_lost")))
        coder = names.get(row.get("coder_id", ""), "")
        found.add((codes[row["code_id"]], segment["quotation"], place, coder, where[segment["revision_id"]]))
    for row in tables.rows("memos"):
        about = next(name for name in row if name.endswith("_id") and name != "coder_id")
        found.add(("memo", about, row["text"]))
    return found


def counted(study: Study) -> dict[str, int]:
    return {name: len(study.rows(name)) for name in LIVE}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_project_comes_in_once_and_goes_out_valid_and_whole(tmp_path: Path, study: Study, program: str) -> None:
    place = PROGRAMS[program](tmp_path)
    assert import_reading(study, read_files([place])).id
    before = counted(study)
    assert not import_reading(study, read_files([place])).id
    assert counted(study) == before
    members = written(study.tables(*LIVE), with_personal_text=True, include_unsigned=True)
    xmlschema.XMLSchema(str(SCHEMA)).validate(members["project.qde"].decode())
    for left in ((), ("kithwork/study.json",)):  # as we read it, and as a program would that knows the standard alone
        kept = {name: data for name, data in members.items() if name not in left}
        (tmp_path / f"out{len(left)}.qdpx").write_bytes(packed(kept).data)
        with create_study(tmp_path / f"again{len(left)}.kith") as again:
            assert import_reading(again, read_files([tmp_path / f"out{len(left)}.qdpx"])).id
            assert said(again.tables(*LIVE)) == said(study.tables(*LIVE))
        assert not import_reading(study, read_files([tmp_path / f"out{len(left)}.qdpx"])).id
    assert refi.write(study.tables(*LIVE)).losses
