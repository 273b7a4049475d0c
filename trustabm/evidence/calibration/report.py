"""What a calibration leaves on disk: draws, what they identify, a figure, and their origin."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trustabm.evidence.calibration import space, tables
from trustabm.evidence.calibration.calibrate import SIZES, Fit
from trustabm.evidence.calibration.order import balanced
from trustabm.evidence.calibration.whole import Whole
from trustabm.inputs.draws import WEIGHTS
from trustabm.inputs.fitted import stamped
from trustabm.runs.tables import write_csv
from trustabm.sealed import whole as whole_file
from trustabm.sealed import written_on
from trustabm.study.store import write_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["identified", "tensions", "write", "write_all"]

PRIOR_VARIANCE = 1.0 / 12.0
"""Of a uniform prior over the unit interval."""

CORRELATED = 0.3
"""Correlations from here on are listed."""

BALANCED = ("1", "2", "12a")
"""Findings by which the order of draws is balanced: what Latino residents report and suffer, and
how many ICE asks jails for. By all at once there are too many directions for some tens of draws.
"""

OFF = 0.5
"""Tolerances from which a target is off, where it is asked what it pulls against."""


def draws_frame(fit: Fit, number: int, seed: int = 0) -> pd.DataFrame:
    """Return so many draws of the fitted parameters, one a row, the typical one first.

    The others are in a balanced order (`order`) by what the model gives of `BALANCED`. Values have
    four digits, as the defaults of the parameters, which are the first row. What means nothing in
    the fit's structure has no column.
    """
    import pandas as pd

    low, high = space.bounds()
    some = [k for k, t in enumerate(fit.targets) if t.id in BALANCED]
    given = fit.likelihood.surfaces.at(fit.draws)[0][:, some] if some else fit.draws
    spread = given.std(axis=0)
    first = balanced(given / np.where(spread > 0, spread, 1.0), seed)[: number - 1]
    chosen = np.vstack([fit.typical, fit.draws[first]])
    values = [[float(f"{x:.4g}") for x in row] for row in low + chosen * (high - low)]
    frame = pd.DataFrame(np.clip(values, low, high), columns=list(space.FITTED))
    return frame[list(space.free(fit.structure))]


def identified(fit: Fit) -> pd.DataFrame:
    """Return posterior against prior, a parameter a row.

    Returns:
        Prior bounds, posterior median and 90% interval, and contraction: 1 - posterior variance
        over prior variance, 0 where the targets say nothing and 1 where they say all.
    """
    import pandas as pd

    low, high = space.bounds()
    q05, q50, q95 = np.quantile(fit.draws, (0.05, 0.5, 0.95), axis=0)
    return pd.DataFrame(
        {
            "parameter": space.FITTED,
            "prior_low": low,
            "prior_high": high,
            "median": low + q50 * (high - low),
            "low": low + q05 * (high - low),
            "high": low + q95 * (high - low),
            "contraction": 1.0 - fit.draws.var(axis=0) / PRIOR_VARIANCE,
        }
    ).query("parameter in @fitted", local_dict={"fitted": space.free(fit.structure)})


def correlations(fit: Fit) -> pd.DataFrame:
    """Return pairs of parameters whose draws go together, the strongest first."""
    import pandas as pd

    names = space.free(fit.structure)
    some = [space.FITTED.index(name) for name in names]
    table = np.atleast_2d(np.corrcoef(fit.draws[:, some].T))
    pairs = [
        (a, b, table[i, j])
        for i, a in enumerate(names)
        for j, b in enumerate(names[:i])
        if abs(table[i, j]) >= CORRELATED
    ]
    pairs.sort(key=lambda pair: -abs(pair[2]))
    return pd.DataFrame(pairs, columns=["parameter", "with", "correlation"])


def tensions(fit: Fit) -> pd.DataFrame:
    """Return pairs of targets that pull against each other over the draws, the strongest first.

    Both are off in the middle of the draws, by at least `OFF` tolerances, and where one comes
    nearer the other goes farther: their correlation is below `-CORRELATED`.

    Returns:
        Both targets, how far each is off in tolerances (with its sign), and the correlation of how
        far they are off.
    """
    import pandas as pd

    columns = ["target", "off", "against", "off against", "correlation"]
    if len(fit.expected) < 3:
        return pd.DataFrame(columns=columns)
    tolerance = np.array([t.tolerance for t in fit.targets])
    ends = np.array([(t.low, t.high) for t in fit.targets]).T
    middle = np.median(fit.expected, axis=0)
    off = (middle - np.clip(middle, *ends)) / tolerance
    # How far off is a line around the middle: its sign says which way is nearer.
    away = fit.expected * np.sign(off)
    pairs = []
    some = [k for k in range(len(off)) if abs(off[k]) >= OFF and np.ptp(away[:, k]) > 0]
    for a in some:
        for b in some:
            if a < b:
                together = float(np.corrcoef(away[:, a], away[:, b])[0, 1])
                if together <= -CORRELATED:
                    pairs.append((fit.targets[a].id, off[a], fit.targets[b].id, off[b], together))
    pairs.sort(key=lambda pair: pair[-1])
    return pd.DataFrame(pairs, columns=columns)


def write(fit: Fit, folder: Path, number: int, provenance: dict[str, Any]) -> None:
    """Write the draws, what they identify, what goes together or apart, a figure, provenance.

    Every file is written whole or not at all; the folder is made.

    Raises:
        NotWritten: where one cannot be written.
    """
    import pandas as pd
    import pyarrow as pa

    with written_on(folder):
        folder.mkdir(parents=True, exist_ok=True)
    draws = pa.Table.from_pandas(draws_frame(fit, number), preserve_index=False)
    write_table(stamped(draws), folder / "draws.parquet")
    write_csv(identified(fit).round(4), folder / "identified.csv")
    write_csv(correlations(fit).round(3), folder / "correlations.csv")
    write_csv(tensions(fit).round(3), folder / "tensions.csv")
    table = {
        "target": [t.id for t in fit.targets],
        "spread over points": fit.values.std(axis=0),
        "r2 left out": fit.r2,
    }
    write_csv(pd.DataFrame(table).round(4), folder / "emulator.csv")
    whole_file(folder / "posterior.png", lambda half: _figure(fit, half))
    said = provenance | {
        "evaluations": len(fit.points),
        "cpu_minutes": round(fit.cpu_seconds / 60, 1),
        "sizes": {k: [s.place, s.residents, s.replicates] for k, s in SIZES.items()},
    }
    text = json.dumps(said, indent=2, default=str) + "\n"
    whole_file(folder / "provenance.json", lambda half: half.write_text(text, encoding="utf-8"))


def write_all(whole: Whole, folder: Path, number: int, provenance: dict[str, Any]) -> None:
    """Write the full structure's fit as `write` does, and beside it what all structures say.

    Raises:
        NotWritten: where one cannot be written.
    """
    import pandas as pd
    import pyarrow as pa

    said = provenance | {
        "structures": {n: round(w, 4) for n, w in whole.weights.items()},
        "cpu_minutes_of_all": round(sum(f.cpu_seconds for f in whole.fits.values()) / 60, 1),
    }
    write(whole.fits["full"], folder, number, said)
    others = [
        draws_frame(fit, number).assign(structure=name)
        for name, fit in whole.fits.items()
        if name != "full"
    ]
    if others:
        columns = ["structure", *space.FITTED]
        frame = pd.concat(others, ignore_index=True).reindex(columns=columns)
        table = pa.Table.from_pandas(frame, preserve_index=False)
        text = json.dumps(dict(whole.weights)).encode()
        write_table(table.replace_schema_metadata({WEIGHTS: text}), folder / "structures.parquet")
    loo = pa.Table.from_pandas(tables.predicted(whole), preserve_index=False)
    write_table(loo, folder / "loo.parquet")
    write_csv(tables.structures(whole).round(4), folder / "structures.csv")
    write_csv(tables.left(whole).round(3), folder / "loo.csv")
    write_csv(tables.predictions(whole).round(4), folder / "predictive.csv")
    write_csv(tables.diagnostics(whole).round(3), folder / "chains.csv")
    write_csv(tables.discrepancies(whole), folder / "discrepancy.csv")
    with written_on(folder):
        (folder / "chains").mkdir(exist_ok=True)
    for name, fit in whole.fits.items():
        whole_file(folder / "chains" / f"{name}.npz", partial(_chains, fit))


def _chains(fit: Fit, path: Path) -> None:
    """Write draws by parameter, (chain, draw), as `arviz.from_dict` takes them.

    `arviz.from_dict({"posterior": dict(numpy.load(file))})` opens one.
    """
    low, high = space.bounds()
    values = low + fit.chains.draws * (high - low)
    free = space.free(fit.structure)
    named = {n: values[..., k].astype(np.float32) for k, n in enumerate(space.FITTED) if n in free}
    with path.open("wb") as file:
        np.savez_compressed(file, **named)  # type: ignore[arg-type]


def _figure(fit: Fit, path: Path) -> None:
    """Draw each parameter's posterior over its prior bounds."""
    from matplotlib.figure import Figure

    low, high = space.bounds()
    columns, names = 6, space.FITTED
    rows = -(-len(names) // columns)
    drawing = Figure(figsize=(2.1 * columns, 1.6 * rows), layout="constrained")
    for k, (axis, name) in enumerate(
        zip(drawing.subplots(rows, columns).flat, names, strict=False)
    ):
        axis.hist(
            low[k] + fit.draws[:, k] * (high[k] - low[k]),
            bins=30,
            range=(low[k], high[k]),
            density=True,
            color="#0072B2",
        )
        axis.axhline(1 / (high[k] - low[k]), color="#555", lw=1, ls="--")
        axis.set_title(name, fontsize=8)
        axis.set_yticks([])
        axis.tick_params(labelsize=7)
    drawing.suptitle("Posterior (blue) over the uniform prior (dashed)", fontsize=10)
    drawing.savefig(path, format="png", dpi=110, metadata={"Software": "trustabm"})
