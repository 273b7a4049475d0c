"""You are a resident: decisions made in the room replace the model's draws and nothing else's."""

from __future__ import annotations

import numpy as np
import pytest

from trustabm.agents.model import TrustModel
from trustabm.classroom.answers import by_luck
from trustabm.classroom.living import Case, chances, live, twin
from trustabm.classroom.resident import TAKE, Residents
from trustabm.classroom.room import Room
from trustabm.errors import InvalidInput
from trustabm.rules import codes
from trustabm.state import journal
from trustabm.state.layout import State


def alike(a, b) -> list[str]:
    """Return the names of what two worlds have otherwise, to the bit."""
    found = []
    for name in State._fields:
        x, y = getattr(a.state, name), getattr(b.state, name)
        if name == "in_custody":
            x, y = (m[: s.clock["in_custody"][0]] for m, s in ((x, a.state), (y, b.state)))
        if x.tobytes() != y.tobytes():
            found.append(name)
    tables = journal.frames(a.tables), journal.frames(b.tables)
    found += [name for name, x in tables[0].items() if x.tobytes() != tables[1][name].tobytes()]
    return found + ([] if a.tally.tobytes() == b.tally.tobytes() else ["tally"])


def crimes(world):
    return journal.frames(world.tables)["crimes"]


def case_of(c) -> Case:
    return Case(int(c["week"]), int(c["resident"]), int(c["victim"]))


def seated(room, many):
    """Return pupils who have joined and taken the residents they were dealt."""
    pupils = [room.join() for _ in range(many)]
    for pupil in pupils:
        room.commit(pupil, 0, 0)
    room.advance()
    return pupils


def test_a_world_whose_people_decide_as_the_model_is_the_models_bit_for_bit():
    """Every case of eight weeks decided in the room as the model would: nothing differs."""
    model = TrustModel(
        town="harris-tx", policy="287g-task-force-2025", residents=600, weeks=20, seed=3
    )
    model.world.run_for(12)
    own, other = twin(model.world), twin(model.world)
    own.run_for(8)
    decided = {case_of(c): bool(c["reported"]) for c in crimes(own)}
    assert len({c.week for c in decided}) >= 3  # agents have carried out several of the weeks
    assert 0 < sum(decided.values()) < len(decided)
    live(other, 8, decided)
    assert alike(own, other) == []


def test_a_decision_replaces_the_draw_and_not_the_chance():
    """The victim's chance is noted as ever; the same week's other crimes are as they were."""
    model = TrustModel(town="harris-tx", policy="none", residents=600, weeks=20, seed=3)
    model.world.run_for(12)
    own = twin(model.world)
    own.run_for(8)
    first = next(c for c in crimes(own) if c["kind"] != codes.DOMESTIC)
    other = twin(model.world)
    live(other, int(first["week"]) - other.week + 1, {case_of(first): not first["reported"]})
    before = crimes(own)[crimes(own)["week"] <= first["week"]]
    after = crimes(other)
    assert len(before) == len(after)
    for x, y in zip(before, after, strict=True):
        if case_of(x) == case_of(first):
            assert y["reported"] == 1 - x["reported"]
            assert y["chance"] == x["chance"]
        else:
            assert x["reported"] == y["reported"]


def test_chances_are_those_by_which_the_week_decides():
    """Asked at the week's start, a victim's chance is the one that the crime then notes."""
    model = TrustModel(town="harris-tx", policy="secure-communities", residents=600, weeks=30)
    model.world.run_for(10)
    seen = 0
    for _ in range(10):
        before = twin(model.world)
        model.world.run_for(1)
        latest = crimes(model.world)
        latest = latest[(latest["week"] == before.week) & (latest["kind"] != codes.DOMESTIC)]
        found = chances(before, [(int(c["victim"]), int(c["kind"])) for c in latest])
        assert np.float32(found).tolist() == latest["chance"].tolist()
        seen += len(latest)
    assert seen >= 5


