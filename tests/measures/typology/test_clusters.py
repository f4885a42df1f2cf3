"""Grouping maps: against slow formulas, scikit-learn where it is, and every choice of medoids."""

from itertools import combinations, product

import networkx as nx
import numpy as np
import polars as pl
import pytest
from scipy.spatial.distance import cdist

from kithwork.cohort import cohort_of
from kithwork.measures.centrality import _edge_betweenness, paths
from kithwork.measures.typology import cluster, structural_types, subgroups
from kithwork.measures.typology.clusters import adjusted_rand, calinski_harabasz, k_means, k_medoids, silhouette
from kithwork.model.errors import SelectionError
from tests.oracles.studies import Maker, one_map, random_study


def clouds(seed: int, apart: float = 8.0, each: int = 40) -> tuple[pl.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(3), each)
    points = rng.normal(size=(3 * each, 2)) + apart * np.array([[0, 0], [1, 0], [0, 1]])[truth]
    return pl.DataFrame({"participant": [f"P{i}" for i in range(3 * each)], "a": points[:, 0], "b": points[:, 1] * 100}), truth


@pytest.mark.parametrize("method", ["k-medoids", "k-means"])
def test_groups_that_lie_apart_are_found_whatever_their_units(method: str):
    frame, truth = clouds(1)
    made = cluster(frame, ["a", "b"], method=method)
    assert made.k == 3
    assert made.labels is not None
    assert adjusted_rand(made.labels - 1, truth) == 1
    assert (made.between_seeds, made.problems) == (1.0, ())
    assert made.centres["rows"].to_list() == [40, 40, 40]
    middle = np.sort(made.centres["b"].to_numpy())
    assert middle == pytest.approx([0, 0, 800], abs=120)


def test_too_few_people_are_told_and_no_type_is_made():
    frame, _ = clouds(2, each=13)
    made = cluster(frame.with_columns(c=pl.col("a") * pl.col("b")), ["a", "b", "c"])  # 39 people, 40 asked for
    assert (made.k, made.labels) == (None, None)
    assert made.problems[0].startswith("There are 39 people with all 3 measures; grouping them asks for at least 40")
    of_few = frame.with_columns(participant=pl.lit("P1"))  # many maps of one person are not many people
    assert cluster(of_few, ["a"]).labels is None


def test_what_does_not_fall_into_groups_is_told_to_be_unsteady():
    rng = np.random.default_rng(3)
    frame = pl.DataFrame({"participant": range(80), "a": rng.uniform(size=80), "b": rng.uniform(size=80)})
    made = cluster(frame, ["a", "b"], k=7)
    assert made.between_samples is not None
    assert made.between_samples < 0.75
    assert any("not steady" in problem for problem in made.problems)


def test_rows_with_an_empty_value_are_in_no_type():
    frame, _ = clouds(4)
    made = cluster(frame.with_columns(a=pl.when(pl.int_range(pl.len()) < 5).then(None).otherwise("a")), ["a", "b"])
    assert made.labels is not None
    assert (made.labels[:5] == 0).all()
    assert (made.labels[5:] > 0).all()
    assert "5 of 120 maps have an empty value" in made.problems[0]


@pytest.mark.parametrize("seed", range(5))
def test_no_swap_of_a_medoid_helps_and_no_choice_is_much_better(seed: int):
    z = np.random.default_rng(seed).normal(size=(14, 2))
    distances = cdist(z, z)
    medoids = k_medoids(distances, 3).tolist()
    found = distances[:, medoids].min(axis=1).sum()
    for out, into in product(range(3), range(14)):
        assert found <= distances[:, [*medoids[:out], into, *medoids[out + 1 :]]].min(axis=1).sum() + 1e-9
    best = min(distances[:, list(chosen)].min(axis=1).sum() for chosen in combinations(range(14), 3))
    assert found <= best * 1.1


def test_quality_agrees_with_slow_formulas_and_with_scikit_learn():
    rng = np.random.default_rng(6)
    z = rng.normal(size=(30, 3))
    labels = rng.integers(0, 3, 30)
    labels[29] = 3  # alone in its group
    total = 0.0
    for i in range(30):
        own = [np.linalg.norm(z[i] - z[j]) for j in range(30) if labels[j] == labels[i] and j != i]
        others = [np.mean([np.linalg.norm(z[i] - z[j]) for j in range(30) if labels[j] == g]) for g in set(labels) - {labels[i]}]
        total += (min(others) - np.mean(own)) / max(min(others), np.mean(own)) if own else 0.0
    assert silhouette(z, labels) == pytest.approx(total / 30, abs=1e-12)
    metrics = pytest.importorskip("sklearn.metrics")
    other = rng.integers(0, 4, 30)
    assert silhouette(z, labels) == pytest.approx(metrics.silhouette_score(z, labels))
    assert calinski_harabasz(z, labels) == pytest.approx(metrics.calinski_harabasz_score(z, labels))
    assert adjusted_rand(labels, other) == pytest.approx(metrics.adjusted_rand_score(labels, other))


