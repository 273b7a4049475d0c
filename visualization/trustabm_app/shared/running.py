"""Comparisons as a page runs them: one at a time, drawn again as it goes, with a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from trustabm.runs.experiment import Experiment
from trustabm_app.shared.ensembles import Ensemble, State
from trustabm_app.shared.shell import element

__all__ = ["Runner", "progress", "use_runner"]

OFTEN = 20
"""How often a page is drawn again while towns come in, at most."""


@dataclass(eq=False)
class Runner:
    """What a page runs.

    Args:
        drawn: Draws the page again.
        ensemble: What runs, or ran last.
    """

    drawn: Callable[[], object]
    ensemble: Ensemble | None = None
    _seen: Any = None

    @property
    def busy(self) -> bool:
        """Whether something runs."""
        return self.ensemble is not None and self.ensemble.busy

    def run(self, asked: Experiment, **how: Any) -> None:
        """Run an experiment, in the place of what ran before; `how` is `Ensemble`'s."""
        self.cancel()
        self.ensemble = Ensemble(asked, self._changed, **how)
        self.ensemble.start()
        self.drawn()

    def cancel(self) -> None:
        """Want no more of what runs."""
        if self.ensemble is not None:
            self.ensemble.cancel()

    def _changed(self, ensemble: Ensemble) -> None:
        # Told of every town; drawn where there is something new to see.
        if ensemble is self.ensemble:
            sofar = ensemble.sofar
            part = ensemble.done * OFTEN // max(1, ensemble.number)
            at = ensemble, ensemble.state, part, sofar and len(sofar.sums)
            if at != self._seen:
                self._seen = at
                self.drawn()


def use_runner(*on: Any) -> Runner:
    """Return what a component runs while it is there; another where one of these changes."""
    tick = solara.use_reactive(0)
    runner: Runner = solara.use_memo(lambda: Runner(lambda: tick.set(tick.peek() + 1)), list(on))
    solara.use_effect(lambda: runner.cancel, [runner])
    _ = tick.value  # read, so that this is drawn again when it moves
    return runner


def progress(ensemble: Ensemble, towns: int | None = None) -> None:
    """Show how far it is, or why nothing came of it.

    Args:
        ensemble: What runs, or ran.
        towns: Those that are counted; those done if not given.
    """
    _Progress(ensemble, ensemble.state, ensemble.done if towns is None else towns)


@solara.component
def _Progress(ensemble: Ensemble, state: State, many: int) -> Any:
    what = "towns" if ensemble.study is None else "runs"
    with element("div") as box:
        if ensemble.notice:
            element("p", ensemble.notice, role="status", class_="ta-problem").key("notice")
        if state in ("waiting", "running"):
            element(
                "progress",
                class_="ta-progress",
                value=str(many),
                max=str(ensemble.number),
                aria_label=f"{what.title()} done",
            ).key("bar")
            said = f"{many} of {ensemble.number} {what} so far." if many else f"The first {what} …"
            if state == "waiting":
                said = "Others are being answered first."
            element("p", said, role="status").key("said")
        elif state != "done":
            said = ensemble.message or "Stopped."
            element("p", said, role="alert", class_="ta-problem").key("over")
    return box