def test_a_class_that_decides_as_the_model_lives_in_the_models_town():
    """All rounds played, and every pupil commits to what the trial said the victim would do."""
    game = Residents.of(residents=800, rounds=2, weeks=6, burn_in=10, seed=5)
    room = Room(game)
    pupils = seated(room, 12)
    asked = 0
    while not game.over:
        trial = twin(game.town)
        trial.run_for(game.weeks)
        would = {case_of(c): bool(c["reported"]) for c in crimes(trial)}
        for pupil in pupils:
            if room.state_for(pupil).open:
                asked += 1
                calls = would[game.seats[pupil.number].asked.case]
                room.commit(pupil, game.round, 0 if calls else 1)
        room.advance()
    assert asked >= 6
    assert alike(game.town, game.alone) == []
    told = game.debrief()
    assert told["choices"][0]["asked"] == asked
    same = [{k: v for k, v in t.items() if k != "town"} for t in told["towns"]]
    assert same[1] == same[2]
    assert room.board().said.startswith(
        f"Everybody: the police were called {told['choices'][0]['called']} of {asked}"
    )


def test_what_pupils_decide_is_what_happens():
    """Who calls is called for, who does not is not; a room that was kept comes to the same."""
    values = {"residents": 800, "rounds": 2, "weeks": 6, "burn_in": 10, "seed": 5}
    game = Residents.of(**values)
    room = Room(game)
    pupils = [p for p in seated(room, 12) if room.state_for(p).open]
    assert len(pupils) >= 4
    cases = {p: game.seats[p.number].asked.case for p in pupils}
    assert len(set(cases.values())) == len(pupils)  # nobody decides another's case
    refuses, silent, *others = pupils
    for k, pupil in enumerate(others):
        room.commit(pupil, 1, k % 2)
    row = game.seats[refuses.number].row
    room.commit(refuses, 1, 2)
    late = room.join()
    assert room.state_for(late).sheet.options == ("I decide for this resident", TAKE[1])
    room.advance()
    assert game.seats[refuses.number].row != row
    happened = {case_of(c): bool(c["reported"]) for c in crimes(game.town)}
    for k, pupil in enumerate(others):
        answer = game.seats[pupil.number].answers[0]
        if answer.came:  # another's decision may have led elsewhere
            assert happened[cases[pupil]] == (k % 2 == 0)
            assert 0 < answer.chance < 1
            assert room.state_for(pupil).sheet.after == (f"Round 1: {answer.came}",)
    assert game.seats[silent.number].answers[0].calls is None
    first = next(r for r in room.table() if r["pupil"] == others[0].number and r["round"] == 2)
    assert first["choice"] == "calls"
    assert first["chance"] is None  # before all is over nobody sees the model's
    assert game.debrief()["choices"][0]["asked"] <= len(others)
    again = Residents.of(**values)
    back = Room.again(room.kept(), again)
    assert alike(game.town, again.town) == []
    assert [back.state_for(p) for p in pupils] == [room.state_for(p) for p in pupils]


def test_residents_are_dealt_by_the_towns_makeup_and_may_be_refused():
    game = Residents.of(residents=4000, rounds=1, weeks=1, burn_in=0, seed=2)
    dealt = [game.card(number, 0)[0] for number in range(1, 101)]
    dealt += [game.card(number, 1)[0] for number in range(1, 101)]
    residents = game.town.state.residents
    assert len({r - int(residents["member"][r]) for r in dealt}) == 200
    # 200 draws of a share near 0.1: its standard error is 0.02, and 4 of them are allowed.
    share = np.mean(residents["status"] == codes.UNDOCUMENTED)
    drawn = np.mean(residents["status"][dealt] == codes.UNDOCUMENTED)
    assert abs(drawn - share) < 4 * np.sqrt(share * (1 - share) / 200)
    game.advance({1: 0, 2: 1})
    assert [game.seats[1].row, game.seats[2].row] == [dealt[0], dealt[101]]


def test_a_class_says_what_is_wrong():
    experiment = Residents.of(residents=500, rounds=2, weeks=2, burn_in=0).experiment
    with pytest.raises(InvalidInput, match="expected at least 20, 10 rounds of 2, got 4"):
        Residents(experiment, 10, 2)
    with pytest.raises(InvalidInput, match="expected 2, got 1"):
        Residents(experiment.model_copy(update={"arms": {"a": experiment.arms["none"]}}), 1, 1)


def test_by_luck_is_the_exact_interval():
    """Three fair coins: 0, 1, 2, 3 heads with 1, 3, 3, 1 of 8; 5% and 95% fall on 0 and 3."""
    assert by_luck([0.5, 0.5, 0.5]) == (0, 3)
    assert by_luck([1.0, 1.0, 0.0]) == (2, 2)
    # Two of 0.1: none 0.81, one 0.18, two 0.01.
    assert by_luck([0.1, 0.1]) == (0, 1)
    assert by_luck([]) == (0, 0)
