"""Coding in parallel: who codes what, what they see of each other, and differences decided without losing either coding."""

import pytest

from kithwork.actions.parallel import blind_documents
from kithwork.model.errors import ConflictError, StudyError
from tests.actions.conftest import Small
from tests.actions.test_coding import coder
from tests.actions.test_talk import Talk


@pytest.fixture
def talk(small: Small) -> Talk:
    return Talk(small)


def is_blind(talk: Talk) -> bool:
    whole, one = blind_documents(talk.study), blind_documents(talk.study, talk.document)
    assert whole == one
    return talk.document in whole


def test_a_blind_document_opens_when_everyone_named_for_it_has_finished(talk: Talk):
    a, b = coder(talk, "A"), coder(talk, "B")
    assert not is_blind(talk)
    talk.small.do("code blind", is_blind=True)
    assert is_blind(talk)  # nobody is named yet, so nobody has finished
    talk.small.do("assign coders", document_ids=[talk.document], coder_ids=[a, b])
    talk.small.do("finish coding", document_id=talk.document, coder_id=a)
    assert is_blind(talk)
    talk.small.do("finish coding", document_id=talk.document, coder_id=b)
    assert not is_blind(talk)
    talk.small.do("reopen coding", document_id=talk.document, coder_id=a)
    assert is_blind(talk)
    talk.small.do("unassign coder", document_id=talk.document, coder_id=a)
    assert not is_blind(talk)


def test_a_document_may_differ_from_the_study(talk: Talk):
    talk.small.do("code blind", is_blind=True, document_ids=[talk.document])
    assert is_blind(talk)
    talk.small.do("code blind", is_blind=True)
    talk.small.do("code blind", is_blind=False, document_ids=[talk.document])
    assert not is_blind(talk)
    talk.small.do("code blind", is_blind=None, document_ids=[talk.document])
    assert is_blind(talk)


def test_naming_a_coder_again_changes_nothing_and_keeps_that_they_finished(talk: Talk):
    a = coder(talk, "A")
    talk.small.do("finish coding", document_id=talk.document, coder_id=a)
    before = talk.study.rows("assignments")
    talk.small.do("assign coders", document_ids=[talk.document], coder_ids=[a])
    talk.small.do("finish coding", document_id=talk.document, coder_id=a)
    assert talk.study.rows("assignments") == before


def test_work_that_came_from_elsewhere_is_taken_to_be_finished_by_who_coded_it(talk: Talk):
    a, b, c = (coder(talk, name) for name in "ABC")
    talk.code("Peter", 0, coder_id=a)
    talk.code("Peter", 1, coder_id=b)
    talk.code("house", 1)  # by nobody named
    talk.small.do("assign coders", document_ids=[talk.document], coder_ids=[b])
    talk.small.do("finish what is coded")
    assert {row["coder_id"]: row["finished_at"] is not None for row in talk.study.rows("assignments")} == {a: True, b: False}
    assert c not in {row["coder_id"] for row in talk.study.rows("assignments")}
    with pytest.raises(StudyError):
        talk.small.do("finish what is coded")


def test_a_document_goes_with_who_was_named_for_it_and_comes_back_with_them(talk: Talk):
    a = coder(talk, "A")
    talk.small.do("assign coders", document_ids=[talk.document], coder_ids=[a])
    entry = talk.small.do("remove document", document_id=talk.document)
    assert talk.study.rows("assignments") == []
    talk.study.undo(entry.id)
    assert [row["coder_id"] for row in talk.study.rows("assignments")] == [a]


class Two:
    """One passage that two coders bounded otherwise."""

    def __init__(self, talk: Talk) -> None:
        self.talk, self.a, self.b = talk, coder(talk, "A"), coder(talk, "B")
        self.first = talk.code("Peter came over", coder_id=self.a)
        self.second = talk.code("came over. Peter's house", coder_id=self.b)
        self.codings = talk.study.rows("codings")

    def settle(self, kept: list[str], dropped: list[str], **more):
        given = {"revision_id": self.talk.revision["id"], "code_id": self.talk.codes[0], "reason": "so", **more}
        return self.talk.small.do("settle difference", kept=kept, dropped=dropped, **given)

    def decided(self) -> dict[str, bool]:
        words = {row["id"]: row["quotation"] for row in self.talk.study.rows("segments")}
        return {words[row["segment_id"]]: row["is_kept"] for row in self.talk.study.rows("decisions")}


def test_keeping_one_of_two_leaves_both_codings_as_they_were(talk: Talk):
    two = Two(talk)
    two.settle([two.first], [two.second])
    assert two.decided() == {"Peter came over": True, "came over. Peter's house": False}
    assert talk.study.rows("codings") == two.codings


def test_other_words_in_place_of_both_are_kept_as_a_decision_and_taken_back_with_it(talk: Talk):
    two = Two(talk)
    start = talk.revision["text"].index("came over")
    two.settle([], [two.first, two.second], instead=[start, start + len("came over")])
    assert two.decided() == {"Peter came over": False, "came over. Peter's house": False, "came over": True}
    two.settle([two.first, two.second], [])  # deciding anew replaces all of it
    assert two.decided() == {"Peter came over": True, "came over. Peter's house": True}
    assert len(talk.study.rows("segments")) == 2
    talk.small.do(
        "open difference again",
        revision_id=talk.revision["id"],
        code_id=talk.codes[0],
        segment_ids=[two.first, two.second],
    )
    assert two.decided() == {}
    assert talk.study.rows("codings") == two.codings


def test_other_words_elsewhere_a_missing_reason_and_moved_passages_are_refused(talk: Talk):
    two = Two(talk)
    with pytest.raises(StudyError, match="overlap"):
        two.settle([], [two.first, two.second], instead=[0, 2])
    with pytest.raises(StudyError, match="reason"):
        two.settle([two.first], [two.second], reason="  ")
    before = talk.revision["id"]
    talk.small.do("revise text", document_id=talk.document, revision_id=before, edits=[{"start": 0, "stop": 1, "text": "X"}])
    with pytest.raises(ConflictError):
        two.settle([two.first], [two.second], revision_id=before)
    assert two.decided() == {}
