"""Transcripts as the programs of the field write them: text exact, speakers and times kept."""

import json
from pathlib import Path

import pytest
from formats.transcripts.files import WORD, odt, packed
from hypothesis import given
from hypothesis import strategies as st

from kithwork.formats.transcripts import KINDS, Transcript, read_transcript
from kithwork.model.errors import FormatError

SHARED = Path(__file__).parents[4] / "shared" / "data"


def said(transcript: Transcript) -> list[tuple[str | None, str]]:
    return [(turn.speaker, transcript.text[turn.start : turn.stop]) for turn in transcript.turns]


def times(transcript: Transcript) -> list[tuple[float | None, float | None]]:
    return [(turn.starts_at, turn.stops_at) for turn in transcript.turns]


TWO = [("I", "Who came?"), ("P01", "My sister. She stays.")]

TEXTS = {
    "f4": "I: Who came? #00:00:04-5#\nP01: My sister. She stays. #00:00:09-0#\n",
    "noScribe": "I: Who came?\n\nP01: My sister. She stays.\n",
    "noScribe with times": "[00:00:01] I: Who came?\n\n[00:00:05] P01: My sister. She stays.\n",
    "bold Markdown": "**I:** Who came?\n\n**P01:** My sister. She stays.\n",
    "Teams": "I   0:01\nWho came?\n\nP01   0:05\nMy sister. She stays.\n",
    "Teams of old": "0:0:1.0 --> 0:0:4.5\nI\nWho came?\n\n0:0:5.0 --> 0:0:9.0\nP01\nMy sister. She stays.\n",
    "square brackets": "[I] Who came?\n\n[P01] My sister. She stays.\n\n[I] Who came?\n\n[P01] My sister. She stays.\n",
}


@pytest.mark.parametrize("shape", TEXTS)
def test_speakers_are_known_in_every_way_of_writing_them(shape: str):
    text = TEXTS[shape].replace("0:0:", "0:00:0").replace("0:00:0:", "0:00:") if shape == "Teams of old" else TEXTS[shape]
    transcript = read_transcript(text.encode(), "a.txt")
    assert transcript.text == text
    assert said(transcript)[:2] == TWO


def test_times_written_in_the_text_are_those_of_the_turns():
    def first(shape: str) -> list[tuple[float | None, float | None]]:
        return times(read_transcript(TEXTS[shape].encode(), "a.txt"))

    assert first("f4") == [(None, 4.5), (None, 9.0)]
    assert first("noScribe with times") == [(1.0, None), (5.0, None)]
    assert first("Teams") == [(1.0, None), (5.0, None)]


def test_without_speakers_each_paragraph_is_a_turn():
    transcript = read_transcript(b"One thing. Note: this.\n\nAnother thing.\n", "a.md")
    assert said(transcript) == [(None, "One thing. Note: this."), (None, "Another thing.")]


def test_a_turn_goes_on_over_paragraphs_until_somebody_else_speaks():
    transcript = read_transcript(b"I: One.\n\nTwo.\nP: Three.\nI: Four.\nP: Five.", "a.txt")
    assert said(transcript)[0] == ("I", "One.\n\nTwo.")


WHISPER = "1\n00:00:01,000 --> 00:00:02,500\nWho came?\n\n2\n00:00:03,000 --> 00:00:04,000\nMy sister.\n"
VOICES = (
    "WEBVTT\n\nNOTE\nmade by a machine\n\n00:01.000 --> 00:02.500\n<v I>Who came?</v>\n\n"
    "00:03.000 --> 00:04.000\n<v P01>My &amp; her\nsister.</v>\n\n00:04.000 --> 00:06.000\n<v P01>She <i>stays</i>.</v>\n"
)
ZOOM = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nInterviewer: Who came?\n\n2\n00:00:03.000 --> 00:00:04.000\nParticipant: My sister.\n"
ZOOM += ZOOM.split("\n\n", 1)[1]


def test_captions_become_turns_with_their_times():
    transcript = read_transcript(WHISPER.encode(), "a.srt")
    assert transcript.text == "Who came?\nMy sister.\n"
    assert times(transcript) == [(1.0, 2.5), (3.0, 4.0)]


def test_voices_of_captions_are_speakers_and_neighbours_of_one_voice_are_one_turn():
    transcript = read_transcript(VOICES.encode(), "a.vtt")
    assert said(transcript) == [("I", "Who came?"), ("P01", "My & her sister. She stays.")]
    assert times(transcript)[1] == (3.0, 6.0)
    assert transcript.text == "I: Who came?\nP01: My & her sister. She stays.\n"
    assert "Comments and styles of the caption file are left out." in transcript.losses


def test_names_in_the_words_of_captions_are_speakers_where_they_recur():
    assert read_transcript(ZOOM.encode(), "a.vtt").speakers == ["Interviewer", "Participant"]
    once = ZOOM.replace("Participant: ", "").replace("Interviewer: ", "Well: ", 1).replace("Interviewer: ", "")
    assert read_transcript(once.encode(), "a.vtt").speakers == []


