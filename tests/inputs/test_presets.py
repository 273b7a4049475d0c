"""Every preset is one thing: a change of the levers that its line says, laid on rules in force."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from each import each

from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.evidence.roles import policies_of_roles
from trustabm.inputs import catalog
from trustabm.inputs.policy import LEVERS, Policy
from trustabm.inputs.timeline import Preset, Timeline, policy

JAIL = {"honor_none", "honor_misdemeanor", "honor_felony", "honor_violent"}
PRIORITIES = {"priority_none", "priority_misdemeanor", "priority_felony", "priority_violent"}
TASK_FORCE = {"ask_status", "deputized_share", "officer_training"}

# What each file's sentence says that it changes, and of which preset.
SAYS: dict[str, tuple[str, set[str]]] = {
    "none": ("none", set()),
    "secure-communities": ("none", {"fingerprint_sharing", *PRIORITIES, *JAIL}),
    "criminal-alien-program": ("none", {"jail_screening", *PRIORITIES, *JAIL}),
    "287g-jail": ("none", {"ask_status", "jail_screening", *PRIORITIES, *JAIL}),
    "287g-task-force-2006": ("none", TASK_FORCE | PRIORITIES | JAIL),
    "287g-task-force-2025": ("secure-communities", TASK_FORCE | PRIORITIES | JAIL),
    "287g-warrant-service": ("secure-communities", JAIL),
    "irca-1986": ("none", {"legalization_uptake"}),
    "comprehensive-reform": ("secure-communities", {"legalization_uptake", "legalization_years"}),
    "priority-enforcement": ("secure-communities", {"notification_share", *PRIORITIES}),
    "priority-enforcement-written": (
        "secure-communities",
        {"notification_share", "priority_none", "priority_misdemeanor"},
    ),
    "mass-enforcement-2025": (
        "secure-communities",
        {"ice_capacity", "at_large_share", "announced_reach", "collateral", *PRIORITIES},
    ),
    "community-trust": ("secure-communities", JAIL - {"honor_violent"}),
    "notify-violent": ("secure-communities", JAIL - {"honor_violent"}),
    "no-detainers": ("secure-communities", {"judicial_warrant", *JAIL}),
    "sanctuary": ("secure-communities", {"firewall", *JAIL} - {"honor_violent"}),
    "outreach": ("secure-communities", {"outreach"}),
    "u-visa": ("secure-communities", {"u_visa"}),
    "prison-to-local": ("secure-communities", {"prison_to_local"}),
}


def preset(name: str) -> Preset:
    return catalog.read("policies", name, Preset)


def test_a_preset_changes_what_it_says_and_nothing_else():
    assert set(SAYS) == set(catalog.names("policies"))

    def check(name):
        on, levers = SAYS[name]
        assert preset(name).on == on
        assert set(policy(on).differences(policy(name))) == levers

    each(SAYS, check)


def test_its_line_names_every_lever_that_differs_by_who_sets_it():
    def check(name):
        here = preset(name)
        changed = here.before.differences(here.policy())
        said = here.changed()
        assert list(said) == ["local", "state", "federal"]
        for lever, (old, new) in changed.items():
            d = LEVERS[lever]
            end = f"{old} → {new}" if d.choices else f"{old:g} → {new:g}"
            assert f"{d.title.partition(': ')[2] or d.title}" in said[d.level]
            assert end in said[d.level]
        assert sum(x.count("→") for x in said.values()) == len(changed)
        for level, text in said.items():
            assert f"{level.capitalize()}: {text or 'nothing'}." in here.line()
        assert here.line().startswith(f"What it changes of {preset(here.on).title}: ")

    each(catalog.names("policies"), check)


def test_titles_that_start_alike_are_said_once():
    said = preset("community-trust").changed()["local"]
    assert said == (
        "Jail honours requests: no conviction 0.98 → 0.05, misdemeanor at most 0.98 → 0.1, "
        "felony, not violent 0.98 → 0.9"
    )


def test_reform_is_legalization_on_top_of_whatever_is_in_force():
    reform = preset("comprehensive-reform")
    for rules in ("none", "287g-jail", "mass-enforcement-2025"):
        laid = policy(rules).differences(reform.laid_on(policy(rules)))
        assert set(laid) == {"legalization_uptake", "legalization_years"}


def test_the_programme_as_written_is_narrower_and_as_recorded_fewer():
    before = policy("secure-communities")
    written, recorded = policy("priority-enforcement-written"), policy("priority-enforcement")
    assert written.priority_none == 0.0
    assert written.priority_felony == before.priority_felony
    assert written.priority_violent == before.priority_violent
    kept = [getattr(recorded, p) / getattr(before, p) for p in sorted(PRIORITIES)]
    assert max(kept) - min(kept) < 0.05  # the same mix
    assert 0.3 < min(kept) <= max(kept) < 0.4  # about a third as many


def test_sanctuary_has_neither_outreach_nor_visas_and_is_what_its_study_is_scored_by():
    here = policy("sanctuary")
    assert here.outreach == here.u_visa == here.judicial_warrant == 0.0
    assert here.firewall > 0.0
    jail = policy("community-trust").differences(here)
    assert set(jail) == {"firewall"}  # the jail's part is that of an ordinance
    assert "Hausman 2020" in preset("sanctuary").source
    assert policies_of_roles()["sanctuary"] == here


def test_how_loud_news_is_nobody_sets_but_an_experiment():
    assert Policy().publicity == 1.0
    assert (LEVERS["publicity"].low, LEVERS["publicity"].high) == (0.0, 2.0)
    for folder in ("policies", "timelines", "towns"):
        for name in catalog.names(folder):
            file = resources.files("trustabm") / "inputs" / folder / f"{name}.toml"
            text = file.read_text("utf-8")
            assert "publicity" not in text, f"{folder}/{name}"
            assert tomllib.loads(text)


def test_a_file_is_laid_on_a_preset_that_ships(tmp_path):
    path = tmp_path / "mine.toml"
    text = 'title = "t"\nsentence = "s"\nsource = "s"\non = "{}"\n[levers]\noutreach = 0.5\n'
    path.write_text(text.format("sanctuary"))
    assert policy(path) == policy("sanctuary").model_copy(update={"outreach": 0.5})
    assert Timeline.constant(str(path)).dated()[0][1] == policy(path)
    for wrong in ("sanctury", str(path), "us-history"):
        path.write_text(text.format(wrong))
        with pytest.raises(InvalidInput, match=r"mine\.toml: on: expected a policy that ships"):
            policy(path)


def test_the_command_line_says_the_line(capsys):
    for arguments in (["policies"], ["policies", "u-visa"]):
        with pytest.raises(SystemExit, match="0"):
            main(arguments)
        said = " ".join(capsys.readouterr().out.replace("│", " ").split())
        assert preset("u-visa").line() in said
