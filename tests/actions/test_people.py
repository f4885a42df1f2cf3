"""Participants: under which pseudonyms they are kept."""

import pytest

from kithwork.model.errors import StudyError
from tests.actions.conftest import Small


@pytest.mark.parametrize("pseudonym", ["x" * 201, "\u200b", "\u200d", "\u202egnp.exe", "a\nb", "P\u00ad1", "\u0301"])
def test_a_pseudonym_that_cannot_be_read_as_it_is_kept_is_refused(small: Small, pseudonym: str) -> None:
    with pytest.raises(StudyError, match="A pseudonym"):
        small.do("enrol participant", pseudonym=pseudonym)
    with pytest.raises(StudyError, match="A pseudonym"):
        small.do("describe participant", participant_id=small.participant, values={"pseudonym": pseudonym})


@pytest.mark.parametrize("pseudonym", ["P 01", "مریم\u200cها", "👩\u200d👧", "小林", "=1+1", "<b>", "x" * 200])
def test_a_pseudonym_may_be_in_any_script(small: Small, pseudonym: str) -> None:
    small.do("enrol participant", pseudonym=f" {pseudonym} ")
    assert pseudonym in [row["pseudonym"] for row in small.study.rows("participants")]
