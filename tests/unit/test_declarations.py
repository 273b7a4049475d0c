"""Every number is declared once, whole; every shipped file says what it must."""

from __future__ import annotations

import math
import re
import tomllib
from importlib import resources

import pytest
from each import each

from trustabm.inputs import catalog
from trustabm.inputs.declare import declarations
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import ASK, LEVERS, Policy
from trustabm.inputs.records import as_record
from trustabm.inputs.timeline import (
    Preset,
    Timeline,
    policy,
    timeline,
)
from trustabm.inputs.town import Town, town
from trustabm.outcomes.glossary import OUTCOMES
from trustabm.rules import codes
from trustabm.state.layout import TALLY

DECLARED = [(m, d) for m in (Policy, Parameters) for d in declarations(m)]


def test_a_declaration_is_whole():
    def check(model, d):
        assert d.source.strip(), "no source"
        assert d.unit.strip(), "no unit"
        assert d.sentence.strip().endswith("."), "the sentence must be one"
        assert d.low < d.high
        assert math.isfinite(d.low)
        assert math.isfinite(d.high)
        if d.choices:
            assert d.default in d.choices
            assert (d.low, d.high) == (0, len(d.choices) - 1)
        else:
            assert d.low <= float(d.default) <= d.high
        if model is Policy:
            assert d.kind == "lever"
            assert d.level in ("local", "state", "federal")
        else:
            assert d.kind in ("uncertainty", "constant", "mechanism", "experiment")

    each(DECLARED, check)


def test_every_lever_has_a_title_of_its_own_that_says_what_much_of_it_means():
    titles = [d.title for d in LEVERS.values()]
    assert len(set(titles)) == len(titles) == len(Policy.model_fields) - 1  # and `own`
    for d in LEVERS.values():
        assert re.match(r"[A-Z].*[^.]$", d.title)
        assert len(d.title.split()) > 2, f"{d.name}: a title is no name"
    schema = Policy.model_json_schema()["properties"]
    assert {n: (p["title"], p["unit"]) for n, p in schema.items() if n != "own"} == {
        d.name: (d.title, d.unit) for d in LEVERS.values()
    }


def test_a_lever_is_said_by_its_title_with_its_unit():
    assert (
        LEVERS["honor_none"].said(0.0, 0.5)
        == "Jail honours requests: no conviction 0 → 0.5 (probability)"
    )
    assert LEVERS["ask_status"].said("stop") == "Earliest point at which status is asked: stop"


@pytest.mark.parametrize("model", [Policy, Parameters])
def test_every_field_is_declared(model):
    fields = [name for name in model.model_fields if name != "own"]  # levers of a user's own
    assert [d.name for d in declarations(model)] == fields
    names = as_record(model()).dtype.names
    assert names[: len(fields)] == tuple(fields)


@pytest.mark.parametrize("model", [Policy, Parameters])
def test_every_number_is_read_by_the_model(model):
    root = resources.files("trustabm")
    files = [
        f for folder in ("rules", "state", "week", "agents") for f in (root / folder).iterdir()
    ]
    files += [root / "outcomes" / "measures.py"]  # what crimes and days in jail cost
    text = "\n".join(f.read_text("utf-8") for f in files if f.name.endswith(".py"))
    read = set(re.findall(r"(?<=[\w\])])\.(\w+)", text)) | {e.trust for e in SHIPPED.ethnic}
    # What is declared by class of record is read as an array: `honor` for `honor_none`.
    arrays = {n for n in as_record(model()).dtype.names if n not in model.model_fields}
    by_record = {f"{a}_{r}" for a in arrays & read for r in codes.RECORDS}
    assert not [d.name for d in declarations(model) if d.name not in read | by_record]


def test_choices_are_numbered_as_the_rules_read_them():
    numbers = [int(as_record(Policy(ask_status=a))[0].ask_status) for a in ASK]
    assert numbers == [codes.ASK_NOBODY, codes.ASK_BOOKING, codes.ASK_ARREST, codes.ASK_STOP]


def test_no_name_is_both_lever_and_parameter():
    assert not set(Policy.model_fields) & set(Parameters.model_fields)


def test_outcomes_are_made_from_tallies_that_exist():
    for name, o in OUTCOMES.items():
        assert o.name == name
        assert o.unit
        assert o.sentence.endswith(".")
        assert {*o.over, *o.under} <= set(TALLY.names or ())


def test_a_policy_file_says_what_it_is_and_names_no_lever_in_vain():
    def check(name):
        preset = catalog.read("policies", name, Preset)
        assert preset.title
        assert preset.sentence
        assert preset.source
        changed = preset.before.differences(policy(name))
        # An agreement's officers need no judge's warrant; only some jails insist on one.
        elsewhere = {"judicial_warrant": 0.0} if preset.adds else {}
        assert {lever: here for lever, (_, here) in changed.items()} | elsewhere == preset.levers
        if name != "none":
            assert preset.levers

    each(catalog.names("policies"), check)


def test_a_timeline_file_names_its_sources():
    def check(name):
        whole = timeline(name)
        assert isinstance(whole, Timeline)
        assert whole.changes
        for change in whole.changes:
            assert change.source
            assert change.sentence

    each(catalog.names("timelines"), check)


def test_a_town_file_cites_every_figure_and_merges_into_federal_history():
    def check(name):
        here = town(name)
        assert isinstance(here, Town)
        for key, figure in here.figures().items():
            assert figure.source, key
            assert 1980 <= figure.year <= 2026, key
        assert here.undocumented_share.imputed
        for change in here.changes:
            assert change.source
        assert timeline("us-history").merged(here.changes).dated()

    each(catalog.names("towns"), check)


def test_shipped_names_cover_what_was_asked_for():
    assert len([n for n in catalog.names("towns") if n != "us-average"]) >= 6
    assert {"none", "secure-communities", "community-trust", "sanctuary"} <= set(
        catalog.names("policies")
    )
    assert "us-history" in catalog.names("timelines")


def test_presets_are_never_looked_at_by_name():
    names = set(catalog.names("policies")) - {"none"}
    root = resources.files("trustabm")
    for folder in ("rules", "state", "week", "agents"):
        for file in (root / folder).iterdir():
            if file.name.endswith(".py"):
                text = file.read_text("utf-8")
                assert not [n for n in names if f'"{n}"' in text or f"'{n}'" in text], file.name


def test_files_are_plain_toml():
    for folder in ("policies", "timelines", "towns"):
        for name in catalog.names(folder):
            text = (resources.files("trustabm") / "inputs" / folder / f"{name}.toml").read_text(
                "utf-8"
            )
            assert tomllib.loads(text)["title"]
