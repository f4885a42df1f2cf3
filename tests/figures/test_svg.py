"""Words cut to a room: the longest beginning that fits, however long the words are."""

from hypothesis import given
from hypothesis import strategies as st

from kithwork.figures.svg import cut, text_width, tidy, wrapped


@given(st.text(max_size=60), st.floats(8, 20), st.floats(20, 300))
def test_words_are_cut_to_the_longest_beginning_that_fits(text: str, size: float, width: float) -> None:
    found, whole = cut(text, size, width), tidy(text)
    if text_width(whole, size) <= width:
        assert found == whole
        return
    assert found.endswith("…")
    assert whole.startswith(found[:-1])
    assert text_width(found, size) <= width + 1e-9 or found == "…"
    longer = whole[: len(found)]
    if len(whole) > len(found) and not whole[len(found) - 1].isspace() and whole[len(found) - 1] != "\u200d":
        assert text_width(longer + "…", size) > width - 1e-9


def test_a_name_of_a_hundred_thousand_letters_is_cut_in_one_walk() -> None:
    assert len(cut("W" * 100_000, 13, 200)) < 40
    assert len(wrapped("word " * 20_000, 13, 200, lines=3)) == 3
