"""What goes on paper: PNG and PDF of pictures, the participant's page, and the command that writes figures."""

import datetime
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from kithwork.cli.figure import command
from kithwork.figures import FIGURES
from kithwork.figures.circle_flow import circle_flow
from kithwork.figures.printed_page import printed_page
from kithwork.figures.render import pdf_of, png_of
from kithwork.figures.support_map import support_map
from kithwork.model.errors import SelectionError
from kithwork.model.schema import LIVE
from kithwork.store import create_study
from tests.figures.studies import Maker, eventful

DAY = datetime.date(2026, 4, 2)


def words_of(pdf: bytes, folder: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    found = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(found.split())


def spoken() -> tuple[Maker, str, str]:
    """One map of one alter, with a name, a meaning, and Typst's own signs in both."""
    maker = Maker()
    person = maker.participant("P07")
    drawn = maker.held(person, 1)
    alter = maker.alter(person, "Sister 1")
    maker.add("identities", alter_id=alter, name="Orla #panic()")
    maker.tie(drawn, alter, 1, 10.0, 0.2)
    maker.rows["ties"][0]["meaning"] = "$x$ *rings* me #read(“/etc/passwd”) ]"
    return maker, person, drawn


def test_the_page_says_who_is_on_the_map_and_what_it_means(tmp_path: Path) -> None:
    maker, person, drawn = spoken()
    page = words_of(printed_page(maker.tables(), person, [drawn], True, printed_on=DAY), tmp_path)
    for expected in (
        "My support network",
        "P07 · printed on 2 April 2026",
        "Orla #panic()",
        "Most important",
        "14 January 2026",
        "Synthetic study",
    ):
        assert expected in page
    assert "$x$ *rings* me #read(" in page


@pytest.mark.parametrize("name", ["小林さん", "👩‍👧 mum", "\ue000\U0010fffd", "\u202eanA", "אמא", "x" * 3000, "\u200b"])
def test_a_name_in_any_script_is_printed_even_where_there_is_no_font_for_it(name: str) -> None:
    maker, person, drawn = spoken()
    maker.rows["identities"][0]["name"] = name
    assert printed_page(maker.tables(), person, [drawn], True, printed_on=DAY).startswith(b"%PDF")
    assert pdf_of(support_map(maker.tables(), drawn, names=True)).startswith(b"%PDF")


def test_with_pseudonyms_neither_name_nor_own_words_are_printed(tmp_path: Path) -> None:
    maker, person, drawn = spoken()
    page = words_of(printed_page(maker.tables(), person, [drawn], printed_on=DAY), tmp_path)
    assert "Sister 1" in page
    assert "Orla" not in page
    assert "rings" not in page


def test_the_page_of_several_maps_tells_the_change_and_is_always_the_same(tmp_path: Path) -> None:
    tables, person = eventful(missed=2)
    maps = tables["maps"]["id"].to_list()
    page = printed_page(tables, person, maps, printed_on=DAY)
    assert page == printed_page(tables, person, maps, printed_on=DAY)
    text = words_of(page, tmp_path)
    assert "What changed, in words" in text
    assert "nothing counts as lost because of it" in text


def test_a_map_of_another_participant_is_refused() -> None:
    maker, _, drawn = spoken()
    with pytest.raises(SelectionError):
        printed_page(maker.tables(), maker.participant("P08"), [drawn])


def test_a_picture_becomes_a_png_and_a_pdf_that_open(tmp_path: Path) -> None:
    svg = circle_flow(*eventful())
    assert png_of(svg).startswith(b"\x89PNG")
    pdf = pdf_of(svg)
    assert pdf == pdf_of(svg)
    assert "Ties through the circles" in words_of(pdf, tmp_path)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    tables, _ = eventful()
    with create_study(tmp_path / "study.kith") as study, study.change("fill", origin="command") as change:
        for name in LIVE:
            change.insert_all(name, tables.rows(name))
    return tmp_path / "study.kith"


@pytest.mark.parametrize("name", list(FIGURES))
def test_the_command_writes_every_figure(name: str, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "picture.svg"
    measures = {0: [], 1: ["--measure", "size_person"], 2: ["--measure", "size", "--measure", "density"]}[FIGURES[name].measures]
    given = [str(place), name, "-o", str(out), "--participant", "P01", "--wave", "1", *measures]
    done = CliRunner().invoke(command, given, catch_exceptions=False)
    assert done.exit_code == 0
    assert out.read_text().startswith("<svg")


def test_the_command_refuses_what_is_not_there_in_one_sentence(place: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "picture.svg")
    cases = {
        ("support_mop", "-o", out): "support_map",
        ("support_map", "-o", out): "--participant",
        ("support_map", "-o", out, "--participant", "P99", "--wave", "1"): "no participant",
        ("support_map", "-o", out, "--participant", "P01", "--wave", "9"): "no wave 9",
        ("support_map", "-o", out, "--participant", "P01", "--wave", "2"): "no map",
        ("support_map", "-o", out, "--participant", "P01", "--wave", "1", "--state", "crises"): "crisis",
        ("circle_flow", "-o", out + ".gif"): ".png",
        ("measure_by_wave", "-o", out): "--measure",
        ("measure_against", "-o", out, "--measure", "size"): "two measures",
        ("measure_by_wave", "-o", out, "--measure", "denzity"): "density",
        ("size_by_wave", "-o", str(tmp_path / "nowhere" / "a.svg")): "cannot be written",
    }
    for given, expected in cases.items():
        with pytest.raises(SelectionError) as refused:
            CliRunner().invoke(command, [str(place), *given], catch_exceptions=False)
        assert expected in str(refused.value)
    assert CliRunner().invoke(command, [str(place)]).exit_code == 2
    listing = CliRunner().invoke(command, [str(place), "--list"]).output
    assert all(name in listing for name in FIGURES)
