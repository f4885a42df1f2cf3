"""Coding verbs: passages shared and dropped, mentions, memos, decisions, the codebook, themes, the lens, summaries."""

import pytest

from kithwork.model.errors import ConflictError, SelectionError, StudyError
from kithwork.model.ids import new_id
from tests.actions.conftest import Small
from tests.actions.test_talk import TALK, Talk


@pytest.fixture
def talk(small: Small) -> Talk:
    return Talk(small)


def coder(talk: Talk, name: str) -> str:
    talk.small.do("add coder", name=name)
    return next(row["id"] for row in talk.study.rows("coders") if row["name"] == name)


def codings(talk: Talk) -> list[tuple[str, str]]:
    """(code, words) of every coding."""
    names = {row["id"]: row["name"] for row in talk.study.rows("codes")}
    words = {row["id"]: row["quotation"] for row in talk.study.rows("segments")}
    return sorted((names[row["code_id"]], words[row["segment_id"]]) for row in talk.study.rows("codings"))


def test_two_coders_on_one_passage_share_it_and_it_goes_with_its_last_use(talk: Talk):
    one, other = coder(talk, "A"), coder(talk, "B")
    segment = talk.code("Peter came over", 0, 1, coder_id=one)
    assert talk.code("Peter came over", 0, coder_id=other) == segment
    assert talk.code("Peter came over", 0, coder_id=other) == segment  # twice is once
    assert len(talk.study.rows("codings")) == 3
    for row in talk.study.rows("codings"):
        assert talk.study.rows("segments")
        talk.small.do("uncode", coding_id=row["id"])
    assert talk.study.rows("segments") == []


def test_a_passage_with_a_memo_stays_when_its_last_code_is_taken_off(talk: Talk):
    segment = talk.code("Then he left.")
    talk.small.do("write memo", text="why?", about="segment", about_id=segment, id=(memo := new_id()))
    talk.small.do("uncode", coding_id=talk.study.rows("codings")[0]["id"])
    assert [row["id"] for row in talk.study.rows("segments")] == [segment]
    talk.small.do("remove memo", memo_id=memo)
    assert talk.study.rows("segments") == []


def test_drawing_a_coding_longer_leaves_the_other_coders_where_it_was(talk: Talk):
    one, other = coder(talk, "A"), coder(talk, "B")
    talk.code("came over", 0, coder_id=one)
    talk.code("came over", 0, coder_id=other)
    mine = talk.study.rows("codings", coder_id=one)[0]
    talk.small.do("move coding", coding_id=mine["id"], start=18, stop=33)
    assert codings(talk) == [("care", "Peter came over"), ("care", "came over")]


@pytest.mark.parametrize(("start", "stop"), [(5, 5), (7, 3), (0, 10_000), (-4, 2)])
def test_a_passage_outside_the_text_is_refused(talk: Talk, start: int, stop: int):
    with pytest.raises(StudyError):
        talk.small.do("code segment", revision_id=talk.revision["id"], start=start, stop=stop, code_ids=talk.codes[:1])


def test_offsets_count_code_points_beyond_the_first_plane(talk: Talk):
    text = "P: 😀 fine, José."
    talk.small.do("bring in transcript", title="x", text=text, turns=[], id=(doc := new_id()))
    (revision,) = talk.study.rows("revisions", document_id=doc)
    talk.small.do("code segment", revision_id=revision["id"], start=5, stop=9, code_ids=talk.codes[:1])
    assert codings(talk) == [("care", "fine")]


def test_a_code_in_vivo_is_named_by_the_words_and_used_again(talk: Talk):
    for nth in (0, 1):
        start = TALK.index("Peter", nth * 20)
        talk.small.do("code in vivo", revision_id=talk.revision["id"], start=start, stop=start + 5)
    assert codings(talk) == [("Peter", "Peter"), ("Peter", "Peter")]
    assert len(talk.study.rows("codes", name="Peter")) == 1
    start = TALK.index("left.")
    talk.small.do("code in vivo", revision_id=talk.revision["id"], start=start, stop=start + 5)
    assert codings(talk)[-1] == ("left", "left.")  # what ends a sentence is no part of a name


def test_a_code_made_on_words_keeps_the_name_somebody_gives_and_shortens_only_words_that_name_it(talk: Talk):
    given = "Being let down by people who had said that they would come, and waiting for them all the same " * 2
    whole = {"revision_id": talk.revision["id"], "start": 0, "stop": len(TALK)}
    talk.small.do("code in vivo", **whole, name=given)
    talk.small.do("code in vivo", **whole)
    assert [name for name, _ in codings(talk)] == [given.strip(), " ".join(TALK.split())[:79].rstrip() + "…"]


