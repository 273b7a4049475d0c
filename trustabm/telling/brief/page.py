"""A brief as one HTML file: its drawings are inside, and it asks for nothing else."""

from __future__ import annotations

from trustabm.telling.brief.content import Brief
from trustabm.telling.brief.figures import BriefFigure
from trustabm.telling.markup import Markup, items, tag

__all__ = ["page"]

CSS = Markup("""
body{margin:0 auto;max-width:46rem;padding:1.5rem;font:16px/1.5 Georgia,serif;color:#1a1a1a;
background:#fff}h1{font-size:1.7rem;line-height:1.25}h1,h2{color:#1f4e6b}h2{margin:1.8rem 0 .4rem}
.arm{border-left:3px solid #1f4e6b;padding-left:.8rem;margin:.8rem 0}.small{font-size:.85rem;
color:#555;overflow-wrap:anywhere}figure{margin:1rem 0;overflow-x:auto}svg{max-width:100%;
height:auto}pre{background:#f2f2f2;padding:.7rem;white-space:pre-wrap;overflow-wrap:anywhere}
@media print{body{max-width:none;font-size:11px}figure,.arm{break-inside:avoid}}
""")

PAGE = Markup("""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="generator" content="trustabm brief">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{question}</title><style>{css}</style></head><body><main>
<p class="small">Policy brief from a simulation · {made}</p>
<h1>{question}</h1>
<h2>Setting</h2>{setting}
<h2>What the model finds</h2>{found}
{carried}
<h2>What is not clear</h2>
{unclear}
{notices}
{figures}
<h2>What the intervals cover and what they do not</h2><p>{covers}</p>{narrowed}
<h2>What the model cannot say</h2>{cannot}
<h2>Where this comes from</h2>{origin}
</main></body></html>
""")


def page(brief: Brief) -> str:
    """Return the whole page."""
    nothing = Markup("")
    setting = [tag("p", s) for s in brief.setting]
    for k, a in enumerate(brief.arms):
        who = " (the reference). " if k == 0 else ". "
        lines = [tag("div", line, class_="small") for line in a.changes]
        setting.append(tag("div", tag("strong", a.title), who, a.sentence, *lines, class_="arm"))
    found = []
    for t in brief.found:
        if len(brief.found) > 1:
            found.append(tag("h3", f"Under {t.arm}"))
        found.append(items(t.changed) or tag("p", "Nothing that can be told apart from luck."))
    unclear = items(line for t in brief.found for line in t.unclear)
    notices = items(brief.notices)
    cannot = items(tag("strong", head) + f" {said}" for head, said in brief.cannot)
    made = Markup(" · ").join(tag("b", f"{n}:") + f" {v}" for n, v in brief.provenance)
    whole = PAGE.format(
        css=CSS,
        question=brief.question,
        made=brief.made,
        setting=nothing.join(setting),
        found=nothing.join(found),
        carried=tag("h2", "What carries it") + items(brief.carried) if brief.carried else "",
        unclear=unclear or tag("p", "No outcome of this brief was too close to call."),
        notices=tag("h2", "What to know with it") + notices if notices else "",
        figures=nothing.join(map(_figure, brief.figures)),
        covers=brief.covers,
        narrowed=items(brief.narrowed),
        cannot=cannot,
        origin=tag("p", made) + _again(brief.command),
    )
    return str(whole)


def _again(command: str | None) -> Markup:
    if command is not None:
        return tag("p", "The command that makes it again:") + tag("pre", command)
    said = "A policy of this comparison was not read from a file: the record of the comparison, "
    return tag("p", said, tag("code", "provenance.json"), ", holds its levers.")


def _figure(figure: BriefFigure) -> Markup:
    svg = figure.svg.replace(
        "<svg", Markup('<svg role="img" aria-label="{}"').format(figure.alt), 1
    )
    caption = tag("figcaption", figure.caption, class_="small")
    return tag("h2", figure.title) + tag("figure", Markup(svg), caption)
