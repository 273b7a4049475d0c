"""What can be taken away: the replay of a town, and of a comparison briefs, tables and record."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import solara

from trustabm.runs.comparison import Comparison
from trustabm.runs.reproduce import shell
from trustabm.telling.brief import as_html, as_pdf
from trustabm.telling.brief.caveats import CANNOT_SAY
from trustabm_app.shared import exports
from trustabm_app.shared.address import Setting
from trustabm_app.shared.shell import element
from trustabm_app.town import effects, replay
from trustabm_app.town.desk import Desk

__all__ = ["Replay", "Takeaways", "made"]

REPLAY = {
    "key": "replay",
    "label": "Replay (HTML)",
    "text": "One file that plays all weeks on any computer or phone, without this server. "
    "For a class, a talk or a mail.",
}
FILES = (
    {
        "key": "pdf",
        "label": "Brief (PDF)",
        "text": "Two pages: the question, the findings, what is not clear, what the model cannot "
        "say. For whoever decides, and for their staff; screen readers can read it.",
    },
    {
        "key": "html",
        "label": "Brief (HTML)",
        "text": "The same as one web page. For a site or a mail.",
    },
    REPLAY,
    {
        "key": "csv",
        "label": "Effects (CSV)",
        "text": "Every outcome and group: both levels, the difference and its interval. For a "
        "spreadsheet.",
    },
    {
        "key": "parquet",
        "label": "Weeks (Parquet)",
        "text": "Every outcome by policy, week and group, burn-in included. For analysis in "
        "Python, R or DuckDB.",
    },
    {
        "key": "json",
        "label": "Record (JSON)",
        "text": "Versions, seeds, policies, link, command and findings. For whoever checks it or "
        "makes it again.",
    },
)


def made(key: str, setting: Setting, comparison: Comparison) -> tuple[str, bytes]:
    """Return the name and bytes of a file.

    Args:
        key: A key of `FILES`.
        setting: What was compared.
        comparison: What came of it.
    """
    # A server may have simulated fewer towns than were asked for.
    setting = replace(setting, replicates=comparison.replicates)
    name = f"trustabm-{setting.a}-{setting.b}"
    if key == "pdf":
        with exports.drawing_lock:
            return f"{name}-brief.pdf", as_pdf(comparison)
    if key == "html":
        with exports.drawing_lock:
            return f"{name}-brief.html", as_html(comparison).encode()
    if key == "replay":
        return f"{name}-replay.html", replay.of_setting(setting, 2, comparison)
    if key == "csv":
        return f"{name}-effects.csv", effects.table(comparison)
    if key == "parquet":
        out = io.BytesIO()
        comparison.weekly.to_parquet(out, index=False)
        return f"{name}-weeks.parquet", out.getvalue()
    return f"{name}-record.json", _record(setting, comparison)


def _record(setting: Setting, comparison: Comparison) -> bytes:
    apart = comparison.decomposition is not None
    record = comparison.provenance | {
        # The words that started the server say nothing of this comparison.
        "command": shell(comparison.experiment, why=apart),
        "link": setting.link("/compare"),
        "findings": comparison.findings(),
        "notices": comparison.notices,
        "covers": comparison.covers(),
        "effects": comparison.records(),
    }
    if apart:
        record |= {"why": [part.record() for part in comparison.parts()]}
    return json.dumps(record, indent=2, allow_nan=False, default=str).encode()


@solara.component
def Replay(desk: Desk) -> Any:
    """Offer the replay of what is on the screen."""

    def make(_key: str) -> tuple[str, bytes]:
        setting = desk.setting.value
        name = "-".join(("trustabm", setting.a, setting.b)[: 1 + desk.arms])
        return f"{name}-replay.html", replay.of_setting(setting, desk.arms)

    files = solara.use_memo(lambda: exports.downloads([REPLAY], make), [])
    with element("section", class_="ta-box", aria_label="Take it away") as box:
        element("h2", "Take it away")
        solara.display(files)
    return box


@solara.component
def Takeaways(setting: Setting, comparison: Comparison) -> Any:
    """Offer what can be taken away of a comparison, and say what to keep in mind with it."""
    files = solara.use_memo(
        lambda: exports.downloads(list(FILES), lambda key: made(key, setting, comparison)),
        [id(comparison)],
    )
    with element("section", class_="ta-takeaways", aria_label="Take it away") as box:
        element("h3", "Before it is acted on: what the model cannot say")
        with element("ul", class_="ta-cannot"):
            for head, sentence in CANNOT_SAY:
                element("li", element("b", head), " ", sentence)
        element("h3", "Take it away")
        solara.display(files)
    return box
