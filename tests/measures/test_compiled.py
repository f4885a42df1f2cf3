"""The compiled engine gives what NumPy gives, on any map, and is chosen only where it is there."""

import gc
import os
import subprocess
import sys
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.cohort import Cohort, cohort_of
from kithwork.cohort.columns import Attribute
from kithwork.measures import MEASURES, compiled, map_measures
from kithwork.measures.compiled import GIVES, MANY_MAPS, NEEDED_BY, engine_for, prepare, values
from kithwork.measures.run import MAPS_AT_A_TIME, measures_of
from kithwork.model.errors import SelectionError
from kithwork.model.schema import KINDS
from tests.oracles.studies import random_study

pytest.importorskip("numba", reason="the compiled engine is an extra")
SOME_KINDS = st.sets(st.sampled_from(list(KINDS)), min_size=1)
SRC = Path(__file__).parents[2] / "src"


def cohort_of_sizes(sizes: list[int], share: float, seed: int) -> Cohort:
    """Maps of these sizes, alters of kinds at random, each pair joined with a chance."""
    rng = np.random.default_rng(seed)
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    pairs = [np.argwhere(np.triu(rng.random((n, n)) < share, 1)) + start for n, start in zip(sizes, offsets, strict=False)]
    maps, ties = len(sizes), int(offsets[-1])
    names = [f"P{number}" for number in range(maps)]
    empty = np.zeros(0, dtype=np.int64)
    return Cohort(
        maps=pl.DataFrame({"participant": names, "wave": [1] * maps, "state": ["everyday"] * maps}, schema_overrides={"wave": pl.Int64}),
        circle_counts=np.zeros(maps, dtype=np.int64),
        offsets=offsets,
        ties={"alter": np.arange(ties), "kind": rng.integers(0, len(KINDS), ties)},
        alter_ties=np.concatenate([np.zeros((0, 2), dtype=np.int64), *pairs]),
        supports={"tie": empty},
        asked={"alter_ties": rng.integers(0, 3, maps)},
        alter_ids=pl.Series([], dtype=pl.String),
        alter_kinds=empty,
        fates=np.zeros((0, 3), dtype=np.int64),
        wave_positions=(1,),
        roles=(),
        role_groups=(),
        support_types=(),
        scheme=empty,
    )


def assert_engines_agree(cohort: Cohort) -> None:
    for name in GIVES:
        ours, reference = values(name, cohort), MEASURES[name].function(cohort)
        assert ours is not None
        assert ours.shape == reference.shape
        is_asked = np.isfinite(reference)
        np.testing.assert_allclose(ours[is_asked], reference[is_asked], rtol=1e-9, atol=1e-9, err_msg=name)
        assert not np.isfinite(ours[~is_asked]).any(), name


@settings(max_examples=150, deadline=None)
@given(
    sizes=st.lists(st.one_of(st.integers(0, 20), st.sampled_from([63, 64, 65, 127, 128, 129, 200])), max_size=6),
    share=st.sampled_from([0.0, 0.02, 0.2, 0.6, 1.0]),
    kinds=SOME_KINDS,
    seed=st.integers(0, 2**32),
)
def test_both_engines_agree_on_maps_of_any_size(sizes: list[int], share: float, kinds: set[str], seed: int):
    cohort = cohort_of_sizes(sizes, share, seed)
    assert_engines_agree(cohort)
    assert_engines_agree(cohort.within(kinds))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), people=st.integers(0, 5), most=st.integers(0, 14), kinds=SOME_KINDS)
def test_a_whole_study_is_the_same_with_either_engine_reasons_too(seed: int, people: int, most: int, kinds: set[str]):
    tables = random_study(seed, people, most=most)
    one, other = (map_measures(tables, kinds=kinds, engine=engine) for engine in ("numpy", "compiled"))
    assert one.frame.columns == other.frame.columns
    assert one.reasons.equals(other.reasons)
    for name in one.frame.columns[3:]:
        np.testing.assert_allclose(other.frame[name].to_numpy(), one.frame[name].to_numpy(), rtol=1e-9, atol=1e-9, err_msg=name)


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.sampled_from([0, 1, 2, 3, 7, 15, 64, 70]), max_size=5),
    share=st.sampled_from([0.1, 0.6, 1.0]),
    seed=st.integers(0, 2**32),
)
def test_what_measures_share_is_the_same_from_either_engine(sizes: list[int], share: float, seed: int):
    cohort = cohort_of_sizes(sizes, share, seed)
    values = np.random.default_rng(seed).integers(-1, 3, cohort.tie_map.size)
    attribute = Attribute("site", "site", ("a", "b", "c"), ("a", "b", "c"), False, None)
    cohort = replace(cohort, ties={**cohort.ties, "by site": values}, attributes=(attribute,))
    names = ("triads_0", "triads_1", "triads_2", "triads_3", "transitivity", "alter_ei", "alter_ei_rescaled", "alter_phi", "alter_yule_q")
    one, other = (measures_of(cohort, ("all",), measures=names, engine=engine) for engine in ("numpy", "compiled"))
    assert one.reasons.equals(other.reasons)
    for mine, theirs in zip(one.columns, other.columns, strict=True):
        np.testing.assert_allclose(theirs.values, mine.values, rtol=1e-9, atol=1e-9, err_msg=mine.name)


