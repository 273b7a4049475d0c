"""A brief as PDF: the template `brief.typ`, filled with plain data."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from importlib import resources
from typing import Any

from trustabm.telling.brief.content import Brief

__all__ = ["pdf"]


def pdf(brief: Brief) -> bytes:
    """Return a PDF of two pages, tagged to PDF/UA-1.

    The template shrinks its type until each page holds what it should, so that there are always
    two.
    """
    import typst

    data = asdict(brief) | {"unclear": [told.unclear for told in brief.found]}
    made = dt.datetime.strptime(brief.made, "%d %B %Y").replace(tzinfo=dt.UTC)
    try:
        return _compiled(data, made)
    except typst.TypstError:
        # A title may hold signs that the fonts inside do not.
        return _compiled(_in_fonts(data), made)


def _in_fonts(value: Any) -> Any:
    """Return plain data with a question mark for every sign that the fonts may lack."""
    if isinstance(value, dict):
        return {k: v if k == "svg" else _in_fonts(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_in_fonts(v) for v in value]
    if not isinstance(value, str):
        return value
    return "".join(c if ord(c) < 0x500 or 0x2000 <= ord(c) < 0x2300 else "?" for c in value)


def _compiled(data: dict[str, Any], made: dt.datetime) -> bytes:
    import typst

    template = (resources.files("trustabm.telling.brief") / "brief.typ").read_bytes()
    whole = typst.compile(
        template,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"brief": json.dumps(data)},
        pdf_standards="ua-1",
        timestamp=int(made.timestamp()),
    )
    assert isinstance(whole, bytes)
    return whole
