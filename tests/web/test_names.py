"""Names are proposed from the maps, replaced in all texts by one undoable change, kept, and put back by one who sees names."""

import re

import pytest

from kithwork.actions import act
from kithwork.model.ids import new_id
from kithwork.store import Study
from tests.web.conftest import HERE, Browser

FIRST = "P: Zebedee's house. Zebedeo came, and Quentin too. Ring 07700 900123."
SECOND = "P: Old Zebedee and Quentin again."


@pytest.fixture
def told(study: Study) -> tuple[str, str, list[str]]:
    """Two texts of one person whose map knows one of the two names in them: person, alter and documents."""
    alter = study.rows("alters", kind="person")[0]
    act(study, "rename alter", {"alter_id": alter["id"], "name": "Zebedee Marsh"})
    documents = []
    for text in (FIRST, SECOND):
        documents.append(new_id())
        turns = [{"start": 3, "stop": len(text), "speaker": "P"}]
        given = {"title": "T", "text": text, "turns": turns, "participant_id": alter["participant_id"], "id": documents[-1]}
        act(study, "bring in transcript", given)
    return alter["participant_id"], alter["id"], documents


def text(study: Study, document: str) -> str:
    return max(study.rows("revisions", document_id=document), key=lambda row: row["number"])["text"]


def keys(browser: Browser, person: str) -> dict[str, str]:
    """Words shown → key of the group, as the page offers them."""
    html = browser.client.get(f"/documents/names?participant={person}", base_url=HERE).get_data(as_text=True)
    return {
        match[2].split(",")[0]: match[1] for match in re.finditer(r'name="take" value="(\w+)".*?<strong>(.*?)</strong>', html, re.DOTALL)
    }


def test_a_name_is_replaced_in_all_texts_by_one_change_and_passages_stay(study: Study, browser: Browser, told) -> None:
    person, alter, documents = told
    revision = study.rows("revisions", document_id=documents[0])[0]["id"]
    act(study, "add code", {"name": "Kin"})
    code = study.rows("codes", name="Kin")[0]["id"]
    act(study, "code segment", {"revision_id": revision, "start": 3, "stop": 18, "code_ids": [code]})
    before = len(study.entries())
    page = browser.page(f"/documents/names?participant={person}")
    assert "a name in the roster" in page.words
    assert "one letter from a name" in page.words
    assert "Perhaps names" in page.words
    pseudonym = study.row("alters", alter)["pseudonym"]
    found = keys(browser, person)
    browser.send("/documents/names/replace", participant=person, take=found["Zebedee"], do="replace")
    assert len(study.entries()) == before + 1
    assert text(study, documents[0]).startswith(f"P: [{pseudonym}]'s house. Zebedeo came")  # near spellings are looked at one by one
    assert text(study, documents[1]) == f"P: Old [{pseudonym}] and Quentin again."
    assert study.rows("codings", code_id=code)
    assert study.rows("segments", quotation=f"[{pseudonym}]'s house")
    page = browser.page(f"/documents/names?participant={person}")
    assert "2 texts was made" in page.words
    assert "1 coded passage stayed" in page.words
    study.undo(study.entries()[-1]["id"])
    assert text(study, documents[0]) == FIRST


def test_another_pseudonym_is_the_alters_on_the_map_too(study: Study, browser: Browser, told) -> None:
    person, alter, documents = told
    key = keys(browser, person)["Zebedee"]
    browser.send("/documents/names/replace", **{"participant": person, "take": key, "do": "replace", f"put-{key}": "[Old friend]"})
    assert study.row("alters", alter)["pseudonym"] == "Old friend"
    assert text(study, documents[1]) == "P: Old [Old friend] and Quentin again."
    study.undo(study.entries()[-1]["id"])
    assert study.row("alters", alter)["pseudonym"] != "Old friend"


def test_single_places_are_chosen_on_the_page_of_one_name(study: Study, browser: Browser, told) -> None:
    person, _, documents = told
    key = keys(browser, person)["Zebedee"]
    page = browser.page(f"/documents/names/{key}?participant={person}")
    places = [one["value"] for one in page.all("input") if one.get("name") == "place"]
    assert len(places) == 3
    browser.send("/documents/names/replace", participant=person, only=key, place=places[-1], do="replace")
    assert text(study, documents[0]) == FIRST
    assert "Zebedee" not in text(study, documents[1])


