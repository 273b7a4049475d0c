"""What a calibration of one's own leaves: draws, what they say, and what to read with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from trustabm.evidence.own.before import Before
from trustabm.evidence.own.check import Checked
from trustabm.evidence.own.problem import NUMBERS, Problem
from trustabm.evidence.own.waves import Learned
from trustabm.evidence.own.weigh import Goal, Weighed
from trustabm.inputs.draws import OWN, RULES, TITLE, WEIGHTS
from trustabm.inputs.fitted import stamped
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.numbers import listed
from trustabm.runs.notebook import page
from trustabm.runs.tables import write_csv
from trustabm.sealed import whole, written_on
from trustabm.study.store import write_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Calibrated"]

Floats = npt.NDArray[np.float64]
ENDS = (0.05, 0.5, 0.95)
R2_LEAST = 0.5
"""An emulator that predicts less of a target's variance over runs says little of it."""

FAR = 2.5
"""Standard deviations beyond which a target is missed."""

DIGITS = ".4g"


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A calibration.

    Args:
        problem: What was asked.
        known: What was known before.
        learned: The emulator of the targets.
        goal: The targets, with the luck of the runs.
        runs: Points at which the model was run.
        waves: Of these, those of each new wave.
        first: Weights of the draws of what was known, by the first runs.
        before: Weights of them before the targets.
        draws: In the unit cube, of shape (draws, parameters), structure by structure, the typical
            one of each first.
        which: The structure of each.
        shares: Weights of structures.
        check: By truths that are known; None where none was asked for.
        provenance: Where it comes from.

    Example:
        >>> import trustabm as ta
        >>> calls = {"title": "Calls", "outcome": "reporting", "value": 0.4, "se": 0.1}
        >>> small = {"residents": 300, "weeks": 4, "burn_in": 0, "replicates": 2, "points": 28}
        >>> found = ta.calibrate({"title": "Calls", "targets": [calls], **small}, draws=40)
        >>> found.targets()["target"].tolist()
        ['Calls']
        >>> round(sum(found.weights.values()), 9)
        1.0
    """

    problem: Problem
    known: Before
    learned: Learned
    goal: Goal
    runs: int
    waves: tuple[int, ...]
    first: Weighed
    before: Floats
    draws: Floats
    which: npt.NDArray[np.intp]
    shares: Floats
    check: Checked | None
    provenance: dict[str, Any]

    @property
    def weights(self) -> dict[str, float]:
        """How much weight each structure has; those of hardly any are left out."""
        kept = {self.known.structures[s]: float(self.shares[s]) for s in np.unique(self.which)}
        return {name: share / sum(kept.values()) for name, share in kept.items()}

    def summary(self) -> pd.DataFrame:
        """Return what the targets say of parameters, those that they say most of first.

        Returns:
            By parameter, in its unit: median and 90% interval before and now, and contraction: 1
            less the variance now over that before; below 0 where targets leave more doubt than
            there was.
        """
        import pandas as pd

        rows = []
        for k, name in enumerate(self.known.names):
            was = ~self.known.idle[self.known.which, k]
            now = ~self.known.idle[self.which, k]
            if not was.any() or not now.any():
                continue
            old, weights = self.known.points[was, k], self.before[was]
            new = self.draws[now, k]
            spread = _variance(old, weights)
            rows.append(
                [
                    name,
                    *self._in_unit(name, _quantiles(old, weights)),
                    *self._in_unit(name, np.quantile(new, ENDS)),
                    1 - float(new.var()) / spread if spread > 0 else 0.0,
                ]
            )
        columns = ["parameter"]
        for when in ("before", "now"):
            columns += [when, f"{when}_low", f"{when}_high"]
        frame = pd.DataFrame(rows, columns=[*columns, "contraction"])
        return frame.sort_values("contraction", ascending=False, ignore_index=True)

    def targets(self) -> pd.DataFrame:
        """Return the targets, and what the model gives of them before and now.

        Returns:
            By target: its value and its 90% interval, the model's median and 90% interval before
            and now, `off`, how far the median now is from the value in standard deviations of the
            target, and the emulator's R² of runs left out.
        """
        import pandas as pd

        known, rows = self.known, []
        old = self.learned.emulator.mean(known.features(known.points, known.which))
        new = self.learned.emulator.mean(known.features(self.draws, self.which))
        for k, target in enumerate(self.problem.targets):
            was = _quantiles(old[:, k], self.before)
            now = np.quantile(new[:, k], ENDS)
            wide = np.hypot(
                (self.goal.below if now[1] < target.value else self.goal.above)[k],
                self.goal.luck[k],
            )
            low = target.value - 1.645 * self.goal.below[k]
            high = target.value + 1.645 * self.goal.above[k]
            rows.append(
                [
                    *(target.title, target.value, low, high),
                    *(was[1], was[0], was[2], now[1], now[0], now[2]),
                    *((now[1] - target.value) / wide, self.learned.r2[k], _unit_of(target)),
                ]
            )
        columns = ["target", "value", "low", "high", "before", "before_low", "before_high"]
        columns += ["now", "now_low", "now_high", "off", "r2", "unit"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the draws are to be read with, in plain sentences."""
        said = []
        first = self.first
        if not self.waves:
            size = f"{len(self.known.points):,} draws weighed; they say as much as {first.size:.0f}"
            said.append(f"{size} of equal weight (Pareto k {first.pareto_k:.2f}).")
            if not first.trusted:
                said.append(
                    "Weighing fails here: a few draws carry the targets, which lie where hardly "
                    "any draw does. Do not use these draws; run the model where the targets put "
                    "it (--waves 48, waves=[48])."
                )
        else:
            said.append(
                f"Draws were made anew after {listed([str(w) for w in self.waves])} more runs; of "
                "what was known before, means, spreads and correlations are kept, finer shape is "
                "not."
            )
        frame = self.targets()
        vague = [t for t, r in zip(frame["target"], frame["r2"], strict=True) if not r >= R2_LEAST]
        if vague:
            said.append(
                f"Parameters explain less than half of what runs gave of {listed(vague)} (the rest "
                "is luck, or more than these runs can teach): such targets say little. More "
                "residents, replicates or points teach more."
            )
        sides = (self.goal.below + self.goal.above) / 2
        blurred = frame["target"][self.goal.luck > sides].tolist()
        if blurred:
            said.append(
                f"Luck of the runs is larger than the error of {listed(blurred)}, and counts with "
                "it: more residents or replicates let such targets say all they do."
            )
        far = [t for t, off in zip(frame["target"], frame["off"], strict=True) if abs(off) > FAR]
        if far:
            said.append(
                f"The model does not come near {listed(far)}: no parameters within what was known "
                "give it. Look at the target, the town and the policy before using the draws."
            )
        if self.check is not None:
            said.append(self.check.said())
        return tuple(said)

    def _in_unit(self, name: str, ends: Floats) -> tuple[float, float, float]:
        low, high = NUMBERS[name].low, NUMBERS[name].high
        lower, middle, upper = (float(low + x * (high - low)) for x in ends)
        return middle, lower, upper

    def frame(self) -> pd.DataFrame:
        """Return the draws, a row each: its structure, and parameters in their units."""
        import pandas as pd

        values = np.where(self.known.idle[self.which], np.nan, self.known.values(self.draws))
        rows = [[float(f"{x:{DIGITS}}") for x in row] for row in values]
        low, high = np.array([(NUMBERS[n].low, NUMBERS[n].high) for n in self.known.names]).T
        frame = pd.DataFrame(np.clip(rows, low, high), columns=list(self.known.names))
        frame.insert(0, "structure", [self.known.structures[s] for s in self.which])
        return frame

    def save(self, folder: str | Path) -> Path:
        """Write the draws and what they say into a folder, which is made.

        `posterior.parquet` is what `compare(posterior=...)` and `--posterior` take; `chains.npz`
        opens in ArviZ as `arviz.from_dict({"posterior": dict(numpy.load(file))})`.

        Raises:
            NotWritten: where a file cannot be written.
        """
        import pyarrow as pa

        root = Path(folder)
        with written_on(root):
            root.mkdir(parents=True, exist_ok=True)
        draws = self.frame()
        table = pa.Table.from_pandas(draws.dropna(axis=1, how="all"), preserve_index=False)
        free = stamped(table.drop_columns(["structure"])).schema.metadata
        notes = {WEIGHTS: json.dumps(self.weights).encode(), TITLE: self._title.encode()}
        notes[RULES] = json.dumps([r.digest for r in self.problem.rules]).encode()
        write_table(table.replace_schema_metadata({**(free or {}), **notes}), root / OWN)
        write_csv(self.summary().round(5), root / "summary.csv")
        write_csv(self.targets().round(5), root / "targets.csv")
        if self.check is not None:
            write_csv(self.check.frame().round(4), root / "check.csv")
        whole(root / "chains.npz", self._write_chains)
        said = self.provenance | {
            "runs": self.runs,
            "structures": {n: round(w, 4) for n, w in self.weights.items()},
            "effective_size": round(self.first.size, 1),
            "pareto_k": round(self.first.pareto_k, 3) if np.isfinite(self.first.pareto_k) else None,
            "notices": list(self.notices),
        }
        text = json.dumps(said, indent=2, default=str) + "\n"
        whole(root / "provenance.json", lambda half: half.write_text(text, encoding="utf-8"))
        return root / OWN

    @property
    def _title(self) -> str:
        many = len(self.problem.targets)
        by = "".join(f", by {r.title}" for r in self.problem.rules)
        return f"{many} own {'target' if many == 1 else 'targets'} ({self.problem.title}){by}"

    def _chains(self) -> dict[str, Floats]:
        """Return draws by parameter, of shape (1, draws), as ArviZ takes them."""
        values = self.known.values(self.draws)
        some = [k for k in range(len(self.known.names)) if not self.known.idle[self.which, k].all()]
        return {self.known.names[k]: values[None, :, k] for k in some}

    def _write_chains(self, path: Path) -> None:
        with path.open("wb") as file:
            np.savez_compressed(file, **self._chains())  # type: ignore[arg-type]

    def to_arviz(self) -> Any:
        """Return the draws as ArviZ takes them, an xarray `DataTree` with one chain."""
        from arviz_base import from_dict

        return from_dict({"posterior": self._chains()})

    def __repr__(self) -> str:
        """Return what it is, in a line."""
        size = f"{self.runs} runs, {len(self.draws)} draws"
        return f"<Calibrated {self.problem.title!r}: {len(self.problem.targets)} targets, {size}>"

    def _repr_html_(self) -> str:
        """Return it as a page of a notebook."""
        frame = self.targets().set_index("target")
        shown = frame.drop(columns="unit").map(lambda x: f"{x:{DIGITS}}").reset_index()
        about = f"{self._title}: {self.runs} runs of the model, {len(self.draws)} draws."
        return page(self.problem.title, about, shown, self.notices)


def _unit_of(target: Any) -> str:
    if target.measure == "count":
        return "events in the town"
    return "percent" if target.measure == "percent" else GLOSSARY[target.outcome].unit


def _quantiles(values: Floats, weights: Floats) -> Floats:
    """Return weighted quantiles at `ENDS`."""
    order = np.argsort(values)
    upto = np.cumsum(weights[order])
    at = np.searchsorted(upto, np.array(ENDS) * upto[-1])
    found: Floats = values[order][np.minimum(at, len(values) - 1)]
    return found


def _variance(values: Floats, weights: Floats) -> float:
    share = weights / weights.sum()
    return float(share @ (values - share @ values) ** 2)
