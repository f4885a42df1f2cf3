"""The picture of effects: every number it shows stands in the model, and it is drawn for odd ones too."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import polars as pl
import pytest

from kithwork.figures.forest_plot import forest_plot, forest_plot_of
from kithwork.measures.models import TieRows, model_of
from kithwork.measures.models.rows import OUTCOMES
from tests.oracles.studies import random_study

NAMESPACE = "{http://www.w3.org/2000/svg}"


def rows(seed: int = 1, outcome: str = "kept", size: int = 300) -> TieRows:
    rng = np.random.default_rng(seed)
    y = rng.normal(size=size) if OUTCOMES[outcome].is_number else rng.integers(0, 2, size).astype(float)
    person = np.arange(size) % 20
    frame = pl.DataFrame({"person": person, "map": person, "alter": np.arange(size), "outcome": y})
    kinds = rng.choice(["person", "<b>&place", "animal"], size)
    return TieRows(OUTCOMES[outcome], ("kind", "circle"), frame.with_columns(kind=kinds, circle=rng.integers(1, 4, size).astype(float)), {})


def test_each_effect_has_a_mark_at_its_value_and_is_told():
    model = model_of(rows(), "mixed", draws=50)
    svg = ET.fromstring(forest_plot_of(model))
    marks = [mark for mark in svg.iter(f"{NAMESPACE}rect") if mark.get("width") == "9"]
    assert len(marks) == model.effects.height == 3
    places = [float(mark.get("x", 0)) for mark in marks]
    assert np.argsort(places).tolist() == np.argsort(model.effects["estimate"].to_numpy()).tolist()
    told = svg.findtext(f"{NAMESPACE}desc") or ""
    for row in model.effects.iter_rows(named=True):
        assert f"{row['label']}: {row['ratio']:.2f} ({row['ratio_low']:.2f} to {row['ratio_high']:.2f})" in told
    assert "There are 20 people" in told


def test_an_interval_beyond_the_scale_stays_inside_the_picture():
    model = model_of(rows(2, size=40), "mixed", draws=50)
    wild = model.effects.with_columns(ratio_low=pl.lit(1e-200), ratio_high=pl.lit(1e200))
    svg = forest_plot_of(type(model)(**{**model.__dict__, "effects": wild}))
    width = float(re.findall(r'width="([\d.]+)"', svg)[0])
    assert all(0 <= float(x) <= width for x in re.findall(r'x[12]="([\d.]+)"', svg))


@pytest.mark.parametrize("method", ["counts", "gee"])
@pytest.mark.parametrize("outcome", ["kept", "security"])
def test_shares_and_differences_are_drawn_too(method: str, outcome: str):
    if method == "gee":
        pytest.importorskip("statsmodels")
    svg = forest_plot_of(model_of(rows(3, outcome), method, draws=50))  # type: ignore[arg-type]
    ET.fromstring(svg)
    assert ("All ties" in svg) == (method == "counts")


@pytest.mark.parametrize("seed", range(4))
def test_any_study_is_drawn(seed: int):
    assert ET.fromstring(forest_plot(random_study(seed))).tag == f"{NAMESPACE}svg"
