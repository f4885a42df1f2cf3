"""Whose interview it is, guessed from the file's name and its first words."""

import pytest

from kithwork.formats.transcripts import guess_match, guess_roles, read_transcript, who_asks

PEOPLE = [{"id": f"id{k}", "pseudonym": name} for k, name in enumerate(("P01", "P12", "Rowan"))]
WAVES = [{"id": f"w{k}", "position": k, "label": label, "months": months} for k, label, months in ((1, "First", 0), (2, "Second", 9))]


@pytest.mark.parametrize(
    ("name", "text", "person", "wave"),
    [
        ("P01_W2.docx", "x", "id0", "w2"),
        ("p-1 wave 1.txt", "x", "id0", "w1"),
        ("P12 T2 final.txt", "x", "id1", "w2"),
        ("rowan_second.txt", "x", "id2", "w2"),
        ("P01_9m.txt", "x", "id0", "w2"),
        ("P01_baseline.txt", "x", "id0", "w1"),
        ("P01 and P12.txt", "x", None, None),
        ("P123_W7.txt", "x", None, None),
        ("recording.txt", "Interview with P12, wave 2\nI: hello\nP12: hi\nI: a\nP12: b", "id1", "w2"),
        ("audio.txt", "nothing here", None, None),
    ],
)
def test_participant_and_wave_are_guessed_only_where_one_fits(name: str, text: str, person: str | None, wave: str | None):
    guess = guess_match(read_transcript(text.encode(), name.replace(".docx", ".txt")), PEOPLE, WAVES)
    assert (guess.participant_id, guess.wave_id) == (person, wave)
    assert guess.reason


def test_the_other_of_two_speakers_is_the_other():
    assert guess_roles(["I", "Sam"]) == {"I": "interviewer", "Sam": "participant"}
    assert guess_roles(["Sam", "P01"], ["P01"]) == {"Sam": "interviewer", "P01": "participant"}
    assert guess_roles(["Sam", "Kim", "INT"]) == {"Sam": "other", "Kim": "other", "INT": "interviewer"}


@pytest.mark.parametrize(
    "text",
    [
        "الباحثة: من كان بجانبك؟\nدلال: ليلى.\nالباحثة: والمسجد؟\nدلال: أشعر بالهدوء.\n",
        "Iris: Wer war da?\nOskar: Alle. Wieso?\nIris: „Und dann?“\nOskar: Dann ging ich.\nOskar: Heim.\n",
    ],
)
def test_of_two_unknown_speakers_the_one_who_asks_is_the_interviewer(text: str):
    transcript = read_transcript(text.encode(), "talk.txt")
    first, second = transcript.speakers
    assert guess_roles(transcript.speakers, asks=who_asks(transcript)) == {first: "interviewer", second: "participant"}


def test_nobody_is_taken_to_ask_where_both_do_or_none_does():
    for text in ("Kim: Well?\nSam: Well?\nKim: So?\nSam: So?\n", "Kim: Well.\nSam: Well.\nKim: So.\nSam: So.\n"):
        transcript = read_transcript(text.encode(), "talk.txt")
        assert guess_roles(transcript.speakers, asks=who_asks(transcript)) == {"Kim": "other", "Sam": "other"}
