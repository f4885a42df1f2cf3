"""Files of every format cut, flipped and mixed up: read, or told in one sentence; nothing else is raised."""

import random
from pathlib import Path

import pytest
from formats.foreign import egor_files, protocol, session
from formats.test_easynwk import ANN, DEE, REX, nwk, whole
from formats.test_egonet_and_vennmaker import EGONET, VENN
from formats.test_egoweb import ALTERS, JOINED, JOINED_PAIRS, PAIRS, STUDY
from formats.test_networkcanvas_graphml import HEAD, KEYS, edge, graph, node

from kithwork.formats import FORMATS, write
from kithwork.formats.reading import Notes, Options
from kithwork.formats.sources import Source
from kithwork.model.errors import KithworkError

ROUNDS = 120
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
    for name in ("xlsx", "spss", "stata"):
        if name != "xlsx":
            pytest.importorskip("pyreadstat")
        found[name] = [[Source(file, data) for file, data in write(study, name).files.items()]]
    return found


def mangled(data: bytes, chance: random.Random) -> bytes:
    """The file with one to three things wrong."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice([0, 1, 4, 40]))
        piece = chance.choice([*PIECES, data[at:end] * 3, bytes([chance.randrange(256)]), data[chance.randrange(len(data) + 1) :][:30]])
        data = data[:at] if chance.random() < 0.1 else data[:at] + piece + data[end:]
    return data


@pytest.mark.parametrize("name", ["egor", "networkcanvas", "egoweb", "easynwk", "egonet", "vennmaker", "xlsx", "spss", "stata"])
def test_a_file_with_anything_wrong_is_read_or_told_in_one_sentence(name: str, tmp_path: Path) -> None:
    reader = {each.name: each for each in FORMATS}[name].read
    assert reader is not None
    cases = corpus(tmp_path)[name]
    rounds = 6 if name in ("spss", "stata") else 40 if name == "xlsx" else ROUNDS  # the former start a process each
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
