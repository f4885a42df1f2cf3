"""What a person does on each page, told by what the study holds afterwards."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from flask import Flask
from formats.foreign import session

from kithwork.actions import act
from kithwork.cohort.order import natural
from kithwork.formats import CHOICES, FORMATS, write
from kithwork.formats.demo import demo_tables
from kithwork.measures import map_measures
from kithwork.store import Study, create_study, open_study
from kithwork.web.app import make_app
from kithwork.web.pages.import_ import TITLES
from tests.web.conftest import HERE, PORT, Browser, Page


def first(study: Study, status: str = "held") -> dict[str, str]:
    return study.rows("interviews", status=status)[0]


# -- register ----------------------------------------------------------------------------------------------------------------


def test_the_register_shows_each_participant_at_each_wave(study: Study, browser: Browser) -> None:
    page = browser.page("/")
    people, waves = study.rows("participants"), study.rows("waves")
    states = [attributes["data-state"] for attributes in page.all("td") if "data-state" in attributes]
    assert len(states) == len(people) * len(waves)
    held = len(study.rows("interviews", status="held"))
    assert sum(state.endswith("-held") for state in states) == held
    assert f"{held} of {len(states)}" in page.words
    assert f"{len(people)}participants" in page.words


def test_the_register_counts_ties_and_says_what_is_transcribed_and_coded(study: Study, browser: Browser) -> None:
    drawn = study.rows("maps")[0]
    for text in study.rows("documents", interview_id=drawn["interview_id"]):
        act(study, "remove document", {"document_id": text["id"]})
    ties = len(study.rows("ties", map_id=drawn["id"]))
    assert f"map: {ties} ties" in browser.page("/").words
    coded = browser.page("/").words.count("transcript, coded")
    with study.change("transcribe") as change:
        document = change.insert("documents", {"interview_id": drawn["interview_id"], "title": "T", "document_kind": "transcript"})
        revision = change.insert("revisions", {"document_id": document["id"], "number": 1, "text": "words"})
    assert browser.page("/").words.count("transcript, coded") == coded
    interview = study.row("interviews", drawn["interview_id"])
    page = browser.page(f"/participants/{interview['participant_id']}/waves/{interview['wave_id']}")
    assert f"/documents/{document['id']}" in {link.get("href") for link in page.all("a")}
    with study.change("code") as change:
        change.insert("segments", {"revision_id": revision["id"], "start": 0, "stop": 5})
    assert browser.page("/").words.count("transcript, coded") == coded + 1


def test_an_interview_without_a_row_is_due_and_after_a_withdrawal_it_is_not(study: Study, browser: Browser) -> None:
    answer = browser.send("/participants/new", pseudonym="Q10")
    person = answer.headers["Location"].rpartition("/")[2]
    assert sum(a.get("data-state", "").endswith("-due") for a in browser.page("/").all("td")) == 3
    browser.send(f"/participants/{person}/withdrawal", reason="")
    states = [a["data-state"] for a in browser.page("/").all("td") if "data-state" in a]
    assert sum(state.endswith("-due") for state in states) == 0
    assert study.row("participants", person)["status"] == "withdrawn"


def test_the_register_asks_the_study_as_often_for_many_people_as_for_few(
    app: Flask, study: Study, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    reading = Study.reading
    monkeypatch.setattr(Study, "reading", lambda self: asked.append(1) or reading(self))
    browser.page("/")
    few, asked[:] = len(asked), []
    with study.change("enrol many") as change:
        people = change.insert_all("participants", ({"pseudonym": f"Q{number}", "status": "enrolled"} for number in range(200)))
        wave = study.rows("waves")[0]["id"]
        held = ({"participant_id": row["id"], "wave_id": wave, "status": "held"} for row in people)
        interviews = change.insert_all("interviews", held)
        change.insert_all(
            "maps",
            ({"interview_id": row["id"], "state": "everyday", "stage": "recall", "alter_ties_asked": "no"} for row in interviews),
        )
    asked.clear()
    browser.page("/")
    assert len(asked) == few


def test_people_stand_in_the_order_a_reader_expects() -> None:
    names = ["P10", "P2", "p1", "A", "P2b", "", "10", "9"]
    assert sorted(names, key=natural) == ["", "9", "10", "A", "p1", "P2", "P2b", "P10"]


def test_an_empty_study_says_what_to_do_first(tmp_path: Path) -> None:
    with create_study(tmp_path / "empty.kith") as study:
        app = make_app(study, port=PORT)
        client = app.test_client()
        client.get(f"/enter/{app.extensions['launch_tokens'].new()}", base_url=HERE)
        for path in ("/", "/measures", "/measures?group=change", "/design", "/journal", "/import", "/coders", "/studies"):
            assert client.get(path, base_url=HERE).status_code == 200, path


# -- people and interviews -----------------------------------------------------------------------------------------------------


def test_enrolling_twice_with_one_form_enrols_once(study: Study, browser: Browser) -> None:
    key = next(a["value"] for a in browser.page("/participants/new").all("input") if a.get("name") == "request")
    before = len(study.rows("participants"))
    for _ in range(2):
        assert browser.send("/participants/new", pseudonym="Q1", request=key).status_code == 302
    assert len(study.rows("participants")) == before + 1


def test_a_name_is_kept_apart_from_the_participant(study: Study, browser: Browser) -> None:
    answer = browser.send("/participants/new", pseudonym="Q1", name="Somebody", lives_alone="no", site="West")
    person = answer.headers["Location"].rpartition("/")[2]
    row = study.row("participants", person)
    assert (row["site"], row["lives_alone"], row["gender"]) == ("West", False, None)
    assert "Somebody" not in row.values()
    assert study.rows("identities", participant_id=person)[0]["name"] == "Somebody"
    assert "Somebody" not in browser.page(f"/participants/{person}").words
    browser.send("/names", show="names", participant_id=person)
    assert "Somebody" in browser.page(f"/participants/{person}").words


def test_a_missed_interview_needs_its_reason_and_keeps_what_was_typed(study: Study, browser: Browser) -> None:
    person = browser.send("/participants/new", pseudonym="Q1").headers["Location"].rpartition("/")[2]
    path = f"/participants/{person}/waves/{study.rows('waves')[0]['id']}"
    refused = browser.send(path, status="missed", notes="rang twice")
    assert refused.status_code == 422
    page = Page(refused.get_data(as_text=True))
    assert "needs its reason" in page.words
    assert "rang twice" in page.words
    assert browser.send(path, status="missed", missed_reason="too_unwell", held_on="2026-01-01", notes="rang twice").status_code == 302
    row = study.rows("interviews", participant_id=person)[0]
    assert (row["status"], row["missed_reason"], row["held_on"], row["notes"]) == ("missed", "too_unwell", None, "rang twice")


def test_every_save_can_be_undone_from_the_page_it_led_to(study: Study, browser: Browser) -> None:
    place = browser.send("/participants/new", pseudonym="Q1").headers["Location"]
    page = browser.page(place)
    undo = next(a["action"] for a in page.all("form") if a.get("action", "").endswith("/undo"))
    assert browser.send(undo, back="/").headers["Location"] == "/"
    assert not study.rows("participants", pseudonym="Q1")
    assert "Taken back." in browser.page("/").words


def test_an_undo_never_leads_to_the_page_of_what_it_took_away(study: Study, browser: Browser) -> None:
    place = browser.send("/participants/new", pseudonym="Q1").headers["Location"]
    undone = browser.send(f"/journal/{study.entries()[-1]['id']}/undo", back=place)
    assert undone.headers["Location"] == "/"


def test_a_crisis_map_begins_with_a_copy_of_the_everyday_one(study: Study, browser: Browser) -> None:
    taken = {row["interview_id"] for row in study.rows("maps", state="crisis")}
    everyday = next(row for row in study.rows("maps", state="everyday") if row["interview_id"] not in taken)
    interview = study.row("interviews", everyday["interview_id"])
    path = f"/participants/{interview['participant_id']}/waves/{interview['wave_id']}/states"
    answer = browser.send(path, state="crisis", copy_map_id=everyday["id"])
    made = study.row("maps", answer.headers["Location"].rpartition("/")[2])
    assert (made["state"], made["interview_id"]) == ("crisis", interview["id"])
    assert len(study.rows("ties", map_id=made["id"])) == len(study.rows("ties", map_id=everyday["id"]))


# -- one person ------------------------------------------------------------------------------------------------------------------


def test_the_person_page_lights_up_the_same_alter_in_every_map(study: Study, browser: Browser) -> None:
    person = first(study)["participant_id"]
    page = browser.page(f"/participants/{person}")
    alters = {row["id"] for row in study.rows("alters", participant_id=person)}
    lit = [a["data-alter"] for tag, a in page.elements if "data-alter" in a and tag != "tr"]
    assert set(lit) == alters
    maps = study.rows("maps", interview_id=[row["id"] for row in study.rows("interviews", participant_id=person)])
    ties = study.rows("ties", map_id=[row["id"] for row in maps])
    everywhere = max(alters, key=lambda alter: sum(tie["alter_id"] == alter for tie in ties))
    assert lit.count(everywhere) >= 2


def test_two_alters_made_one_are_parted_again_by_undo(study: Study, browser: Browser) -> None:
    for person in study.rows("participants"):
        interviews = {row["id"]: row["wave_id"] for row in study.rows("interviews", participant_id=person["id"])}
        maps = {row["id"] for row in study.rows("maps", interview_id=list(interviews))}
        on: dict[str, set[str]] = {}
        for tie in study.rows("ties", map_id=list(maps)):
            on.setdefault(tie["alter_id"], set()).add(tie["map_id"])
        pair = next(((a, b) for a in on for b in on if a < b and not on[a] & on[b]), None)
        if pair:
            break
    else:
        pytest.skip("no two alters of one person stand apart in this seed")
    alters = study.rows("alters", participant_id=person["id"])
    browser.send(f"/participants/{person['id']}/merge", alter_id=pair[0], same_as_id=pair[1])
    assert not study.rows("alters", id=pair[0])
    browser.send(f"/journal/{study.entries()[-1]['id']}/undo")
    assert study.rows("alters", participant_id=person["id"]) == alters


def test_the_printed_page_is_a_pdf_of_the_maps_chosen(study: Study, browser: Browser) -> None:
    interview = first(study)
    drawn = study.rows("maps", interview_id=interview["id"])[0]["id"]
    path = f"/participants/{interview['participant_id']}/maps.pdf"
    answer = browser.client.get(f"{path}?map={drawn}&show=pseudonyms", base_url=HERE)
    assert answer.data.startswith(b"%PDF-")
    assert browser.client.get(path, base_url=HERE).status_code == 404


def test_the_page_of_nobody_is_not_found_and_says_so_plainly(browser: Browser) -> None:
    for path in (
        "/participants/nobody",
        "/participants/nobody/edit",
        "/participants/nobody/waves/none",
        "/maps/none",
        "/measures?group=none",
    ):
        answer = browser.client.get(path, base_url=HERE)
        assert answer.status_code == 404, path
        assert "Go to the register" in answer.get_data(as_text=True)


# -- measures -----------------------------------------------------------------------------------------------------------------------


def test_the_measures_downloaded_are_the_measures(study: Study, browser: Browser) -> None:
    wanted = map_measures(study.tables()).frame
    read = {".csv": pl.read_csv, ".xlsx": pl.read_excel, ".parquet": pl.read_parquet}
    for ending, reader in read.items():
        answer = browser.client.get(f"/measures/all{ending}", base_url=HERE)
        found = reader(io.BytesIO(answer.data))
        assert found.columns == wanted.columns, ending
        assert found["size"].to_list() == wanted["size"].to_list(), ending
        density = zip(found["density"].to_list(), wanted["density"].to_list(), strict=True)
        assert all((a is None and b is None) or abs(a - b) < 1e-6 for a, b in density), ending
    assert browser.client.get("/measures/all.exe", base_url=HERE).status_code == 404


def test_an_empty_value_is_a_dash_with_its_reason_and_never_zero(study: Study, browser: Browser) -> None:
    measured = map_measures(study.tables(), kinds=("animal",))
    empty = sum(column.reasons.astype(bool).sum() for column in measured.columns if column.measure.group == "structure")
    page = browser.page("/measures?group=structure&kinds=animal")
    why = [a for a in page.all("td") if "data-why" in a]
    assert len(why) == empty > 0
    assert all(a["data-why"].endswith(".") for a in why)


def test_kinds_in_scope_change_what_is_counted(study: Study, browser: Browser) -> None:
    people = map_measures(study.tables(), counted=("person",)).frame
    page = browser.page("/measures?group=size&counted=person")
    assert "Kinds in scope: person" in page.words
    for (_, _), maps in people.group_by("wave", "state"):
        assert f"{maps['size'].mean():.2f}" in page.words


def test_many_rows_come_a_hundred_at_a_time_and_are_found_and_sorted_over_all(study: Study, browser: Browser) -> None:
    wave = study.rows("waves", position=1)[0]["id"]
    with study.change("enrol many") as change:
        people = change.insert_all("participants", ({"pseudonym": f"Q{number}", "status": "enrolled"} for number in range(205)))
        interviews = change.insert_all("interviews", ({"participant_id": p["id"], "wave_id": wave, "status": "held"} for p in people))
        row = {"state": "everyday", "stage": "recall", "alter_ties_asked": "no"}
        change.insert_all("maps", ({"interview_id": one["id"], **row} for one in interviews))
    frame = map_measures(study.tables()).frame
    total = frame.height
    shown = [rows_shown(study, browser.page(f"/measures?page={page}")) for page in range(1, -(-total // 100) + 1)]
    assert [len(page) for page in shown] == [100] * (total // 100) + [total % 100]
    assert sorted(row for page in shown for row in page) == sorted(frame["participant"].to_list())
    assert rows_shown(study, browser.page("/measures?page=99")) == shown[-1]
    largest = rows_shown(study, browser.page("/measures?sort=-size"))[:5]
    sizes = frame.sort("size", descending=True)
    assert {*largest} <= {*sizes.filter(sizes["size"] >= sizes["size"][4])["participant"].to_list()}
    answer = browser.send("/measures/find", find="q204", group="size")
    assert "204" not in answer.headers["Location"]
    assert rows_shown(study, browser.page(answer.headers["Location"])) == ["Q204"]
    nothing = browser.send("/measures/find", find="nobody like this").headers["Location"]
    assert "No row has these words." in browser.page(nothing).words


def rows_shown(study: Study, page: Page) -> list[str]:
    """Whose rows a page of measures shows, in order."""
    names = {row["id"]: row["pseudonym"] for row in study.rows("participants")}
    return [names[at["href"].rpartition("/")[2]] for at in page.all("a") if at["href"].startswith("/participants/")]


# -- design --------------------------------------------------------------------------------------------------------------------------


def test_words_change_only_from_a_wave_that_has_not_begun(study: Study, browser: Browser) -> None:
    begun = study.rows("waves", position=1)[0]["id"]
    refused = browser.send("/design/question", code="contact", wave_id=begun, wording="Other words?")
    assert refused.status_code == 422
    assert "has begun" in refused.get_data(as_text=True)
    browser.send("/design/add-wave", label="Later", months="24")
    later = study.rows("waves", label="Later")[0]["id"]
    code = next(row["code"] for row in study.rows("questions") if row["column_name"] == "contact")
    assert browser.send("/design/question", code=code, wave_id=later, wording="Other words?").status_code == 302
    versions = study.rows("questions", code=code)
    assert sorted(row["version"] for row in versions) == [1, 2]
    assert "Other words?" in browser.page("/design").words


def test_circles_of_a_later_wave_are_a_new_version(study: Study, browser: Browser) -> None:
    browser.send("/design/add-wave", label="Later")
    later = study.rows("waves", label="Later")[0]["id"]
    browser.send("/design/circles", wave_id=later, label=["Near", "", "Far"], prompt=["here", "", "there"])
    waves = {row["label"]: row["circle_version"] for row in study.rows("waves")}
    assert waves["Later"] == 2
    assert set(waves.values()) == {1, 2}
    rings = sorted(study.rows("circles", version=2), key=lambda row: row["position"])
    assert [(row["label"], row["prompt"]) for row in rings] == [("Near", "here"), ("Far", "there")]


def test_every_change_of_the_design_leaves_one_entry(study: Study, browser: Browser) -> None:
    role, support, code = study.rows("roles")[0], study.rows("support_types")[0], study.rows("codes")[-1]
    wave = {"label": "Later"}
    sent = [
        ("study", {"title": "Another", "aims": "", "analytic_family": "codebook", "circle_meaning": "importance"}),
        ("add-wave", wave),
        ("role", {"id": role["id"], "label": "Changed", "is_retired": "yes"}),
        ("add-role", {"kind": "place", "code": "lake", "label": "Lake"}),
        ("support", {"id": support["id"], "label": "Changed"}),
        ("add-support", {"code": "lifts", "label": "Lifts"}),
        ("lens", {"lens": study.rows("lenses")[0]["lens"], "is_on": "no"}),
        ("add-code", {"name": "New code"}),
        ("code", {"id": code["id"], "name": "Changed"}),
    ]
    for change, values in sent:
        before = len(study.entries())
        assert browser.send(f"/design/{change}", **values).status_code == 302, change
        assert len(study.entries()) == before + 1, change
    assert study.row("codes", code["id"])["is_starter"] is False
    assert study.row("roles", role["id"])["is_retired"] is True
    later = study.rows("waves", **wave)[0]["id"]
    values = {"subject": "tie", "code": "how_far", "wave_id": later, "wording": "How far?", "answer_kind": "choice"}
    assert browser.send("/design/add-question", **values, options="near=Near\nfar = Far").status_code == 302
    assert study.rows("questions", code="how_far")[0]["options"] == [["near", "Near"], ["far", "Far"]]
    assert study.verify().is_sound


def test_a_template_taken_along_makes_a_study_of_the_same_design(study: Study, browser: Browser, tmp_path: Path) -> None:
    text = browser.client.get("/design/template.yaml", base_url=HERE).data
    circles = {(row["version"], row["position"], row["label"]) for row in study.rows("circles")}
    values = {"title": "Second", "folder": str(tmp_path), "file": "second", "template_file": (io.BytesIO(text), "t.yaml")}
    assert browser.send("/studies/new", **values).status_code == 302
    with open_study(tmp_path / "second.kith") as made:
        assert {(row["version"], row["position"], row["label"]) for row in made.rows("circles")} == circles
        assert made.rows("studies")[0]["title"] == "Second"
        assert not made.rows("participants")


# -- studies ---------------------------------------------------------------------------------------------------------------------------


def test_an_encrypted_study_is_made_and_asks_for_its_passphrase(browser: Browser, study: Study, tmp_path: Path) -> None:
    secret = "four quiet words here"
    made = {"title": "Locked", "folder": str(tmp_path), "file": "locked"}
    assert browser.send("/studies/new", **made, passphrase=secret, passphrase_again="another").status_code == 422
    assert browser.send("/studies/new", **made, passphrase="short", passphrase_again="short").status_code == 422
    assert not (tmp_path / "locked.kith").exists()
    assert browser.send("/studies/new", **made, passphrase=secret, passphrase_again=secret).status_code == 302
    assert not (tmp_path / "locked.kith").read_bytes().startswith(b"SQLite format 3")
    other = browser.send("/studies/new", title="Open", folder=str(tmp_path), file="open")
    assert other.status_code == 302
    asked = browser.send("/studies/open", place=str(tmp_path / "locked.kith"))
    assert any(a.get("type") == "password" for a in Page(asked.get_data(as_text=True)).all("input"))
    wrong = browser.send("/studies/open", place=str(tmp_path / "locked.kith"), passphrase="wrong words here")
    assert wrong.status_code == 422
    assert "wrong words here" not in wrong.get_data(as_text=True)
    assert "Open" in browser.page("/").words
    assert browser.send("/studies/open", place=str(tmp_path / "locked.kith"), passphrase=secret).status_code == 302
    assert "Locked" in browser.page("/").words


def test_a_study_is_never_made_over_something_that_is_there(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "there.kith").write_text("mine")
    answer = browser.send("/studies/new", title="T", folder=str(tmp_path), file="there")
    assert answer.status_code == 422
    assert (tmp_path / "there.kith").read_text() == "mine"
    for name in ("../up", "a/b", ".hidden", "x\ny"):
        assert browser.send("/studies/new", title="T", folder=str(tmp_path), file=name).status_code == 422, name


def test_without_a_study_every_page_leads_to_making_one(app: Flask) -> None:
    empty = make_app(None, port=PORT)
    client = empty.test_client()
    client.get(f"/enter/{empty.extensions['launch_tokens'].new()}", base_url=HERE)
    assert client.get("/", base_url=HERE).headers["Location"] == "/studies"
    assert client.get("/studies", base_url=HERE).status_code == 200
    for path in ("/measures", "/design", "/journal", "/import", "/coders", "/participants/new"):
        answer = client.get(path, base_url=HERE)
        assert answer.status_code == 404, path
        assert "No study is open yet" in answer.get_data(as_text=True), path


# -- import and export ------------------------------------------------------------------------------------------------------------------


def egor_files() -> list[tuple[io.BytesIO, str]]:
    tables = demo_tables(participants=2, waves=1, ties=5, seed=7)
    tables.frames["participants"] = tables["participants"].with_columns(pl.concat_str(pl.lit("New "), "pseudonym").alias("pseudonym"))
    return [(io.BytesIO(data), name) for name, data in write(tables, "egor").files.items() if name.endswith(".csv")]


def test_an_import_is_looked_at_first_then_made_then_undone(study: Study, browser: Browser) -> None:
    before, entries = study.tables().counts(), len(study.entries())
    look = browser.send("/import/files", files=egor_files(), wave="2").headers["Location"]
    page = browser.page(look)
    assert "Nothing has been changed yet" in page.words
    assert (study.tables().counts(), len(study.entries())) == (before, entries)
    confirm = next(a["action"] for a in page.all("form") if a.get("action", "").endswith("/confirm"))
    assert next(a["value"] for a in page.all("option") if "selected" in a) == "2"
    for said in ({"wave": "2", "state": "crisis"}, {"wave": "2", "state": "crisis", "on-mixed_ids": "stop"}):
        assert browser.send(confirm, **said).headers["Location"] == look  # read otherwise than looked at: look again
        assert (study.tables().counts(), len(study.entries())) == (before, entries)
    browser.send(look + "/look", wave="2", state="everyday")
    assert browser.send(confirm, wave="2", state="everyday").status_code == 302
    assert len(study.entries()) == entries + 1
    assert study.tables().counts() != before
    assert browser.client.get(look, base_url=HERE).status_code == 404
    browser.send(f"/journal/{study.entries()[-1]['id']}/undo")
    assert study.tables().counts() == before


def canvas_files(tmp_path: Path, key: str, *people: str) -> list[tuple[io.BytesIO, str]]:
    lines = ["name,roster", *(f"{number},{person}" for number, person in enumerate(people, 1))]
    session(tmp_path / key, "Z9", {"Person": lines}, {"Close": ["1,2"]}, key=key)
    return [(io.BytesIO(path.read_bytes()), path.name) for path in sorted((tmp_path / key).iterdir())]


def test_who_is_who_is_said_one_by_one_before_a_later_wave_comes_in(study: Study, browser: Browser, tmp_path: Path) -> None:
    look = browser.send("/import/files", files=canvas_files(tmp_path, "k1", "Anna Berg,r1", "Cy,r2"), wave="1").headers["Location"]
    browser.send(look + "/confirm", wave="1")
    there = {row["alter_id"]: row["name"] for row in study.rows("identities") if row["alter_id"]}
    anna = next(key for key, name in there.items() if name == "Anna Berg")
    count, entries = len(study.rows("alters")), len(study.entries())
    look = browser.send("/import/files", files=canvas_files(tmp_path, "k2", "Anna Burg,r1", "Dee,r3"), wave="2").headers["Location"]
    page = browser.page(look)
    asked = sorted({a["name"] for a in page.all("input") if a.get("name", "").startswith("who-")})
    assert len(asked) == 2
    assert not any("checked" in a for a in page.all("input"))
    assert "Anna" not in look + "".join(asked)
    (same,) = {a["name"] for a in page.all("input") if a.get("value") == anna} - {asked[1]} or {asked[0]}
    both = dict.fromkeys(asked, anna)
    assert browser.send(look + "/confirm", wave="2", **both).headers["Location"] == look  # two of one map cannot be one
    refused = browser.client.get(look, base_url=HERE).get_data(as_text=True)
    assert "say it of one of them" in refused
    assert (len(study.rows("alters")), len(study.entries())) == (count, entries)
    browser.send(look + "/look", wave="2", **{same: anna})
    assert "checked" in next(a for a in browser.page(look).all("input") if (a.get("name"), a.get("value")) == (same, anna))
    browser.send(look + "/confirm", wave="2", **{same: anna})
    assert (len(study.rows("alters")), len(study.entries())) == (count + 1, entries + 1)
    assert len([row for row in study.rows("ties") if row["alter_id"] == anna]) == 2
    browser.send(f"/journal/{study.entries()[-1]['id']}/undo")
    assert len(study.rows("alters")) == count


def test_a_rosters_column_says_who_is_who(study: Study, browser: Browser, tmp_path: Path) -> None:
    look = browser.send("/import/files", files=canvas_files(tmp_path, "k1", "Ann,r1", "Cy,r2"), wave="1").headers["Location"]
    browser.send(look + "/confirm", wave="1")
    count = len(study.rows("alters"))
    look = browser.send("/import/files", files=canvas_files(tmp_path, "k2", "Mum,r1", "Dee,r3"), wave="2").headers["Location"]
    browser.send(look + "/look", wave="2", alter_key="roster")
    browser.send(look + "/confirm", wave="2", alter_key="roster")
    assert len(study.rows("alters")) == count + 1


def test_how_to_read_can_be_said_as_on_the_command_line(study: Study, browser: Browser) -> None:
    data = b"resp;altr;t\n1;1;Venue\n1;2;Venue\n"
    look = browser.send("/import/files", files=[(io.BytesIO(data), "alters.csv")], wave="1").headers["Location"]
    assert browser.client.get(look, base_url=HERE).status_code == 422
    browser.send(look + "/look", wave="7", columns="ego=resp\r\nalter=altr", format="egor")
    assert "Nothing has been changed yet" in browser.page(look).words
    browser.send(look + "/look", columns="ego")
    refused = browser.client.get(look, base_url=HERE)
    assert refused.status_code == 422
    assert "needs two words joined by =" in refused.get_data(as_text=True)
    browser.send(look + "/drop")


def test_files_looked_at_lie_in_a_private_folder_until_thrown_away(app: Flask, browser: Browser) -> None:
    look = browser.send("/import/files", files=[(io.BytesIO(b"a,b\n"), "../../etc/passwd.csv")]).headers["Location"]
    upload = app.extensions["uploads"].get(look.split("?")[0].rpartition("/")[2])
    folder = Path(upload.folder.name)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in upload.paths] == ["passwd.csv"]
    assert all(folder in path.parents for path in upload.paths)
    refused = browser.client.get(look, base_url=HERE)
    assert refused.status_code == 422
    assert "no format known" in refused.get_data(as_text=True)
    browser.send(f"/import/{upload.id}/drop")
    assert not folder.exists()


def test_an_export_is_one_zip_without_names(study: Study, browser: Browser) -> None:
    with study.change("rename") as change:
        for row in study.rows("identities"):
            change.update("identities", row["id"], {"name": "Zebedee"})
    for format_name in ("egor", "csv", "parquet"):
        answer = browser.client.get(f"/export/{format_name}", base_url=HERE)
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.testzip() is None
            content = b"".join(archive.read(name) for name in archive.namelist())
        assert len(archive.namelist()) >= 3
        assert b"Zebedee" not in content, format_name
    assert browser.client.get("/export/nothing", base_url=HERE).status_code == 404


def test_every_problem_with_a_choice_has_a_title() -> None:
    assert set(TITLES) == set(CHOICES)


def test_every_format_written_can_be_downloaded_from_the_page(study: Study, browser: Browser) -> None:
    offered = {attributes.get("formaction") for attributes in browser.page("/import").all("button")}
    assert {f"/export/{known.name}" for known in FORMATS if known.write} <= offered


# -- journal and who works ----------------------------------------------------------------------------------------------------------------


def test_the_journal_says_who_did_what(study: Study, browser: Browser) -> None:
    browser.send("/coders/new", name="Robin")
    browser.send("/participants/new", pseudonym="Q1")
    entry = study.entries()[-1]
    assert entry["actor"] == study.rows("coders", name="Robin")[0]["id"]
    assert "Working as Robin" in browser.page("/").words
    page = browser.page("/journal")
    assert "Enrol participant" in page.words
    assert "Robin" in page.words
    browser.send("/coders/choose", coder_id="")
    assert "Who is working?" in browser.page("/").words


def test_an_entry_changed_since_is_not_taken_back_and_it_is_said_plainly(study: Study, browser: Browser) -> None:
    person = study.rows("participants")[0]
    for site in ("East", "West"):
        values = {"pseudonym": person["pseudonym"], "status": person["status"], "site": site}
        browser.send(f"/participants/{person['id']}/edit", **values)
    earlier = study.entries()[-2]["id"]
    refused = browser.send(f"/journal/{earlier}/undo")
    assert refused.status_code == 409
    assert "changed again since" in refused.get_data(as_text=True)
    assert study.row("participants", person["id"])["site"] == "West"


def test_the_study_is_checked_and_copied_from_the_journal(study: Study, browser: Browser) -> None:
    assert "The study is sound" in browser.send("/journal/verify").get_data(as_text=True)
    assert study.place.path is not None
    assert browser.send("/journal/backup").status_code == 302
    [copy] = study.place.path.parent.glob("* backup *.kith")
    assert copy.stat().st_mode & 0o777 == 0o600
    with open_study(copy) as opened:
        assert opened.tables().counts() == study.tables().counts()


def test_a_link_for_another_browser_lets_one_more_in(app: Flask, browser: Browser) -> None:
    page = Page(browser.send("/coders/link").get_data(as_text=True))
    link = next(a["value"] for a in page.all("input") if "/enter/" in a.get("value", ""))
    other = app.test_client()
    assert other.get(link, base_url=HERE).status_code == 302
    assert other.get("/", base_url=HERE).status_code == 200
    assert app.test_client().get(link, base_url=HERE).status_code == 401
