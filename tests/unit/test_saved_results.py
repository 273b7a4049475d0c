"""What is saved opens as it was, goes on as if all were run at once, and takes what is no name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import trustabm as ta
from trustabm.errors import Damaged, InvalidInput
from trustabm.inputs.places.written import written
from trustabm.runs.experiment import Experiment

PRESET = 'title = "Half"\nsentence = "s"\nsource = "s"\n[levers]\nfirewall = 0.5\n'
LINE = """title = "Ours"
start = "p.toml"
[[changes]]
date = 2010-01-15
sentence = "s"
source = "s"
policy = "p.toml"
levers = { outreach = 1.0 }
"""
SMALL = {"weeks": 6, "residents": 200}
PAIR = {"weeks": 6, "burn_in": 3, "residents": 100, "workers": 1}


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder with a town, a policy and a timeline of one's own, in which the test is."""
    place = ta.town("mecklenburg-nc").model_copy(update={"title": "My county"})
    (tmp_path / "mine.toml").write_text(written(place), "utf-8")
    (tmp_path / "p.toml").write_text(PRESET, "utf-8")
    (tmp_path / "line.toml").write_text(LINE, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def without(folder: Path) -> None:
    for path in folder.glob("*.toml"):
        path.unlink()


@pytest.mark.parametrize("events", [True, False])
def test_a_run_opens_as_it_was_saved_without_the_files_it_read(own, events):
    near = [{"town": "union-nc", "policy": "p.toml", "residents": 50}]
    values = {"town": str(own / "mine.toml"), "policy": "line.toml", "neighbors": near, **SMALL}
    result = ta.run(values, events=events)
    result.save("out")
    without(own)
    opened = ta.load("out")
    assert opened == result
    assert hash(opened) == hash(result)
    assert opened.scenario.timelines()[0].at(result.scenario.start).firewall == 0.5
    assert str(own) not in (own / "out" / "provenance.json").read_text("utf-8")
    assert opened.summary().equals(result.summary())
    assert opened != ta.run({"town": "union-nc", **SMALL})


def test_a_comparison_opens_as_it_was_saved_without_the_files_it_read(own):
    c = ta.compare(
        town="mine.toml+union-nc", changes=["p.toml"], since="2012-01", replicates=10, **PAIR
    )
    assert c.probed is not None
    assert len(c.around) == 1
    c.save("out")
    without(own)
    opened = ta.load("out")
    assert opened == c
    assert hash(opened) == hash(c)
    assert opened.findings() == c.findings()
    assert opened.effects().equals(c.effects())
    assert str(own) not in (own / "out" / "provenance.json").read_text("utf-8")


def test_a_study_opens_as_it_was_saved_and_is_swept_again(tmp_path, monkeypatch):
    from trustabm.cli import main

    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(
        'title = "one"\narms = ["none", "sanctuary"]\nreplicates = 2\nresidents = 100\n'
        'weeks = 4\nburn_in = 0\nweekly = true\noutcomes = ["trust", "social_cost"]\n'
        "[vary]\nnews_weight = { values = [1.0, 2.0] }\n",
        "utf-8",
    )
    with pytest.raises(SystemExit) as left:
        main(["sweep", "study.toml", "--out", "swept", "--workers", "1"])
    assert left.value.code == 0
    swept = ta.open_study("swept")
    opened = ta.load(swept.save("copy"))
    assert opened == swept
    assert hash(opened) == hash(swept)
    array = swept.to_xarray()
    assert dict(array.sizes) == {
        **{"town": 1, "point": 2, "replicate": 2, "arm": 2},
        "group": len(swept.groups.every),
    }
    assert array["news_weight"].values.tolist() == [1.0, 2.0]
    row = swept.runs[(swept.runs["point"] == 1) & (swept.runs["arm"] == "sanctuary")].iloc[0]
    at = {"town": row["town"], "point": 1, "replicate": row["replicate"], "arm": "sanctuary"}
    assert float(array["trust"].sel(at | {"group": "latino"})) == row["trust__latino"]
    assert array["social_cost"].dims == ("town", "point", "replicate", "arm")
    assert array["social_cost"].attrs["units"] == "US dollars per resident a year"
    frame = swept.to_frame(weekly=True)
    assert list(frame.columns) == [
        *("town", "point", "replicate", "arm", "week", "news_weight", "outcome", "group", "value")
    ]
    week = swept.weekly.iloc[5]
    mine = frame[
        (frame["point"] == week["point"])
        & (frame["replicate"] == week["replicate"])
        & (frame["arm"] == week["arm"])
        & (frame["week"] == week["week"])
        & (frame["outcome"] == "trust")
        & (frame["group"] == "all")
    ]
    assert mine["value"].tolist() == [week["trust__all"]]
    assert swept.plot().axes
    made = ta.reproduce("copy", workers=1)
    assert made.equal
    assert made.result.runs.equals(swept.runs)


@pytest.mark.parametrize("name", ["counts.npz", "state.npz"])
def test_a_result_that_is_not_as_it_was_saved_is_refused(tmp_path, name):
    ta.run(SMALL).save(tmp_path / "out")
    path = tmp_path / "out" / name
    with np.load(path) as data:
        arrays = {key: data[key].copy() for key in data.files}
    first = arrays["tally"] if name == "counts.npz" else arrays["homes"]
    first.view(np.uint8).ravel()[-1] ^= 1
    np.savez_compressed(path, **arrays)
    with pytest.raises(Damaged, match=f"{name}: expected"):
        ta.load(tmp_path / "out")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Damaged, match=f"{name}: expected"):
        ta.load(tmp_path / "out")


