"""Names found and proposed, identifiers by rule, mentions, sentences."""

import importlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwork.talk import apply_edits, edits_of, find_mentions, known_names, propose, sentences, unregistered
from kithwork.talk.identifiers import identifiers, is_nhs_number
from kithwork.talk.names import spellings

rules = importlib.import_module("kithwork.talk.identifiers")
PARTICIPANTS = [{"id": "p1", "pseudonym": "P01"}, {"id": "p2", "pseudonym": "P02"}]
ALTERS = [
    {"id": "peter", "participant_id": "p1", "pseudonym": "Friend 2", "kind": "person"},
    {"id": "mum", "participant_id": "p1", "pseudonym": "Mother", "kind": "person"},
    {"id": "park", "participant_id": "p1", "pseudonym": "Place 1", "kind": "place"},
    {"id": "zoe", "participant_id": "p2", "pseudonym": "Sister", "kind": "person"},
]
IDENTITIES = [
    {"participant_id": "p1", "name": "Renée Müller"},
    {"alter_id": "peter", "name": "Peter Hill (Pete)"},
    {"alter_id": "mum", "name": "my Mum"},
    {"alter_id": "park", "name": "Linden Park"},
    {"alter_id": "zoe", "name": "Zoë"},
]
KNOWN = known_names(PARTICIPANTS, ALTERS, IDENTITIES)


def found(text: str, owner: str | None = "p1") -> list[tuple[str, str, str]]:
    return [(p.words, p.stand_in, p.confidence) for p in propose(text, KNOWN, owner) if p.alter_id or p.participant_id]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So Peter came.", [("Peter", "[Friend 2]", "sure")]),
        ("So Peter Hill came.", [("Peter Hill", "[Friend 2]", "sure")]),
        ("It is Peter's and Peter’s.", [("Peter", "[Friend 2]", "likely"), ("Peter", "[Friend 2]", "likely")]),
        ("The Hills came.", [("Hill", "[Friend 2]", "likely")]),
        ("And peter said", [("peter", "[Friend 2]", "likely")]),
        ("I am PETER", [("PETER", "[Friend 2]", "sure")]),
        ("So Petre came, Pter too.", [("Petre", "[Friend 2]", "perhaps"), ("Pter", "[Friend 2]", "perhaps")]),
        ("Renee Muller spoke.", [("Renee Muller", "[P01]", "sure")]),
        ("Rene\u0301e spoke.", [("Rene\u0301e", "[P01]", "sure")]),
        ("We sat in Linden Park.", [("Linden Park", "[Place 1]", "sure")]),
        ("My mum came, and the park.", []),
        ("Peterborough and a saltpeter and competent", []),
        ("So Zoe came.", [("Zoe", "[Sister]", "perhaps")]),
    ],
)
def test_names_of_the_roster_are_found_in_their_spellings(text: str, expected: list[tuple[str, str, str]]):
    assert found(text) == expected


def test_a_name_two_people_bear_is_first_the_speakers_own_and_the_others_are_told():
    known = known_names(
        PARTICIPANTS,
        [*ALTERS, {"id": "other", "participant_id": "p2", "pseudonym": "Brother", "kind": "person"}],
        [*IDENTITIES, {"alter_id": "other", "name": "Peter"}],
    )
    (mine,) = propose("So Peter came.", known, "p1")
    (theirs,) = propose("So Peter came.", known, "p2")
    assert (mine.alter_id, theirs.alter_id) == ("peter", "other")
    assert [one.alter_id for one in mine.others] == ["other"]


OTHERS = [
    {"id": "the doctor", "name": "my old doctor Priestley", "pseudonym": "Doctor A", "what": "name", "participant_id": None},
    {"id": "ward", "name": "Elmtree Ward", "pseudonym": "Ward A", "what": "place", "participant_id": "p1"},
]
BESIDES = known_names(PARTICIPANTS, ALTERS, IDENTITIES, (), OTHERS)


