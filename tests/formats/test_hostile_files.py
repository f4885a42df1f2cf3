"""Files built to do harm, or only strange, one of each kind a format: one sentence or a right reading; a refused one changes nothing."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from formats.foreign import egor_files, zip_of

from kithwork.actions.imports import import_reading, read_files
from kithwork.cli.main import kith
from kithwork.formats import read
from kithwork.model.errors import KithworkError
from kithwork.store import create_study

XML = '<?xml version="1.0" encoding="UTF-8"?>'
HEAD = f'{XML}<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
NC = f'{XML}<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:nc="http://schema.networkcanvas.com/xmlns">'
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ALTERS = "egoID,alterID\n1,1\n"
MANY = range(20_001)

SIZE = (len(ALTERS) * 90).to_bytes(4, "little")


def nodes(begin: str, end: str) -> str:
    return begin + "".join(f"<node id='{n}'/>" for n in MANY) + end


REFUSED: dict[str, tuple[str, str | bytes, str]] = {
    "GraphML with entities": ("a.graphml", f"{XML}{BOMB}{HEAD[len(XML) :]}<graph><node id='&b;'/></graph></graphml>", "document type"),
    "Network Canvas with entities": ("a.graphml", f"{XML}{BOMB}{NC[len(XML) :]}<graph/></graphml>", "document type"),
    "GEXF with entities": ("a.gexf", f"{XML}{BOMB}<gexf><graph/></gexf>", "document type"),
    "GraphML of a file elsewhere": ("a.graphml", f"{XML}<!DOCTYPE x SYSTEM 'file:///etc/passwd'><graphml/>", "document type"),
    "deep GraphML": ("a.graphml", HEAD + "<graph>" + "<a>" * 100_000, "nested deeper"),
    "deep GEXF": ("a.gexf", "<gexf>" + "<node id='a'>" * 100_000, "nested deeper"),
    "GraphML of one endless attribute": ("a.graphml", f"{HEAD}<graph><node id='{'x' * 6_000_000}'/></graph></graphml>", "longer than"),
    "GraphML of one endless text": ("a.graphml", f"{HEAD}<graph><desc>{'x' * 3_000_000}</desc></graph></graphml>", "longer than"),
    "GraphML that ends in a tag": ("a.graphml", f"{HEAD}<graph><node id='a'/><node {'x' * 6_000_000}", "longer than"),
    "GraphML of too many alters": ("a.graphml", nodes(f"{HEAD}<graph>", "</graph></graphml>"), "20,000"),
    "GEXF of too many alters": ("a.gexf", nodes("<gexf><graph><nodes>", "</nodes></graph></gexf>"), "20,000"),
    "Gephi's edges of too many alters": ("a.csv", "Source,Target,Type\n" + "".join(f"{n},{n + 1},Undirected\n" for n in MANY), "20,000"),
    "egor's alters of one ego without end": ("a.csv", "egoID,alterID\n" + "".join(f"1,{n}\n" for n in MANY), "20,000"),
    "GEXF of too many moments": (
        "a.gexf",
        "<gexf><graph><nodes>" + "".join(f"<node id='{n}' start='{n % 50 + 1}'/>" for n in range(45_000)) + "</nodes></graph></gexf>",
        "whether something was there",
    ),
    "GraphML of UTF-16 that is cut": ("a.graphml", f"{HEAD}<graph/></graphml>".encode("utf-16")[:-7], "not whole XML"),
    "GraphML in an unknown encoding": ("a.graphml", "<?xml version='1.0' encoding='klingon'?><graphml/>", "XML"),
    "columns without end": ("a.csv", "egoID,alterID," + ",".join(f"c{n}" for n in range(10_000)) + "\n1,1\n", "5,000 columns"),
    "a line without end": ("a.csv", "egoID,alterID\n1," + "x" * 3_000_000, "line longer"),
    "a cell without end": ("a.csv", "egoID,alterID\n1," + "x" * 300_000, "cell longer"),
    "a quote without end": ("a.csv", 'egoID,alterID\n1,"a\n2,b\n', "quote"),
    "a column twice": ("a.csv", "egoID,alterID,age,age\n1,1,2,3\n", "same name"),
    "NUL in a table": ("a.csv", "egoID,alterID\n1,\0\n", "NUL"),
    "half a UTF-16 table": ("a.csv", ALTERS.encode("utf-16")[:-1], "UTF-16"),
    "deep JSON": ("a.json", '{"alteri":' + "[" * 100_000, "JSON"),
    "JSON of endless numbers": ("a.json", '{"alteri": [{"id": ' + "9" * 100_000 + "}]}", "JSON|number|long"),
    "a zip that points outside": ("a.zip", zip_of({"../../evil.csv": ALTERS}), "outside"),
    "a zip of an absolute path": ("a.zip", zip_of({"/etc/evil.csv": ALTERS}), "outside"),
    "a zip that unpacks without end": ("a.zip", zip_of({"a.csv": "0" * 40_000_000}), "times its size"),
    "a zip that lies of its size": ("a.zip", zip_of({"a.csv": ALTERS * 90}).replace(SIZE, b"\x07\0\0\0"), "damaged"),
    "an empty file": ("a.csv", "", "empty"),
    "a header without rows": ("a.csv", "\n\n", "header|no format"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_hostile_file_is_one_sentence_and_the_study_stays_as_it_was_to_the_byte(what: str, tmp_path: Path) -> None:
    name, content, words = REFUSED[what]
    file, study = tmp_path / name, tmp_path / "study.kith"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    egor_files(tmp_path / "in")
    with create_study(study) as opened:
        import_reading(opened, read([tmp_path / "in"]))
    before = hashlib.sha256(study.read_bytes()).hexdigest()
    told = CliRunner().invoke(kith, ["import", str(study), str(file)])
    assert isinstance(told.exception, KithworkError), told.exception
    assert re.search(words, str(told.exception))
    assert "\n" not in str(told.exception)
    assert hashlib.sha256(study.read_bytes()).hexdigest() == before


def tables(text: str | bytes, name: str = "a.csv") -> Callable[[Path], dict[str, int]]:
    def counted(folder: Path) -> dict[str, int]:
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_files([folder / name]).tables.counts()

    return counted


STRANGE = {
    "a mark of byte order": ("\ufeff" + ALTERS, 1),
    "UTF-16": (ALTERS.encode("utf-16"), 1),
    "lone carriage returns": (ALTERS.replace("\n", "\r"), 1),
    "carriage returns in quotes": ('egoID,alterID,note\r\n1,1,"a\r\nb"\r\n1,2,"c\rd"\r\n', 2),
    "a semicolon and decimal commas": ("egoID;alterID;dose\n1;1;0,5\n1;2;1,5\n", 2),
    "numbers without end": ("egoID,alterID,dose\n1,1,1e400\n1,2,NaN\n1,3,Infinity\n1,4,-Infinity\n1,5,3\n", 5),
    "ids that are numbers without end": ("egoID,alterID\n1,1e400\n1,Infinity\n", 2),
    "a wave below zero": ("egoID,alterID,pseudonym,wave\n1,1,a,-1\n1,2,b,0\n", 2),
    "dates that cannot be": ("egoID,alterID,met\n1,1,2026-02-31\n1,2,99999-99-99\n", 2),
    "blanks and marks of direction in ids": ("egoID,alterID\n1,a \n1,\u202eb\n1,c\u200b\n", 3),
    "formulas": ("egoID,alterID,note\n1,=1+1,@x\n1,+2,-x\n", 2),
    "columns called as ours": ("egoID,alterID,id,map_id,source_key\n1,1,a,b,c\n", 1),
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_strange_table_is_read_with_every_alter(what: str, tmp_path: Path) -> None:
    text, alters = STRANGE[what]
    counts = tables(text)(tmp_path)
    assert (counts["alters"], counts["ties"]) == (alters, alters)
    with create_study(tmp_path / "study.kith") as study:
        import_reading(study, read_files([tmp_path / "a.csv"]))
        assert study.tables().problems() == []
        assert study.verify().is_sound


def test_numbers_that_json_may_hold_but_no_study_are_told(tmp_path: Path) -> None:
    nwk = {"ego": {"name": "E"}, "alteri": [{"id": 1, "name": "A", "distance": float("inf"), "angle": float("nan")}], "connections": []}
    (tmp_path / "a.json").write_text(json.dumps(nwk))
    with pytest.raises(KithworkError) as told:
        read_files([tmp_path / "a.json"])
    assert "\n" not in str(told.value)