def test_what_no_save_wrote_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match=r"expected a folder that save\(\) wrote"):
        ta.load(tmp_path)
    (tmp_path / "provenance.json").write_text('{"made": "today"}')
    with pytest.raises(InvalidInput, match="expected the record of a result"):
        ta.load(tmp_path)


@pytest.mark.parametrize("events", [True, False])
def test_a_run_goes_on_bit_for_bit_as_if_all_were_run_at_once(tmp_path, events):
    first = ta.run({**SMALL, "policy": "us-history", "start": "2016-12-20"}, events=events)
    whole = ta.run(
        {**SMALL, "policy": "us-history", "start": "2016-12-20", "weeks": 16}, events=events
    )
    before = first.world.state.residents.copy()
    assert first.go_on(10) == whole
    assert first.go_on(4).go_on(6) == whole
    first.save(tmp_path / "out")
    assert ta.load(tmp_path / "out").go_on(10) == whole
    assert (first.world.state.residents == before).all()
    assert len(first.world.tally) == 6


@pytest.mark.parametrize(
    "policy", ["secure-communities", "today", "us-history", ta.Policy(firewall=1.0), "p.toml"]
)
def test_a_run_that_goes_on_under_other_rules_is_a_run_of_both(own, policy):
    first = ta.run({**SMALL, "town": "mecklenburg-nc", "policy": "sanctuary"})
    longer = first.go_on(5, policy=policy)
    line = longer.scenario.timelines()[0]
    asked = ta.Scenario(town="mecklenburg-nc", policy=policy).timelines()[0]
    assert line.at(first.scenario.start) == ta.policy("sanctuary")
    for week in range(6, 11):
        day = first.scenario.start + (longer.weekly["date"].iloc[week] - longer.weekly["date"][0])
        assert line.at(day) == asked.at(day)
    without(own)
    assert longer == ta.run(longer.scenario)
    assert longer.weekly.query("week < 6").equals(
        longer.weekly[longer.weekly["week"] < first.scenario.weeks]
    )
    assert longer != first.go_on(5)


def test_what_cannot_be_gone_on_with_is_refused(tmp_path):
    result = ta.run(SMALL)
    with pytest.raises(InvalidInput, match="weeks: expected a whole number from 1"):
        result.go_on(0)
    result.provenance["rules"] = "others"
    with pytest.raises(InvalidInput, match="expected a result of these rules"):
        result.go_on(1)
    own = ta.run(SMALL | {"weeks": 1, "residents": 30}, resident_class=f"{__name__}:Mine")
    with pytest.raises(InvalidInput, match="without classes of your own"):
        own.go_on(1)


