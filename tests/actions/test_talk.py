"""Transcripts through the store: versions, pseudonyms and passages, and undo of every kind of change."""

import dataclasses
import itertools
import random
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwork.actions import act, take_back
from kithwork.formats.transcripts.turns import find_turns
from kithwork.model.errors import ConflictError, StudyError
from kithwork.model.ids import new_id
from kithwork.store import Study
from kithwork.talk import edits_of, known_names, propose
from kithwork.talk.stand_ins import span_map
from tests.actions.conftest import Small, small_study

TALK = "I: Who came?\nP01: Peter came over. Peter's house is near.\nI: And then?\nP01: Then he left."
TURNS = [{**dataclasses.asdict(turn), "starts_at": 4.5 if turn.start == 18 else None} for turn in find_turns(TALK)]


class Talk:
    """A study with one transcript and a few codes."""

    def __init__(self, small: Small) -> None:
        self.small = small
        self.study: Study = small.study
        self.document = new_id()
        roles = {"I": "interviewer", "P01": "participant"}
        small.do(
            "bring in transcript", title="P01 w1", text=TALK, turns=TURNS, participant_id=small.participant, roles=roles, id=self.document
        )
        self.codes = []
        for name in ("care", "trust", "loss"):
            small.do("add code", name=name)
            self.codes.append(next(row["id"] for row in self.study.rows("codes") if row["name"] == name))

    @property
    def revision(self) -> dict:
        return max(self.study.rows("revisions", document_id=self.document), key=lambda row: row["number"])

    def code(self, words: str, *codes: int, nth: int = 0, coder_id: str | None = None) -> str:
        """Code the nth occurrence of some words; the segment's id."""
        text = self.revision["text"]
        start = -1
        for _ in range(nth + 1):
            start = text.index(words, start + 1)
        chosen = [self.codes[code] for code in codes or (0,)]
        self.small.do(
            "code segment", revision_id=self.revision["id"], start=start, stop=start + len(words), code_ids=chosen, coder_id=coder_id
        )
        (segment,) = self.study.rows("segments", revision_id=self.revision["id"], start=start, stop=start + len(words))
        return segment["id"]

    def turns(self) -> list[dict]:
        return sorted(self.study.rows("turns", revision_id=self.revision["id"]), key=lambda row: row["position"])

    def replace(self, *spans: tuple[int, int], put: str = "[Friend 2]"):
        rows = [{"start": a, "stop": b, "replacement": put, "original": self.revision["text"][a:b]} for a, b in spans]
        given = {"document_id": self.document, "revision_id": self.revision["id"], "replacements": rows}
        return self.small.do("apply replacements", documents=[given])

    def everything(self) -> dict:
        return {
            name: self.study.rows(name)
            for name in (
                *("documents", "revisions", "turns", "replacements", "segments", "codings", "mentions", "decisions", "memos"),
                *("codes", "themes", "theme_codes", "lens_links", "summaries"),
            )
        }


@pytest.fixture
def talk(small: Small) -> Talk:
    return Talk(small)


def test_a_transcript_is_kept_exactly_with_who_speaks_where(talk: Talk):
    assert talk.revision["text"] == TALK
    assert talk.revision["number"] == 1
    turns = talk.turns()
    assert [(row["speaker"], row["speaker_role"], row["starts_at"]) for row in turns][:2] == [
        ("I", "interviewer", None),
        ("P01", "participant", 4.5),
    ]
    assert TALK[turns[1]["start"] : turns[1]["stop"]] == "Peter came over. Peter's house is near."


def test_a_transcript_of_another_persons_interview_is_refused(talk: Talk):
    interview = talk.study.rows("interviews")[0]
    talk.small.do("enrol participant", pseudonym="P02", id=(other := new_id()))
    with pytest.raises(StudyError):
        talk.small.do("bring in transcript", title="x", text="x", turns=[], participant_id=other, interview_id=interview["id"])
    with pytest.raises(StudyError):
        talk.small.do("bring in transcript", title="x", text="short", turns=[{"start": 0, "stop": 99}])


