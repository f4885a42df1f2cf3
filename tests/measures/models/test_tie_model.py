"""What predicts that a tie is kept, moves inward, is trusted or gives support: rows, separation, counts, known effects, sentences."""

import builtins
import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest

from kithwork.measures.models import model_of, tie_model, tie_rows
from kithwork.measures.models.counts import exact_counts
from kithwork.measures.models.design import design_of, muddled, separating
from kithwork.measures.models.rows import OUTCOMES, TieRows
from kithwork.model.errors import SelectionError
from kithwork.model.tables import StudyTables
from tests.oracles.studies import Maker, random_study


def made(outcome: str, person: list[int] | np.ndarray, y: list[float] | np.ndarray, **by: Any) -> TieRows:
    """Rows of a model without a study behind them; one map a person."""
    person = np.asarray(person)
    frame = pl.DataFrame({"person": person, "map": person, "alter": np.arange(person.size), "outcome": np.asarray(y, dtype=float), **by})
    return TieRows(OUTCOMES[outcome], tuple(by), frame, {})


def known_study(seed: int = 4, people: int = 60, waves: int = 3, alters: int = 9) -> StudyTables:
    """Animals are kept more often (log odds +1.5), each circle outwards less often (−0.7); people differ by a spread of 0.6."""
    rng, maker = np.random.default_rng(seed), Maker()
    for position in (1, 2, 3):
        maker.add("circles", version=1, position=position, label=f"Circle {position}")
    wave_ids = [maker.wave(number + 1, 6.0 * number) for number in range(waves)]
    for number in range(people):
        person, own, named = maker.person(f"P{number}"), 0.6 * rng.normal(), []
        missed = rng.integers(0, waves) if rng.random() < 0.2 else -1
        for place, wave in enumerate(wave_ids):
            if place == missed:
                maker.add("interviews", participant_id=person, wave_id=wave, status="missed")
                continue
            drawn, stayed = maker.map(person, wave), []
            while len(named) < alters:
                kind = "animal" if rng.random() < 0.4 else "person"
                named.append((maker.alter(person, kind), kind, int(rng.integers(1, 4))))
            for alter, kind, circle in named:
                maker.tie(drawn, alter, circle=circle)
                chance = 1 / (1 + np.exp(-(1.6 + own + 1.5 * (kind == "animal") - 0.7 * (circle - 1))))
                if rng.random() < chance:
                    stayed.append((alter, kind, circle))
            named = stayed
    return maker.tables()


@pytest.fixture(scope="module")
def known() -> StudyTables:
    return known_study()


@pytest.mark.parametrize("method", ["mixed", "gee"])
def test_a_simulated_study_gives_its_effects_back(known: StudyTables, method: str):
    if method == "gee":
        pytest.importorskip("statsmodels")
    model = tie_model(known, "kept", ["kind", "circle"], method=method)
    found = {row["predictor"]: row for row in model.effects.iter_rows(named=True)}
    truth = {"kind": 1.5, "circle": -0.7}
    for name, effect in truth.items():
        # what holds on average over people is a little nearer to nothing than what holds for each person
        assert found[name]["low"] - 0.15 < effect < found[name]["high"] + 0.15
        assert found[name]["estimate"] == pytest.approx(effect, abs=0.4)
        assert not found[name]["low"] < 0 < found[name]["high"]
    assert found["kind"]["level"] == "animal"
    assert found["kind"]["reference"] == "person"
    assert model.problems == ()
    assert any("'animal' are more likely to be named again than ties with 'person'" in line for line in model.sentences())


def test_a_missed_wave_is_never_a_loss():
    maker = Maker()
    waves = [maker.wave(number, 6.0 * number) for number in (1, 2, 3)]
    one, other = maker.person("P1"), maker.person("P2")
    friend, cat = maker.alter(one), maker.alter(one, "animal")
    for wave, alters in ((0, (friend, cat)), (2, (friend,))):
        drawn = maker.map(one, waves[wave])
        for alter in alters:
            maker.tie(drawn, alter)
    maker.add("interviews", participant_id=one, wave_id=waves[1], status="missed")
    maker.tie(maker.map(other, waves[0]), maker.alter(other))  # no later map: it is not known
    rows = tie_rows(maker.tables(), "kept", ["kind", "gap_months"])
    assert sorted(rows.frame.select("kind", "outcome", "gap_months").rows()) == [("animal", 0.0, 12.0), ("person", 1.0, 12.0)]
    assert rows.left_out == {"the person has no later map": 2}


