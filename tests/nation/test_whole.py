"""Every county of an area: the same bits whatever carries it out and whatever befalls it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import trustabm as ta
from trustabm.cli import main
from trustabm.errors import InvalidInput, OutputExists
from trustabm.nation.areas import Area, area, nation, some, state
from trustabm.nation.ask import asked
from trustabm.nation.folder import LINES
from trustabm.nation.sums import Sums
from trustabm.nation.whole import live_area
from trustabm.outcomes.glossary import GLOSSARY

FEW = ("loving-tx", "10001", "kalawao-hi", "bristol-ri", "sussex-de", "46017", "dukes-ma")
TABLES = ("counties.parquet", "towns.parquet", "states.parquet")
SMALL = {"weeks": 6, "burn_in": 3, "changes": ["287g-task-force-2025"], "since": "2026-01"}


def live(out: Path, where: Area, **more: object) -> Sums:
    ways = {k: more.pop(k) for k in ("workers", "dask", "residents") if k in more}
    return live_area(asked(where, **SMALL | more), where, out, **{"residents": 150, **ways})


def tables(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in TABLES]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sums]:
    out = tmp_path_factory.mktemp("nation") / "out"
    return out, live(out, some(FEW), workers=2)


def test_areas_have_all_their_counties():
    assert len(nation().counties) == 3142
    assert nation().people == sum(state(s).people for s in {c.state for c in nation().counties})
    texas = state("TX")
    assert texas is not None
    assert (len(texas.counties), texas.title) == (254, "Texas")
    assert texas == state("texas") == state("48")
    assert texas.largest.slug == "harris-tx"
    assert area(None) is nation()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Texs", "state: no 'Texs'; did you mean 'Texas'?"),
        ("north carolna", "did you mean 'North Carolina'?"),
        ("99", "state: no '99'; expected one as TX, Texas or 48"),
    ],
)
def test_a_wrong_state_is_told_what_may_be_meant(name: str, said: str):
    with pytest.raises(InvalidInput, match="state: no") as e:
        state(name)
    assert said in str(e.value)


def test_a_county_twice_or_beside_a_state_is_refused():
    with pytest.raises(InvalidInput, match="each once, got Loving County, Texas twice"):
        some(["loving-tx", "48301"])
    with pytest.raises(InvalidInput, match="state: expected none with counties"):
        area("TX", ["loving-tx"])


def test_a_county_counts_what_a_comparison_of_it_counts(whole: tuple[Path, Sums]):
    """The same world: one of all residents of Loving County, by its own seed."""
    sums = whole[1]
    place = [c.slug for c in sums.area.counties].index("loving-tx")
    people = sums.area.counties[place].population
    assert people == sums.residents[place] < 150
    from trustabm.rules.luck import seed_of

    alone = ta.compare(
        town="loving-tx",
        replicates=1,
        residents=people,
        seed=seed_of(0, 48301),
        **SMALL,  # type: ignore[arg-type]
    )
    many = len(alone.experiment.groups.names)
    np.testing.assert_array_equal(sums.groups[place], alone.sums[0, :, :many])
    np.testing.assert_array_equal(sums.town[place], alone.town_sums[0])


def test_a_sample_stands_for_all_residents(whole: tuple[Path, Sums]):
    """Weights are people over simulated residents, so that people add up to the table's."""
    sums = whole[1]
    assert sums.people(range(len(FEW)))["all"] == pytest.approx(sums.area.people, rel=1e-12)
    kent = [c.fips for c in sums.area.counties].index("10001")
    assert sums.people([kent])["all"] == pytest.approx(sums.area.counties[kent].population)
    frame = pd.read_parquet(whole[0] / "states.parquet")
    rows = frame[frame["arm"] == "today"].groupby("state", sort=False)["base_persons"].sum() / 6
    states = [row for row in rows.index if row != "some"]
    assert rows["some"] == pytest.approx(rows[states].sum())
    assert rows["DE"] == pytest.approx(
        sum(c.population for c in sums.area.counties if c.state == "DE")
    )


