"""A brief as one HTML file: its drawings are inside, and it asks for nothing else."""

from __future__ import annotations

from trustabm.telling.brief.content import Brief
from trustabm.telling.markup import Markup, items, tag
from trustabm.telling.picture import PLAIN
from trustabm.telling.shown import below, lines

__all__ = ["page"]

CSS = Markup("""
body{margin:0 auto;max-width:46rem;padding:1.5rem;font:16px/1.5 Georgia,serif;color:#1a1a1a;
background:#fff}h1{font-size:1.5rem;line-height:1.25}h1,h2,h3{color:#1f4e6b}
h2{margin:1.8rem 0 .4rem}
.large{font-size:5rem;line-height:1;font-weight:700;color:#0b5394;margin:.2rem 0}
.verdict{font-size:1.15rem;font-weight:600}figure{margin:0}svg{width:100%;max-width:42rem;height:auto}
.src,.small{font-size:.85rem;color:#555;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}.ta-told .ta-part{padding-left:1rem;font-weight:400}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #ddd;vertical-align:top}
.ta-courses{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr))}
pre{background:#f2f2f2;padding:.7rem;white-space:pre-wrap;overflow-wrap:anywhere}
@media print{body{max-width:none;font-size:11px}figure,tr{break-inside:avoid}
.method{break-before:page}}
""")

PAGE = Markup("""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="generator" content="trustabm brief">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{question}</title><style>{css}</style></head><body><main>
<p class="small">Policy brief from a simulation · {made}</p>
<h1>{question}</h1>
{answers}
{carried}
<section class="method">
<h2>The law that was in force</h2>{law}
<h2>What was simulated and assumed</h2>{assumed}
<h2>What the intervals cover and what they do not</h2><p>{covers}</p>{narrowed}
<h2>Was this kind of change ever tested against data?</h2>{tested}
<h2>What the model cannot say</h2>{cannot}
<h2>Where this comes from</h2>{origin}
</section></main></body></html>
""")


def page(brief: Brief) -> str:
    """Return the whole page."""
    answers = []
    for said, more in zip(brief.answers, brief.below, strict=True):
        if len(brief.answers) > 1:
            answers.append(tag("h2", said.asked))
        answers.append(tag("p", said.large[0], class_="large"))
        answers.append(tag("p", said.headline, class_="verdict"))
        answers += [lines(said), below(more)]
    made = Markup(" · ").join(tag("b", f"{n}:") + f" {v}" for n, v in brief.provenance)
    whole = PAGE.format(
        css=CSS + PLAIN,
        question=brief.question,
        made=brief.made,
        answers=Markup("").join(answers),
        carried=tag("h2", "What carries it") + items(brief.carried) if brief.carried else "",
        law=items(brief.law),
        assumed=items((*brief.setting, *brief.notices)),
        covers=brief.covers,
        narrowed=items(brief.narrowed),
        tested=_named(brief.tested),
        cannot=_named(brief.cannot),
        origin=tag("p", made) + _again(brief.command),
    )
    return str(whole)


def _named(pairs: tuple[tuple[str, str], ...]) -> Markup:
    return items(tag("strong", head) + f" {said}" for head, said in pairs)


def _again(command: str | None) -> Markup:
    if command is not None:
        return tag("p", "The command that makes it again:") + tag("pre", command)
    said = "A policy of this comparison was not read from a file: the record of the comparison, "
    return tag("p", said, tag("code", "provenance.json"), ", holds its levers.")
