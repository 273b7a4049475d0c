"""Markdown tables, for the pages that are written from declarations and results."""

from __future__ import annotations

from collections.abc import Iterable


def row(cells: Iterable[object]) -> str:
    """Return one line of a Markdown table."""
    return "| " + " | ".join(str(c).replace("|", "\\|") for c in cells) + " |"


def table(head: list[str], lines: Iterable[Iterable[object]]) -> list[str]:
    """Return a Markdown table, or nothing where it would have no lines."""
    body = [row(line) for line in lines]
    return [row(head), row("---" for _ in head), *body, ""] if body else []
