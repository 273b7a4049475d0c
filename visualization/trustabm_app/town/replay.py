"""A replay: one HTML file that plays one town or two and their charts, with no server.

It holds the screen's own map, charts and controls, uPlot with its licence, and a recording; opened
from a disk it asks for nothing, and its content security policy would let it ask for nothing.
"""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput
from trustabm.inputs.groups import Groups
from trustabm.inputs.timeline import Timeline
from trustabm.runs.comparison import Comparison
from trustabm.runs.experiment import Experiment
from trustabm.runs.folders import BESIDE, ready_file, write_file
from trustabm.runs.provenance import lines as provenance_lines
from trustabm.runs.provenance import origin
from trustabm.runs.reproduce import has_names, shell
from trustabm.runs.scenario import Scenario
from trustabm.telling.brief.content import arms as arms_of
from trustabm.telling.brief.content import changes
from trustabm.telling.markup import Markup, items, tag
from trustabm_app.shared.address import ARMS, LIMITS, Setting
from trustabm_app.shared.widgets import HERE, source
from trustabm_app.town import scene, series, widgets
from trustabm_app.town.recording import Recorder, Recording, interval, packed, record

__all__ = [
    "Recorder",
    "Shown",
    "check_replay",
    "of_comparison",
    "of_scenario",
    "of_setting",
    "once",
    "write_replay",
]

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
        experiment: What is lived through: one arm, or two.
        sentences: What each arm stands for.
        command: What makes the replay again; None where no command can.
        charts: The outcomes charted.
        group: Of two arms, whose outcomes.
        findings: What a comparison over many towns says of the same, if there is one.
        covers: What the intervals of those findings cover.
    """

    experiment: Experiment
    sentences: tuple[str, ...]
    command: str | None
    charts: tuple[str, ...] = Setting().charts
    group: str = Setting().group
    findings: tuple[str, ...] = ()
    covers: str = ""

    @property
    def groups(self) -> Groups:
        """The groups of the town."""
        return self.experiment.groups

    @property
    def start(self) -> dt.date:
        """The date on which week 0 begins."""
        return self.experiment.start

    @property
    def weeks(self) -> int:
        """Weeks that are played."""
        return self.experiment.weeks

    def timeline(self, arm: str) -> Timeline:
        """Return an arm's timeline."""
        return self.experiment.lines[ARMS.index(arm)]


def of_setting(setting: Setting, arms: int, comparison: Comparison | None = None) -> bytes:
    """Return the replay of what a visitor looks at.

    Args:
        setting: The setting.
        arms: 1 for a town, 2 to compare.
        comparison: Many towns in this setting, whose findings the page adds.
    """
    experiment = setting.experiment(arms)
    shown = Shown(
        experiment,
        sentences=tuple(setting.words(arm) for arm in ARMS[:arms]),
        command=_command(experiment),
        charts=setting.charts,
        group=setting.group,
        findings=tuple(comparison.findings()) if comparison is not None else (),
        covers=comparison.covers() if comparison is not None else "",
    )
    return _page(shown, record(experiment))


def of_comparison(comparison: Comparison) -> bytes:
    """Return the replay of the first town of a comparison of two policies, with its findings."""
    experiment = comparison.experiment
    recorder = Recorder(experiment)
    comparison.watched(recorder)
    shown = Shown(
        experiment,
        sentences=tuple(arm.sentence for arm in arms_of(comparison)),
        command=_command(experiment) if has_names(experiment) else None,
        findings=tuple(comparison.findings()),
        covers=comparison.covers(),
    )
    return _page(shown, recorder.recording())


def of_scenario(scenario: Scenario, recording: Recording | None = None) -> bytes:
    """Return the replay of a scenario.

    Args:
        scenario: The scenario.
        recording: What a recorder kept when it was run; it is run if there is none.
    """
    experiment = scenario.experiment()
    shown = Shown(experiment, (experiment.lines[0].sentence,), _command(experiment))
    return _page(shown, recording or record(experiment))


def _command(experiment: Experiment) -> str:
    return f"{shell(experiment).rstrip()} --replay replay.html"


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