@pytest.mark.parametrize(
    ("text", "owner", "expected"),
    [
        ("So Priestley came.", "p1", [("Priestley", "[Doctor A]", "sure")]),
        ("So Priestley came.", "p2", [("Priestley", "[Doctor A]", "sure")]),
        ("So Priestley came.", None, [("Priestley", "[Doctor A]", "sure")]),
        ("In Priestley's room.", "p2", [("Priestley", "[Doctor A]", "likely")]),
        ("The Priestleys came.", "p2", [("Priestley", "[Doctor A]", "likely")]),
        ("So Priestly came.", "p2", [("Priestly", "[Doctor A]", "perhaps")]),
        ("and priestley said", "p2", [("priestley", "[Doctor A]", "perhaps")]),
        ("my old doctor came", "p2", []),
        ("I was on Elmtree Ward.", "p1", [("Elmtree Ward", "[Ward A]", "sure")]),
        ("I was on Elmtree Ward.", "p2", [("Elmtree Ward", "[Ward A]", "perhaps")]),
        ("I was on the ward, and [Doctor A] came.", "p1", []),
    ],
)
def test_names_known_besides_the_maps_are_found_as_those_of_the_maps(text: str, owner: str | None, expected: list[tuple[str, str, str]]):
    assert [(p.words, p.stand_in, p.confidence) for p in propose(text, BESIDES, owner)] == expected


def test_a_name_on_the_speakers_own_map_is_theirs_before_one_known_besides_the_maps_and_that_before_anothers():
    known = known_names(PARTICIPANTS, ALTERS, [*IDENTITIES, {"alter_id": "peter", "name": "Priestley"}], (), OTHERS)
    assert [propose("So Priestley came.", known, owner)[0].alter_id for owner in ("p1", "p2")] == ["peter", None]
    assert propose("So Priestley came.", known, "p2")[0].other_id == "the doctor"


def test_a_spelling_replaced_once_as_a_name_besides_the_maps_is_that_name_and_says_its_words_of_today():
    told = {"alter_id": None, "participant_id": None, "other_name_id": "the doctor"}
    decided = [{"what": "name", "original": "Prisley", "replacement": "[Doctor Old]", **told}]
    (one,) = propose("And Prisley came.", known_names(PARTICIPANTS, ALTERS, IDENTITIES, decided, OTHERS), "p2")
    assert (one.other_id, one.stand_in, one.confidence) == ("the doctor", "[Doctor A]", "sure")


def test_words_replaced_once_are_known_everywhere_after():
    decided = [{"what": "name", "original": "Gordon", "replacement": "[Nurse 1]", "alter_id": None, "participant_id": None}]
    known = known_names(PARTICIPANTS, ALTERS, IDENTITIES, decided)
    assert [p.stand_in for p in propose("And Gordon came.", known)] == ["[Nurse 1]"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("my sister Anna-Marie O'Brien (Saz)", {("anna-marie", "o'brien"), ("anna-marie",), ("o'brien",), ("saz",)}),
        ("Dr Patel", {("patel",)}),
        ("Mum", set()),
        ("", set()),
    ],
)
def test_a_name_as_said_gives_its_spellings_and_no_words_of_what_somebody_is(name: str, expected: set[tuple[str, ...]]):
    assert {words for words, _ in spellings(name)} == expected


@pytest.mark.parametrize(
    ("text", "words", "what"),
    [
        ("ring 07700 900123 now", "07700 900123", "phone"),
        ("ring +44 (0)20 7946 0018.", "+44 (0)20 7946 0018", "phone"),
        ("write to a.b+c@mail.example.org please", "a.b+c@mail.example.org", "mail"),
        ("at SW1A 1AA in town", "SW1A 1AA", "postcode"),
        ("in 50667 Köln", "50667", "postcode"),
        ("on 3rd of May 1984 it", "3rd of May 1984", "date"),
        ("on 03/05/84 it", "03/05/84", "date"),
        ("on May 3, 1984 it", "May 3, 1984", "date"),
        ("born 1984-05-03.", "1984-05-03", "date"),
        ("at 12 Mill Road there", "12 Mill Road", "place"),
        ("my number is 943 476 5919 there", "943 476 5919", "other"),
        ("see https://example.org/me?x=1 there", "https://example.org/me?x=1", "other"),
        ("I am @someone_1 there", "@someone_1", "other"),
    ],
)
def test_identifiers_are_found_by_rule(text: str, words: str, what: str):
    assert [(text[i.start : i.stop], i.what) for i in identifiers(text)] == [(words, what)]