@pytest.mark.parametrize("seed", range(12))
def test_rows_agree_with_a_slow_count(seed: int):
    tables = random_study(seed)
    rows = tie_rows(tables, "kept", ["kind"])
    waves = {row["id"]: row["position"] for row in tables.rows("waves")}
    ties = {row["id"]: {t["alter_id"] for t in tables.rows("ties") if t["map_id"] == row["id"]} for row in tables.rows("maps")}
    by_person: dict[str, list[tuple[int, set[str]]]] = {}
    interviews = {row["id"]: row for row in tables.rows("interviews")}
    for row in tables.rows("maps"):
        held = interviews[row["interview_id"]]
        by_person.setdefault(held["participant_id"], []).append((waves[held["wave_id"]], ties[row["id"]]))
    kept = lost = 0
    for maps in by_person.values():
        ordered = [alters for _, alters in sorted(maps, key=lambda pair: pair[0])]
        for now, later in itertools.pairwise(ordered):
            kept, lost = kept + len(now & later), lost + len(now - later)
    assert (rows.frame["outcome"].sum(), rows.frame.height) == (kept, kept + lost)


def test_moving_inward_is_asked_only_where_it_can_happen():
    maker = Maker()
    waves, person = [maker.wave(1), maker.wave(2)], maker.person("P1")
    first, second = (maker.map(person, wave) for wave in waves)
    for before, after in ((1, 1), (3, 1), (2, 2), (2, 3), (None, 1), (2, None)):
        alter = maker.alter(person)
        maker.tie(first, alter, circle=before)
        maker.tie(second, alter, circle=after)
    maker.tie(first, maker.alter(person), circle=3)  # not named again
    rows = tie_rows(maker.tables(), "moved_inward", ["circle"])
    assert sorted(rows.frame.select("circle", "outcome").rows()) == [(2.0, 0.0), (2.0, 0.0), (3.0, 1.0)]
    assert rows.left_out["it was not named again"] == 1
    assert rows.left_out["it stood in the innermost circle, or in none at one of the two waves"] == 3


def test_trust_that_is_no_matter_and_support_not_asked_have_no_outcome():
    maker = Maker()
    waves, person = [maker.wave(1), maker.wave(2)], maker.person("P1")
    first, second = (maker.map(person, wave) for wave in waves)
    trusts = ("strong", "present", "tentative", "absent", "breached", "rebuilding", "not_applicable", None)
    ties = [maker.tie(first, maker.alter(person), trust=trust) for trust in trusts]
    maker.tie(second, maker.alter(person))
    maker.add("supports", tie_id=ties[0], support_type="company", direction="to_me")
    maker.add("supports", tie_id=ties[1], support_type="company", direction="from_me")
    maker.add("supports", tie_id=ties[2], support_type="company", direction="both", amount=0)
    tables = maker.tables()
    trusted, supportive = (tie_rows(tables, outcome, ["kind"]) for outcome in ("trusted", "supportive"))
    assert trusted.frame["outcome"].to_list() == [1, 1, 0, 0, 0, 0]
    assert supportive.frame["outcome"].to_list() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert supportive.left_out == {"support was not asked about at that wave": 1}


def test_a_level_that_always_has_the_outcome_is_set_aside_and_counted():
    rng = np.random.default_rng(0)
    kind = ["animal"] * 20 + ["person"] * 100 + ["place"] * 80
    y = np.concatenate([np.ones(20), rng.integers(0, 2, 180)])
    model = model_of(made("kept", np.arange(200) % 20, y, kind=kind), "mixed", draws=100)
    assert model.effects["level"].to_list() == ["place"]
    assert model.problems[0].startswith("All of the 20 ties with kind 'animal' were named again")
    assert model.ties == 180
    assert model.counts.filter(level="animal")["ties"].to_list() == [20]
    assert model.counts.filter(level="animal")["low"][0] == pytest.approx(0.025 ** (1 / 20))


