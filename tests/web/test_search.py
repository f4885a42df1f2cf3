"""What was said is found from a form; the words looked for stand in the page and nowhere else."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwork.actions import act
from kithwork.formats.transcripts.turns import find_turns
from kithwork.store import Study
from kithwork.web.pages.search import excerpt
from tests.web.conftest import HERE, Browser, Page

TALK = "I: Who gallivanted?\nP: Zoë Müller let me down. <b>Badly</b>, she did.\nP: My sister cared.\n"
TURNS = [asdict(turn) for turn in find_turns(TALK)]


@pytest.fixture
def told(study: Study) -> Study:
    person = study.rows("participants")[0]["id"]
    wave = next(row["id"] for row in study.rows("waves") if row["position"] == 2)
    roles = {"I": "interviewer", "P": "participant"}
    act(
        study,
        "bring in transcript",
        {"title": "T", "text": TALK, "turns": TURNS, "participant_id": person, "wave_id": wave, "roles": roles},
    )
    return study


def look(browser: Browser, **asked: str) -> tuple[str, Page]:
    """Send the form; where it leads, and what stands there."""
    answer = browser.send("/search/words", **asked)
    assert answer.status_code == 302
    address = answer.headers["Location"]
    return address, Page(browser.client.get(address, base_url=HERE).get_data(as_text=True))


def marked(page: Page) -> int:
    return len(page.all("mark"))


def test_words_are_found_marked_and_linked_to_their_place(told: Study, browser: Browser) -> None:
    address, page = look(browser, words='zoe "let me down"')
    document = told.rows("documents", title="T")[0]["id"]
    assert "1 turn in 1 transcript" in page.words
    assert marked(page) == 2
    start = TALK.index("Zoë")
    assert f"/documents/{document}#at-{start}-{start + 3}" in {one.get("href") for one in page.all("a")}
    assert "<b>Badly</b>" in page.words  # words of the text, not an element
    assert not {"zoe", "zoë"} & {*address.casefold().replace("/", " ").split(), *page.title.casefold().split()}


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"words": "gallivanted", "speaker": "interviewer"}, 1),
        ({"words": "gallivanted", "speaker": "participant"}, 0),
        ({"words": "zoe", "wave": "2"}, 1),
        ({"words": "zoe", "wave": "1"}, 0),
        ({"words": "zoe", "kind": "person"}, 0),
        ({"words": "zoe OR"}, 0),
    ],
)
def test_only_where_asked(told: Study, browser: Browser, asked: dict[str, str], number: int) -> None:
    _, page = look(browser, **asked)
    assert (marked(page) > 0) == bool(number)
    assert ("Nothing found" in page.words) == (not number)


@pytest.mark.parametrize("words", ["", "  ", "***", "-a", '"""', "wave:2", "wave:nowhere a", "x " * 499, "kind:spoon a"])
def test_what_cannot_be_looked_for_is_told_in_one_sentence(told: Study, browser: Browser, words: str) -> None:
    address = browser.send("/search/words", words=words).headers["Location"]
    answer = browser.client.get(address, base_url=HERE)
    page = Page(answer.get_data(as_text=True))
    assert answer.status_code in (200, 422)
    assert not any(word in page.words.casefold() for word in ("syntax", "fts5", "sqlite", "tsquery"))


def test_a_key_nobody_has_shows_the_empty_form(browser: Browser) -> None:
    page = browser.page("/search?find=gone&from=-5")
    assert "Nothing found" not in page.words


def test_many_are_shown_a_page_at_a_time_with_their_exact_number(told: Study, browser: Browser) -> None:
    text = "\n".join(f"hedgehog {number}" for number in range(45))
    act(told, "bring in transcript", {"title": "Many", "text": text, "turns": []})
    address, page = look(browser, words="hedgehog")
    assert "45 turns in 1 transcript" in page.words
    last = Page(browser.client.get(f"{address}&from=40", base_url=HERE).get_data(as_text=True))
    assert (marked(page), marked(last)) == (20, 5)


@given(st.text(alphabet="ab \n", max_size=900), st.lists(st.integers(0, 890), max_size=8))
def test_an_excerpt_holds_the_words_found_and_only_words_of_the_text_in_their_order(text: str, starts: list[int]) -> None:
    places = sorted({(start, start + 4) for start in starts if start + 4 <= len(text)})
    places = [place for number, place in enumerate(places) if not number or place[0] >= places[number - 1][1]]
    at = 0
    pieces = excerpt(text, places)
    for piece in pieces:
        if piece.text in ("… ", " …"):
            continue
        at = text.index(piece.text, at) + len(piece.text)
    assert [piece.text for piece in pieces if piece.is_found] == [text[start:stop] for start, stop in places[:4]]