def write_replay(
    source: Comparison | Scenario,
    path: str | Path,
    force: bool = False,
    recording: Recording | None = None,
) -> Path:
    """Write the replay of a comparison of two policies, or of a scenario.

    Args:
        source: What to play.
        path: The file, ending in `.html`.
        force: Whether to replace a file that exists.
        recording: What a `Recorder` of the scenario kept when it was run.

    Raises:
        InvalidInput: where a page cannot hold it.
        OutputExists: where there is a file already and `force` is not set, or no replay.
        NotWritten: where it cannot be written.
    """
    path = Path(path)
    if isinstance(source, Comparison):
        d = source.experiment
        check_replay(path, residents=d.residents, weeks=d.weeks, arms=len(source.arms), force=force)
        data = of_comparison(source)
    else:
        towns = len(source.places())
        check_replay(path, residents=source.residents, weeks=source.weeks, towns=towns, force=force)
        data = of_scenario(source, recording)
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


def _head(shown: Shown, geometry: dict[str, Any]) -> dict[str, Any]:
    """Return what the page's script must know beside the recording."""
    d, arms = shown.experiment, len(shown.experiment.arms)
    titles = list(d.titles.values())
    return {
        "map": {
            "geometry": geometry,
            "palettes": widgets.PALETTES,
            "titles": titles if arms == 1 else [f"{'AB'[k]} · {t}" for k, t in enumerate(titles)],
            "mode": Setting().shows(arms),
        },
        "charts": {
            "charts": series.charts(shown, arms),
            "lines": series.lines(shown, arms),
            "marks": series.marks(shown, arms),
            "year": d.start.year,
            "month": "" if d.start.timetuple().tm_yday == 1 else f"{d.start:%b} ",
        },
        "start": [d.start.year, d.start.month - 1, d.start.day],
        "places": PLACES,
        "decisions": DECISIONS,
    }


def _page(shown: Shown, recording: Recording) -> bytes:
    d = shown.experiment
    _check(d.residents, d.weeks, len(d.arms), 1)
    head = _head(shown, scene.geometry(recording.worlds[0]))
    rows = series.rows(list(recording.worlds), shown, len(d.arms), d.weeks, 1)
    data = base64.b64encode(packed(recording, head, rows)).decode()
    licence = (widgets.UPLOT.parents[1] / "licences" / "uplot.txt").read_text("utf-8")
    origins = provenance_lines(origin()) | {"Seed": str(d.seed)}
    page = Markup(source("replay.html")).format(
        style=_style(),
        title=_question(d),
        setting=_setting(d),
        once=once(len(d.arms)),
        policies=_policies(shown),
        findings=_findings(shown),
        provenance=Markup(" · ").join(tag("b", f"{n}:") + f" {v}" for n, v in origins.items()),
        again=_again(shown),
        licence=licence,
        data=data,
        script=_script(),
    )
    return page.encode()


def _question(d: Experiment) -> str:
    titles = list(d.titles.values())
    if len(titles) > 1:
        return f"{d.place.title}: {titles[0]}, or {titles[1]}?"
    return f"{d.place.title} under {titles[0]}"


def _setting(d: Experiment) -> str:
    begin = f"{d.start.day} {d.start:%B %Y}"
    if len(d.arms) > 1:
        words = f"{d.residents:,} simulated residents, lived through twice with the same luck "
        words += f"(seed {d.seed}): "
        words += f"{d.burn_in} weeks in common, then " if d.burn_in else ""
        words += f"{d.weeks} weeks from {begin} under each policy."
    else:
        words = f"{d.residents:,} simulated residents, {d.weeks} weeks from {begin}, with the "
        words += f"luck of seed {d.seed}"
        words += f", after {d.burn_in} weeks before." if d.burn_in else "."
    every = interval(d)
    if every > 1:
        words += f" The map has a picture every {every} weeks, the charts have every week."
    return words


def once(arms: int) -> str:
    """Return what must not be read into one town."""
    not_ = "the effect of a policy" if arms > 1 else "a forecast"
    return f"One seed: what happens in one simulated town, not {not_}."


def _policies(shown: Shown) -> Markup:
    d = shown.experiment
    parts = [tag("p", tag("b", f"{d.place.title}."), f" {d.place.sentence}")]
    for k, line in enumerate(d.lines):
        name = f"{'AB'[k]}: {line.title}" if len(d.arms) > 1 else line.title
        said = changes(d.before[0], line, d.start, d.weeks) if k else ()
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


def _again(shown: Shown) -> Markup:
    if shown.command is None:
        return tag(
            "p", "A policy of this comparison was not read from a file; no command makes it."
        )
    before = shown.experiment.burn_in
    if before and len(shown.experiment.arms) == 1:
        words = f"The command of the same town; its weeks and groups begin {before} weeks earlier:"
    else:
        words = "The command that makes it again:"
    return tag("p", words) + tag("pre", shown.command, tabindex=0)


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
