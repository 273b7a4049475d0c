"""What can be taken away from a study: pictures that say where they come from, tables, code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from trustabm_app.exports import send_file
from trustabm_app.studies.look import Look
from trustabm_app.studies.reader import Problem, ask

__all__ = ["give"]


def give(widget: Any, action: str, what: str, folder: Path, look: Look) -> None:
    """Answer what was asked of something on the page.

    Args:
        widget: The toolbox that asked.
        action: `png`, `svg`, `csv` or `code`.
        what: `heat`, `effects`, `weeks` or `indices`.
        folder: The study's folder.
        look: What is looked at.
    """
    if action not in ("png", "svg", "csv", "code"):
        return
    name = f"{look.study.rsplit('/', 1)[-1]}-{what}-{look.column}"
    answer = ask("taken", folder, look.words(), what, action, name)
    if isinstance(answer, Problem):
        answer = [["This cannot be made", answer]]
    if isinstance(answer, bytes):
        send_file(widget, f"{name}.{action}", answer)
    else:
        widget.send({"what": "code", "parts": answer})
