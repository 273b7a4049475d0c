"""A page of a kit or a scene: one HTML file that asks for nothing from anywhere."""

from __future__ import annotations

from html import escape
from importlib.resources import files

__all__ = ["page"]


def page(title: str, body: str, kind: str, script: str = "") -> str:
    """Return a whole page that needs nothing beside it.

    Args:
        title: Its title.
        body: Its HTML.
        kind: The class of its body, for the style.
        script: Its JavaScript; the slides' where it is slides.
    """
    here = files("trustabm.classroom")
    style = (here / "page.css").read_text("utf-8")
    script = (here / "slides.js").read_text("utf-8") if kind == "slides" else script
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        '</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style>{style}</style></head>\n<body class="{kind}"><main>\n{body}\n</main>'
        f"<script>{script}</script></body></html>\n"
    )