def test_many_mentions_at_once_are_what_they_are_one_by_one(talk: Talk):
    (first, tie), (second, _) = talk.small.name(0), talk.small.name(0)
    there = {"start": 18, "stop": 23, "alter_id": first}
    rest = [
        {**there, "alter_id": second},
        {"start": 0, "stop": 4, "alter_id": second},
        {**there, "tie_id": tie},
        {"start": 0, "stop": 4, "alter_id": second},
    ]
    talk.small.do("note mentions", revision_id=talk.revision["id"], mentions=[there])
    talk.small.do("note mentions", revision_id=talk.revision["id"], mentions=rest)
    places = {row["id"]: (row["start"], row["stop"]) for row in talk.study.rows("segments")}
    found = sorted((*places[row["segment_id"]], row["alter_id"], row["tie_id"]) for row in talk.study.rows("mentions"))
    assert found == sorted([(18, 23, first, tie), (18, 23, second, None), (0, 4, second, None)])
    assert len(places) == 2
    with pytest.raises(StudyError):
        talk.small.do(
            "note mentions", revision_id=talk.revision["id"], mentions=[{"start": 5, "stop": 9, "alter_id": first}, {**there, "stop": 9**9}]
        )
    assert len(talk.study.rows("segments")) == 2


def test_a_mention_ties_a_passage_to_an_alter_of_this_person_only(talk: Talk):
    alter, tie = talk.small.name(0)
    stranger = new_id()
    talk.small.do("enrol participant", pseudonym="P02", id=stranger)
    with talk.study.change("set up") as change:
        foreign = change.insert("alters", {"participant_id": stranger, "kind": "person", "pseudonym": "Person 1"})["id"]
    given = {"start": 18, "stop": 23, "alter_id": alter}
    talk.small.do("note mentions", revision_id=talk.revision["id"], mentions=[{**given, "tie_id": tie}])
    talk.small.do("note mentions", revision_id=talk.revision["id"], mentions=[given])  # again: the tie stays
    (mention,) = talk.study.rows("mentions")
    assert (mention["alter_id"], mention["tie_id"]) == (alter, tie)
    with talk.study.change("set up") as change:
        told = change.insert("events", {"alter_id": alter, "event": "lost"})["id"]
    for event in (told, None):  # tied to an event, and taken off it again
        talk.small.do("note mentions", revision_id=talk.revision["id"], mentions=[{**given, "event_id": event}])
        (mention,) = talk.study.rows("mentions")
        assert (mention["tie_id"], mention["event_id"]) == (tie, event)
    with pytest.raises(StudyError):
        talk.small.do("note mentions", revision_id=talk.revision["id"], mentions=[{**given, "alter_id": foreign}])
    other, _ = talk.small.name(0)
    with pytest.raises(StudyError):
        talk.small.do("note mentions", revision_id=talk.revision["id"], mentions=[{**given, "alter_id": other, "tie_id": tie}])
    talk.small.do("forget mention", mention_id=mention["id"])
    assert talk.study.rows("segments") == []


def test_a_decision_keeps_both_codings_and_needs_its_reason(talk: Talk):
    talk.code("came over", 0, coder_id=coder(talk, "A"))
    span = {"revision_id": talk.revision["id"], "start": 24, "stop": 33, "code_id": talk.codes[0]}
    with pytest.raises(StudyError):
        talk.small.do("decide coding", **span, is_kept=True, reason=" ")
    talk.small.do("decide coding", **span, is_kept=True, reason="it is about care")
    talk.small.do("decide coding", **span, is_kept=False, reason="on reflection it is not")
    (decision,) = talk.study.rows("decisions")
    assert (decision["is_kept"], decision["reason"]) == (False, "on reflection it is not")
    assert codings(talk) == [("care", "came over")]
    talk.small.do("take back decision", decision_id=decision["id"])
    with pytest.raises(ConflictError):
        talk.small.do("take back decision", decision_id=decision["id"])


def test_merging_moves_everything_and_a_passage_carries_the_code_once(talk: Talk):
    care, trust, loss = talk.codes
    talk.code("came over", 0, 1)
    talk.code("Then he left.", 1)
    talk.small.do("write memo", text="m", about="code", about_id=trust)
    talk.small.do("describe code", code_id=trust, values={"definition": "leaning on someone"})
    talk.small.do("move code", code_id=loss, parent_id=trust)
    before = talk.everything()
    entry = talk.small.do("merge codes", code_ids=[trust], into_id=care)
    assert codings(talk) == [("care", "Then he left."), ("care", "came over")]
    assert talk.study.row("codes", loss)["parent_id"] == care
    assert talk.study.row("codes", care)["definition"] == "leaning on someone"
    assert talk.study.rows("memos")[0]["code_id"] == care
    talk.study.undo(entry.id)
    assert talk.everything() == before