def test_a_replacement_makes_a_version_and_every_passage_stays_on_its_words(talk: Talk):
    whole, name, near = talk.code("Peter came over"), talk.code("Peter", 1), talk.code("house is near", 2)
    before = talk.revision["id"]
    talk.replace((18, 23), (35, 40))
    text = talk.revision["text"]
    assert text == TALK.replace("Peter", "[Friend 2]")
    rows = {row["id"]: row for row in talk.study.rows("segments")}
    assert [rows[k]["quotation"] for k in (whole, name, near)] == ["[Friend 2] came over", "[Friend 2]", "house is near"]
    for row in rows.values():
        assert text[row["start"] : row["stop"]] == row["quotation"]
        assert "Peter" not in row["before"] + row["after"]
    assert talk.revision["is_pseudonymised"]
    assert talk.study.row("revisions", before)["text"] == TALK
    assert {row["original"] for row in talk.study.rows("replacements")} == {"Peter"}
    turns = talk.turns()
    assert [text[row["start"] : row["stop"]] for row in turns] == [
        "Who came?",
        "[Friend 2] came over. [Friend 2]'s house is near.",
        "And then?",
        "Then he left.",
    ]
    assert turns[1]["starts_at"] == 4.5


def test_names_from_the_maps_are_found_and_replaced_through_all_texts_in_one_action(talk: Talk):
    alter, _ = talk.small.name(0)
    with talk.study.change("set up") as change:
        (row,) = change.rows("identities", alter_id=alter)
        change.update("identities", row["id"], {"name": "Peter Hill"})
    talk.small.do("bring in transcript", title="w2", text="P01: Peter Hill again.", turns=[], participant_id=talk.small.participant)
    tables = talk.study.tables("participants", "alters", "identities")
    known = known_names(*(tables[name].to_dicts() for name in ("participants", "alters", "identities")))
    given = []
    for revision in talk.study.rows("revisions"):
        found = propose(revision["text"], known, talk.small.participant)
        rows = [
            {"start": p.start, "stop": p.stop, "original": p.words, "replacement": p.stand_in, "what": p.what, "alter_id": p.alter_id}
            for p in found
        ]
        assert len(rows) == len(edits_of(found))
        given.append({"document_id": revision["document_id"], "revision_id": revision["id"], "replacements": rows})
    entry = talk.small.do("apply replacements", documents=given)
    pseudonym = talk.study.row("alters", alter)["pseudonym"]
    latest = [row["text"] for row in talk.study.rows("revisions") if row["number"] == 2]
    assert latest[1] == f"P01: [{pseudonym}] again."
    assert all("Peter" not in text for text in latest)
    talk.study.undo(entry.id)
    assert {row["number"] for row in talk.study.rows("revisions")} == {1}


def test_what_a_replacement_took_out_can_be_put_back_after_later_changes(talk: Talk):
    segment = talk.code("Peter came over")
    talk.replace((18, 23), (35, 40))
    talk.small.do(
        "revise text", document_id=talk.document, revision_id=talk.revision["id"], edits=[{"start": 0, "stop": 0, "text": "W1\n"}]
    )
    first = min(talk.study.rows("replacements"), key=lambda row: (row["what"] == "edit", row["start"]))
    talk.small.do("take back replacements", document_id=talk.document, revision_id=talk.revision["id"], replacement_ids=[first["id"]])
    assert talk.revision["text"].startswith("W1\nI: Who came?\nP01: Peter came over. [Friend 2]'s")
    assert talk.study.row("segments", segment)["quotation"] == "Peter came over"


def test_the_way_from_one_version_to_the_next_can_be_followed_from_the_rows(talk: Talk):
    talk.replace((18, 23))
    new = talk.revision["text"].replace("Then he left", "Then he went home")
    talk.small.do("revise text", document_id=talk.document, revision_id=talk.revision["id"], text=new)
    revisions = sorted(talk.study.rows("revisions"), key=lambda row: row["number"])
    for earlier, later in itertools.pairwise(revisions):
        assert span_map(talk.study.rows("replacements", revision_id=later["id"]), earlier["text"])[0] == later["text"]


