"""Names known besides the maps are kept, joined, changed, tied and taken away, on both databases; each change can be undone."""

import pytest

from kithwork.actions import act
from kithwork.actions.roster import offers
from kithwork.model.errors import KithworkError, StudyError
from kithwork.model.ids import new_id
from kithwork.store import Study


@pytest.fixture
def person(anywhere: Study) -> str:
    act(anywhere, "enrol participant", {"pseudonym": "P01", "name": "Ann Field"})
    return anywhere.rows("participants")[0]["id"]


def remember(study: Study, **name: str | None) -> dict[str, str]:
    act(study, "remember names", {"names": [name]})
    return study.rows("other_names")[-1]


def replace(study: Study, document: str, words: str, put: str, **told: object) -> None:
    revision = study.rows("revisions", document_id=document)[-1]
    start = revision["text"].index(words)
    row = {"start": start, "stop": start + len(words), "original": words, "replacement": put, **told}
    act(study, "apply replacements", {"documents": [{"document_id": document, "revision_id": revision["id"], "replacements": [row]}]})


def talk(study: Study, text: str, person: str | None) -> str:
    document = new_id()
    act(study, "bring in transcript", {"title": "T", "text": text, "turns": [], "participant_id": person, "id": document})
    return document


def test_names_are_lettered_by_what_they_are_and_those_with_one_pseudonym_are_one(anywhere: Study, person: str) -> None:
    for name, what in (("Priestley", "name"), ("Elmtree Ward", "place"), ("The Friday Club", "organisation"), ("Bo", "name")):
        remember(anywhere, name=name, what=what)
    assert [row["pseudonym"] for row in anywhere.rows("other_names")] == ["Person A", "Place A", "Service A", "Person B"]
    remember(anywhere, name="Dr Priestly", pseudonym="[Person A]", participant_id=person)
    (row,) = anywhere.rows("other_names", pseudonym="Person A")
    assert (row["name"], row["participant_id"]) == ("Priestley / Dr Priestly", None)
    anywhere.undo(anywhere.entries()[-1]["id"])
    assert anywhere.rows("other_names", pseudonym="Person A")[0]["name"] == "Priestley"
    assert anywhere.verify().is_sound


@pytest.mark.parametrize(
    "name",
    [
        {"name": "my doctor", "pseudonym": "Doctor A"},  # no name in it
        {"name": "Anne Priestley", "pseudonym": "Dr priestley"},  # says the name
        {"name": "Elmtree", "pseudonym": "Ward Elmtree", "what": "place"},
        {"name": "Priestley", "pseudonym": "P01"},  # a participant's
        {"name": "Priestley", "what": "phone"},
        {"name": "Known Already"},
        {"name": "Priestley", "pseudonym": "\u200e"},
    ],
)
def test_what_would_mislead_is_refused_in_one_sentence_without_the_name(anywhere: Study, person: str, name: dict[str, str]) -> None:
    remember(anywhere, name="Known Already")
    before = anywhere.rows("other_names")
    with pytest.raises(StudyError) as refused:
        remember(anywhere, **name)
    assert not {"Priestley", "Elmtree", "Known"} & set(str(refused.value).replace(".", "").split())
    assert anywhere.rows("other_names") == before


def test_a_word_that_is_only_a_part_of_both_names_is_no_reason_to_tie_them(anywhere: Study, person: str) -> None:
    remember(anywhere, name="Bo Field", pseudonym="Visitor")
    assert not offers(anywhere)
    remember(anywhere, name="Field", pseudonym="Caller")
    assert [offer.other["pseudonym"] for offer in offers(anywhere)] == ["Caller"]


def test_tying_moves_what_was_replaced_and_is_undone_whole(anywhere: Study, person: str) -> None:
    row = remember(anywhere, name="Annie", pseudonym="Visitor")
    document = talk(anywhere, "P: Annie came.", person)
    replace(anywhere, document, "Annie", "[Visitor]", other_name_id=row["id"])
    assert not offers(anywhere)
    act(anywhere, "name participant", {"participant_id": person, "name": "Ann Field (Annie)"})
    assert [(offer.other["id"], offer.owner["id"], offer.of) for offer in offers(anywhere)] == [(row["id"], person, "participant_id")]
    act(anywhere, "tie other name", {"other_name_id": row["id"], "participant_id": person})
    assert not anywhere.rows("other_names")
    assert [one["participant_id"] for one in anywhere.rows("replacements")] == [person]
    assert anywhere.rows("identities", participant_id=person)[0]["name"] == "Ann Field (Annie)"
    anywhere.undo(anywhere.entries()[-1]["id"])
    assert anywhere.rows("other_names") == [row]
    assert [one["other_name_id"] for one in anywhere.rows("replacements")] == [row["id"]]
    assert anywhere.verify().is_sound


def test_a_name_whose_remembering_is_undone_after_it_was_used_is_refused_or_leaves_nothing_behind(anywhere: Study, person: str) -> None:
    row = remember(anywhere, name="Annie", pseudonym="Visitor")
    entry = anywhere.entries()[-1]["id"]
    replace(anywhere, talk(anywhere, "P: Annie came.", person), "Annie", "[Visitor]", other_name_id=row["id"])
    with pytest.raises(KithworkError):
        anywhere.undo(entry)
    assert anywhere.rows("other_names") == [row]
    assert anywhere.verify().is_sound