def test_a_code_merged_into_one_of_its_own_branches_leaves_its_place_to_it(talk: Talk):
    care, trust, loss = talk.codes
    talk.small.do("move code", code_id=trust, parent_id=care)
    talk.small.do("move code", code_id=loss, parent_id=trust)
    talk.small.do("merge codes", code_ids=[care], into_id=loss)
    assert talk.study.row("codes", loss)["parent_id"] is None
    assert talk.study.row("codes", trust)["parent_id"] == loss


def test_splitting_gives_away_what_was_chosen_and_keeps_the_rest(talk: Talk):
    talk.code("came over")
    talk.code("Then he left.")
    chosen = next(
        row["id"] for row in talk.study.rows("codings") if talk.study.row("segments", row["segment_id"])["quotation"] == "came over"
    )
    talk.small.do("split code", code_id=talk.codes[0], parts=[{"name": "visits", "coding_ids": [chosen]}])
    assert codings(talk) == [("care", "Then he left."), ("visits", "came over")]
    with pytest.raises(StudyError):
        talk.small.do("split code", code_id=talk.codes[0], parts=[{"name": "Visits", "coding_ids": []}])


def test_a_code_moves_to_a_place_and_never_under_itself(talk: Talk):
    care, trust, loss = talk.codes
    talk.small.do("move code", code_id=loss, position=1)
    order = sorted(talk.study.rows("codes"), key=lambda row: row["position"])
    assert [row["name"] for row in order] == ["loss", "care", "trust"]
    talk.small.do("move code", code_id=trust, parent_id=care)
    with pytest.raises(StudyError):
        talk.small.do("move code", code_id=care, parent_id=trust)
    with pytest.raises(SelectionError):
        talk.small.do("move code", code_id=care, parent_id=new_id())


def test_themes_gather_codes_and_the_lens_says_why(talk: Talk):
    care, trust, _ = talk.codes
    talk.small.do("add theme", name="Being held", central_idea="…", code_ids=[care, care])
    (theme,) = talk.study.rows("themes")
    talk.small.do("put code in theme", theme_id=theme["id"], code_id=trust)
    talk.small.do("put code in theme", theme_id=theme["id"], code_id=care, is_in=False)
    assert [row["code_id"] for row in talk.study.rows("theme_codes")] == [trust]
    talk.small.do("write summary", participant_id=talk.small.participant, theme_id=theme["id"], wave_id=talk.small.waves[0], text="held")
    talk.small.do(
        "write summary", participant_id=talk.small.participant, theme_id=theme["id"], wave_id=talk.small.waves[0], text="held still"
    )
    assert [row["text"] for row in talk.study.rows("summaries")] == ["held still"]
    with pytest.raises(StudyError):
        talk.small.do("remove theme", theme_id=theme["id"])
    talk.small.do("write summary", participant_id=talk.small.participant, theme_id=theme["id"], wave_id=talk.small.waves[0], text=" ")
    talk.small.do("remove theme", theme_id=theme["id"])
    with talk.study.change("set up") as change:
        node = change.insert("lenses", {"lens": "NEM", "code": "tie", "label": "Ties"})["id"]
    for reason in ("first", "second"):
        talk.small.do("link to lens", lens_id=node, code_id=care, rationale=reason)
    assert [row["rationale"] for row in talk.study.rows("lens_links")] == ["second"]
    talk.small.do("unlink from lens", lens_id=node, code_id=care)
    assert talk.study.rows("lens_links") == []


@pytest.mark.parametrize("about", ["tie", "ego", ""])
def test_a_memo_is_on_one_of_the_things_it_can_be_on(talk: Talk, about: str):
    with pytest.raises(StudyError):
        talk.small.do("write memo", text="x", about=about, about_id=talk.small.participant)


def test_a_memo_may_be_on_the_study_as_a_whole_and_on_nothing_else_then(talk: Talk):
    study = talk.study.rows("studies")[0]["id"]
    entry = talk.small.do("write memo", text="What I bring to this", about="study", about_id=study, memo_kind="reflexive")
    assert [row["study_id"] for row in talk.study.rows("memos")] == [study]
    talk.study.undo(entry.id)
    assert talk.study.rows("memos") == []
    with pytest.raises(StudyError, match="exactly one"), talk.study.change("both") as change:
        change.insert("memos", {"text": "x", "study_id": study, "document_id": talk.document})