def test_a_passage_whose_words_are_gone_is_listed_and_can_be_put_back(talk: Talk):
    segment = talk.code("Then he left.")
    first = talk.revision["id"]
    talk.small.do("revise text", document_id=talk.document, revision_id=first, text=TALK.replace("Then he left.", "Nothing more."))
    row = talk.study.row("segments", segment)
    assert (row["is_lost"], row["revision_id"], row["quotation"]) == (True, first, "Then he left.")
    start = talk.revision["text"].index("Nothing")
    talk.small.do("put segment back", segment_id=segment, start=start, stop=start + 7)
    row = talk.study.row("segments", segment)
    assert (row["is_lost"], row["revision_id"], row["quotation"]) == (False, talk.revision["id"], "Nothing")


def test_a_correction_at_the_edge_of_a_turn_belongs_to_the_turn(talk: Talk):
    edits = [
        {"start": len(TALK), "stop": len(TALK), "text": " For good."},
        {"start": TURNS[2]["start"], "stop": TURNS[2]["start"], "text": "Well. "},
    ]
    talk.small.do("revise text", document_id=talk.document, revision_id=talk.revision["id"], edits=edits)
    turns = talk.turns()
    assert [talk.revision["text"][row["start"] : row["stop"]] for row in turns][2:] == ["Well. And then?", "Then he left. For good."]


def test_a_label_of_a_speaker_loses_its_name_with_the_text(talk: Talk):
    text = "Renate: I am fine."
    talk.small.do("bring in transcript", title="x", text=text, turns=[{"start": 8, "stop": 18, "speaker": "Renate"}], id=(doc := new_id()))
    (revision,) = talk.study.rows("revisions", document_id=doc)
    rows = [{"start": 0, "stop": 6, "replacement": "[P01]", "what": "name"}]
    talk.small.do("apply replacements", documents=[{"document_id": doc, "revision_id": revision["id"], "replacements": rows}])
    latest = max(talk.study.rows("revisions", document_id=doc), key=lambda row: row["number"])
    assert [row["speaker"] for row in talk.study.rows("turns", revision_id=latest["id"])] == ["[P01]"]


def test_a_version_that_is_not_the_latest_is_neither_changed_nor_coded_nor_signed(talk: Talk):
    old = talk.revision["id"]
    talk.replace((18, 23))
    for verb, arguments in {
        "code segment": {"start": 0, "stop": 3, "code_ids": talk.codes[:1], "revision_id": old},
        "revise text": {"document_id": talk.document, "text": "x", "revision_id": old},
        "sign off transcript": {"revision_id": old},
    }.items():
        with pytest.raises(ConflictError):
            talk.small.do(verb, **arguments)
    rows = [{"start": 0, "stop": 3, "original": "not this", "replacement": "[x]"}]
    given = {"document_id": talk.document, "revision_id": talk.revision["id"], "replacements": rows}
    with pytest.raises(ConflictError):
        talk.small.do("apply replacements", documents=[given])


def test_a_new_version_needs_to_be_signed_off_anew(talk: Talk):
    talk.small.do("sign off transcript", revision_id=talk.revision["id"])
    assert talk.revision["signed_off_at"]
    talk.replace((18, 23))
    assert talk.revision["signed_off_at"] is None


def test_a_document_goes_with_everything_in_it_and_undo_brings_all_of_it_back(talk: Talk):
    talk.code("Peter came over", 0, 1)
    talk.replace((18, 23))
    talk.small.do("write memo", text="m", about="document", about_id=talk.document)
    before = talk.everything()
    entry = talk.small.do("remove document", document_id=talk.document)
    assert talk.everything()["segments"] == []
    talk.study.undo(entry.id)
    assert talk.everything() == before
    assert talk.study.verify().is_sound


