"""A comparison as two pages to take away: PDF by typst, or one HTML file; both say the same.

What it says is gathered in `content`, drawn in `figures`, and set in `pdf` and `page`. Nothing
comes in but a `Comparison`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trustabm.errors import InvalidInput, need
from trustabm.runs.folders import BESIDE, ready_file, write_file

if TYPE_CHECKING:
    from trustabm.runs.comparison import Comparison

need("study", "a brief")

__all__ = ["ARMS_MAX", "as_html", "as_pdf", "check_brief", "write_brief"]

ARMS_MAX = 4
"""Policies that two pages hold, the reference among them."""

KINDS = (".pdf", ".html")


def check_brief(path: str | Path, arms: int, force: bool = False) -> None:
    """Raise before anything is run if this brief could not be written.

    Raises:
        InvalidInput: for another kind of file, or more arms than two pages hold.
        OutputExists: where there is a file already and `force` is not set, or no brief.
        NotWritten: where it cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in KINDS:
        raise InvalidInput(f"brief: expected a file that ends in .pdf or .html, got {path.name!r}")
    if arms > ARMS_MAX:
        raise InvalidInput(
            f"brief: expected at most {ARMS_MAX} policies, the reference among them, which is "
            f"what two pages hold, got {arms}"
        )
    ready_file(path, force, BESIDE[0])


def write_brief(comparison: Comparison, path: str | Path, force: bool = False) -> Path:
    """Write a comparison's brief to a `.pdf` or `.html` file.

    Args:
        comparison: What to report.
        path: The file; its ending says which kind.
        force: Whether to replace a file that exists.

    Raises:
        InvalidInput: for another kind of file, or more arms than two pages hold.
        OutputExists: where there is a file already and `force` is not set, or no brief.
        NotWritten: where it cannot be written.
    """
    path = Path(path)
    check_brief(path, len(comparison.arms), force)
    pdf = path.suffix.lower() == ".pdf"
    data = as_pdf(comparison) if pdf else as_html(comparison).encode()
    return write_file(path, data)


def as_pdf(comparison: Comparison) -> bytes:
    """Return the brief as a tagged PDF of two pages."""
    from trustabm.telling.brief.content import content
    from trustabm.telling.brief.pdf import pdf

    return pdf(content(comparison))


def as_html(comparison: Comparison) -> str:
    """Return the brief as one HTML file that asks for nothing else."""
    from trustabm.telling.brief.content import content
    from trustabm.telling.brief.page import page

    return page(content(comparison))
