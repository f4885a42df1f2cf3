"""Codebook, themes, lens, memos and history as a browser without scripts meets them; counts held against counting by hand."""

import csv
import io
import re

import pytest

from kithwork.actions import act
from kithwork.formats.codebook import recognises
from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.store import Study
from tests.web.conftest import HERE, Browser


def words(browser: Browser, path: str) -> str:
    return re.sub(r"\s+", " ", browser.page(path).words)


def most_used(study: Study, at: int = 0) -> dict:
    counts = study.count("codings", by="code_id")
    return study.row("codes", sorted(counts, key=lambda one: (-counts[one], one))[at])


def by_hand(study: Study, code_ids: set[str]) -> tuple[int, int, int, int]:
    """Passages, texts, people and coders of codes, counted row by row."""
    codings = [row for row in study.rows("codings") if row["code_id"] in code_ids]
    segments = {row["id"]: row for row in study.rows("segments")}
    revisions = {row["id"]: row["document_id"] for row in study.rows("revisions")}
    documents = {row["id"]: row["participant_id"] for row in study.rows("documents")}
    held = {row["segment_id"] for row in codings}
    texts = {revisions[segments[one]["revision_id"]] for one in held}
    people, coders = {documents[one] for one in texts} - {None}, {row["coder_id"] for row in codings} - {None}
    return len(held), len(texts), len(people), len(coders)


def test_the_codebook_counts_as_counting_by_hand_does(study: Study, browser: Browser) -> None:
    html = browser.client.get("/codebook", base_url=HERE).get_data(as_text=True)
    for code in (most_used(study), most_used(study, 7), study.rows("codes")[0]):
        row = re.search(rf'<tr id="code-{code["id"]}".*?</tr>', html, re.DOTALL)
        assert row
        shown = [int(re.sub(r"\D", "", cell) or 0) for cell in re.findall(r'<td class="number">(.*?)</td>', row[0], re.DOTALL)]
        assert tuple(shown) == by_hand(study, {code["id"]})