def test_a_code_that_comes_back_after_the_text_was_changed_is_on_its_words_in_the_text_of_now(talk: Talk):
    segment, gone = talk.code("Peter came over"), talk.code("Then he left.", 1)
    codings = {row["segment_id"]: row["id"] for row in talk.study.rows("codings")}
    taken = [talk.small.do("uncode", coding_id=codings[one]).id for one in (segment, gone)]
    talk.replace((18, 23), (35, 40))
    new = talk.revision["text"].replace("Then he left.", "Nothing more.")
    talk.small.do("revise text", document_id=talk.document, revision_id=talk.revision["id"], text=new)
    before = talk.everything()
    back = [take_back(talk.study, entry).id for entry in taken]
    rows = {row["id"]: row for row in talk.study.rows("segments")}
    assert (rows[segment]["quotation"], rows[segment]["revision_id"]) == ("[Friend 2] came over", talk.revision["id"])
    assert (rows[gone]["is_lost"], rows[gone]["quotation"]) == (True, "Then he left.")
    for entry in reversed(back):
        take_back(talk.study, entry)
    assert talk.everything() == before
    assert talk.study.verify().is_sound


def test_a_version_that_comes_back_takes_along_what_was_coded_meanwhile_on_the_version_before(talk: Talk):
    talk.small.do("bring in transcript", title="another", text="P: Not this one.", turns=[])
    taken = take_back(talk.study, talk.replace((18, 23), (35, 40)).id)
    segment, gone = talk.code("Peter came over"), talk.code("Peter", 1)
    before = talk.everything()
    again = take_back(talk.study, taken.id)
    rows = {row["id"]: row for row in talk.study.rows("segments")}
    assert (rows[segment]["quotation"], rows[segment]["revision_id"]) == ("[Friend 2] came over", talk.revision["id"])
    assert rows[gone]["is_lost"] or rows[gone]["revision_id"] == talk.revision["id"]
    take_back(talk.study, again.id)
    assert talk.everything() == before
    assert talk.study.verify().is_sound


# -- at random ---------------------------------------------------------------------------------------------------------------------


def _act_at_random(talk: Talk, rng: random.Random) -> str | None:
    """One change at random; the id of its journal entry, None where a rule stood against it."""
    text, revision, size = talk.revision["text"], talk.revision["id"], len(talk.revision["text"])
    start = rng.randrange(size)
    stop = min(size, start + rng.randrange(1, 30))
    words = "".join(rng.choices(string.ascii_letters + " \n", k=rng.randrange(1, 12)))
    codes, codings = talk.study.rows("codes"), talk.study.rows("codings")
    segments = [row for row in talk.study.rows("segments") if row["is_lost"]]
    span = {"revision_id": revision, "start": start, "stop": stop}
    edit = {"document_id": talk.document, "revision_id": revision}
    replaced = {**edit, "replacements": [{"start": start, "stop": stop, "replacement": "[A]", "original": text[start:stop]}]}
    some = rng.sample(codes, min(2, len(codes)))
    verbs: list[tuple[str, dict]] = [
        ("code segment", {**span, "code_ids": [row["id"] for row in some]}),
        ("code segment", {**span, "code_ids": [some[0]["id"]]}),
        ("code in vivo", span),
        ("decide coding", {**span, "code_id": some[0]["id"], "is_kept": True, "reason": "agreed"}),
        ("apply replacements", {"documents": [replaced]}),
        ("revise text", {**edit, "edits": [{"start": start, "stop": stop, "text": words}]}),
        ("revise text", {**edit, "text": text[:start] + words + text[stop:]}),
        ("move code", {"code_id": some[0]["id"], "parent_id": some[-1]["id"] if rng.random() < 0.5 else None}),
        ("add theme", {"name": words.strip() or "t", "code_ids": [row["id"] for row in some]}),
        ("write memo", {"text": "memo", "about": "code", "about_id": some[0]["id"]}),
    ]
    if codings:
        coding = rng.choice(codings)
        verbs += [
            ("uncode", {"coding_id": coding["id"]}),
            ("move coding", {"coding_id": coding["id"], "start": start, "stop": stop}),
            ("split code", {"code_id": coding["code_id"], "parts": [{"name": new_id(), "coding_ids": [coding["id"]]}]}),
        ]
    if segments:
        verbs.append(("put segment back", {"segment_id": rng.choice(segments)["id"], "start": start, "stop": stop}))
    if len(some) > 1:
        verbs.append(("merge codes", {"code_ids": [some[0]["id"]], "into_id": some[1]["id"]}))
    verb, arguments = rng.choice(verbs)
    try:
        return act(talk.study, verb, arguments).id or None
    except (StudyError, ConflictError):
        return None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_any_order_of_changes_leaves_every_passage_on_its_words_and_undo_restores_all(seed: int, tmp_path_factory: pytest.TempPathFactory):
    talk = Talk(small_study(tmp_path_factory.mktemp("talk") / "study.kith"))
    rng = random.Random(seed)
    start = talk.everything()
    entries = []
    try:
        for _ in range(30):
            entry = _act_at_random(talk, rng)
            if entry:
                entries.append(entry)
            texts = {row["id"]: row["text"] for row in talk.study.rows("revisions")}
            latest = talk.revision["id"]
            for row in talk.study.rows("segments"):
                assert texts[row["revision_id"]][row["start"] : row["stop"]] == row["quotation"]
                assert row["revision_id"] == latest or row["is_lost"]
        for entry in reversed(entries):
            talk.study.undo(entry)
        assert talk.everything() == start
        assert talk.study.verify().is_sound
    finally:
        talk.study.close()