def test_k_means_gives_each_row_to_its_nearest_mean():
    z = clouds(7)[0].select("a", "b").to_numpy()
    labels, centres = k_means(z, 3, np.random.default_rng(0))
    assert (cdist(z, centres).argmin(axis=1) == labels).all()
    assert centres == pytest.approx(np.array([z[labels == group].mean(axis=0) for group in range(3)]))


def test_an_unknown_method_or_column_is_answered_with_a_near_one():
    frame, _ = clouds(1)
    with pytest.raises(SelectionError, match="Did you mean 'k-means'"):
        cluster(frame, ["a"], method="kmeans")
    with pytest.raises(SelectionError, match="no column"):
        cluster(frame, ["c"])


def test_two_triangles_on_a_bridge_are_two_subgroups():
    links = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5), (2, 3)]
    found = subgroups(cohort_of(one_map(7, links))).row(0, named=True)
    assert (found["larger_subgroups"], found["smaller_subgroups"]) == (2, 1)
    assert found["modularity"] == pytest.approx(6 / 7 - 2 * (7 / 14) ** 2)


@pytest.mark.parametrize("seed", range(6))
def test_modularity_agrees_with_its_formula(seed: int):
    cohort = cohort_of(random_study(seed, people=5)).within(("person",))
    for place, row in enumerate(subgroups(cohort).iter_rows(named=True)):
        assert (row["modularity"] is None) == (row["why"] is not None)
        if row["why"] is None:
            pairs = cohort.alter_ties[cohort.alter_tie_offsets[place] : cohort.alter_tie_offsets[place + 1]] - cohort.offsets[place]
            graph = nx.Graph(pairs.tolist())
            graph.add_nodes_from(range(int(cohort.sizes[place])))
            scores = [nx.community.modularity(graph, division) for division in nx.community.girvan_newman(graph)]
            start = nx.community.modularity(graph, list(nx.connected_components(graph)))
            assert row["modularity"] == pytest.approx(max([start, *scores]))


@pytest.mark.parametrize("seed", range(4))
def test_ways_over_alter_ties_are_those_of_networkx(seed: int):
    graph = nx.gnp_random_graph(14, (0.1, 0.2, 0.4, 0.9)[seed], seed=seed)
    joined = nx.to_numpy_array(graph)
    steps, ways = (table[0] for table in paths(joined[np.newaxis]))
    over = _edge_betweenness(joined, steps, ways)
    assert np.count_nonzero(over) == graph.number_of_edges()
    for (one, other), wanted in nx.edge_betweenness_centrality(graph, normalized=False).items():
        assert over[one, other] == pytest.approx(wanted)


def test_maps_without_alter_ties_are_told_and_not_typed():
    assert subgroups(cohort_of(one_map(4, [])))["why"].to_list() == [
        "no two alters in scope are joined, so there are no subgroups to hold apart"
    ]
    assert subgroups(cohort_of(one_map(1, [])))["why"].to_list() == ["there are fewer than two alters in scope on this map"]


def test_a_cohort_large_enough_gets_structural_types():
    rng, maker = np.random.default_rng(1), Maker()
    wave = maker.wave(1)
    for number in range(60):
        person = maker.person(f"P{number}")
        drawn = maker.map(person, wave)
        ties = [maker.tie(drawn, maker.alter(person)) for _ in range(8)]
        for start in (0, 4) if number % 2 else (0,):  # one clique of four, or two
            for one, other in combinations(ties[start : start + 4], 2):
                maker.alter_tie(drawn, one, other)
        if rng.random() < 0.3:
            maker.alter_tie(drawn, ties[0], ties[7])
    frame, made = structural_types(maker.tables())
    assert made.k is not None
    types = (
        frame.with_columns(two=pl.Series([bool(number % 2) for number in range(60)])).select("structural_type", "larger_subgroups").unique()
    )
    assert types["structural_type"].n_unique() >= 2
    assert frame["structural_type"].null_count() == 0
