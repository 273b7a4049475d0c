"""No rule is without worked examples."""

from __future__ import annotations

import importlib
import pkgutil

import trustabm.rules
from trustabm.rules import contact, crime, demography, enforcement

TABLES = (
    "beliefs",
    "contact",
    "crime",
    "demography",
    "enforcement",
    "luck",
    "policing",
    "reporting",
    "segregation",
)
MADE_INTO_A_LIST = {
    "candidates": "drawn",
    "uniforms": "filled",
    "uniforms_of": "filled_of",
    "normals": "filled_normal",
}
"""Where a rule writes into an array, what the table has instead."""


def test_every_rule_has_three_rows():
    modules = {m.name for m in pkgutil.iter_modules(trustabm.rules.__path__)}
    assert modules - {"codes", "compiling", "fetching", "own", "references", "uncompiled"} == set(
        TABLES
    )
    lacking = {}
    for name in TABLES:
        module = importlib.import_module(f"trustabm.rules.{name}")
        rows = importlib.import_module(f"worked.test_{name}").ROWS
        many = {rule.__name__: len(examples) for rule, examples in rows.items()}
        for rule, value in vars(module).items():
            own = callable(value) and getattr(value, "__module__", "") == module.__name__
            if own and not rule.startswith("_"):
                found = many.get(MADE_INTO_A_LIST.get(rule, rule), 0)
                if found < 3:
                    lacking[f"{name}.{rule}"] = found
    assert lacking == {}


def test_bounds_are_those_of_the_odd():
    assert contact.STOP_BOUND == 0.02
    assert crime.CRIME_BOUND == 0.06
    assert crime.ACT_BOUND == 2.0
    assert demography.TURNOVER_BOUND == 0.012
    assert enforcement.AT_LARGE_BOUND == 0.02
    assert enforcement.LEGAL_BOUND == 0.08
