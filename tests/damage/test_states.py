"""A saved state is read as it was written, or not at all."""

from __future__ import annotations

import random

import numpy as np
import pytest

from trustabm.errors import Damaged, NotWritten
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.town import town
from trustabm.state import saved
from trustabm.week.synthesis import synthesize


@pytest.fixture(scope="module")
def state():
    return synthesize([(town("us-average"), 60)], Parameters(), 1, SHIPPED)


def loaded(file):
    try:
        return saved.load(file)
    except Damaged:
        return None


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_state_survives_its_file(tmp_path, state):
    saved.save(state, tmp_path / "s.npz")
    assert same(saved.load(tmp_path / "s.npz"), state)
    assert [p.name for p in tmp_path.iterdir()] == ["s.npz"]


def test_no_damage_gives_another_state(tmp_path, state):
    file = tmp_path / "s.npz"
    saved.save(state, file)
    data, luck, refused = file.read_bytes(), random.Random(1), 0
    cases = [b"", data[: len(data) // 2], data[:-1], luck.randbytes(len(data)), None]
    for _ in range(150):
        at, changed = luck.randrange(8 * len(data)), bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        cases.append(bytes(changed))
    for case in cases:
        file.unlink() if case is None else file.write_bytes(case)
        found = loaded(file)
        if found is None:
            refused += 1
        else:  # a bit that says nothing, as a date in the list of files
            assert same(found, state)
    assert refused > 100


def test_arrays_of_another_state_or_version_are_refused(tmp_path, state):
    file = tmp_path / "s.npz"
    saved.save(state, file)
    with np.load(file) as data:
        arrays = dict(data)
    other = arrays | {"homes": arrays["homes"][::-1].copy()}
    # The columns are as wide, but their numbers stand for something else, or nobody says for what.
    meant = arrays | {saved.MEANING: arrays[saved.MEANING][::-1].copy()}
    unsaid = {name: a for name, a in arrays.items() if name != saved.MEANING}
    older = unsaid | {"residents": np.zeros(60, [("trust", "f4")])}
    strange = {"x": np.zeros(3)}
    theirs = [(a, "another version's") for a in (older, meant, unsaid, strange)]
    for changed, says in (*theirs, (other, "something else")):
        np.savez_compressed(file, **changed)
        with pytest.raises(Damaged, match=says):
            saved.load(file)


def test_a_state_that_cannot_be_written_is_said(tmp_path, state):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritten):
        saved.save(state, tmp_path / "file" / "s.npz")