def test_a_broken_caption_is_listed_and_its_words_are_kept():
    transcript = read_transcript(WHISPER.replace("00:00:03,000 -->", "later -->").encode(), "a.srt")
    assert "My sister." in transcript.text
    assert [(problem.code, problem.row) for problem in transcript.problems] == [("timing", 6)]
    assert "sister" not in transcript.problems[0].line


def test_a_table_of_turns_is_laid_out_a_line_a_turn():
    table = 'Speaker,Text,Start,End\nI,Who came?,0:01,0:02\nP01,"My sister,\nshe stays.",0:03,0:05\nP01,Yes.,0:06,0:07\n'
    transcript = read_transcript(table.encode(), "a.csv")
    assert said(transcript) == [("I", "Who came?"), ("P01", "My sister, she stays. Yes.")]
    assert times(transcript) == [(1.0, 2.0), (3.0, 7.0)]


def test_whispers_table_counts_milliseconds():
    table = "start\tend\ttext\n0\t4000\tWho came?\n4000\t9000\tMy sister.\n"
    assert times(read_transcript(table.encode(), "a.tsv")) == [(0.0, 4.0), (4.0, 9.0)]


def test_a_table_without_words_is_refused():
    with pytest.raises(FormatError, match="no column of words"):
        read_transcript(b"a,b\n1,2\n", "a.csv")


def test_a_word_document_is_read_in_order_with_tables_insertions_and_tabs_but_no_deletions():
    body = (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>P01:</w:t><w:tab/><w:t> Zoë</w:t><w:br/><w:t>stays</w:t></w:r>"
        "<w:ins><w:r><w:t>!</w:t></w:r></w:ins><w:del><w:r><w:delText>no</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    transcript = read_transcript(packed(WORD.format(body)), "a.docx")
    assert transcript.text == "P01:\t Zoë\nstays!\na\tb\n"
    assert "Words deleted under tracked changes are left out; words inserted are read." in transcript.losses


def test_an_opendocument_text_keeps_its_spaces_tabs_and_headings_apart():
    body = '<text:h>Title</text:h><text:p>I:<text:s text:c="2"/>Who <text:span>came</text:span>?<text:tab/>x</text:p>'
    transcript = read_transcript(odt(body + "<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>"), "a.odt")
    assert transcript.text == "Title\nI:  Who came?\tx\none\n"


def test_rich_text_keeps_letters_with_accents():
    transcript = read_transcript(rb"{\rtf1\ansi\ansicpg1252 I: Zo\'eb?\par P01: Yes.\par I: Good.\par P01: \u128512?\par }", "a.rtf")
    assert said(transcript)[:2] == [("I", "Zoë?"), ("P01", "Yes.")]


def test_a_web_page_is_the_words_a_reader_sees():
    page = (
        "<html><head><title>t</title><style>p{}</style></head><body><p><a name='ts_1'>I: </a>Who\n   came?</p>"
        "<script>alert(1)</script><p>P01: My <b>sister</b>.</p><p>I: And?</p><p>P01: &amp; on.</p></body></html>"
    )
    transcript = read_transcript(page.encode(), "a.html")
    assert transcript.text == "I: Who came?\nP01: My sister.\nI: And?\nP01: & on.\n"
    assert said(transcript)[1] == ("P01", "My sister.")


def test_the_text_of_a_pdf_is_read():
    typst = pytest.importorskip("typst")
    pdf = typst.compile("I: Who came? \\\nP01: Zoë stays. \\\nI: And? \\\nP01: Yes.".encode())
    transcript = read_transcript(pdf, "a.pdf")
    assert said(transcript)[:2] == [("I", "Who came?"), ("P01", "Zoë stays.")]


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00\ufeff"), min_size=1))
def test_plain_text_is_kept_exactly_but_for_line_ends(text: str):
    data = text.encode()
    if not text.strip() or data[1::2].count(0) or data[::2].count(0):
        return
    transcript = read_transcript(data, "a.txt")
    assert transcript.text == text.replace("\r\n", "\n").replace("\r", "\n")
    assert ("\r" in text) == ("Line ends were made alike (one line feed each)." in transcript.losses)
    assert all(0 <= turn.start < turn.stop <= len(transcript.text) for turn in transcript.turns)
    assert all(a.stop <= b.start for a, b in zip(transcript.turns, transcript.turns[1:], strict=False))


def test_offsets_count_code_points():
    transcript = read_transcript("I: 😀 ok\nP: José\nI: x\nP: y".encode(), "a.txt")
    assert said(transcript)[:2] == [("I", "😀 ok"), ("P", "José")]


@pytest.mark.parametrize("path", sorted((SHARED / "import-fixtures").rglob("*.*")) or [None], ids=lambda path: path and path.name)
def test_real_files_are_read_or_refused_in_one_sentence(path: Path | None):
    if path is None or path.suffix not in KINDS:
        pytest.skip("not here")
    try:
        transcript = read_transcript(path)
    except FormatError as error:
        sentence = str(error)
        transcript = None
    if transcript is None:
        assert "\n" not in sentence
        return
    assert all(0 <= turn.start < turn.stop <= len(transcript.text) for turn in transcript.turns)


SAID = ({"start": 0.0, "end": 2.5, "text": " So."}, {"start": 2.5, "end": 4, "text": " Yes."})
BY = ("A", "B")
JSON_SHAPES = {
    "Whisper": {"text": " So. Yes.", "segments": [{"id": 0, **SAID[0]}, SAID[1]], "language": "en"},
    "WhisperX": {"segments": [{**row, "speaker": who, "words": []} for row, who in zip(SAID, BY, strict=True)], "word_segments": []},
    "whisper.cpp": {
        "transcription": [
            {"timestamps": {"from": "00:00:00,000", "to": "00:00:02,500"}, "offsets": {"from": 0, "to": 2500}, "text": " So."},
            {"timestamps": {"from": "00:00:02,500", "to": "00:00:04,000"}, "offsets": {"from": 2500, "to": 4000}, "text": " Yes."},
        ]
    },
    "a service": {
        "utterances": [
            {"speaker": "A", "start": 0, "end": 2500, "text": "So."},
            {"speaker": "B", "start": 2500, "end": 4000, "text": "Yes."},
        ]
    },
    "a list": [
        {"speaker": {"name": who}, "startTime": row["start"], "endTime": row["end"], "text": row["text"]}
        for row, who in zip(SAID, BY, strict=True)
    ],
}


@pytest.mark.parametrize("shape", JSON_SHAPES)
def test_json_of_what_writes_down_speech_keeps_speakers_and_times(shape: str):
    read = read_transcript(json.dumps(JSON_SHAPES[shape]).encode(), "x.json")
    assert [read.text[turn.start : turn.stop] for turn in read.turns] == ["So.", "Yes."]
    assert [(turn.starts_at, turn.stops_at) for turn in read.turns] == [(0.0, 2.5), (2.5, 4.0)]
    assert read.speakers == ([] if (shape.startswith("Whisper") and shape != "WhisperX") or shape == "whisper.cpp" else ["A", "B"])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("deep.json", b"[" * 200_000),
        ("no_list.json", b'{"text": "so"}'),
        ("half.json", b'{"segments": [{"text": "so"'),
        ("numbers.json", b'{"segments": [1, 2, {"text": 3}]}'),
        ("surrogate.json", b'{"segments": [{"text": "\\ud800"}]}'),
        ("surrogate_name.json", b'{"segments": [{"text": "so", "speaker": "\\ud800"}]}'),
        ("huge.json", b'{"segments": [{"text": "so", "start": ' + b"9" * 9000 + b"}]}"),
    ],
)
def test_json_that_is_no_transcript_is_refused_in_one_sentence(name: str, data: bytes):
    with pytest.raises(FormatError) as refused:
        read_transcript(data, name)
    assert str(refused.value).count("\n") == 0
    assert name in str(refused.value)


