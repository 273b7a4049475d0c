"""The benchmark as a person reads it, and as a folder keeps it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from trustabm.bench.timing import preset
from trustabm.runs.folders import written
from trustabm.runs.provenance import provenance

__all__ = ["print_bench", "save_bench"]


def print_bench(measured: dict[str, Any]) -> None:
    """Print what was measured beside what it must and should reach, and where the time goes."""
    out = Console()
    table = Table(title="Benchmark")
    for title in ("", "Measured", "Must", "Aim"):
        table.add_column(title, justify="right" if title else "left")
    for key, target in measured["targets"].items():
        sign = "≤" if target["less_is_better"] else "≥"
        table.add_row(
            f"{key}\n[dim]{target['what']}[/dim]",
            _number(measured[key]),
            f"{sign} {_number(target['must'])}",
            f"{sign} {_number(target['aim'])}",
        )
    out.print(table)
    for key, reason in measured["missing"].items():
        out.print(f"{key}: {reason}", markup=False, highlight=False)
    if "others" in measured:
        peers = Table(title="Other tools, and what a step of each does")
        for title in ("", "ns a resident-step"):
            peers.add_column(title, justify="right" if title else "left")
        for part in measured["others"].values():
            peers.add_row(part["does"], f"{part['ns_per_resident_step']:.3g}")
        out.print(peers)
    phases = Table(title="Where the time of a week goes")
    for title in ("Phase", "Share", "ms a week"):
        phases.add_column(title, justify="left" if title == "Phase" else "right")
    for name, part in sorted(measured["profile"].items(), key=lambda item: -item[1]["share"]):
        phases.add_row(name, f"{part['share']:.1%}", f"{part['seconds_per_week'] * 1e3:.3f}")
    out.print(phases)


def save_bench(measured: dict[str, Any], folder: Path, force: bool) -> None:
    """Write what was measured to a folder, with its provenance.

    Raises:
        OutputExists: where that would destroy something not asked for.
        NotWritten: where it cannot be written.
    """
    origin = provenance(preset(measured["residents"], measured["weeks"]))
    with written(folder, force, "bench") as half:
        for name, value in (("bench", measured), ("provenance", origin)):
            text = json.dumps(value, indent=2, allow_nan=False)
            (half / f"{name}.json").write_text(text + "\n")


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if value >= 1e6:
        return f"{value / 1e6:,.0f} M"
    return f"{value:,.0f}" if value >= 20 else f"{value:.2g}"