def test_five_hundred_codings_stay_on_their_words_or_are_listed_through_replacements_and_edits_and_all_is_undone(talk: Talk):
    rng = random.Random(1)
    plain = ["we", "then", "went", "over", "and", "talked", "about", "who", "was", "with", "her", "when", "nobody", "came"]
    words = [*plain, "Peter", "Anna", "naïve", "🐕", "👩\u200d👧", "e\u0301", "שלום", "it's"]
    text = "".join(f"{'I' if turn % 2 else 'P01'}: {' '.join(rng.choices(words, k=40))}.\n" for turn in range(60))
    document = new_id()
    talk.small.do("bring in transcript", title="long", text=text, turns=[], participant_id=talk.small.participant, id=document)
    (revision,) = talk.study.rows("revisions", document_id=document)
    spans = sorted({(start, start + rng.randrange(1, 200)) for start in rng.sample(range(len(text) - 200), 500)})
    with talk.study.change("code at random") as change:
        for start, stop in spans:
            quoted = {"quotation": text[start:stop], "before": text[max(0, start - 32) : start], "after": text[stop : stop + 32]}
            segment = change.insert("segments", {"revision_id": revision["id"], "start": start, "stop": stop, **quoted})
            change.insert(
                "codings", {"segment_id": segment["id"], "code_id": rng.choice(talk.codes), "coded_at": "2026-03-14T09:30:00.000Z"}
            )
    before = talk.everything()
    entries, lost = [], 0
    for step in range(8):
        latest = max(talk.study.rows("revisions", document_id=document), key=lambda row: row["number"])
        edit = {"document_id": document, "revision_id": latest["id"]}
        size = len(latest["text"])
        if step % 2:
            places = sorted(rng.sample(range(0, size - 12, 12), 20))
            rows = [{"start": at, "stop": at + 9, "replacement": "[Friend 2]", "original": latest["text"][at : at + 9]} for at in places]
            done = act(talk.study, "apply replacements", {"documents": [{**edit, "replacements": rows}]})
        else:
            at = rng.randrange(size - 300)
            put = " ".join(rng.choices(words, k=rng.randrange(8)))
            done = act(talk.study, "revise text", {**edit, "edits": [{"start": at, "stop": at + rng.choice((0, 5, 40, 300)), "text": put}]})
        entries += [done.id] if done.id else []
        texts = {row["id"]: row for row in talk.study.rows("revisions", document_id=document)}
        newest = max(texts.values(), key=lambda row: row["number"])["id"]
        segments = talk.study.rows("segments", revision_id=list(texts))
        assert len(segments) == len(spans)
        assert all(texts[row["revision_id"]]["text"][row["start"] : row["stop"]] == row["quotation"] for row in segments)
        assert all(row["revision_id"] == newest or row["is_lost"] for row in segments)
        lost = sum(bool(row["is_lost"]) for row in segments)
    assert 0 < lost < 100  # what was deleted whole is listed; most of it moved
    for entry in reversed(entries):
        talk.study.undo(entry)
    assert talk.everything() == before
