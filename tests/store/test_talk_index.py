"""Talk is found the same in a file and on a server, exactly where an independent reading finds it, and after every change."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwork.model.errors import StudyError
from kithwork.store import Study, create_study, open_study
from kithwork.talk.search import parse_search, places_of
from tests.conftest import PASSPHRASE, new_place


def tell(study: Study, text: str, number: int = 1, document: str | None = None, turns: tuple[tuple[int, int, str], ...] = ()) -> str:
    """Keep a version of a text; the document's id."""
    with study.change("tell") as change:
        kept: str = document or change.insert("documents", {"title": "T"})["id"]
        revision = change.insert("revisions", {"document_id": kept, "number": number, "text": text})["id"]
        for position, (start, stop, speaker) in enumerate(turns, 1):
            row = {"revision_id": revision, "position": position, "start": start, "stop": stop, "speaker": speaker}
            change.insert("turns", row)
    return kept


def found(study: Study, typed: str) -> list[str]:
    hits = study.search(parse_search(typed), most=1000)
    assert hits.total == len(hits.hits)
    return [hit.text for hit in hits.hits]


@pytest.fixture(scope="module", params=["plain", pytest.param("server", marks=pytest.mark.postgres)])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    with create_study(*new_place(request.param, tmp_path_factory.mktemp("kept"))) as study:
        yield study


WORDS = st.sampled_from(["a", "b", "ab", "abc", "é", "É", "ß", "ss", "日本", "ﬁ", "½", "a_b", "x'y", "-", ".", '"', "*", "NEAR", "𞤀", "ꭰ"])
PLAIN = ["a", "b", "ab", "ab*", "É", "ss", "日*", "fi", "½", "a_b", "x'y", "NEAR/1", "NEAR", "-b"]
TYPED = st.sampled_from([*PLAIN, '"a b"', '"a b*"', '-"a b"', '"', "*", "(", "AND", "^a"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, max_size=12).map(" ".join), st.lists(TYPED, max_size=5).map(" ".join))
def test_a_text_is_found_exactly_where_its_terms_have_places(kept: Study, text: str, typed: str) -> None:
    try:
        search = parse_search(typed)
    except StudyError:
        return
    document = tell(kept, text or " ")
    try:
        assert bool(kept.search(search).by_document.get(document)) == bool(places_of(search, text))
    finally:
        kept.undo(kept.undoable()[0][-1])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40))
def test_whatever_is_typed_is_looked_for_and_never_read_as_a_command(kept: Study, typed: str) -> None:
    try:
        kept.search(parse_search(typed))
    except StudyError as error:
        assert "database" not in str(error)  # noqa: PT017 - what it says is the point


def test_the_latest_text_is_found_and_earlier_ones_are_not(anywhere: Study) -> None:
    document = tell(anywhere, "P: Peter came.\nI: Who?", turns=((3, 14, "P"), (18, 22, "I")))
    assert found(anywhere, "peter") == ["Peter came."]
    assert found(anywhere, "who") == ["Who?"]
    assert found(anywhere, "p") == []  # the label of a speaker is not said
    tell(anywhere, "P: [Friend 2] came.", 2, document, turns=((3, 19, "P"),))
    assert found(anywhere, "peter") == []
    assert found(anywhere, '"friend 2 came"') == ["[Friend 2] came."]
    anywhere.undo(anywhere.entries()[-1]["id"])
    assert found(anywhere, "peter") == ["Peter came."]
    anywhere.undo(anywhere.entries()[-1]["id"])
    assert found(anywhere, "friend") == ["[Friend 2] came."]
    assert anywhere.verify().is_sound


def test_a_text_without_turns_is_found_line_by_line(anywhere: Study) -> None:
    tell(anywhere, "One dog.\n\nTwo dogs, one cat.\n")
    assert found(anywhere, "one") == ["One dog.", "Two dogs, one cat."]
    assert found(anywhere, "one dog") == ["One dog."]


def test_a_turn_of_any_length_is_kept(anywhere: Study) -> None:
    tell(anywhere, "word " * 25_000 + "end", turns=((0, 125_003, "P"),))
    tell(anywhere, "日" * 200_000)
    tell(anywhere, " ".join(f"日{number}日本語語語" for number in range(30_000)))
    assert len(found(anywhere, "word")) == 3
    assert len(found(anywhere, "word end")) == 1


def test_many_are_counted_exactly_and_shown_in_pages_in_the_order_asked_for(anywhere: Study) -> None:
    documents = [tell(anywhere, "\n".join(f"dog {number} {line}" for line in range(7))) for number in range(5)]
    order = [documents[place] for place in (3, 1, 4, 0, 2)]
    pages = [anywhere.search(parse_search("dog"), order, skip, 10) for skip in (0, 10, 20, 30, 40)]
    assert {page.total for page in pages} == {35}
    assert [hit.text for page in pages for hit in page.hits] == [f"dog {number} {line}" for number in (3, 1, 4, 0, 2) for line in range(7)]


