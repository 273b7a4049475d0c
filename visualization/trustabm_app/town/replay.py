"""A replay: one HTML file that plays one town or two and their charts, with no server.

It holds the screen's own map, charts and controls, uPlot with its licence, and a recording; opened
from a disk it asks for nothing, and its content security policy would let it ask for nothing.
"""

from __future__ import annotations

import base64
import datetime as dt
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput
from trustabm.inputs.timeline import Timeline, stands_for
from trustabm.outcomes.glossary import GROUP_TITLES
from trustabm.rules.codes import GROUPS
from trustabm.runs.comparison import Comparison
from trustabm.runs.folders import BESIDE, ready_file, write_file
from trustabm.runs.provenance import lines as provenance_lines
from trustabm.runs.provenance import origin
from trustabm.runs.replicates import Design
from trustabm.runs.scenario import Scenario
from trustabm.telling.brief.content import arms as arms_of
from trustabm.telling.brief.content import changes
from trustabm.telling.brief.content import command as command_of
from trustabm.telling.markup import Markup, items, tag
from trustabm_app.shared import reproduce
from trustabm_app.shared.address import ARMS, LIMITS, Setting
from trustabm_app.shared.widgets import HERE, source
from trustabm_app.town import scene, series, widgets
from trustabm_app.town.recording import interval, packed, record

__all__ = ["Shown", "check_replay", "of_comparison", "of_scenario", "of_setting", "write_replay"]

PLACES = ("at home", "in jail or prison", "in ICE custody", "removed from the country")
DECISIONS = (
    "no crime against them so far",
    "reported the last crime against them",
    "kept silent about the last crime against them",
)


@dataclass(frozen=True)
class Shown:
    """What a replay shows and says.

    Args:
        design: What is lived through: one arm, or two.
        sentences: What each arm stands for.
        command: What makes the replay again; None where no command can.
        charts: The outcomes charted.
        group: Of two arms, whose outcomes.
        findings: What a comparison over many towns says of the same, if there is one.
        covers: What the intervals of those findings cover.
    """

    design: Design
    sentences: tuple[str, ...]
    command: str | None
    charts: tuple[str, ...] = Setting().charts
    group: str = Setting().group
    findings: tuple[str, ...] = ()
    covers: str = ""

    @property
    def start(self) -> dt.date:
        """The date on which week 0 begins."""
        return self.design.start

    @property
    def weeks(self) -> int:
        """Weeks that are played."""
        return self.design.weeks

    def timeline(self, arm: str) -> Timeline:
        """Return an arm's timeline."""
        return self.design.arms[ARMS.index(arm)]


def of_setting(setting: Setting, arms: int, comparison: Comparison | None = None) -> bytes:
    """Return the replay of what a visitor looks at.

    Args:
        setting: The setting.
        arms: 1 for a town, 2 to compare.
        comparison: Many towns in this setting, whose findings the page adds.
    """
    return _page(
        Shown(
            design=setting.design(arms),
            sentences=tuple(setting.words(arm) for arm in ARMS[:arms]),
            command=f"{reproduce.shell(setting, arms).rstrip()} --replay replay.html",
            charts=setting.charts,
            group=setting.group,
            findings=tuple(comparison.findings()) if comparison is not None else (),
            covers=comparison.covers() if comparison is not None else "",
        )
    )


def of_comparison(comparison: Comparison) -> bytes:
    """Return the replay of the first town of a comparison of two policies, with its findings."""
    command = command_of(comparison)
    d = comparison.design
    named = zip(d.arms, comparison.arms.values())
    return _page(
        Shown(
            design=replace(d, arms=tuple(x.model_copy(update={"title": t}) for x, t in named)),
            sentences=tuple(arm.sentence for arm in arms_of(comparison)),
            command=None if command is None else f"{command} --replay replay.html",
            findings=tuple(comparison.findings()),
            covers=comparison.covers(),
        )
    )


def of_scenario(scenario: Scenario) -> bytes:
    """Return the replay of a scenario."""
    place, residents = scenario.places()[0]
    line = scenario.timelines()[0]
    design = Design(
        place=place,
        arms=(line,),
        start=scenario.start,
        weeks=scenario.weeks,
        burn_in=0,
        residents=residents,
        seed=scenario.seed,
        parameters=scenario.parameters,
    )
    return _page(Shown(design, (stands_for(scenario.policy),), _command(scenario)))


