"""Every county of an area, one to one or at a sample of its residents, one after the other.

The largest come first, so that the last to be done are small. Only the driver writes. What is
summed is read from the records in the order of FIPS codes: the sums have the same bits whoever was
done first, and however often the work was broken off.
"""

from __future__ import annotations

import pickle
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from trustabm.errors import WorkersLost
from trustabm.inputs.places.counties import County
from trustabm.nation.areas import Area
from trustabm.nation.county import Counted, Task, code, count, in_county, people_lived
from trustabm.nation.folder import Records, opened
from trustabm.nation.sums import Sums, save
from trustabm.rules.compiling import is_compiled
from trustabm.runs.experiment import Experiment
from trustabm.runs.processes import how_many
from trustabm.runs.provenance import origin
from trustabm.sealed import content
from trustabm.study.engine import Dask, OwnProcesses, Workers

__all__ = ["Progress", "live_area"]

DEATHS = 3
"""How often workers may end while a county is given out."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Args:
        done: Residents lived through, in the counties that are on record.
        total: Residents of all.
        counties: Counties on record.
    """

    done: int
    total: int
    counties: int


def live_area(
    experiment: Experiment,
    area: Area,
    out: str | Path,
    *,
    residents: int | None = None,
    workers: int | None = None,
    dask: str | None = None,
    progress: Callable[[Progress], object] | None = None,
) -> Sums:
    """Live through every county of an area under every arm, and sum up what they counted.

    Args:
        experiment: What is run, in any county of the area.
        area: The area.
        out: A folder; the same call goes on with what an earlier one left there.
        residents: Residents simulated of each county at most, who then stand for all of them; all
            of them if not given.
        workers: Processes; as many as there are processors if not given.
        dask: The address of a Dask scheduler whose workers run it instead.
        progress: Called as counties come in.

    Raises:
        InvalidInput: for a folder of another run, or a change that a county's rules contradict.
        OutputExists: for a folder that holds something else or that another run works on.
        WorkersLost: where workers cannot be reached, or end over one county again and again.
        NotWritten: where the folder cannot be written.
    """
    folder, many = Path(out), how_many(workers)
    lived = {c.fips: people_lived(c.population, residents) for c in area.counties}
    task = Task(experiment, code())
    values = {n: getattr(experiment, n) for n in type(experiment).model_fields if n != "town"}
    laid = [line.model_dump(mode="json") for line in experiment.lines]
    key = content(task.code, values, laid, lived)
    spec = {"area": area.name, "title": area.title, "arms": experiment.titles, **origin()}
    spec |= {name: values[name] for name in ("start", "weeks", "burn_in", "seed")}
    with opened(folder, key, spec) as records:
        driver = _Driver(records, area, lived, pickle.dumps(task), progress)
        if driver.left:
            if not is_compiled():  # once, so that workers find the code on disk
                in_county(experiment, area.largest.fips, 20, 0).world().run_for(1)
            engine: Workers = Dask(dask) if dask else OwnProcesses(many)
            try:
                driver.drive(engine)
            finally:
                engine.close()
        sums = Sums.of(records, area, experiment)
        save(sums, folder)
    return sums


class _Driver:
    """A run at work."""

    def __init__(
        self,
        records: Records,
        area: Area,
        lived: dict[str, int],
        task: bytes,
        progress: Callable[[Progress], object] | None,
    ) -> None:
        self.records = records
        self.lived = lived
        self.task = task
        self.progress = progress
        order = sorted(area.counties, key=lambda c: (-lived[c.fips], c.fips))
        self.left = deque(c for c in order if c.fips not in records.done)
        self.pending: dict[Future[Counted], County] = {}
        self.deaths: Counter[str] = Counter()

    def drive(self, engine: Workers) -> None:
        """Work until all counties are on record."""
        self._tell()
        while self.left or self.pending:
            while self.left and len(self.pending) < engine.window():
                self._submit(engine, self.left.popleft())
            finished, _ = wait(self.pending, return_when=FIRST_COMPLETED)
            for future in finished:
                if future in self.pending:
                    self._take(engine, future)
            self._tell()

    def _submit(self, engine: Workers, county: County) -> None:
        try:
            future = engine.submit(count, self.task, county.fips, self.lived[county.fips])
        except BrokenProcessPool:
            self._again(engine, county)
            return
        self.pending[future] = county

    def _take(self, engine: Workers, future: Future[Counted]) -> None:
        county = self.pending.pop(future)
        try:
            counted = future.result()
        except (Exception, CancelledError) as e:
            if not engine.died(e):
                raise
            self._again(engine, county)
            return
        self.records.add(county.fips, county.population, self.lived[county.fips], counted)

    def _again(self, engine: Workers, county: County) -> None:
        """Begin anew with what was given out when a worker ended."""
        given = [county]
        if engine.rebuild():
            given += self.pending.values()
            self.pending.clear()
        self.left.extendleft(sorted(given, key=lambda c: self.lived[c.fips]))
        for one in given:
            self.deaths[one.fips] += 1
            if self.deaths[one.fips] > DEATHS:
                raise WorkersLost(
                    f"workers: expected {one.title} to be lived through, but workers ended over it "
                    "again and again; out of memory? Fewer workers, or residents, need less. What "
                    "was done is saved; the same command goes on"
                )

    def _tell(self) -> None:
        if self.progress is not None:
            done = sum(self.lived[fips] for fips in self.records.done)
            total = sum(self.lived.values())
            self.progress(Progress(done, total, len(self.records.done)))