def test_times_in_noscribes_anchors_are_those_of_the_turns():
    page = (
        '<p>Transcribed</p><p><a name="ts_1230_4560_S00"><span>S00: How are you?</span></a><a name="ts_4600_5560_S00"> And he?</a></p>'
        '<p><a name="ts_6000_9120_S01">S01: Fine.</a></p><p><a name="ts_x_1_S00">S00: Good.</a></p>'
    )
    read = read_transcript(page.encode(), "x.html")
    told = [(turn.speaker, turn.starts_at, turn.stops_at, read.text[turn.start : turn.stop]) for turn in read.turns]
    assert told[1:] == [("S00", 1.23, 5.56, "How are you? And he?"), ("S01", 6.0, 9.12, "Fine."), ("S00", None, None, "Good.")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0:0:3.210 --> 0:0:5.530\nAnna V\nSo.\n0:0:5.600 --> 0:0:9.530\nP07\nYes.", [("Anna V", 3.21, 5.53), ("P07", 5.6, 9.53)]),
        ("00:00:03 Anna V\nSo.\n00:00:05 P07\nYes.", [("Anna V", 3.0, None), ("P07", 5.0, None)]),
        ("[00:00:03.2]\nAnna: So.\n\n[00:00:05]\nP07: Yes.\n[00:00:07]\nAnna:", [("Anna", 3.2, None), ("P07", 5.0, None)]),
        ("Anna: So.\n[00:00:05]\nP07: Yes.\n[00:00:07]\nAnna:\nP07:", [("Anna", None, 5.0), ("P07", None, 7.0)]),
        ("1 I: So.\n2 P: Yes.", [("I", None, None), ("P", None, None)]),
        ("INTERVIEWER\nSo.\n\nP07\nYes.\nINTERVIEWER\nP07", [("INTERVIEWER", None, None), ("P07", None, None)]),
    ],
)
def test_times_and_names_above_the_words_are_those_of_the_turns(text: str, wanted: list[tuple[str, float | None, float | None]]):
    read = read_transcript(text.encode(), "x.txt")
    turns = [turn for turn in read.turns if turn.speaker and turn.start < turn.stop]
    assert [(turn.speaker, turn.starts_at, turn.stops_at) for turn in turns] == wanted
    assert [read.text[turn.start : turn.stop] for turn in turns] == ["So.", "Yes."]
