"""Files of every format cut, flipped and mixed up: read, or told in one sentence; nothing else is raised."""

import random
import zipfile
from pathlib import Path

import pytest
from formats.foreign import egor_files, protocol, session, zip_of
from formats.test_easynwk import ANN, DEE, REX, nwk, whole
from formats.test_egonet_and_vennmaker import EGONET, VENN
from formats.test_egoweb import ALTERS, JOINED, JOINED_PAIRS, PAIRS, STUDY
from formats.test_networkcanvas_graphml import HEAD, KEYS, edge, graph, node

from kithwork.formats import FORMATS, named, read, write
from kithwork.formats.reading import Notes, Options
from kithwork.formats.sources import Source
from kithwork.formats.tidy_read import NEEDED
from kithwork.model.errors import KithworkError

ROUNDS = 120
MAPS = ("participants", "maps", "alters", "ties", "alter_ties")
PIECES = [
    b"",
    b",",
    b";",
    b'"',
    b"\n",
    b"\r\n",
    b"\x00",
    b"\xff\xfe",
    b"<",
    b">",
    b"&",
    b"{",
    b"]",
    b"null",
    b"-1",
    b"1e999",
    b"NA",
    b"\xef\xbb\xbf",
]


def corpus(folder: Path) -> dict[str, list[list[Source]]]:
    """Whole files of each format that can be read."""
    import json

    three = egor_files(folder / "egor")
    session(folder / "nc", "P1", {"Person": ["name,age,map_x,map_y", "1,Ann,30,0.5,0.4", "2,Bo,,0.9,0.5"]}, {"Close": ["1,2"]})
    canvas = [*sorted((folder / "nc").iterdir()), protocol(folder / "p.netcanvas", {"map": {"type": "layout"}, "age": {"type": "number"}})]
    inner = graph("c", node(1, v1="Ann", v2=3, v3_X=0.5, v3_Y=0.5) + node(2, v1="Bo") + edge(1, 2))
    wide = "egoID;sex1;sex2;sex3;1 to 2;1 to 3;2 to 3\n1;f;m;;1;0;\n2;f;;;;;\n"
    tables = {each.name: each for each in FORMATS}["egor"].read
    assert tables is not None
    study = tables([Source(path.name, path.read_bytes()) for path in three], Notes())

    def named(files: dict[str, str]) -> list[Source]:
        return [Source(name, text.encode()) for name, text in files.items()]

    found = {
        "egor": [[Source(p.name, p.read_bytes()) for p in three], named({"wide.csv": wide})],
        "networkcanvas": [[Source(p.name, p.read_bytes()) for p in canvas], named({"a.graphml": f"{HEAD}{KEYS}{inner}</graphml>"})],
        "egoweb": [named({"a.csv": ALTERS, "p.csv": PAIRS, "s.study": STUDY}), named({"a.csv": JOINED, "p.csv": JOINED_PAIRS})],
        "easynwk": [named({"m.json": json.dumps(whole(nwk(ANN, REX, connections=((1, 2),)), nwk(ANN, DEE)))})],
        "egonet": [named({"raw.csv": EGONET})],
        "vennmaker": [named(VENN)],
    }
    for name in ("xlsx", "spss", "stata", "csv", "parquet"):
        if name in ("spss", "stata"):
            pytest.importorskip("pyreadstat")
        files = [Source(file, data) for file, data in write(study, name).files.items()]
        found[name] = [files if name != "parquet" else [file for file in files if file.name.partition(".")[0] in NEEDED]]
    return found


def mangled(data: bytes, chance: random.Random) -> bytes:
    """The file with one to three things wrong."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice([0, 1, 4, 40]))
        piece = chance.choice([*PIECES, data[at:end] * 3, bytes([chance.randrange(256)]), data[chance.randrange(len(data) + 1) :][:30]])
        data = data[:at] if chance.random() < 0.1 else data[:at] + piece + data[end:]
    return data


@pytest.mark.parametrize(
    "name", ["egor", "networkcanvas", "egoweb", "easynwk", "egonet", "vennmaker", "xlsx", "spss", "stata", "csv", "parquet"]
)
def test_a_file_with_anything_wrong_is_read_or_told_in_one_sentence(name: str, tmp_path: Path) -> None:
    reader = {each.name: each for each in FORMATS}[name].read
    assert reader is not None
    cases = corpus(tmp_path)[name]
    rounds = {"spss": 6, "stata": 6, "parquet": 3, "xlsx": 40}.get(name, ROUNDS)  # some start a process each
    for seed in range(rounds):
        chance = random.Random(seed)
        sources = list(chance.choice(cases))
        at = chance.randrange(len(sources))
        sources[at] = Source(sources[at].name, mangled(sources[at].data, chance) or b"x")
        try:
            tables = reader(sources, Notes(Options()))
        except KithworkError as error:
            sentence = str(error)
            assert "\n" not in sentence, seed
            assert sentence.endswith((".", "?")), seed
        else:
            assert tables.problems() == [], seed


@pytest.mark.parametrize("seed", range(6))
def test_a_zip_of_anything_mangled_is_read_or_told_in_one_sentence(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    found = {name: cases for name, cases in corpus(tmp_path).items() if name not in ("spss", "stata", "parquet")}  # a process each
    for _ in range(15):
        files = [source for name in chance.sample(sorted(found), chance.choice([1, 1, 2])) for source in chance.choice(found[name])]
        chance.shuffle(files)
        places = ("", "a/", "a/b/", "__MACOSX/._", "ä/")
        members = {chance.choice(places) + source.name: source.data for source in files[: chance.randint(1, len(files))]}
        whole = zip_of(members, chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
        (tmp_path / "any.zip").write_bytes(mangled(whole, chance) if chance.random() < 0.7 else whole)
        sentence = "."
        try:
            reading = read([tmp_path / "any.zip"], options=Options(wave=chance.randint(1, 8)))
        except KithworkError as error:
            sentence = str(error)
        else:
            assert reading.tables.problems() == []
        assert "\n" not in sentence
        assert sentence.endswith((".", "?"))


@pytest.mark.parametrize("name", ["egor", "networkcanvas", "egoweb"])
def test_a_row_that_stands_twice_comes_in_once_and_is_told(name: str, tmp_path: Path) -> None:
    reader = named(name, "read").read
    assert reader is not None
    for sources in corpus(tmp_path)[name]:
        plain = reader(list(sources), Notes()).counts()
        for at, source in enumerate(sources):
            if not source.name.endswith(".csv"):
                continue
            head, *lines = source.data.splitlines(keepends=True)
            for line in lines:
                mixed = list(sources)
                mixed[at] = Source(source.name, head + b"".join(lines) + line)
                notes = Notes()
                found = reader(mixed, notes)
                assert found.problems() == []
                assert {table: found.counts().get(table) for table in MAPS} == {table: plain.get(table) for table in MAPS}
                assert name == "egoweb" or any(code.startswith("repeated") for code in notes.counts)