def check_replay(
    path: str | Path,
    *,
    residents: int,
    weeks: int,
    arms: int = 1,
    towns: int = 1,
    force: bool = False,
) -> None:
    """Raise before anything is run if this replay could not be written.

    Raises:
        InvalidInput: for another kind of file, more than two policies or one town, or more
            residents or weeks than a page can hold.
        OutputExists: where there is a file already and `force` is not set, or no replay.
        NotWritten: where it cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".html":
        raise InvalidInput(f"replay: expected a file that ends in .html, got {path.name!r}")
    _check(residents, weeks, arms, towns)
    ready_file(path, force, BESIDE[1])


def write_replay(source: Comparison | Scenario, path: str | Path, force: bool = False) -> Path:
    """Write the replay of a comparison of two policies, or of a scenario.

    Args:
        source: What to play.
        path: The file, ending in `.html`.
        force: Whether to replace a file that exists.

    Raises:
        InvalidInput: where a page cannot hold it.
        OutputExists: where there is a file already and `force` is not set, or no replay.
        NotWritten: where it cannot be written.
    """
    path = Path(path)
    if isinstance(source, Comparison):
        d = source.design
        check_replay(path, residents=d.residents, weeks=d.weeks, arms=len(source.arms), force=force)
        data = of_comparison(source)
    else:
        towns = len(source.places())
        check_replay(path, residents=source.residents, weeks=source.weeks, towns=towns, force=force)
        data = of_scenario(source)
    return write_file(path, data)


def _check(residents: int, weeks: int, arms: int, towns: int) -> None:
    if not 1 <= arms <= len(ARMS):
        raise InvalidInput(f"replay: expected at most two policies side by side, got {arms}")
    if towns > 1:
        raise InvalidInput(f"replay: expected one town without neighbors, got {towns} towns")
    for name, value in (("residents", residents), ("weeks", weeks)):
        most = LIMITS[name][1]
        if value > most:
            raise InvalidInput(
                f"replay: expected at most {most:,} {name}, which is what a page can hold, "
                f"got {value:,}"
            )
    if not widgets.UPLOT.is_dir():
        raise InvalidInput(
            "replay: expected uPlot beside the app, got none; with npm installed, "
            "`uv run python visualization/build_assets.py` lays it there"
        )


def _command(s: Scenario) -> str:
    words: list[object] = ["trustabm", "run", "--policy", s.policy, "--town", s.town]
    words += ["--start", s.start, "--weeks", s.weeks, "--residents", s.residents, "--seed", s.seed]
    if s.local_policies:
        words.append("--local-policies")
    values = {f"levers.{k}": v for k, v in s.levers.items()}
    values |= {
        f"parameters.{k}": v for k, v in s.parameters.model_dump(exclude_defaults=True).items()
    }
    for name, value in values.items():
        words += [f"--{name}", value]
    return shlex.join(str(w) for w in (*words, "--replay", "replay.html"))


def _head(shown: Shown, geometry: dict[str, Any]) -> dict[str, Any]:
    """Return what the page's script must know beside the recording."""
    d, arms = shown.design, len(shown.design.arms)
    titles = [line.title for line in d.arms]
    return {
        "map": {
            "geometry": geometry,
            "palettes": widgets.PALETTES,
            "titles": titles if arms == 1 else [f"{'AB'[k]} · {t}" for k, t in enumerate(titles)],
            "mode": "trust",
        },
        "charts": {
            "charts": series.charts(shown, arms),
            "lines": series.lines(shown, arms),
            "marks": series.marks(shown, arms),
            "year": d.start.year,
            "month": "" if d.start.timetuple().tm_yday == 1 else f"{d.start:%b} ",
        },
        "start": [d.start.year, d.start.month - 1, d.start.day],
        "groups": [GROUP_TITLES[g] for g in GROUPS],
        "places": PLACES,
        "decisions": DECISIONS,
    }


