"""Open what `save` wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from trustabm.errors import InvalidInput
from trustabm.inputs.draws import digest
from trustabm.runs.arrays import read_arrays
from trustabm.runs.comparison import Comparison
from trustabm.runs.continued import read_result
from trustabm.runs.experiment import Experiment
from trustabm.runs.provenance import POSTERIOR, RECORD, read_record
from trustabm.runs.results import Result

if TYPE_CHECKING:
    from trustabm.study.opening import OpenStudy

__all__ = ["experiment_of", "load"]


def load(path: str | Path) -> Result | Comparison | OpenStudy:
    """Open what the `save` of a result wrote, or the folder of a sweep.

    What is opened equals what was saved (`==`), whatever has become of the files that it read.

    Args:
        path: The folder.

    Returns:
        A `Result`, a `Comparison` (of a state or the nation among them) or an `OpenStudy`. Effects
        that `compare(..., why=True)` took apart are in why.parquet, and are worked out again where
        `why()` is asked for.

    Raises:
        InvalidInput: where it is no such folder, or of a version that kept less.
        Damaged: where something in it is not as it was written.

    Example:
        >>> result = run(Scenario(weeks=4, residents=300))
        >>> folder = result.save("my-run")
        >>> load("my-run") == result
        True
    """
    folder = Path(path)
    if (folder / "study.toml").is_file():
        from trustabm.study.opening import open_study

        return open_study(folder)
    if not (folder / RECORD).is_file():
        raise InvalidInput(f"{path}: expected a folder that save() wrote, got no {RECORD} in it")
    record = read_record(folder)
    if not (folder / "counts.npz").is_file():
        raise InvalidInput(
            f"{path}: expected a result that save() of this version wrote, got one without its "
            "counts (counts.npz)"
        )
    if "experiment" not in record:
        return read_result(folder)
    arrays = read_arrays(folder / "counts.npz")
    experiment = experiment_of(record, folder / RECORD)
    if "design" in record:
        from trustabm.nation.sampled import read_area  # counties want the extra of studies

        return read_area(experiment, arrays, record)
    return Comparison.counting(experiment, arrays, record)


def experiment_of(record: dict[str, Any], file: Path) -> Experiment:
    """Return what a comparison's record says was run.

    Args:
        record: The record.
        file: Where it lies; a posterior of one's own lies beside it.

    Raises:
        InvalidInput: where a posterior is not there, or another one.
    """
    asked = record["experiment"]
    if asked.get("posterior") is not None:
        asked = asked | {"posterior": str(file.parent / POSTERIOR)}
    experiment = Experiment.make(asked, str(file))
    drawn = record["posterior"] or {}
    if experiment.posterior is not None and drawn.get("sha256") != digest(experiment.posterior):
        raise InvalidInput(
            f"{experiment.posterior}: expected the posterior of sha256 {drawn.get('sha256')}, got "
            f"another, of {digest(experiment.posterior)}"
        )
    return experiment
