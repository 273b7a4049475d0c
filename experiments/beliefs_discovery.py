"""Say under which beliefs Secure Communities lowers reporting most, from a swept beliefs.toml.

uv run python experiments/beliefs_discovery.py FOLDER OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import trustabm as ta
from trustabm.analysis.decisions import regret, satisficing, values
from trustabm.analysis.discovery import discover

ENOUGH = 0.05


def main(folder: Path, out: Path) -> None:
    """Write the box as a sentence, how stable it is, and regret and satisficing as tables."""
    out.mkdir(parents=True, exist_ok=True)
    study = ta.open_study(folder)
    effects = study.effects()
    rows = effects[(effects["outcome"] == "reporting") & (effects["group"] == "latino")]
    found = discover(
        rows[list(study.names)],
        (rows["difference"] < -ENOUGH).to_numpy(),
        "Secure Communities lowers reporting by Latino residents of Harris County by more than "
        f"{100 * ENOUGH:.0f} of 100 crimes",
    )
    said = "\n".join(found.sentences())
    (out / "discovery.txt").write_text(said + "\n", encoding="utf-8")
    found.stability.to_csv(out / "box.csv", index=False, float_format="%.4g")
    reporting = values(study.runs, "reporting__latino")
    regret(reporting, "high").to_csv(out / "regret.csv", index=False, float_format="%.4g")
    enough = satisficing(reporting, "high", 0.35)
    enough.to_csv(out / "satisficing.csv", index=False, float_format="%.4g")
    print(said)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