def test_a_word_nobody_told_of_is_tied_to_somebody_or_may_stay(study: Study, browser: Browser, told) -> None:
    person, _, documents = told
    other = next(row for row in study.rows("alters", participant_id=person) if row["id"] != told[1])
    key = keys(browser, person)["Quentin"]
    browser.send("/documents/names/replace", **{"participant": person, "take": key, "do": "replace", f"alter-{key}": other["id"]})
    assert text(study, documents[1]).endswith(f"and [{other['pseudonym']}] again.")
    assert {row["alter_id"] for row in study.rows("replacements", original="Quentin")} == {other["id"]}
    study.undo(study.entries()[-1]["id"])
    browser.send("/documents/names/replace", participant=person, take=keys(browser, person)["Quentin"], do="keep")
    assert "Quentin" not in keys(browser, person)
    assert text(study, documents[0]) == FIRST
    browser.send("/documents/names/replaced/again", kept=study.rows("kept_words")[0]["id"])
    assert "Quentin" in keys(browser, person)


def test_a_number_is_proposed_by_rule(study: Study, browser: Browser, told) -> None:
    person, _, documents = told
    browser.send("/documents/names/replace", participant=person, take=keys(browser, person)["07700 900123"], do="replace")
    assert text(study, documents[0]).endswith("Ring [telephone number].")


def test_names_are_put_back_only_where_they_are_shown(study: Study, browser: Browser, told) -> None:
    person, _, documents = told
    browser.send("/documents/names/replace", participant=person, take=keys(browser, person)["Zebedee"], do="replace")
    replaced = browser.page("/documents/names/replaced")
    assert "Zebedee" not in replaced.words
    row = study.rows("replacements", original="Zebedee")[0]
    assert browser.send("/documents/names/replaced/back", row=row["id"]).status_code == 422
    browser.send("/documents/names/show", show="names")
    page = browser.page("/documents/names/replaced")
    assert "Zebedee (2)" in page.words
    key = next(one["value"] for one in page.all("input") if one.get("name") == "key" and told[1] in one["value"])
    browser.send("/documents/names/replaced/back", key=key)
    assert [text(study, document) for document in documents] == [FIRST, SECOND]
    assert "Zebedee" not in browser.page("/documents/names/replaced").words


def test_nothing_ticked_is_told(browser: Browser, told) -> None:
    assert browser.send("/documents/names/replace", participant=told[0], do="replace").status_code == 422
    assert browser.client.get("/documents/names/0000?all=yes", base_url=HERE).status_code == 404


def test_a_word_is_kept_in_the_roster_as_somebodys_name_and_nothing_is_replaced(study: Study, browser: Browser, told) -> None:
    person, alter, documents = told
    key = keys(browser, person)["Quentin"]
    send = {"participant": person, "take": [key, keys(browser, person)["07700 900123"]], "do": "know"}  # a number is no name to keep
    assert browser.send("/documents/names/replace", **send).status_code == 422  # whose it is was not said
    before = len(study.entries())
    browser.send("/documents/names/replace", **{**send, f"alter-{key}": alter})
    assert len(study.entries()) == before + 1
    assert study.rows("identities", alter_id=alter)[0]["name"] == "Zebedee Marsh / Quentin"
    assert [text(study, document) for document in documents] == [FIRST, SECOND]
    assert set(study.entry(study.entries()[-1]["id"]).changed) == {"identities"}
    page = browser.page(f"/documents/names?participant={person}")
    assert key not in {one.get("value") for one in page.all("input")}  # no longer perhaps a name, but the alter's
    browser.send("/documents/names/replace", participant=person, take=keys(browser, person)["Zebedee"], do="replace")
    assert "Quentin" not in text(study, documents[1])
    study.undo(study.entries()[-1]["id"])
    study.undo(study.entries()[before]["id"])
    assert study.rows("identities", alter_id=alter)[0]["name"] == "Zebedee Marsh"
    assert key in {one.get("value") for one in browser.page(f"/documents/names?participant={person}").all("input")}


