"""What can be taken away from a study: pictures that say where they come from, tables, code."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trustabm.errors import TrustabmError
from trustabm.figures.style import save
from trustabm_app.exports import drawing_lock, send_file
from trustabm_app.studies.answers import Answers
from trustabm_app.studies.code import parts
from trustabm_app.studies.look import Look

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["give"]


def give(
    widget: Any,
    action: str,
    what: str,
    answers: Answers,
    look: Look,
    figure: Callable[[], Figure],
    table: Callable[[], pd.DataFrame],
) -> None:
    """Answer what was asked of something on the page.

    Args:
        widget: The toolbox that asked.
        action: `png`, `svg`, `csv` or `code`.
        what: `heat`, `effects`, `weeks` or `indices`.
        answers: The study.
        look: What is looked at.
        figure: Draws it.
        table: Gives its numbers.
    """
    name = f"{look.study.rsplit('/', 1)[-1]}-{what}-{look.column}"
    try:
        if action == "code":
            widget.send({"what": "code", "parts": parts(what, answers, look)})
        elif action == "csv":
            send_file(widget, f"{name}.csv", table().to_csv(index=False).encode())
        elif action in ("png", "svg"):
            with drawing_lock, tempfile.TemporaryDirectory() as folder:
                files = save(
                    figure(), Path(folder) / "figure", title=name, provenance=answers.where()
                )
                data = {f.suffix[1:]: f.read_bytes() for f in files}
            send_file(widget, f"{name}.{action}", data[action])
    except TrustabmError as e:
        widget.send({"what": "code", "parts": [["This cannot be made", str(e)]]})
