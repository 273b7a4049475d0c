"""A brief as PDF: the template `brief.typ`, filled with plain data."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from importlib import resources

from trustabm.brief.content import Brief

__all__ = ["pdf"]


def pdf(brief: Brief) -> bytes:
    """Return a PDF of two pages, tagged to PDF/UA-1.

    The template shrinks its type until each page holds what it should, so that there are always
    two.
    """
    import typst

    data = asdict(brief) | {"unclear": [told.unclear for told in brief.found]}
    made = dt.datetime.strptime(brief.made, "%d %B %Y").replace(tzinfo=dt.UTC)
    template = (resources.files("trustabm.brief") / "brief.typ").read_bytes()
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
