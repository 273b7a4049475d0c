"""What can be taken away from a study: pictures that say where they come from, tables, code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput
from trustabm_app.shared import making
from trustabm_app.study.look import Look
from trustabm_app.study.problem import Problem
from trustabm_app.study.reader import ask

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
    if action in ("png", "svg", "csv", "code"):
        making.make(widget, f"{what}.{action}", lambda: _made(action, what, folder, look))


def _made(action: str, what: str, folder: Path, look: Look) -> Any:
    name = f"{look.study.rsplit('/', 1)[-1]}-{what}-{look.column}"
    answer = ask("taken", folder, look.words(), what, action, name)
    if isinstance(answer, Problem):
        raise InvalidInput(answer)
    return answer