def test_rates_of_an_area_are_its_sums_over_its_people(whole: tuple[Path, Sums]):
    sums = whole[1]
    every = range(len(FEW))
    arrests, people = sums.yearly(every)["arrests"], sums.people(every)["all"]
    np.testing.assert_allclose(
        sums.levels(every)["arrests", "all"], 1000 * arrests / people, rtol=1e-9
    )
    assert {o for o, _ in sums.levels(every)} == set(GLOSSARY)


def test_one_worker_or_two_and_lines_torn_and_lost_give_the_same_bits(
    whole: tuple[Path, Sums], tmp_path: Path
):
    out = tmp_path / "again"
    live(out, some(FEW), workers=1)
    assert tables(out) == tables(whole[0])
    lines = (out / LINES).read_bytes().splitlines(keepends=True)
    assert len(lines) == len(FEW)
    # Killed while the fourth was written, after the first had been altered by somebody.
    wrong = lines[0].replace(b'"people": ', b'"people": 1')
    (out / LINES).write_bytes(wrong + lines[1] + lines[2] + lines[3][:500])
    done: list[int] = []
    again = live_area(
        asked(some(FEW), **SMALL),
        some(FEW),
        out,
        residents=150,
        workers=1,
        progress=lambda p: done.append(p.counties),
    )
    assert done[0] == 2
    assert tables(out) == tables(whole[0])
    np.testing.assert_array_equal(again.groups, whole[1].groups)


def test_a_folder_of_another_run_is_left_alone(whole: tuple[Path, Sums], tmp_path: Path):
    with pytest.raises(InvalidInput, match="expected counties of this run, got those of another"):
        live(whole[0], some(FEW), weeks=7)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputExists, match="holds something else; it is left alone"):
        live(tmp_path, some(FEW))


WORDS = [
    *("nation", "--change", "287g-task-force-2025", "--from", "2026-01"),
    *("--weeks", "6", "--burn-in", "3", "--residents", "150"),
]
COMMAND = [
    *(sys.executable, "-c", "from trustabm.cli import main; main()", *WORDS),
    *(word for name in FEW for word in ("--counties", name)),
]


@pytest.mark.posix
@pytest.mark.slow
def test_killed_at_random_five_times_it_ends_with_the_same_bits(
    whole: tuple[Path, Sums], tmp_path: Path
):
    out, luck = tmp_path / "out", random.Random(5)
    for _ in range(5):
        process = subprocess.Popen(
            [*COMMAND, "--out", str(out), "--workers", "2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        lines = out / LINES
        before = lines.stat().st_size if lines.exists() else 0
        end = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < end:
            if lines.exists() and lines.stat().st_size > before:
                break
            time.sleep(0.01)
        time.sleep(luck.uniform(0.0, 0.05))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    subprocess.run([*COMMAND, "--out", str(out), "--workers", "2"], check=True, timeout=300)
    assert tables(out) == tables(whole[0])


@pytest.mark.posix
@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bits(whole: tuple[Path, Sums], tmp_path: Path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
    ) as cluster:
        live(tmp_path / "out", some(FEW), dask=cluster.scheduler_address)
    assert tables(tmp_path / "out") == tables(whole[0])


def test_the_command_prints_numbers_of_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    where = ["--counties", "loving-tx", "--out", str(tmp_path / "o"), "--workers", "1"]
    with pytest.raises(SystemExit, match="0"):
        main([*WORDS, *where, "--json"])
    said = capsys.readouterr()
    record = json.loads(said.out)
    assert record["by_state"]["TX"]["people"]["all"] == record["residents"]
    assert "no interval" in said.err
    with pytest.raises(SystemExit, match="0"):
        main([*WORDS, *where])  # which goes on with nothing left to do
    shown = capsys.readouterr().out
    assert "Loving County, Texas: " in shown
    assert "hand-overs to ICE" in shown