def _page(shown: Shown) -> bytes:
    d = shown.design
    _check(d.residents, d.weeks, len(d.arms), 1)
    recording = record(d)
    head = _head(shown, scene.geometry(recording.worlds[0]))
    rows = series.rows(list(recording.worlds), shown, len(d.arms), d.weeks, 1)
    data = base64.b64encode(packed(recording, head, rows)).decode()
    licence = (widgets.UPLOT.parents[1] / "licences" / "uplot.txt").read_text("utf-8")
    origins = provenance_lines(origin()) | {"Seed": str(d.seed)}
    page = Markup(source("replay.html")).format(
        style=_style(),
        title=_question(d),
        setting=_setting(d),
        once=_once(d),
        policies=_policies(shown),
        findings=_findings(shown),
        provenance=Markup(" · ").join(tag("b", f"{n}:") + f" {v}" for n, v in origins.items()),
        again=_again(shown.command),
        licence=licence,
        data=data,
        script=_script(),
    )
    return page.encode()


def _question(d: Design) -> str:
    titles = [line.title for line in d.arms]
    if len(titles) > 1:
        return f"{d.place.title}: {titles[0]}, or {titles[1]}?"
    return f"{d.place.title} under {titles[0]}"


def _setting(d: Design) -> str:
    begin = f"{d.start.day} {d.start:%B %Y}"
    if len(d.arms) > 1:
        words = f"{d.residents:,} simulated residents, lived through twice with the same luck "
        words += f"(seed {d.seed}): "
        words += f"{d.burn_in} weeks in common, then " if d.burn_in else ""
        words += f"{d.weeks} weeks from {begin} under each policy."
    else:
        words = f"{d.residents:,} simulated residents, {d.weeks} weeks from {begin}, with the "
        words += f"luck of seed {d.seed}."
    every = interval(d)
    if every > 1:
        words += f" The map has a picture every {every} weeks, the charts have every week."
    return words


def _once(d: Design) -> str:
    not_ = "the effect of a policy" if len(d.arms) > 1 else "a forecast"
    return f"One seed: what happens in one simulated town, not {not_}."


def _policies(shown: Shown) -> Markup:
    d = shown.design
    parts = [tag("p", tag("b", f"{d.place.title}."), f" {d.place.sentence}")]
    for k, line in enumerate(d.arms):
        name = f"{'AB'[k]}: {line.title}" if len(d.arms) > 1 else line.title
        said = changes(d.before, line, d.start, d.weeks) if k else ()
        more = (tag("div", text, class_="ta-small") for text in said)
        parts.append(tag("p", tag("b", f"{name}."), f" {shown.sentences[k]}", *more))
    return Markup("").join(parts)


def _findings(shown: Shown) -> Markup:
    if not shown.findings:
        return Markup("")
    return tag(
        "section",
        tag("h2", "What many towns say"),
        items(shown.findings, class_="ta-findings"),
        tag("p", shown.covers, class_="ta-small"),
        class_="ta-box",
        aria_label="Many towns",
    )


def _again(command: str | None) -> Markup:
    if command is None:
        return tag(
            "p", "A policy of this comparison was not read from a file; no command makes it."
        )
    return tag("p", "The command that makes it again:") + tag("pre", command, tabindex=0)


def _style() -> Markup:
    assets = HERE / "assets"
    sheets = [(assets / "custom.css").read_text("utf-8"), widgets.uplot()[1]]
    names = ("townmap.css", "charts.css", "panel.css", "replay.css")
    return Markup("\n".join([*sheets, *map(source, names)]))


def _script() -> Markup:
    """Return the widgets, each in a scope of its own, and what plays them."""
    modules = {
        "TownMap": ("pixels.js", "townmap.js"),
        "Charts": ("actions.js", "charts.js"),
        "Transport": ("transport.js",),
        "ThemeSwitch": ("theme.js",),
        "play": ("replay.js",),
    }
    parts = [widgets.uplot()[0]]
    for name, files in modules.items():
        text = "\n".join(map(source, files)).replace("export default", "return", 1)
        parts.append(f"const {name} = (() => {{\n{text}\n}})();")
    parts.append("play({ TownMap, Charts, Transport, ThemeSwitch });")
    return Markup("\n".join(parts).replace("</script", "<\\/script"))
