"""A brief as PDF: the template `brief.typ`, filled with plain data."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from importlib import resources
from typing import Any

from trustabm.telling.answer import Answer
from trustabm.telling.beneath import Beneath
from trustabm.telling.brief.content import Brief
from trustabm.telling.picture import PLAIN, course, strip
from trustabm.telling.shown import KEY, note

__all__ = ["pdf"]


def pdf(brief: Brief) -> bytes:
    """Return a PDF of two pages, tagged to PDF/UA-1.

    The template shrinks its type until each page holds what it should, so that there are always
    two.
    """
    import typst

    pairs = zip(brief.answers, brief.below, strict=True)
    told = {"answers": [_drawn(*pair) for pair in pairs], "below": (), "key": KEY}
    data = asdict(brief) | told
    made = dt.datetime.strptime(brief.made, "%d %B %Y").replace(tzinfo=dt.UTC)
    try:
        return _compiled(data, made)
    except typst.TypstError:
        # A title may hold signs that the fonts inside do not.
        return _compiled(_in_fonts(data), made)


def _drawn(said: Answer, more: Beneath) -> dict[str, Any]:
    """Return an answer and what is below it in plain data, with its drawings."""
    dots = f"Each dot is one of {said.towns} simulated towns"
    lines = [
        {
            "said": line.said,
            "note": note(line),
            "svg": strip(line.dots, line.middle, line.ends, dots, PLAIN),
        }
        for line in said.lines
    ]
    courses = [{"some": c.some, "svg": course(c, c.some, PLAIN)} for c in more.courses]
    who = [row._asdict() for row in more.who]
    return said._asdict() | more._asdict() | {"lines": lines, "courses": courses, "who": who}


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
