"""The codebook, themes and the lens through the store: whatever is done to them, the tree stays a tree and undo restores all."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwork.model.errors import KithworkError, StudyError
from tests.actions.conftest import Small, small_study
from tests.actions.test_talk import Talk

TABLES = ("codes", "codings", "segments", "decisions", "memos", "summaries", "themes", "theme_codes", "lenses", "lens_links")


@pytest.fixture
def talk(small: Small) -> Talk:
    return Talk(small)


def held(talk: Talk) -> dict[str, list[dict]]:
    return {name: talk.study.rows(name) for name in TABLES}


def code(talk: Talk, name: str) -> dict:
    return talk.study.rows("codes", name=name)[0]


def filled(talk: Talk) -> Talk:
    """Three codes, one under another, on overlapping passages of two coders, with a theme, a lens node, memos and a summary."""
    do = talk.small.do
    care, trust, loss = talk.codes
    do("move code", code_id=loss, parent_id=trust)
    coders = []
    for name in ("A", "B"):
        do("add coder", name=name)
        coders.append(talk.study.rows("coders", name=name)[0]["id"])
    for words in ("Peter came over", "house is near", "Then he left"):
        talk.code(words, 0, 1, coder_id=coders[0])
    talk.code("house", 1, 2, coder_id=coders[1])
    talk.code("Then he left", 2)
    do("add theme", name="Theme", code_ids=[care, trust])
    do("add theme", name="Other", code_ids=[trust, loss])
    do("add lens node", lens="NEM", code="N1", label="Ties")
    do("add lens node", lens="NEM", code="N2", label="Function", parent_id=talk.study.rows("lenses")[0]["id"])
    for node in talk.study.rows("lenses"):
        do("link to lens", lens_id=node["id"], code_id=trust, rationale="why")
    do("write memo", text="On the code", about="code", about_id=care)
    do("write memo", text="On the theme", about="theme", about_id=talk.study.rows("themes")[0]["id"])
    do("write summary", participant_id=talk.small.participant, text="Words", code_id=care)
    return talk


def test_merging_keeps_each_passage_once_and_undo_brings_both_back(talk: Talk):
    filled(talk)
    care, trust = talk.codes[:2]
    before = held(talk)
    passages = {row["segment_id"] for row in before["codings"] if row["code_id"] in (care, trust)}
    entry = talk.small.do("merge codes", code_ids=[care], into_id=trust, why="They were one thing")
    after = held(talk)
    assert {row["segment_id"] for row in after["codings"] if row["code_id"] == trust} == passages
    keys = [(row["segment_id"], row["code_id"], row["coder_id"]) for row in after["codings"]]
    assert len(keys) == len(set(keys))
    assert {row["text"] for row in after["memos"] if row["code_id"] == trust} == {"On the code", "They were one thing"}
    assert len([row for row in after["theme_codes"] if row["code_id"] == trust]) == 2
    talk.study.undo(entry.id)
    assert held(talk) == before


def test_splitting_gives_the_passages_chosen_to_the_new_code_and_undo_takes_them_back(talk: Talk):
    filled(talk)
    trust = talk.codes[1]
    before = held(talk)
    given_away = [row["id"] for row in before["codings"] if row["code_id"] == trust][:2]
    entry = talk.small.do("split code", code_id=trust, parts=[{"name": "Trust tested", "coding_ids": given_away}], why="Two things")
    new = code(talk, "Trust tested")
    assert sorted(row["id"] for row in talk.study.rows("codings", code_id=new["id"])) == sorted(given_away)
    assert [row["text"] for row in talk.study.rows("memos", code_id=trust)] == ["Two things"]
    with pytest.raises(StudyError, match="another code"):
        talk.small.do("split code", code_id=trust, parts=[{"name": "More", "coding_ids": given_away}])
    talk.study.undo(entry.id)
    assert held(talk) == before


def test_a_code_in_use_goes_only_with_its_codings_and_undo_brings_all_of_it_back(talk: Talk):
    filled(talk)
    trust = talk.codes[1]
    before = held(talk)
    with pytest.raises(StudyError, match="in use"):
        talk.small.do("remove code", code_id=trust)
    assert held(talk) == before
    entry = talk.small.do("remove code", code_id=trust, with_codings=True, why="Said nothing of its own")
    after = held(talk)
    assert not any(row["code_id"] == trust for row in (*after["codings"], *after["theme_codes"], *after["lens_links"]))
    assert code(talk, "loss")["parent_id"] is None
    assert [row["text"] for row in after["memos"] if row["study_id"]] == ["Said nothing of its own"]
    talk.study.undo(entry.id)
    assert held(talk) == before


def test_two_codes_of_one_place_have_different_names(talk: Talk):
    for verb, given_ in (
        ("add code", {"name": "Care"}),
        ("describe code", {"code_id": talk.codes[1], "values": {"name": "CARE "}}),
        ("split code", {"code_id": talk.codes[1], "parts": [{"name": "care"}]}),
    ):
        with pytest.raises(StudyError, match="of this name"):
            talk.small.do(verb, **given_)
    talk.small.do("add code", name="care", parent_id=talk.codes[1])  # elsewhere in the tree it is another code
    with pytest.raises(StudyError, match="of this name"):
        talk.small.do("move code", code_id=talk.study.rows("codes", parent_id=talk.codes[1])[0]["id"])


def test_a_theme_is_merged_split_moved_and_taken_away(talk: Talk):
    filled(talk)
    do, before = talk.small.do, held(talk)
    first, other = (row["id"] for row in talk.study.rows("themes"))
    do("split theme", theme_id=first, name="New", code_ids=[talk.codes[0]], why="It spoke of something else")
    names = [row["name"] for row in sorted(talk.study.rows("themes"), key=lambda row: row["position"])]
    assert names == ["Theme", "New", "Other"]
    assert [row["code_id"] for row in talk.study.rows("theme_codes", theme_id=first)] == [talk.codes[1]]
    do("move theme", theme_id=other, position=1)
    assert [row["name"] for row in sorted(talk.study.rows("themes"), key=lambda row: row["position"])] == ["Other", "Theme", "New"]
    with pytest.raises(StudyError, match="rest on this theme"):
        do("remove theme", theme_id=first)
    do("merge themes", theme_id=first, into_id=other, why="One idea")
    assert {row["code_id"] for row in talk.study.rows("theme_codes", theme_id=other)} == set(talk.codes[1:])
    assert {"On the theme", "One idea"} <= {row["text"] for row in talk.study.rows("memos", theme_id=other)}
    do("choose theme codes", theme_id=other, code_ids=[talk.codes[0]])
    do("choose code themes", code_id=talk.codes[0], theme_ids=[])
    assert talk.study.rows("theme_codes", theme_id=other) == []
    do("remove theme", theme_id=other, with_words=True)
    done, _ = talk.study.undoable()
    for entry in reversed(done[-6:]):
        talk.study.undo(entry)
    assert held(talk) == before


def test_a_lens_has_nodes_of_its_own_and_taking_one_away_leaves_the_codes(talk: Talk):
    filled(talk)
    top, under = talk.study.rows("lenses")
    with pytest.raises(StudyError, match="seen through"):
        talk.small.do("remove lens node", lens_id=top["id"])
    talk.small.do("remove lens node", lens_id=top["id"], with_links=True)
    assert talk.study.row("lenses", under["id"])["parent_id"] is None
    assert len(talk.study.rows("codes")) == 3
    with pytest.raises(StudyError, match="short code"):
        talk.small.do("add lens node", lens="NEM", code="n2", label="Again")
    with pytest.raises(StudyError, match="same lens"):
        talk.small.do("add lens node", lens="Another", code="A1", label="Else", parent_id=under["id"])
    talk.small.do("add lens node", lens="Another", code="n2", label="Of another lens")


def one_step(talk: Talk, choose: random.Random) -> None:
    codes = [row["id"] for row in talk.study.rows("codes")]
    a, b = choose.choice(codes), choose.choice(codes)
    codings = [row["id"] for row in talk.study.rows("codings", code_id=a)]
    steps = (
        ("move code", {"code_id": a, "parent_id": choose.choice([b, None]), "position": choose.choice([None, 1, 2, 9])}),
        ("merge codes", {"code_ids": choose.sample(codes, min(2, len(codes))), "into_id": b, "why": "so"}),
        ("split code", {"code_id": a, "parts": [{"name": f"New {choose.randrange(4)}", "coding_ids": codings[: choose.randrange(3)]}]}),
        ("add code", {"name": f"New {choose.randrange(4)}", "parent_id": choose.choice([a, None])}),
        ("remove code", {"code_id": a, "with_codings": choose.choice([True, False])}),
        ("describe code", {"code_id": a, "values": {"name": f"New {choose.randrange(4)}"}}),
    )
    verb, arguments = choose.choice(steps)
    talk.small.do(verb, **arguments)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_whatever_is_done_to_the_codebook_it_stays_a_tree_and_undo_restores_all(tmp_path_factory: pytest.TempPathFactory, seed: int):
    small = small_study(tmp_path_factory.mktemp("codebook") / "small.kith")
    with small.study:
        talk = filled(Talk(small))
        before, choose, entries = held(talk), random.Random(seed), len(talk.study.entries())
        for _ in range(12):
            if not talk.study.rows("codes"):
                break
            try:
                one_step(talk, choose)
            except KithworkError:
                continue
            parents = {row["id"]: row["parent_id"] for row in talk.study.rows("codes")}
            for code_id in parents:
                above, place = set(), code_id
                while place is not None:
                    assert place not in above
                    above.add(place)
                    place = parents.get(place)
            names = [(row["parent_id"], row["name"].casefold()) for row in talk.study.rows("codes")]
            assert len(names) == len(set(names))
            codings = [(row["segment_id"], row["code_id"], row["coder_id"]) for row in talk.study.rows("codings")]
            assert len(codings) == len(set(codings))
        for entry in reversed(talk.study.entries()[entries:]):
            talk.study.undo(entry["id"])
        assert held(talk) == before
        assert talk.study.verify().is_sound
