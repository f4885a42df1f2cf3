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
