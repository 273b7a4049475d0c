"""A brief as one HTML file: its drawings are inside, and it asks for nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from trustabm.telling.brief.content import Brief
from trustabm.telling.brief.figures import Figure

__all__ = ["page"]

CSS = """
body{margin:0 auto;max-width:46rem;padding:1.5rem;font:16px/1.5 Georgia,serif;color:#1a1a1a;
background:#fff}h1{font-size:1.7rem;line-height:1.25}h1,h2{color:#1f4e6b}h2{margin:1.8rem 0 .4rem}
.arm{border-left:3px solid #1f4e6b;padding-left:.8rem;margin:.8rem 0}.small{font-size:.85rem;
color:#555;overflow-wrap:anywhere}figure{margin:1rem 0;overflow-x:auto}svg{max-width:100%;
height:auto}pre{background:#f2f2f2;padding:.7rem;white-space:pre-wrap;overflow-wrap:anywhere}
@media print{body{max-width:none;font-size:11px}figure,.arm{break-inside:avoid}}
"""


def page(brief: Brief) -> str:
    """Return the whole page."""
    arms = "".join(
        f'<div class="arm"><strong>{escape(a.title)}</strong>'
        f"{' (the reference)' if k == 0 else ''}. {escape(a.sentence)}"
        + "".join(f'<div class="small">{escape(line)}</div>' for line in a.changes)
        + "</div>"
        for k, a in enumerate(brief.arms)
    )
    found = "".join(
        (f"<h3>Under {escape(t.arm)}</h3>" if len(brief.found) > 1 else "")
        + (_list(t.changed) or "<p>Nothing that can be told apart from luck.</p>")
        for t in brief.found
    )
    unclear = _list(line for t in brief.found for line in t.unclear)
    notices = _list(brief.notices)
    cannot = "".join(
        f"<li><strong>{escape(head)}</strong> {escape(said)}</li>" for head, said in brief.cannot
    )
    made = " · ".join(f"<b>{escape(n)}:</b> {escape(v)}" for n, v in brief.provenance)
    again = (
        f"<p>The command that makes it again:</p><pre>{escape(brief.command)}</pre>"
        if brief.command is not None
        else "<p>A policy of this comparison was not read from a file: the record of "
        "the comparison, <code>provenance.json</code>, holds its levers.</p>"
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="generator" content="trustabm brief">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(brief.question)}</title><style>{CSS}</style></head><body><main>
<p class="small">Policy brief from a simulation · {escape(brief.made)}</p>
<h1>{escape(brief.question)}</h1>
<h2>Setting</h2>{"".join(f"<p>{escape(s)}</p>" for s in brief.setting)}{arms}
<h2>What the model finds</h2>{found}
<h2>What is not clear</h2>
{unclear or "<p>No outcome of this brief was too close to call.</p>"}
{f"<h2>What to know with it</h2>{notices}" if notices else ""}
{"".join(map(_figure, brief.figures))}
<h2>What the intervals cover and what they do not</h2><p>{escape(brief.covers)}</p>
<h2>What the model cannot say</h2><ul>{cannot}</ul>
<h2>Where this comes from</h2><p>{made}</p>{again}
</main></body></html>
"""


def _figure(figure: Figure) -> str:
    svg = figure.svg.replace("<svg", f'<svg role="img" aria-label="{escape(figure.alt)}"', 1)
    return (
        f"<h2>{escape(figure.title)}</h2><figure>{svg}"
        f'<figcaption class="small">{escape(figure.caption)}</figcaption></figure>'
    )


def _list(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""
