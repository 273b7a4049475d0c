"""Draw docs/compare.png: one comparison of three policies, as in the README.

uv run python experiments/readme_picture.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

import trustabm as ta
from trustabm.figures.style import COLORS, DASHES, blank, styled, write
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import levels

POLICIES = ["none", "secure-communities", "community-trust"]
TOWN = "harris-tx"
REPLICATES = 200
BEFORE, WEEKS, BIN = 104, 208, 26
FONT = 10.0
PANELS = (
    ("reporting", "latino"),
    ("perceived_risk", "latino"),
    ("victimization", "latino"),
    ("removals", "all"),
)


def binned(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return weekly counts summed over bins of `BIN` weeks."""
    return counts.reshape(-1, BIN, *counts.shape[1:]).sum(axis=1)


def main() -> None:
    """Compare, and draw."""
    comparison = ta.compare(POLICIES, town=TOWN, replicates=REPLICATES, weeks=WEEKS, burn_in=BEFORE)
    figure, (axes,) = blank(1, len(PANELS), (13, 3.4), font=FONT)
    middle = (np.arange(-BEFORE, WEEKS, BIN) + BIN / 2) / 52
    for k, (name, title) in enumerate(comparison.arms.items()):
        table = levels(
            comparison.experiment.groups,
            binned(comparison.by_week[k]),
            binned(comparison.town_by_week[k]),
            comparison.experiment.parameters,
        )
        for axis, panel in zip(axes, PANELS, strict=True):
            line = {"ls": DASHES[k], "color": COLORS[k], "lw": 1.8}
            axis.plot(middle, table[panel], label=title or name, **line)
    for axis, (outcome, _) in zip(axes, PANELS, strict=True):
        axis.set_title(GLOSSARY[outcome].title, loc="left", fontweight="bold", fontsize=10.5)
        axis.set_ylabel(GLOSSARY[outcome].unit, fontsize=8.5)
        axis.set_xlabel("years since the policies part", fontsize=8.5)
        axis.axvline(0, color="0.8", lw=1, zorder=0)
        axis.set_ylim(bottom=0)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
    out = Path(__file__).parents[1] / "docs" / "compare.png"
    with styled(FONT):
        write(figure, out, dpi=130, metadata={"Software": None})
    print(out.relative_to(out.parents[1]))


if __name__ == "__main__":
    main()
