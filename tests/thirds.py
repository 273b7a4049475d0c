"""A town file with a third ethnic group: all that a group takes, and no code."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

FIGURE = '{{ value = {}, year = 2019, source = "made up for a test" }}'

GROUP = f"""
[groups.asian]
title = "Asian"
colors = ["#882255", "#ddcc77", "#aa4499", "#44aa99"]
trust = "trust_other"
stop_bias = 0.5
bad_contact_bias = 0.5
informal_asking = 0.5
share = {FIGURE.format(0.15)}
foreign_born = {FIGURE.format(0.7)}
naturalized = {FIGURE.format(0.5)}
undocumented = {FIGURE.format(0.1)}
dissimilarity.latino = {FIGURE.format(0.55)}
dissimilarity.other = {FIGURE.format(0.4)}
"""


def written(folder: Path, group: str = GROUP, name: str = "third.toml") -> str:
    """Write Harris County with a third group; return the file's path."""
    text = (resources.files("trustabm") / "inputs" / "towns" / "harris-tx.toml").read_text("utf-8")
    path = folder / name
    path.write_text(text + group, "utf-8")
    return str(path)
