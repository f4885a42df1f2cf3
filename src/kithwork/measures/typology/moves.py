"""Who moved from one kind of network to another: between each person's observed everyday maps, with missed waves kept apart."""

import polars as pl

from kithwork.cohort import PairedWaves, cohort_of
from kithwork.measures.typology.rules import STEMS, kinds_of_network
from kithwork.model.errors import SelectionError, near
from kithwork.model.tables import StudyTables


def type_moves(tables: StudyTables, of: str = "people", frame: pl.DataFrame | None = None) -> pl.DataFrame:
    """The label before and after, for each participant and pair of everyday maps that follow each other.

    of          whose labels: `people`, or `all_kinds`; or those of the column `type` in `frame`, one row a participant and wave
    Returns     one row a pair: `participant`, `from_wave`, `to_wave`, `gap_months`, `waves_missed`, `from_type`, `to_type`, `is_moved`.
    Missing     a label that is empty stays empty, and `is_moved` with it. A missed wave has no row of its own: the pair bridges it, and
                `waves_missed` says so; nobody moves into a missed wave.
    Raises      SelectionError for labels there are none of.
    """
    stems = tuple(STEMS.values())
    if frame is None:
        if of not in stems:
            raise SelectionError(f"There are no labels '{of}'; choose {' or '.join(stems)}.{near(of, stems)}")
        frame = kinds_of_network(tables).filter(state="everyday").select("participant", "wave", type=f"{of}_type")
    labels = frame.select("participant", "wave", "type")
    return (
        PairedWaves.of(cohort_of(tables))
        .pairs.join(
            labels.rename({"wave": "from_wave", "type": "from_type"}), on=["participant", "from_wave"], how="left", maintain_order="left"
        )
        .join(labels.rename({"wave": "to_wave", "type": "to_type"}), on=["participant", "to_wave"], how="left", maintain_order="left")
        .with_columns(is_moved=pl.col("from_type") != pl.col("to_type"))
    )


def move_counts(moves: pl.DataFrame) -> pl.DataFrame:
    """How many people went from which label to which: `from_wave`, `to_wave`, `waves_missed`, `from_type`, `to_type`, `people`."""
    keys = ["from_wave", "to_wave", "waves_missed", "from_type", "to_type"]
    return moves.group_by(keys).agg(pl.len().cast(pl.Int64).alias("people")).sort(keys, nulls_last=True)
