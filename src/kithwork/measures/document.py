"""`docs/measures.md`, written from the measures themselves."""

from typing import get_args

from kithwork.measures.reasons import REASONS
from kithwork.measures.registry import MEASURES, Group, Measure

_HEADINGS = {
    "size": "Size",
    "composition": "Composition",
    "structure": "Structure",
    "support": "Support",
    "quality": "What ties are like",
    "change": "Change between waves",
}
_SCOPES = {
    "counted": "the kinds counted: all, unless chosen with `--counted`",
    "people": "people only",
    "structure": "the kinds whose alter ties are measured: people, unless chosen with `--kinds`",
}
_INTRODUCTION = """\
# Measures

Made by `make docs` from `src/kithwork/measures/`.

`kith measure` gives one row a map, `kith change` one row a person and pair of waves; each measure below is a column, or, where it
says *one column a …*, several. No measure is good or bad, and no kind counts for more than another.

**Undefined is empty, never 0.** `--reasons FILE` writes why each empty value is empty; the reasons are listed at the end.

**Ties a value rests on.** `--ties-used` writes beside each value on how many ties it rests (`…_ties_used`), and how many it is about of
which what it rests on is not known (`…_ties_missing`): not answered, in no circle, without a role. The page *Analysis* and saved views
show both; the policy has their sums. A tie to which a question does not apply, such as trust that is not a matter of trust, is neither. A
measure of alter ties rests on the alters whose ties were asked about; a change on the ties of both maps.

**On request.** Measures that say so, because they take long or have a column a pair of categories, are measured when they, their group or
`all` is named with `--measures`. Weighted and directed measures are there when the study records strengths or directions.

**Scope is kept.** Beside every file that is written stands its policy, as in `measures.csv.policy.json`: kinds, relations, what was left
out and how often, the largest strength declared, categories and their number K, the rule for weak ties.

**Alter ties.** Loops and recorded non-ties (weight 0) are left out; a pair counts once, however often and in whichever direction it is
recorded. Density and its like are empty until the alter ties of a map have been asked about in full.

**Asked.** A question counts as asked at a wave when the study says so, or when any tie has an answer to it at that wave.

**Waves.** Change is measured between a participant's consecutive observed maps in the everyday state. A missed wave is a gap, never a
loss: the pair bridges it, `waves_missed` counts the planned waves in between, `gap_months` tells its length (as planned; by the dates
of the interviews where no plan is given). S are the alters named at the earlier wave, T those at the later. Kept alters are the same
row of `alters`, whatever they were called. An interview that did not take place and left an empty map is no observation.

**States.** `--state` takes maps of another state from wave to wave; `--against` sets two states of one wave against each other, as
`--state everyday --against crisis`: S are then the alters of the one map and T those of the other.

In the formulas n is the number of ties in scope, L the number of undirected alter ties.
"""


def measures_page() -> str:
    """The whole list as Markdown, ending in a newline."""
    parts = [_INTRODUCTION]
    for group in get_args(Group):
        members = [measure for measure in MEASURES.values() if measure.group == group]
        parts += [f"## {_HEADINGS[group]}", "", *(line for measure in members for line in _section(measure))]
    parts += ["## Reasons for an empty value", "", "| reason | meaning |", "|---|---|"]
    parts += [f"| `{code}` | {sentence} |" for code, sentence in REASONS.items()]
    return "\n".join(parts) + "\n"


def _section(measure: Measure) -> list[str]:
    low, high = measure.bounds
    bounds = f"{'…' if low is None else low} to {'…' if high is None else high}"
    columns = f"`{measure.name}`" if measure.family is None else f"`{measure.stem}_…`, one column a {measure.family.one_a}"
    missing = "; ".join(f"`{rule.code}`" for rule in measure.missing) or "never"
    return [
        f"### {measure.name}",
        "",
        f"{measure.summary}",
        "",
        f"- Definition: {measure.definition}",
        f"- Unit: {measure.unit}, {bounds}",
        f"- Column: {columns}",
        f"- Scope: {_SCOPES[measure.scope]}",
        f"- Empty: {missing}",
        *(["- On request"] if measure.is_on_request else []),
        f"- Source: {measure.source}",
        "",
    ]