@pytest.fixture
def people(anywhere: Study) -> Study:
    """Two people, two waves; the first speaks of a dog at both, once tied to an alter."""
    with anywhere.change("set up") as change:
        waves = [change.insert("waves", {"position": n, "label": f"Wave {n}", "circle_version": 1})["id"] for n in (1, 2)]
        people = [change.insert("participants", {"pseudonym": name, "status": "enrolled"})["id"] for name in ("Ümit", "P02")]
        alter = change.insert("alters", {"participant_id": people[0], "kind": "animal", "pseudonym": "Animal 1"})["id"]
        for number, (person, wave) in enumerate(((0, 0), (0, 1), (1, 0))):
            interview = change.insert("interviews", {"participant_id": people[person], "wave_id": waves[wave], "status": "held"})["id"]
            owner = {"interview_id": interview} if number else {"interview_id": interview, "participant_id": people[0]}
            document = change.insert("documents", {"title": "T", **owner})["id"]
            text = f"Jo: The dog {number}.\nI: dog?"
            revision = change.insert("revisions", {"document_id": document, "number": 1, "text": text})["id"]
            change.insert(
                "turns", {"revision_id": revision, "position": 1, "start": 4, "stop": 14, "speaker": "Jo", "speaker_role": "participant"}
            )
            change.insert(
                "turns", {"revision_id": revision, "position": 2, "start": 18, "stop": 22, "speaker": "I", "speaker_role": "interviewer"}
            )
            if number == 1:
                segment = change.insert("segments", {"revision_id": revision, "start": 8, "stop": 11, "quotation": "dog"})["id"]
                change.insert("mentions", {"segment_id": segment, "alter_id": alter})
    return anywhere


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dog", 6),
        ("dog speaker:participant", 3),
        ("dog speaker:JO", 3),
        ("dog speaker:nobody", 0),
        ("dog wave:2", 2),
        ('dog wave:"wave 1"', 4),
        ("dog participant:umit", 4),
        ("dog participant:umit wave:1 speaker:i", 1),
        ("dog kind:animal", 1),
        ("dog kind:animal wave:1", 0),
    ],
)
def test_talk_is_found_by_who_speaks_when_and_of_whom(people: Study, typed: str, expected: int) -> None:
    assert len(found(people, typed)) == expected


@pytest.mark.parametrize("typed", ["dog wave:9", "dog participant:Nobody", "dog kind:spoon"])
def test_a_place_there_is_none_of_is_told_without_repeating_it(people: Study, typed: str) -> None:
    with pytest.raises(StudyError) as told:
        people.search(parse_search(typed))
    assert typed.split(":")[1] not in str(told.value)


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_study_without_an_index_gets_one_when_it_is_opened(tmp_path: Path, passphrase: str | None) -> None:
    path = tmp_path / "old.kith"
    with create_study(path, passphrase) as study:
        tell(study, "A dog.")
        with study._writer.begin() as connection:
            for table in ("talk_words", "talk_units"):
                connection.execute(sa.text(f"DROP TABLE {table}"))
        with pytest.raises(StudyError, match="kith serve"):
            found(study, "dog")
    with open_study(path, passphrase) as study:
        assert found(study, "dog") == ["A dog."]
        copy = study.back_up(tmp_path / "copy.kith")
    with open_study(copy, passphrase, is_read_only=True) as study:
        assert found(study, "dog") == ["A dog."]
        assert study.verify().is_sound


def test_an_index_of_an_older_make_is_built_again(place: tuple[str, str | None]) -> None:
    with create_study(*place) as study:
        tell(study, "A dog.")
        with study._writer.begin() as connection:
            connection.execute(sa.text("ALTER TABLE talk_units RENAME COLUMN size TO length"))
    with open_study(*place) as study:
        assert found(study, "dog") == ["A dog."]
        assert study.verify().is_sound


def test_an_index_that_is_behind_or_wrong_is_noticed(anywhere: Study) -> None:
    tell(anywhere, "A dog.\nA cat.")
    with anywhere._writer.begin() as connection:
        connection.execute(sa.text("UPDATE talk_units SET words = 'a cow' WHERE words = 'a dog'"))
    assert any("search index" in sentence for sentence in anywhere.verify().damage)


def test_a_study_is_sound_to_a_reader_that_was_open_while_texts_changed(tmp_path: Path) -> None:
    with create_study(tmp_path / "study.kith") as study:
        documents = [tell(study, " ".join(f"w{number}" for number in range(200))) for _ in range(4)]
        for number in range(2, 12):
            for document in documents:
                tell(study, f"{number} " * 50, number, document)
            assert study.verify().damage == []


def test_words_taken_out_are_not_left_lying_in_the_file(tmp_path: Path) -> None:
    with create_study(tmp_path / "study.kith") as study:
        document = tell(study, "Zebedee came.")
        tell(study, "[Friend 1] came.", 2, document)
    with sqlite3.connect(tmp_path / "study.kith") as connection:
        kept = [
            value for table in ("talk_units", "talk_words_data") for row in connection.execute(f"SELECT * FROM {table}") for value in row
        ]
    assert not any("zebedee" in str(value) or (isinstance(value, bytes) and b"zebedee" in value) for value in kept)


def test_turns_that_say_the_same_in_another_version_are_found_where_they_are_then(anywhere: Study) -> None:
    document = tell(anywhere, "P: Peter came.\nI: Who?", turns=((3, 14, "P"), (18, 22, "I")))
    tell(anywhere, "P: Nobody came by.\nI: Who?", 2, document, turns=((3, 18, "P"), (22, 26, "I")))
    assert found(anywhere, "who") == ["Who?"]
    assert found(anywhere, "nobody") == ["Nobody came by."]
    assert found(anywhere, "peter") == []
    assert anywhere.verify().is_sound
    anywhere.undo(anywhere.entries()[-1]["id"])
    assert found(anywhere, "who") == ["Who?"]
    assert found(anywhere, "peter") == ["Peter came."]
    assert found(anywhere, "nobody") == []
    assert anywhere.verify().is_sound
