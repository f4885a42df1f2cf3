"""Edits as exact maps, and passages that keep their place under them."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.model.errors import StudyError
from kithwork.talk.anchors import Anchor, anchor_at, move_all
from kithwork.talk.spans import Edit, Run, SpanMap, apply_edits, changes_between

TEXTS = st.text(alphabet="ab é\n😀", max_size=40)


@st.composite
def edited(draw: st.DrawFn, text: str | None = None) -> tuple[str, list[Edit]]:
    """A text and edits of it that do not overlap."""
    text = draw(TEXTS) if text is None else text
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, [Edit(start, stop, draw(st.text(alphabet="xy[] ", max_size=5)), draw(st.booleans())) for start, stop in pairs]


def slow_apply(text: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.stop), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.stop :]
    return text


def kept_pairs(moved: SpanMap) -> set[tuple[int, int]]:
    """Every character that is kept, as (old place, new place)."""
    return {(run.start + k, run.new_start + k) for run in moved.runs if not run.is_stand_in for k in range(run.stop - run.start)}


@given(edited())
def test_edits_give_the_text_that_editing_backwards_gives(made: tuple[str, list[Edit]]):
    text, edits = made
    # two edits at one place are carried out in the order given; backwards their order turns round
    if len({edit.start for edit in edits}) == len(edits):
        assert apply_edits(text, edits)[0] == slow_apply(text, edits)


@given(edited())
def test_a_map_is_exact_in_order_and_turns_round(made: tuple[str, list[Edit]]):
    text, edits = made
    after, moved = apply_edits(text, edits)
    assert (moved.old_length, moved.new_length) == (len(text), len(after))
    assert all(text[old] == after[new] for old, new in kept_pairs(moved))
    assert all(a.stop <= b.start and a.new_stop <= b.new_start for a, b in zip(moved.runs, moved.runs[1:], strict=False))
    assert all(run.start < run.stop and run.new_start < run.new_stop for run in moved.runs)
    assert moved.inverse().inverse() == moved
    assert kept_pairs(moved.inverse()) == {(new, old) for old, new in kept_pairs(moved)}


@given(st.data())
def test_maps_joined_end_to_end_keep_what_both_keep(data: st.DataObject):
    text, first = data.draw(edited())
    middle, one = apply_edits(text, first)
    _, second = data.draw(edited(text=middle))
    last, two = apply_edits(middle, second)
    both = one.then(two)
    step = dict(kept_pairs(two))
    assert kept_pairs(both) == {(old, step[new]) for old, new in kept_pairs(one) if new in step}
    assert (both.old_length, both.new_length) == (len(text), len(last))
    assert both.then(SpanMap(len(last), len(last), (Run(0, len(last), 0, len(last)),) if last else ())) == both


@given(st.data())
def test_joining_maps_does_not_depend_on_the_order_of_joining(data: st.DataObject):
    texts, maps = [data.draw(TEXTS)], []
    for _ in range(3):
        _, edits = data.draw(edited(text=texts[-1]))
        after, moved = apply_edits(texts[-1], edits)
        texts.append(after)
        maps.append(moved)
    left, right = maps[0].then(maps[1]).then(maps[2]), maps[0].then(maps[1].then(maps[2]))
    assert kept_pairs(left) == kept_pairs(right)


@given(TEXTS, TEXTS)
def test_changes_between_two_texts_make_the_second_of_the_first(old: str, new: str):
    edits = changes_between(old, new)
    assert apply_edits(old, edits)[0] == new
    assert changes_between(old, old) == []


@given(st.lists(st.sampled_from(["Peter", "came", "over", "and", "then", "he", "left", "again", ".", "\n"]), max_size=40), st.data())
def test_changes_between_two_texts_of_words_make_the_second_of_the_first(words: list[str], data: st.DataObject):
    old = " ".join(words)
    new = " ".join(data.draw(st.permutations(words)))
    assert apply_edits(old, changes_between(old, new))[0] == new


def test_a_stand_in_goes_back_to_the_name():
    _, there = apply_edits("Peter came over.", [Edit(0, 5, "[Brother 1]", True)])
    assert there.move(0, 15) == (0, 21)
    assert there.inverse().move(0, 11) == (0, 5)
    assert there.then(there.inverse()).move(0, 5) == (0, 5)


def test_overlapping_edits_are_refused():
    with pytest.raises(StudyError, match="overlap"):
        apply_edits("abcdef", [Edit(0, 3, "x"), Edit(2, 4, "y")])
    with pytest.raises(StudyError):
        apply_edits("abc", [Edit(2, 9, "x")])


def test_maps_of_different_texts_cannot_be_joined():
    with pytest.raises(StudyError):
        apply_edits("abc", [])[1].then(apply_edits("abcd", [])[1])


# -- passages ---------------------------------------------------------------------------------------------------------------


def moved_words(text: str, quotation: str, edits: list[Edit]) -> tuple[str, str]:
    """How the anchor of a quotation moved, and the words it stands on afterwards."""
    start = text.index(quotation)
    after, moved = apply_edits(text, edits)
    (result,) = move_all([anchor_at(text, start, start + len(quotation))], moved, text, after)
    return result.how, result.anchor.quotation


PETER = "Well, Peter came over and Peter left."


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        ("Peter came over", ("stand_in", "[brother] came over")),  # peers move this to 'ther] came over'
        ("Peter", ("stand_in", "[brother]")),  # … and lose this one
        ("Pet", ("stand_in", "[brother]")),
        ("came over", ("offset", "came over")),
        ("er came", ("stand_in", "[brother] came")),
    ],
)
def test_a_coding_stays_on_its_words_when_a_name_in_it_is_replaced(quotation: str, expected: tuple[str, str]):
    edits = [Edit(6, 11, "[brother]", True), Edit(26, 31, "[brother]", True)]
    assert moved_words(PETER, quotation, edits) == expected


def test_a_coding_whose_words_are_gone_is_lost_with_its_own_words_kept():
    assert moved_words(PETER, "Peter came over", [Edit(6, 21, "nobody")]) == ("lost", "Peter came over")


def test_the_same_words_elsewhere_are_other_words():
    text = "He came over on Sunday. Later. He came over on Sunday."
    assert moved_words(text, "He came over on Sunday.", [Edit(0, 24, "")])[0] == "lost"


def test_a_paragraph_cut_and_put_elsewhere_takes_its_coding_along():
    text = "First this was said. Then that was told. Last came the end."
    new = "First this was said. Last came the end. Then that was told."
    anchor = anchor_at(text, 21, 40)
    edits = [Edit(21, 41, ""), Edit(len(text), len(text), " Then that was told.")]
    after, moved = apply_edits(text, edits)
    assert after == new
    (result,) = move_all([anchor], moved, text, after)
    assert (result.how, new[result.anchor.start : result.anchor.stop]) == ("quotation", "Then that was told.")


def test_short_words_are_found_again_only_with_what_stood_around_them():
    text = "one two yes three four. five six yes seven eight."
    assert moved_words(text, "yes", [Edit(0, 24, ""), Edit(len(text), len(text), "one two yes three four. five six")])[0] in (
        "context",
        "lost",
    )
    assert moved_words(text, "yes", [Edit(0, 24, ""), Edit(len(text), len(text), " yes")])[0] == "lost"


def test_an_anchor_that_was_not_on_its_words_is_lost_and_not_carried_on():
    text = "abcdef"
    (result,) = move_all([Anchor(0, 3, "xyz")], apply_edits(text, [])[1], text, text)
    assert result.is_lost


def random_edit(rng: random.Random, text: str) -> Edit:
    start = rng.randrange(len(text))
    stop = min(len(text), start + rng.choices((0, 1, 3, 8, 30, 200), (40, 20, 20, 15, 4, 1))[0])
    words = "".join(rng.choices(string.ascii_letters + " \n.", k=rng.choice((0, 1, 5, 12))))
    return Edit(start, stop, words, is_stand_in=rng.random() < 0.5)


@pytest.mark.slow
def test_ten_thousand_random_edits_leave_every_anchor_on_its_own_words_or_listed():
    """Each character carries its identity, so that the same letters elsewhere are known to be others."""
    rng = random.Random(4)
    text = "".join(rng.choices(string.ascii_lowercase + "   ", k=20_000))
    marks = list(range(len(text)))
    spans = []
    for _ in range(500):
        start = rng.randrange(len(text) - 400)
        spans.append((start, start + rng.randrange(1, 400)))
    anchors = [anchor_at(text, *span) for span in spans]
    home = [set(marks[start:stop]) for start, stop in spans]
    listed = carried = 0
    for _ in range(500):
        edits: list[Edit] = []
        for edit in sorted((random_edit(rng, text) for _ in range(20)), key=lambda edit: edit.start):
            if not edits or edit.start >= edits[-1].stop:
                edits.append(edit)
        after, moved = apply_edits(text, edits)
        kept = {run.new_start + k: marks[run.start + k] for run in moved.runs if not run.is_stand_in for k in range(run.stop - run.start)}
        fresh = iter(range(max(marks, default=0) + 1, max(marks, default=0) + 1 + len(after)))
        after_marks = [kept[place] if place in kept else next(fresh) for place in range(len(after))]
        results = move_all(anchors, moved, text, after)
        alive, before = set(after_marks), set(marks)
        for number, result in enumerate(results):
            if result.is_lost:
                listed += 1
                continue
            here = after_marks[result.anchor.start : result.anchor.stop]
            strangers = (set(here) & before) - home[number]
            assert not strangers, "the anchor took in words that stood outside it"
            if result.how in ("offset", "stand_in", "edited"):
                assert home[number] & alive <= set(here), "the anchor let go of words of its own"
            assert after[result.anchor.start : result.anchor.stop] == result.anchor.quotation
            home[number] = set(here)
            carried += 1
        living = [number for number in range(len(anchors)) if not results[number].is_lost]
        anchors, home = [results[number].anchor for number in living], [home[number] for number in living]
        text, marks = after, after_marks
    assert listed + len(anchors) == 500
    assert len(anchors) > 50
    assert carried > 50_000


@settings(max_examples=200)
@given(st.data())
def test_an_anchor_holds_what_is_left_of_it_and_nothing_that_stood_outside(data: st.DataObject):
    text, edits = data.draw(edited(text=data.draw(st.text(alphabet="abcdefgh ", min_size=1, max_size=40))))
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text)))
    after, moved = apply_edits(text, edits)
    (result,) = move_all([anchor_at(text, start, stop)], moved, text, after)
    if result.how in ("offset", "stand_in", "edited"):
        new = dict(kept_pairs(moved))
        inside = range(result.anchor.start, result.anchor.stop)
        assert all((new[old] in inside) == (start <= old < stop) for old in new)
