"""What the map page is told, and what it is not told yet."""

from typing import Any

import pytest

from kithwork.actions import act
from kithwork.store import Study
from tests.web.conftest import HERE, Browser


@pytest.fixture
def second(study: Study) -> dict[str, str]:
    """A participant with a map at an earlier wave and one just begun at a later wave."""
    waves = sorted(study.rows("waves"), key=lambda row: row["position"])
    for participant in study.rows("participants"):
        interviews = {row["wave_id"]: row for row in study.rows("interviews", participant_id=participant["id"])}
        first, later = interviews.get(waves[0]["id"]), interviews.get(waves[1]["id"])
        if first and first["status"] == "held" and later and later["status"] == "held":
            for wave in waves[1:]:
                for drawn in study.rows("maps", interview_id=interviews[wave["id"]]["id"]) if wave["id"] in interviews else []:
                    act(study, "remove map", {"map_id": drawn["id"]})
            map_id = "01890000-0000-7000-8000-000000000001"
            act(study, "start map", {"participant_id": participant["id"], "wave_id": waves[1]["id"], "id": map_id})
            return {"map_id": map_id, "participant_id": participant["id"], "wave_id": waves[1]["id"], "first": first["id"]}
    raise AssertionError("the small study has no such participant")


def told(browser: Browser, map_id: str) -> dict[str, Any]:
    answer = browser.client.get(f"/api/maps/{map_id}", base_url=HERE)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_json()


def test_nothing_of_an_earlier_map_is_told_while_recall_is_open(browser: Browser, study: Study, second: dict[str, str]) -> None:
    known = {row["id"] for row in study.rows("alters", participant_id=second["participant_id"])}
    names = [row["name"] for row in study.rows("identities", alter_id=known)]
    act(study, "name alter", {"map_id": second["map_id"], "name": names[0]})
    answer = browser.client.get(f"/api/maps/{second['map_id']}", base_url=HERE)
    state = answer.get_json()
    assert state["has_before"]
    assert state["is_recall"]
    assert state["before"] is None
    assert state["earlier"] == state["lookalikes"] == []
    assert not known & set(state["tables"]["alters"])
    assert not any(alter_id in answer.get_data(as_text=True) for alter_id in known)
    assert len(state["tables"]["alters"]) == 1


def test_the_earlier_map_and_look_alikes_are_told_once_recall_is_finished(browser: Browser, study: Study, second: dict[str, str]) -> None:
    ties = study.rows("ties", map_id=study.rows("maps", interview_id=second["first"])[0]["id"])
    alter = study.row("alters", ties[0]["alter_id"])
    name = study.rows("identities", alter_id=alter["id"])[0]["name"]
    act(study, "name alter", {"map_id": second["map_id"], "name": name.upper(), "kind": alter["kind"]})
    act(study, "describe map", {"map_id": second["map_id"], "values": {"stage": "reconcile"}})
    state = told(browser, second["map_id"])
    assert {tie["alter_id"] for tie in state["before"]["ties"]} == {tie["alter_id"] for tie in ties}
    assert set(state["earlier"]) >= {tie["alter_id"] for tie in ties}
    (named,) = state["tables"]["ties"].values()
    assert (named["alter_id"], alter["id"], True) in {(p["alter_id"], p["same_as_id"], p["is_same"]) for p in state["lookalikes"]}


def test_a_merge_keeps_what_was_said_only_of_the_new_one(study: Study, second: dict[str, str]) -> None:
    old = study.rows("alters", participant_id=second["participant_id"])[0]
    act(study, "describe alter", {"alter_id": old["id"], "values": {"role": None, "met_where": "at a class"}})
    new = "01890000-0000-7000-8000-00000000000a"
    act(study, "name alter", {"map_id": second["map_id"], "name": "x", "kind": old["kind"], "role": "some_role", "alter_id": new})
    act(study, "describe alter", {"alter_id": new, "values": {"met_where": "at work"}})
    act(study, "merge alters", {"alter_id": new, "same_as_id": old["id"]})
    kept = study.row("alters", old["id"])
    assert (kept["role"], kept["met_where"]) == ("some_role", "at a class")


def test_the_page_begins_a_map_once_and_opens_it_afterwards(browser: Browser, study: Study, second: dict[str, str]) -> None:
    act(study, "remove map", {"map_id": second["map_id"]})
    address = f"/participants/{second['participant_id']}/waves/{second['wave_id']}/map"
    first = browser.send(address)
    again = browser.send(address)
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    page = browser.page(first.headers["Location"])
    assert page.title == "Map · Kithwork"


def test_a_map_that_is_not_there_is_said_to_be_so(browser: Browser) -> None:
    answer = browser.client.get("/api/maps/01890000-0000-7000-8000-0000000000ff", base_url=HERE)
    assert answer.status_code == 404
    assert "not there" in answer.get_json()["error"]


def test_kinds_come_with_shape_colour_and_label_in_the_order_of_the_schema(browser: Browser, second: dict[str, str]) -> None:
    design = told(browser, second["map_id"])["design"]
    assert design["kind_order"][0] == "person"
    assert set(design["kind_order"]) == set(design["kinds"])
    for look in design["kinds"].values():
        assert look["path"].startswith("M")
        assert look["label"]