def test_a_word_may_be_the_participants_own_name_and_a_near_spelling_somebodys(study: Study, browser: Browser, told) -> None:
    person, alter, documents = told
    key = keys(browser, person)["Quentin"]
    browser.send("/documents/names/replace", **{"participant": person, "take": key, "do": "know", f"alter-{key}": f"participant:{person}"})
    assert study.rows("identities", participant_id=person)[0]["name"].endswith("Quentin")
    key = keys(browser, person)["Zebedee"]
    place = f"{documents[0]}:{FIRST.index('Zebedeo')}:{FIRST.index('Zebedeo') + 7}"
    browser.send("/documents/names/replace", participant=person, only=key, place=place, do="know")
    assert study.rows("identities", alter_id=alter)[0]["name"] == "Zebedee Marsh / Zebedeo"
    before = len(study.entries())
    assert browser.send("/documents/names/replace", participant=person, only=key, place=place, do="know").status_code == 422
    assert len(study.entries()) == before


# -- names known besides the maps ---------------------------------------------------------------------------------------------


def remembered(browser: Browser, person: str, put: str = "[Doctor A1]") -> None:
    key = keys(browser, person)["Quentin"]
    browser.send(
        "/documents/names/replace", **{"participant": person, "take": key, "do": "replace", f"put-{key}": put, f"remember-{key}": "yes"}
    )


def bring_in(study: Study, words: str, person: str | None) -> str:
    document = new_id()
    act(study, "bring in transcript", {"title": "Later", "text": words, "turns": [], "participant_id": person, "id": document})
    return document


def test_a_name_on_no_map_is_remembered_for_all_texts_as_one_change(study: Study, browser: Browser, told) -> None:
    person, _, documents = told
    other = next(row["id"] for row in study.rows("participants") if row["id"] != person)
    assert (
        " checked"
        in browser.client.get(f"/documents/names?participant={person}", base_url=HERE).get_data(as_text=True).split("remember-")[1]
    )
    before = len(study.entries())
    remembered(browser, person)
    assert len(study.entries()) == before + 1
    (row,) = study.rows("other_names", pseudonym="Doctor A1")
    assert (row["name"], row["what"], row["participant_id"]) == ("Quentin", "name", None)
    assert {one["other_name_id"] for one in study.rows("replacements", original="Quentin")} == {row["id"]}
    later = bring_in(study, "P: Quentin's car, and Quentyn.", other)  # of another participant, brought in afterwards
    key = keys(browser, other)["Quentin"]
    page = browser.page(f"/documents/names/{key}?participant={other}")
    boxes = [one for one in page.all("input") if one.get("name") == "place"]
    assert ["checked" in one for one in boxes] == [True, False]
    browser.send("/documents/names/replace", participant=other, only=key, place=[one["value"] for one in boxes], do="replace")
    assert text(study, later) == "P: [Doctor A1]'s car, and [Doctor A1]."
    study.undo(study.entries()[-1]["id"])
    assert text(study, later) == "P: Quentin's car, and Quentyn."
    study.undo(study.entries()[before]["id"])
    assert not study.rows("other_names", pseudonym="Doctor A1")
    assert [text(study, document) for document in documents] == [FIRST, SECOND]
    assert study.verify().is_sound


def test_words_of_its_own_are_made_for_a_name_that_is_remembered(study: Study, browser: Browser, told) -> None:
    person, _, documents = told
    remembered(browser, person, "[Name]")
    assert text(study, documents[1]).endswith("and [Person A] again.")
    before = len(study.entries())
    bring_in(study, "P: Then Wilhelmine came, and Tiberius.", person)
    key, second = keys(browser, person)["Wilhelmine"], keys(browser, person)["Tiberius"]
    send = {"participant": person, "take": [key, second], "do": "know", f"remember-{key}": "yes", f"remember-{second}": "yes"}
    browser.send("/documents/names/replace", **send, **{f"what-{second}": "organisation"})
    assert len(study.entries()) == before + 2
    assert {(row["pseudonym"], row["what"]) for row in study.rows("other_names")} >= {("Person B", "name"), ("Service A", "organisation")}