@pytest.mark.parametrize(
    "text", ["in 2019 and 2020", "may 5 people come", "about 1,000 or 12.5", "he is 45 and she 46", "at 10 to 12", "May I?"]
)
def test_ordinary_numbers_are_left_alone(text: str):
    if text != "may 5 people come":  # read as a date: proposed, and a person says no
        assert list(identifiers(text)) == []


def test_the_check_digit_of_an_nhs_number_counts():
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("943476591")


def test_capitalised_words_in_no_roster_are_perhaps_names():
    text = "I: So Gordon went. Gordon's dog. Sometimes he did. They met at Mill Lane Surgery with Peter and [Friend 2]. On Monday I left."
    (suspects,) = unregistered([text], KNOWN, ["I"], [propose(text, KNOWN, "p1")])
    assert [(one.words, len(one.places)) for one in suspects] == [("Gordon", 2), ("Mill Lane Surgery", 1)]
    assert all(text[start:stop] == one.words for one in suspects for start, stop in one.places)


@given(
    st.lists(
        st.sampled_from(["Peter", "peter's", "Hill", "Petre", "Zoë", "(Pete)", "07700 900123", "a@b.org", "and", ".", "\n", "😀"]),
        max_size=30,
    )
)
def test_proposals_are_exact_in_order_and_never_overlap(words: list[str]):
    text = " ".join(words)
    proposals = propose(text, KNOWN, "p1")
    assert all(text[p.start : p.stop] == p.words and p.words for p in proposals)
    assert all(a.stop <= b.start for a, b in itertools.pairwise(proposals))
    after, moved = apply_edits(text, edits_of(proposals))
    assert "Peter" not in after
    assert "@" not in after
    for proposal in proposals:
        span = moved.move(proposal.start, proposal.stop)
        assert span is not None
        assert after[slice(*span)] == proposal.stand_in


def test_mentions_are_offered_by_pseudonym_name_and_own_words():
    text = "P01: Then [Friend 2] and Pete and my mum's cat. Mums! Will Peter Hill come?"
    names = {row["alter_id"]: row["name"] for row in IDENTITIES if row.get("alter_id")}
    own = [row for row in ALTERS if row["participant_id"] == "p1"]
    assert [(text[m.start : m.stop], m.alter_ids, m.how) for m in find_mentions(text, own, names)] == [
        ("[Friend 2]", ("peter",), "pseudonym"),
        ("Pete", ("peter",), "name"),
        ("mum", ("mum",), "words"),
        ("Mum", ("mum",), "words"),
        ("Peter Hill", ("peter",), "name"),
    ]


def test_mentions_are_looked_for_in_turns_and_not_in_the_labels_of_speakers():
    text = "Peter: I came.\nI: Did Peter?"
    turns = [{"start": 7, "stop": 14}, {"start": 18, "stop": 28}]
    assert [m.start for m in find_mentions(text, ALTERS, {"peter": "Peter"}, turns)] == [22]


def test_an_alter_called_as_another_is_offers_both():
    alters = [*ALTERS, {"id": "peter2", "participant_id": "p1", "pseudonym": "Friend 3", "kind": "person"}]
    (mention,) = find_mentions("Peter came", alters, {"peter": "Peter", "peter2": "Peter"})
    assert mention.alter_ids == ("peter", "peter2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Mr. Hill came. He left.", ["Mr. Hill came.", "He left."]),
        ("J. Smith, e.g. him. And you", ["J. Smith, e.g. him.", "And you"]),
        ('"Why?" she said. "No."', ['"Why?" she said.', '"No."']),
        ("It was... odd. Yes… maybe. So… Then", ["It was... odd.", "Yes… maybe.", "So…", "Then"]),
        ("One line\nanother\n\n- third", ["One line", "another", "- third"]),
        ("It cost 3.50 then. I am I. You", ["It cost 3.50 then.", "I am I.", "You"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]):
    assert [text[start:stop] for start, stop in sentences(text)] == expected


