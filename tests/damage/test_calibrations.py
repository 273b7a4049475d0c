"""A calibration that was stopped or damaged goes on as if nothing had been, or says why not."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress

import numpy as np
import pytest

from trustabm.errors import (
    Damaged,
    InvalidInput,
    OutputExists,
    TrustabmError,
)
from trustabm.evidence.calibration import calibrate as c
from trustabm.evidence.calibration.ledger import LOCK
from trustabm.sealed import locked

WAVES = (4, 3)


class Enough(Exception):  # noqa: N818
    """Evaluations are done; what is learned from them is not looked at here."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Stand in for the model and the emulator: a point gives its seed and its sum."""

    def simulated(point, seed, structure):
        moments = {t.id: [float(point.sum()), float(seed)] for t in c.fitted_targets()}
        return {"point": [float(x) for x in point], "moments": moments, "cpu_seconds": 0.0}

    def again(lines, size, seed, structure, parent):
        # Every point depends on every line known.
        low = sum(line["point"][0] for line in lines) / (10 * len(lines))
        return np.full((size, len(c.space.FITTED)), low) + np.arange(size)[:, None] / 100

    def learned(*_):
        raise Enough

    monkeypatch.setattr(c, "simulated", simulated)
    monkeypatch.setattr(c, "_again", again)
    monkeypatch.setattr(c, "_learned", learned)


def fit(folder, waves=WAVES, seed=1, steps=80, stop_after=None):
    said, made = [], []

    def progress(done, of):
        made.append(done)
        if len(made) == stop_after:
            raise KeyboardInterrupt

    with pytest.raises((Enough, KeyboardInterrupt)):
        c.calibrate(
            folder, waves, steps=steps, seed=seed, workers=1, progress=progress, say=said.append
        )
    return len(made), said


def lines(folder):
    text = (folder / "evaluations.jsonl").read_text().splitlines()
    return {(v := json.loads(t))["number"]: v["point"] for t in text}


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    return tmp_path_factory.mktemp("calibration")


@pytest.fixture
def folder(tmp_path):
    fit(tmp_path / "c")
    return tmp_path / "c"


@pytest.mark.parametrize("at", [1, 4, 5, 6])
def test_it_goes_on_as_if_it_had_not_been_stopped(tmp_path, folder, at):
    assert fit(tmp_path / "stopped", stop_after=at) == (at, [])
    assert fit(tmp_path / "stopped") == (7 - at, [])
    stopped, whole = (tmp_path / n / "evaluations.jsonl" for n in ("stopped", "c"))
    assert stopped.read_bytes() == whole.read_bytes()


def test_a_torn_line_is_cut_and_said_and_never_merged(folder):
    file, before = folder / "evaluations.jsonl", lines(folder)
    file.write_bytes(file.read_bytes()[:-20])
    made, said = fit(folder)
    assert made == 1
    assert "line 7" in said[0]
    assert lines(folder) == before
    assert fit(folder) == (0, [])


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("way", ["flip", "number", "gone", "twice"])
def test_a_damaged_line_is_evaluated_again_and_no_other(folder, number, way):
    file, before = folder / "evaluations.jsonl", lines(folder)
    text = file.read_text().splitlines()
    if way == "flip":
        text[number] = text[number].replace("0.", "1.", 1)
    elif way == "number":
        text[number] = text[number].replace(f'"number": {number}', f'"number": {(number + 1) % 7}')
    elif way == "gone":
        del text[number]
    else:
        text.append(text[number])
    file.write_text("\n".join(text) + "\n")
    made, said = fit(folder)
    assert made == (0 if way == "twice" else 1)
    assert bool(said) == (way != "gone")
    assert lines(folder) == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"seed": 2}, "seed: expected 1 as in .*, got 2"),
        ({"steps": 160}, "steps: expected 80"),
        ({"waves": (5, 3)}, r"waves: expected \[4, 3\]"),
    ],
)
def test_another_calibration_is_refused_with_settings_and_without(folder, change, says):
    more = {"waves": WAVES, "seed": 1, "steps": 80} | change
    waves = more.pop("waves")
    with pytest.raises(InvalidInput, match=says):
        c.calibrate(folder, waves, workers=1, **more)
    (folder / "settings.json").write_text("{")
    with pytest.raises(InvalidInput, match="evaluations of this calibration"):
        c.calibrate(folder, waves, workers=1, **more)
    made, said = fit(folder)  # as it was asked for, it goes on without its settings
    assert made == 0
    assert "settings.json" in said[0]


def test_targets_sizes_and_code_are_part_of_it(folder, monkeypatch):
    monkeypatch.setattr(c, "code_digest", lambda _: "other")
    with pytest.raises(InvalidInput, match="code: expected"):
        c.calibrate(folder, WAVES, steps=80, workers=1)
    monkeypatch.undo()


def test_lines_of_another_seed_are_not_taken(tmp_path, folder):
    fit(tmp_path / "other", seed=2)
    before = lines(folder)
    shutil.copy(tmp_path / "other" / "evaluations.jsonl", folder)
    made, said = fit(folder)
    assert made == 7
    assert "line 1, 2" in said[0]
    assert lines(folder) == before


def test_waves_may_be_added(folder):
    before = lines(folder)
    assert fit(folder, waves=(*WAVES, 2)) == (2, [])
    assert {k: lines(folder)[k] for k in before} == before
    with pytest.raises(InvalidInput, match="waves"):
        c.calibrate(folder, WAVES, steps=80, workers=1)


@pytest.mark.parametrize("name", ["evaluations.jsonl", "settings.json", LOCK])
@pytest.mark.parametrize("data", [None, b"", b"\xff\x00\n\n", b"[" * 100_000, b'{"digest": 1}\n'])
def test_no_damage_ends_in_anything_but_words(folder, name, data):
    before = lines(folder)
    if data is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(data)
    with suppress(TrustabmError):
        fit(folder)
        assert lines(folder) == before


def test_one_at_a_time_and_in_a_folder_of_its_own(tmp_path, folder):
    with locked(folder, LOCK, "calibration"), pytest.raises(OutputExists, match="another calibr"):
        c.calibrate(folder, WAVES, steps=80, workers=1)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "draws.parquet").write_text("mine")
    with pytest.raises(OutputExists, match="something else"):
        c.calibrate(tmp_path / "thesis", WAVES, workers=1)
    assert (tmp_path / "thesis" / "draws.parquet").read_text() == "mine"


def test_draws_that_were_altered_are_not_read(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    from trustabm.study.definition import Study
    from trustabm.study.points import numbered
    from trustabm.study.store import read_table, write_table

    file = tmp_path / "draws.parquet"
    write_table(pa.table({"news_weight": [2.0, 3.0]}), file)
    design = {"kind": "posterior", "draws": str(file)}
    study = Study.make({"title": "t", "arms": ["none"], "design": design})
    assert [p["news_weight"] for _, p in numbered(study, [])] == [2.0, 3.0]
    table = pq.read_table(file)
    altered = pa.table({"news_weight": [2.0, 4.0]}).replace_schema_metadata(table.schema.metadata)
    pq.write_table(altered, file)
    with pytest.raises(Damaged):
        read_table(file)
    with pytest.raises(InvalidInput, match=r"design\.draws: .*expected the table"):
        numbered(study, [])