def test_the_words_put_for_it_are_changed_and_go_through_all_texts(study: Study, browser: Browser, told) -> None:
    person, _, documents = told
    remembered(browser, person)
    (row,) = study.rows("other_names", pseudonym="Doctor A1")
    address = f"/documents/names/known/{row['id']}"
    refused = browser.send(f"{address}/change", pseudonym="Old Quentin", what="name")
    assert refused.status_code == 422
    assert "Quentin" not in str(refused.headers)
    assert browser.send(f"{address}/change", pseudonym=study.rows("alters")[0]["pseudonym"], what="name").status_code == 422
    assert browser.send(f"{address}/change", pseudonym="Nurse Q", what="name").status_code == 302
    offered = renamed_places(browser)
    assert offered["take"] == [row["id"]]
    browser.send("/documents/names/renamed/replace", **offered)
    assert text(study, documents[1]).endswith("and [Nurse Q] again.")
    browser.send("/documents/names/show", show="names")
    assert "Replaced at 2 places" in browser.page(address).words
    key = next(one["value"] for one in browser.page("/documents/names/replaced").all("input") if row["id"] in one.get("value", ""))
    browser.send("/documents/names/replaced/back", key=key)
    assert [text(study, document) for document in documents] == [FIRST, SECOND]
    assert "Replaced at 0 places; proposed at 2 more places" in browser.page(address).words


def test_a_name_is_added_shown_only_where_names_are_and_taken_away(study: Study, browser: Browser, told) -> None:
    person, _, documents = told
    browser.send("/documents/names/known", name="Quentin / Quen", pseudonym="[Neighbour]", what="name", participant_id=person)
    (row,) = study.rows("other_names", pseudonym="Neighbour")
    assert browser.send("/documents/names/known", name="Quentin", what="name", participant_id=person).status_code == 422
    assert "Quentin" not in browser.page("/documents/names/known").words
    browser.send("/documents/names/show", show="names", back="/documents/names/known")
    assert "Quentin / Quen" in browser.page("/documents/names/known").words
    look = browser.page(f"/documents/names/known/{row['id']}")
    assert "2 places proposed now are no longer proposed" in " ".join(look.words.split())
    browser.send("/documents/names/replace", participant=person, take=keys(browser, person)["Quentin"], do="replace")
    assert text(study, documents[1]).endswith("and [Neighbour] again.")
    browser.send(f"/documents/names/known/{row['id']}/remove")
    assert not study.rows("other_names", id=row["id"])
    assert text(study, documents[1]).endswith("and [Neighbour] again.")
    assert study.rows("replacements", original="Quentin")[0]["other_name_id"] is None
    study.undo(study.entries()[-1]["id"])
    assert {one["other_name_id"] for one in study.rows("replacements", original="Quentin")} == {row["id"]}


def test_somebody_put_on_a_map_later_takes_the_name_over(study: Study, browser: Browser, told) -> None:
    person, alter, documents = told
    other = next(row["id"] for row in study.rows("participants") if row["id"] != person)
    elsewhere = bring_in(study, "P: Quentin too.", other)
    remembered(browser, person)
    browser.send("/documents/names/replace", participant=other, take=keys(browser, other)["Quentin"], do="replace")
    (row,) = study.rows("other_names", pseudonym="Doctor A1")
    assert "They are the same" not in browser.page("/documents/names/known").words
    act(study, "rename alter", {"alter_id": alter, "name": "Zebedee Quentin"})
    assert "Say whether they are the same" in browser.page("/documents/names?all=yes").words
    assert "They are the same" in browser.page("/documents/names/known").words
    before = len(study.entries())
    browser.send(f"/documents/names/known/{row['id']}/tie", of="alter_id", owner=alter)
    assert len(study.entries()) == before + 1
    whose = {(one["alter_id"], one["other_name_id"]) for one in study.rows("replacements", original="Quentin")}
    assert whose == {(alter, None), (None, row["id"])}  # another's texts still say the one known besides the maps
    assert "They are the same" not in browser.page("/documents/names/known").words
    assert renamed_places(browser)["take"] == [alter]
    browser.send("/documents/names/renamed/replace", **renamed_places(browser))
    pseudonym = study.row("alters", alter)["pseudonym"]
    assert text(study, documents[1]).endswith(f"and [{pseudonym}] again.")
    assert text(study, elsewhere) == "P: [Doctor A1] too."
    study.undo(study.entries()[-1]["id"])
    study.undo(study.entries()[before]["id"])
    assert {one["other_name_id"] for one in study.rows("replacements", original="Quentin")} == {row["id"]}
    assert study.verify().is_sound