@given(st.text(alphabet="aB. !?\n\"'…)1", max_size=60), st.data())
def test_sentences_are_in_order_and_hold_every_word_once(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    spans = sentences(text, start, stop)
    assert all(start <= a < b <= stop for a, b in spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    assert sum(not c.isspace() for c in text[start:stop]) == sum(not c.isspace() for a, b in spans for c in text[a:b])


@given(
    st.lists(
        st.sampled_from(["a", "\n", "\n\n", "x@y.org", "12 March 2021", "07700 900123", "www.a.org", "M1 1AA", "no", "\n1"]), max_size=12
    )
)
def test_looking_only_at_lines_with_a_sign_finds_all_that_looking_everywhere_finds(parts: list[str]):
    text = " ".join(parts)
    found = list(identifiers(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "_worth_a_look", lambda whole: [(0, len(whole))])
        assert found == list(identifiers(text))


HOUSE = known_names(
    [{"id": "p1", "pseudonym": "P01"}, {"id": "p2", "pseudonym": "P02"}],
    [
        {"id": one, "participant_id": owner, "pseudonym": one.title(), "kind": kind}
        for one, owner, kind in (
            ("anna", "p1", "person"),
            ("petr", "p1", "person"),
            ("will", "p1", "person"),
            ("kath", "p1", "person"),
            ("sam", "p1", "person"),
            ("club", "p1", "place"),
            ("films", "p1", "activity"),
            ("long", "p2", "person"),
        )
    ],
    [
        {"alter_id": "anna", "name": "Anna Green"},
        {"alter_id": "petr", "name": "Petr Novák"},
        {"alter_id": "will", "name": "William Stone"},
        {"alter_id": "kath", "name": "Katharina"},
        {"alter_id": "sam", "name": "Samantha"},
        {"alter_id": "club", "name": "The Blue Door Garden Club"},
        {"alter_id": "films", "name": "Watching films"},
        {"alter_id": "long", "name": "Marek Long"},
    ],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I saw Annu and Petrem, with Petrovi.", [("Annu", "anna"), ("Petrem", "petr"), ("Petrovi", "petr")]),
        ("Annas Hund, Annas' Hund, Anna’s dog.", [("Anna", "anna"), ("Anna", "anna"), ("Anna", "anna")]),
        ("We met Bill, then Kathi and Sammy.", [("Bill", "will"), ("Kathi", "kath"), ("Sammy", "sam")]),
        ("He came to The Blue Door Garden Club.", [("Blue Door Garden Club", "club")]),
        ("We met at Blue Door, I think.", [("Blue", "club"), ("Door", "club")]),
        ("A blue door, the garden and a club. Blue is fine, films too, watching.", []),
        ("Door handles. Watching it.", []),
        ("It was a long day, Long said. A green field.", [("Long", "long"), ("green", "anna")]),
        ("The Market, Annual, Petrol and Willing were there.", []),
    ],
)
def test_other_cases_short_forms_and_words_of_places_are_told_apart(text: str, expected: list[tuple[str, str]]):
    assert [(p.words, p.alter_id) for p in propose(text, HOUSE, "p1") if p.alter_id] == expected


def test_only_what_is_a_name_in_the_roster_as_it_stands_is_more_than_perhaps():
    told = {p.words: p.confidence for p in propose("So Annu and Bill met Anna at Door, and green.", HOUSE, "p1")}
    assert told == {"Annu": "perhaps", "Bill": "perhaps", "Anna": "sure", "Door": "perhaps", "green": "perhaps"}


def test_no_name_is_looked_for_inside_a_stand_in() -> None:
    alters = [*ALTERS, {"id": "ann", "participant_id": "p1", "pseudonym": "Sister Ann", "kind": "person"}]
    known = known_names(PARTICIPANTS, alters, [*IDENTITIES, {"alter_id": "ann", "name": "Ann"}])
    text = "[Sister Ann] came, and Ann stayed. [Ann] too."
    assert [(p.start, p.words) for p in propose(text, known, "p1")] == [(23, "Ann"), (36, "Ann")]