def test_towns_and_policies_themselves_stand_where_names_do(tmp_path):
    place = ta.town("harris-tx")
    rules = ta.policy("secure-communities")
    one = ta.run(ta.Scenario(town=place, policy=rules, **SMALL))
    other = ta.run({"town": "harris-tx", "policy": "secure-communities", **SMALL})
    assert one.world.tally.tobytes() == other.world.tally.tobytes()
    assert (one.scenario.town, one.scenario.policy) == ("harris-county-texas", "own-policy")
    assert ta.run({"town": place, "policy": ta.timeline("secure-communities"), **SMALL}).world
    c = ta.compare(["none", ta.timeline("us-history")], town=place, replicates=2, **PAIR)
    by_name = ta.compare(["none", "us-history"], town="harris-tx", replicates=2, **PAIR)
    assert c.sums.tobytes() == by_name.sums.tobytes()
    c.save(tmp_path / "out")
    assert ta.load(tmp_path / "out") == c
    held = json.loads((tmp_path / "out" / "provenance.json").read_text("utf-8"))
    assert held["experiment"]["own"]["towns"]["harris-county-texas"]["fips"] == "48201"
    with pytest.raises(InvalidInput, match=r"own\.towns\.x: expected a name that is used"):
        Experiment.make({"arms": {"a": {}}, "own": {"towns": {"x": place}}})


def test_a_study_takes_towns_and_timelines_themselves_and_writes_them_down():
    import tomllib

    import tomli_w

    place = ta.town("mecklenburg-nc").model_copy(update={"title": "My county"})
    line = ta.timeline("us-history")
    small = {"weeks": 5, "burn_in": 3, "residents": 60, "replicates": 2}
    study = ta.Study.of(
        "own", arms={"none": "none", "ours": line}, towns=[place, "cook-il"], **small
    )
    assert study.towns == ("my-county", "cook-il")
    plain = tomli_w.dumps(study.settled().model_dump(mode="json", exclude_none=True))
    again = ta.Study.make(tomllib.loads(plain))
    assert again == study.settled()
    by_name = ta.Study.of("own", arms=["none", "us-history"], towns=["mecklenburg-nc"], **small)
    one, other = again.experiment("my-county"), by_name.experiment("mecklenburg-nc")
    assert one.place == place
    assert one.plan(1).levers.tobytes() == other.plan(1).levers.tobytes()
    assert again.experiment("cook-il").place.title.startswith("Cook")


@pytest.mark.parametrize("changes", [[], ["p.toml"]])
def test_what_was_given_whole_is_in_the_code_that_makes_it_again(own, changes):
    from trustabm.runs.reproduce import has_names, python, shell

    place, line = ta.town(own / "mine.toml"), ta.timeline(own / "line.toml")
    asked = {"policies": {"first": line}, "changes": changes, "since": "2010-01"}
    if not changes:
        asked = {"policies": ["none", line], "local_policies": True}
    c = ta.compare(**asked, town=place, replicates=2, progress=False, **PAIR)
    code, command = python(c.experiment.whole), shell(c.experiment.whole)
    without(own)
    assert not has_names(c.experiment)
    assert "--town my-county.toml" in command
    assert "cat > my-county.toml <<'TOML'" in command
    scope: dict[str, ta.Comparison] = {}
    exec(code, scope)
    assert scope["comparison"].sums.tobytes() == c.sums.tobytes()


def test_a_timeline_that_says_what_its_files_say_is_the_same_in_every_week(own):
    e = Experiment.make({"arms": {"a": {"policy": "line.toml"}}, "weeks": 60, "burn_in": 5})
    kept = e.whole
    without(own)
    again = Experiment.make(json.loads(kept.model_dump_json()))
    assert again == kept == again.whole
    for of in ("weeks", "levers", "news"):
        assert getattr(e.plan(), of).tobytes() == getattr(again.plan(), of).tobytes()


from trustabm.agents import Resident  # noqa: E402


class Mine(Resident):
    """A resident of one's own."""