# -- a changed pseudonym --------------------------------------------------------------------------------------------------------


def renamed_places(browser: Browser) -> dict[str, list[str]]:
    """What the look offers, ticked as it is there."""
    boxes = browser.page("/documents/names/renamed").all("input")
    return {name: [str(one["value"]) for one in boxes if one.get("name") == name] for name in ("take", "place")}


@pytest.fixture
def changed(study: Study, browser: Browser, told) -> tuple[str, str, list[str]]:
    """The alter of two texts, replaced in one and written in brackets in another, and called otherwise since."""
    person, alter, documents = told
    browser.send("/documents/names/replace", participant=person, take=keys(browser, person)["Zebedee"], do="replace")
    old = study.row("alters", alter)["pseudonym"]
    documents.append(new_id())
    given = {"title": "By hand", "text": f"P: [{old}] and [{old} more].", "turns": [], "participant_id": person, "id": documents[-1]}
    act(study, "bring in transcript", given)
    act(study, "add code", {"name": "Kin"})
    revision = max(study.rows("revisions", document_id=documents[1]), key=lambda row: row["number"])
    code = study.rows("codes", name="Kin")[0]["id"]
    start = revision["text"].index("[")
    act(study, "code segment", {"revision_id": revision["id"], "start": start, "stop": start + len(old) + 2, "code_ids": [code]})
    assert not renamed_places(browser)["take"]
    act(study, "describe alter", {"alter_id": alter, "values": {"pseudonym": "Q"}})
    act(study, "describe alter", {"alter_id": alter, "values": {"role": "friend"}})  # another change of the same row
    return old, alter, documents


def test_a_changed_pseudonym_goes_through_all_texts_as_one_change(study: Study, browser: Browser, changed) -> None:
    old, alter, documents = changed
    was = [text(study, document) for document in documents]
    assert "texts still say" in browser.page("/documents/names?all=yes").words
    offered = renamed_places(browser)
    assert offered["take"] == [alter]
    before = len(study.entries())
    browser.send("/documents/names/renamed/replace", **offered)
    assert len(study.entries()) == before + 1
    assert [text(study, document) for document in documents] == [one.replace(f"[{old}]", "[Q]") for one in was]
    assert text(study, documents[2]) == f"P: [Q] and [{old} more]."
    assert study.rows("segments", quotation="[Q]")
    assert "still say" not in browser.page("/documents/names?all=yes").words
    study.undo(study.entries()[-1]["id"])
    assert [text(study, document) for document in documents] == was
    assert study.rows("segments", quotation=f"[{old}]")


def test_a_name_is_put_back_from_under_a_changed_pseudonym(study: Study, browser: Browser, changed) -> None:
    _, alter, documents = changed
    browser.send("/documents/names/renamed/replace", **renamed_places(browser))
    browser.send("/documents/names/show", show="names")
    page = browser.page("/documents/names/replaced")
    assert "[Q]" in page.words
    assert "Zebedee (2)" in page.words
    key = next(one["value"] for one in page.all("input") if one.get("name") == "key" and alter in one["value"])
    browser.send("/documents/names/replaced/back", key=key)
    assert [text(study, document) for document in documents[:2]] == [FIRST, SECOND]


def test_only_ticked_places_are_changed_and_what_may_be_anothers_is_left(study: Study, browser: Browser, changed) -> None:
    old, alter, documents = changed
    person = study.row("alters", alter)["participant_id"]
    other = next(row for row in study.rows("alters", participant_id=person) if row["id"] != alter)
    act(study, "describe alter", {"alter_id": other["id"], "values": {"pseudonym": old}})
    offered = renamed_places(browser)
    assert not [key for key in offered["place"] if key.startswith(documents[2])]  # by hand: it may be the other's now
    assert browser.send("/documents/names/renamed/replace", take=offered["take"]).status_code == 422
    browser.send("/documents/names/renamed/replace", take=offered["take"], place=offered["place"][0])
    assert sum("[Q]" in text(study, document) for document in documents) == 1