def test_all_passages_of_a_code_are_reached_page_by_page_each_once_and_in_order(study: Study, browser: Browser) -> None:
    code = most_used(study)
    with study.change("code much") as change:  # more than one page
        have = {row["segment_id"] for row in change.rows("codings", code_id=code["id"])}
        for row in [row for row in change.rows("segments") if row["id"] not in have][:90]:
            change.insert("codings", {"segment_id": row["id"], "code_id": code["id"]})
    expected = by_hand(study, {code["id"]})[0]
    seen: list[str] = []
    for page in range(1, -(-expected // 50) + 1):
        html = browser.client.get(f"/codes/{code['id']}?page={page}", base_url=HERE).get_data(as_text=True)
        assert f"{expected:,} passages" in html
        seen += re.findall(r'id="passage-([0-9a-f-]+)"', html)
    assert len(seen) == len(set(seen)) == expected
    segments = {row["id"]: row for row in study.rows("segments")}
    documents = {row["id"]: row["document_id"] for row in study.rows("revisions")}
    places = [(documents[segments[one]["revision_id"]], segments[one]["start"]) for one in seen]
    assert [start for text in dict.fromkeys(text for text, _ in places) for start in sorted(s for t, s in places if t == text)] == [
        start for _, start in places
    ]
    wave = study.rows("waves", position=1)[0]
    interviews = {row["id"] for row in study.rows("interviews", wave_id=wave["id"])}
    texts = {row["id"] for row in study.rows("documents") if row["interview_id"] in interviews}
    of_wave = sum(text in texts for text, _ in places)
    assert 0 < of_wave < expected
    assert f"{of_wave} passages" in words(browser, f"/codes/{code['id']}?wave={wave['id']}")


def test_merging_says_what_it_will_do_and_does_that(study: Study, browser: Browser) -> None:
    code, into = most_used(study), most_used(study, 1)
    with study.change("both") as change:
        row = change.rows("codings", code_id=code["id"])[0]
        change.insert("codings", {"segment_id": row["segment_id"], "code_id": into["id"]})
    before = {name: study.rows(name) for name in ("codes", "codings", "memos", "theme_codes")}
    together = by_hand(study, {code["id"], into["id"]})[0]
    assert f"That makes {together} passages in all" in words(browser, f"/codes/{code['id']}/merge?into={into['id']}")
    answer = browser.send(f"/codes/{code['id']}/merge", into=into["id"], why="One thing after all")
    assert answer.headers["Location"] == f"/codes/{into['id']}"
    assert by_hand(study, {into["id"]})[0] == together
    assert study.rows("codes", id=code["id"]) == []
    told = words(browser, "/codebook/history")
    assert f"code {code['name']} taken out" in told
    assert "One thing after all" in told
    browser.send(f"/journal/{study.entries()[-1]['id']}/undo", back=f"/codes/{into['id']}")
    assert {name: study.rows(name) for name in before} == before


def test_ticked_passages_go_to_a_new_code(study: Study, browser: Browser) -> None:
    code = most_used(study)
    html = browser.client.get(f"/codes/{code['id']}", base_url=HERE).get_data(as_text=True)
    ticks = re.findall(r'name="codings" value="([^"]+)"', html)[:3]
    answer = browser.send(f"/codes/{code['id']}/split", codings=ticks, name="A part of it", why="Two things in one")
    made = study.rows("codes", name="A part of it")[0]
    assert answer.headers["Location"] == f"/codes/{made['id']}"
    assert {row["id"] for row in study.rows("codings", code_id=made["id"])} == {one for tick in ticks for one in tick.split(",")}
    assert [row["text"] for row in study.rows("memos", code_id=code["id"]) if "Two things" in row["text"]]


def test_taking_a_code_out_says_beforehand_what_goes_with_it(study: Study, browser: Browser) -> None:
    code = most_used(study)
    held = by_hand(study, {code["id"]})
    assert f"The code comes off {held[0]} passages" in words(browser, f"/codes/{code['id']}/remove")
    assert study.rows("codes", id=code["id"])
    assert browser.send(f"/codes/{code['id']}/remove").headers["Location"] == "/codebook"
    assert study.rows("codings", code_id=code["id"]) == []


def test_a_code_is_moved_step_by_step_and_ends_where_it_was(study: Study, browser: Browser) -> None:
    code = next(row for row in study.rows("codes") if row["parent_id"] and row["position"] == 2)
    siblings = [row["id"] for row in sorted(study.rows("codes", parent_id=code["parent_id"]), key=lambda row: row["position"])]
    for to, parent, place in (
        ("up", code["parent_id"], 0),
        ("up", code["parent_id"], 0),
        ("down", code["parent_id"], 1),
        ("in", siblings[0], -1),
        ("out", code["parent_id"], 1),
        ("nowhere", code["parent_id"], 1),
    ):
        browser.send(f"/codes/{code['id']}/place", to=to)
        now = study.row("codes", code["id"])
        assert now["parent_id"] == parent, to
        order = [row["id"] for row in sorted(study.rows("codes", parent_id=parent), key=lambda row: row["position"])]
        assert order[place] == code["id"], to
    browser.send(f"/codes/{code['id']}/place", to="out")
    assert study.row("codes", code["id"])["parent_id"] is None


def test_a_theme_is_made_filled_moved_split_merged_and_taken_away(study: Study, browser: Browser) -> None:
    codes = [most_used(study, place)["id"] for place in range(3)]
    made = browser.send("/themes/new", name="In between", central_idea="What joins them").headers["Location"]
    theme = made.rpartition("/")[2]
    browser.send(f"{made}/change", change="codes", codes=codes)
    held = by_hand(study, set(codes))
    assert f"{held[0]} passages in {held[1]} texts of {held[2]} people, with 3 codes" in words(browser, made)
    browser.send(f"{made}/change", change="up")
    order = [row["name"] for row in sorted(study.rows("themes"), key=lambda row: row["position"])]
    assert order[-2] == "In between"
    browser.send(f"{made}/change", change="split", name="The other half", codes=codes[:1])
    other = study.rows("themes", name="The other half")[0]["id"]
    assert len(study.rows("theme_codes", theme_id=theme)) == 2
    browser.send(f"{made}/change", change="merge", into=other, why="They would not part")
    assert {row["code_id"] for row in study.rows("theme_codes", theme_id=other)} == set(codes)
    browser.send(f"/themes/{other}/change", change="remove")
    assert [row["name"] for row in study.rows("themes") if row["id"] in (theme, other)] == []


def test_the_lens_tells_nodes_without_data_and_codes_without_a_home(study: Study, browser: Browser) -> None:
    browser.send("/lens/change", change="add", lens="Another theory", code="A1", label="First of it")
    node = study.rows("lenses", lens="Another theory")[0]
    code = most_used(study)
    homeless = len(study.count("codings", by="code_id"))
    assert f"Codes with no home {homeless}" in words(browser, "/lens")
    browser.send("/lens/change", change="link", node=node["id"], code=code["id"], rationale="It is what the theory means")
    told = words(browser, "/lens")
    assert "It is what the theory means" in told
    assert f"Codes with no home {homeless - 1}" in told
    assert "Nodes with no data 0" in told
    browser.send("/lens/change", change="show", lens="Another theory", is_on="no")
    assert "It is what the theory means" not in words(browser, "/lens")
    assert study.rows("lens_links", lens_id=node["id"])


def test_memos_of_every_kind_are_listed_and_narrowed_down_and_one_is_written_on_the_study(study: Study, browser: Browser) -> None:
    every = study.rows("memos")
    assert f"{len(every)} memos" in words(browser, "/memos")
    kinds = {about: sum(row[f"{about}_id"] is not None for row in every) for about in ("code", "segment", "map", "alter", "study")}
    for about, number in kinds.items():
        assert number > 0
        assert f">{number} memo" in browser.client.get(f"/memos?about={about}", base_url=HERE).get_data(as_text=True), about
    whole = study.rows("studies")[0]["id"]
    given = {"about": "study", "about_id": whole, "memo_kind": "reflexive", "text": "What I bring", "back": "/memos?kind=reflexive"}
    assert browser.send("/memos/write", **given).headers["Location"] == "/memos?kind=reflexive"
    memo = next(row for row in study.rows("memos", study_id=whole) if row["text"] == "What I bring")
    browser.send("/memos/write", **{**given, "id": memo["id"], "text": "What I brought", "back": "//elsewhere.example"})
    assert study.row("memos", memo["id"])["text"] == "What I brought"
    browser.send("/memos/write", **{**given, "id": memo["id"], "do": "remove"})
    assert study.rows("memos", id=memo["id"]) == []


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".qdc"])
def test_the_codebook_is_taken_along(study: Study, browser: Browser, ending: str) -> None:
    data = browser.client.get(f"/codebook{ending}", base_url=HERE).data
    if ending == ".csv":
        assert len(list(csv.DictReader(io.StringIO(data.decode())))) == len(study.rows("codes"))
    elif ending == ".qdc":
        assert recognises([Source("book.qdc", data)], Notes())
    else:
        assert data.startswith(b"PK")