def test_a_number_that_divides_the_outcome_is_told_and_not_fitted():
    x = np.arange(40.0)
    model = model_of(made("kept", np.arange(40) % 8, (x > 20).astype(float), circle=x), "mixed", draws=100)
    assert model.effects.is_empty()
    assert "divided completely, or nearly so, by 'circle, each one more'" in model.problems[0]
    assert model.counts.height == 3


@pytest.mark.parametrize("seed", range(10))
def test_separation_is_found_just_where_a_line_divides(seed: int):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=30), rng.normal(size=30)
    divided = (a + 2 * b > 0.3).astype(float)
    rows = made("kept", np.arange(30) % 6, divided, circle=a, degree=b)
    assert {term.predictor for term in separating(design_of(rows), divided)} == {"circle", "degree"}
    mixed = divided.copy()
    order = np.argsort(a + 2 * b)
    mixed[order[[0, -1]]] = [1, 0]  # now no line does
    assert separating(design_of(rows), mixed) == ()


def test_predictors_that_say_the_same_are_told():
    x = np.arange(30.0) % 4
    rows = made("trusted", np.arange(30) % 6, np.arange(30) % 2, circle=x, degree=2 * x + 1, wave=np.arange(30.0) % 3)
    assert muddled(design_of(rows)) == ("degree",)
    assert "cannot be told apart" in model_of(rows, "mixed", draws=50).problems[0]


def test_counts_agree_with_drawing_people_by_hand():
    rng = np.random.default_rng(3)
    person, y = np.arange(120) % 15, rng.integers(0, 2, 120)
    kind = np.where(rng.random(120) < 0.6, "person", "place")
    counted = exact_counts(made("kept", person, y, kind=kind), draws=4000)
    row = counted.filter(level="place").row(0, named=True)
    assert row["with_outcome"] == y[kind == "place"].sum()
    shares, differences = [], []
    for _ in range(2000):
        rows = np.concatenate([np.flatnonzero(person == one) for one in rng.integers(0, 15, 15)])
        one, other = (y[rows][kind[rows] == word].mean() for word in ("place", "person"))
        shares.append(one)
        differences.append(one - other)
    assert [row["low"], row["high"]] == pytest.approx(np.percentile(shares, (2.5, 97.5)), abs=0.03)
    assert [row["difference_low"], row["difference_high"]] == pytest.approx(np.percentile(differences, (2.5, 97.5)), abs=0.04)


def test_few_people_and_rare_outcomes_are_warned_of():
    rng = np.random.default_rng(1)
    model = model_of(
        made("kept", np.arange(90) % 29, (rng.random(90) < 0.9).astype(float), circle=rng.integers(1, 4, 90)), "mixed", draws=50
    )
    assert model.problems[0].startswith("There are 29 people. With fewer than 50")
    assert "of the rarer outcome for 1 effect;" in model.problems[1]


def test_too_few_people_have_counts_without_intervals():
    counted = exact_counts(made("kept", [0, 0, 1, 2], [1, 0, 1, 1], kind=["person"] * 3 + ["place"]))
    assert counted["low"].null_count() == counted.height
    assert counted["share"].to_list() == pytest.approx([0.75, 2 / 3, 1])


def test_a_number_is_modelled_on_its_own_scale():
    pytest.importorskip("statsmodels")
    rng = np.random.default_rng(8)
    person, circle = np.repeat(np.arange(60), 12), rng.integers(1, 4, 720)
    y = 3 - 0.5 * circle + 0.7 * rng.normal(size=60)[person] + rng.normal(size=720)
    for method in ("mixed", "gee"):
        model = model_of(made("security", person, y, circle=circle), method, ("person",), draws=50)
        effect = model.effects.row(0, named=True)
        assert effect["low"] < -0.5 < effect["high"]
        assert effect["ratio"] is None
        assert effect["error"] == pytest.approx(0.045, abs=0.015)
    assert model_of(made("security", person, y, circle=circle), "mixed", ("person",), draws=50).variation["person"] == pytest.approx(
        0.7, abs=0.2
    )