def test_a_map_of_five_hundred_alters_is_measured_alike():
    assert_engines_agree(cohort_of_sizes([500, 3, 500], 0.1, 7))


def test_many_maps_are_shared_among_cores_and_come_back_in_order():
    cohort = cohort_of_sizes(list(np.random.default_rng(3).integers(0, 8, 3_000)), 0.4, 5)
    assert_engines_agree(cohort)


def test_betweenness_is_the_same_whether_or_not_it_was_told_that_it_will_be_asked():
    one, other = (cohort_of_sizes([5, 70], 0.3, 1) for _ in range(2))
    prepare(one, {"ego_betweenness"})
    constraint = values("constraint", other)
    np.testing.assert_array_equal(values("constraint", one), constraint)
    np.testing.assert_array_equal(values("ego_betweenness", one), values("ego_betweenness", other))


def test_all_that_measures_rest_on_is_counted_in_one_go(monkeypatch: pytest.MonkeyPatch):
    names = {*GIVES, *(name for named in NEEDED_BY.values() for name in named)}
    runs: list[int] = []
    over_maps = compiled._over_maps
    monkeypatch.setattr(compiled, "_over_maps", lambda maps, loops: (runs.append(len(loops)), over_maps(maps, loops)))
    for some in (names, *({name} for name in sorted(names))):
        cohort = cohort_of_sizes([5, 70, 0], 0.3, 1)
        runs.clear()
        prepare(cohort, some)
        for name in some & set(GIVES):
            values(name, cohort)
        assert len(runs) == 1, some


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), most=st.integers(1, 5), kinds=SOME_KINDS)
def test_alter_ties_of_each_map_are_known_in_every_part_and_scope(seed: int, most: int, kinds: set[str]):
    cohort = cohort_of(random_study(seed))
    for whole in (cohort, cohort.within(kinds), *(cohort.of_relation(label) for label in cohort.relations)):
        for part in (whole, *whole.parts(most), *(part.within(kinds) for part in whole.parts(most))):
            np.testing.assert_array_equal(part.alter_tie_offsets, np.searchsorted(part.alter_ties[:, 0], part.offsets))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), most=st.integers(1, 5))
def test_a_cohort_in_parts_is_measured_as_the_whole(seed: int, most: int):
    cohort = cohort_of(random_study(seed))
    whole = measures_of(cohort)
    parts = [measures_of(part) for part in cohort.parts(most)]
    assert pl.concat([part.frame for part in parts]).equals(whole.frame)
    assert pl.concat([part.reasons for part in parts]).sort(pl.all()).equals(whole.reasons.sort(pl.all()))


def test_more_maps_than_are_measured_at_a_time_are_joined_in_order():
    sizes = [n % 4 for n in range(MAPS_AT_A_TIME + 7)]
    cohort = cohort_of_sizes(sizes, 0.5, 2)
    for engine in ("numpy", "compiled"):
        frame = measures_of(cohort, kinds=("all",), measures=("size", "isolates"), engine=engine).frame
        assert frame["participant"].to_list() == cohort.maps["participant"].to_list()
        assert frame["size"].to_list() == sizes


def test_the_engine_is_chosen_by_how_many_maps_there_are():
    assert engine_for(MANY_MAPS - 1) == "numpy"
    assert engine_for(MANY_MAPS) == "compiled"
    assert engine_for(MANY_MAPS, "numpy") == "numpy"
    assert engine_for(1, "compiled") == "compiled"


def test_an_engine_that_is_not_there_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(SelectionError) as told:
        engine_for(1, "compild")
    assert str(told.value) == "There is no engine 'compild'; there are numpy, compiled. Did you mean 'compiled'?"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert engine_for(10**9) == "numpy"
    with pytest.raises(SelectionError) as told:
        engine_for(1, "compiled")
    assert "install kithwork[scale]" in str(told.value)


def measured_in_another_process(home: Path) -> subprocess.CompletedProcess[str]:
    program = "import numpy as np; from kithwork.measures.kernels import kinds_of_maps as f; c = np.zeros((1, 2), dtype=np.int64); "
    program += "f(0, 1, np.array([0, 2]), np.array([0, 0]), np.array([0, 1]), c, np.zeros(1)); print(c[0, 0])"
    environment = {**os.environ, "PYTHONPATH": str(SRC), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    environment.pop("NUMBA_CACHE_DIR", None)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)


def test_compiled_code_is_kept_in_the_persons_own_cache(tmp_path: Path):
    assert measured_in_another_process(tmp_path).stdout == "2\n"
    assert list((tmp_path / "cache" / "kithwork" / "compiled").rglob("*.nbi"))


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(tmp_path: Path):
    (tmp_path / "cache").write_text("not a folder")  # as good as a folder that may not be written, and true for root too
    done = measured_in_another_process(tmp_path)
    assert (done.stdout, done.stderr) == ("2\n", "")


def test_a_cohort_that_was_measured_is_forgotten():
    cohort = cohort_of_sizes([5, 9], 0.5, 1)
    measures_of(cohort, measures=tuple(GIVES), engine="compiled")
    known = weakref.ref(cohort)
    del cohort
    gc.collect()
    assert known() is None