def test_the_history_is_a_table_too_and_reasons_leave_only_when_asked_for(study: Study, browser: Browser) -> None:
    code = next(row for row in study.rows("codes") if row["parent_id"])
    act(study, "describe code", {"code_id": code["id"], "values": {"definition": "New words"}})
    act(study, "move code", {"code_id": code["id"], "parent_id": None, "why": "It stands by itself"})
    study.undo(study.entries()[-1]["id"])
    for asked, reason in (("", ""), ("?memos=yes", "It stands by itself")):
        text = browser.client.get(f"/codebook/history.csv{asked}", base_url=HERE).get_data(as_text=True)
        rows = list(csv.DictReader(io.StringIO(text)))
        changed = next(row for row in rows if row["done"] == "what it covers changed")
        assert (changed["before"], changed["after"]) == (code["definition"] or "", "New words")
        moves = [row for row in rows if row["done"] == "moved"]
        assert (moves[0]["after"], moves[0]["action"], moves[0]["taken_back"]) == ("the top", "move code", "true")
        assert moves[0]["why"] == reason
        assert moves[1]["action"] == "undo"
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text)


def test_while_a_text_is_blind_nobody_sees_what_another_made_of_it(study: Study, browser: Browser) -> None:
    code = most_used(study)
    with study.change("open again") as change:
        for row in change.rows("assignments"):
            change.update("assignments", row["id"], {"finished_at": None})
    act(study, "code blind", {"is_blind": True})
    assert "0 passages" in words(browser, f"/codes/{code['id']}")
    assert "0 passages coded" in words(browser, "/codebook")
    segment_memos = [row for row in study.rows("memos") if row["segment_id"] or row["document_id"]]
    assert segment_memos
    assert f"{len(study.rows('memos')) - len(segment_memos)} memos" in words(browser, "/memos")
    act(study, "code blind", {"is_blind": False})
    assert f"{by_hand(study, {code['id']})[0]} passages" in words(browser, f"/codes/{code['id']}")