def test_an_unknown_word_is_answered_with_a_near_one():
    tables = random_study(1)
    for call, said in (
        (dict(outcome="keept"), "Did you mean 'kept'?"),
        (dict(by=["kinds"]), "Did you mean 'kind'?"),
        (dict(method="mix"), "Did you mean 'mixed'?"),
        (dict(levels=["maps"]), "Did you mean 'map'?"),
        (dict(outcome="trusted", by=["trust"]), "leave it out"),
        (dict(outcome="trusted", by=["gap_months"]), "predicts only kept and moved_inward"),
        (dict(by=[]), "at least one predictor"),
    ):
        with pytest.raises(SelectionError) as told:
            tie_model(tables, **call)  # type: ignore[arg-type]
        assert said in str(told.value)


def test_without_statsmodels_the_counts_remain(monkeypatch: pytest.MonkeyPatch, known: StudyTables):
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "statsmodels":
            raise ModuleNotFoundError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SelectionError, match=r"install kithwork\[models\]"):
        tie_model(known, "kept", ["kind"], method="gee", draws=50)
    assert tie_model(known, "kept", ["kind"], method="counts", draws=50).counts.filter(predictor="kind").height == 2
    assert tie_model(known, "kept", ["kind"], draws=50).effects.height == 2  # the mixed logistic model is our own


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_empty_study_is_told_in_one_sentence(outcome: str):
    model = tie_model(StudyTables(), outcome, ["kind"], draws=50)
    assert model.sentences()[0] == "There is no tie for which the outcome and every predictor are known."
    assert model.effects.is_empty()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("outcome", ["kept", "moved_inward", "trusted", "supportive"])
def test_any_study_gives_sentences_without_ids_or_pseudonyms(seed: int, outcome: str):
    tables = random_study(seed, people=8)
    model = tie_model(tables, outcome, ["kind", "circle", "density"], draws=50)
    text = " ".join(model.sentences())
    assert "P1" not in text
    assert "nan" not in text.lower().split()
    assert model.counts.height >= 0


def test_an_outcome_that_hardly_changes_within_a_unit_is_told():
    rng = np.random.default_rng(2)
    person = np.repeat(np.arange(60), 8)
    y = rng.integers(0, 2, 60)[person].astype(float)
    y[::97] = 1 - y[::97]  # a few ties differ
    model = model_of(made("trusted", person, y, circle=rng.normal(size=480)), "mixed", ("person",), draws=50)
    assert model.problems[-1].startswith("The outcome hardly changes within one person")


def test_a_measure_that_is_a_word_predicts_as_words_do():
    rows = tie_rows(random_study(3, people=6, most=12), "kept", ["max_alter_betweenness_role"])
    assert rows.frame["max_alter_betweenness_role"].dtype == pl.String


def test_people_who_are_no_more_alike_than_any_others_are_told_and_the_model_is_the_plain_one():
    """Where the spread is 0 the mixed model is logistic regression, here fitted by Newton's steps."""
    rng = np.random.default_rng(3)
    x, person = rng.normal(size=800), np.tile(np.arange(80), 10)
    y = (rng.random(800) < 1 / (1 + np.exp(-(0.4 + 0.8 * x)))).astype(float)
    model = model_of(made("kept", person, y, size=x), "mixed", ("person",))
    assert model.variation["person"] < 1e-3
    assert any("no more alike than any others" in line for line in model.problems)
    beta, columns = np.zeros(2), np.column_stack([np.ones(800), x])
    for _ in range(20):
        p = 1 / (1 + np.exp(-columns @ beta))
        beta += np.linalg.solve(columns.T @ (columns * (p * (1 - p))[:, np.newaxis]), columns.T @ (y - p))
    assert model.effects["estimate"][0] == pytest.approx(beta[1], abs=1e-4)


def test_one_more_of_a_share_is_told_as_all_against_none():
    rng = np.random.default_rng(1)
    model = model_of(made("kept", np.arange(200) % 60, rng.integers(0, 2, 200), density=rng.random(200)), "mixed", ("person",))
    assert model.effects["label"].to_list() == ["density, 1 against 0"]
    assert any(line.startswith("Where density is 1 rather than 0, ties") for line in model.sentences())
