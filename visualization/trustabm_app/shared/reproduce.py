"""The code that does on a command line or in Python what is seen on the screen."""

from __future__ import annotations

from typing import Any

import tomli_w

from trustabm_app.shared.address import ARMS, Setting

__all__ = ["python", "shell", "timeline_file"]


def timeline_file(setting: Setting, arm: str) -> str | None:
    """Return an arm as a TOML file; None where its name says it all."""
    if not any(t.arm == arm for t in setting.turns):
        return None
    line = setting.timeline(arm)
    plain = line.model_dump(exclude_defaults=True)
    plain["changes"] = [
        c.model_dump(exclude_defaults=True, exclude_none=True) for c in line.changes
    ]
    return tomli_w.dumps(plain)


def _arms(setting: Setting, arms: int) -> list[tuple[str, str | None]]:
    """Return the name to give for each arm, and the file to write first if there is one."""
    named = []
    for arm in ARMS[:arms]:
        text = timeline_file(setting, arm)
        named.append((f"arm-{arm}.toml" if text else setting.policy(arm), text))
    return named


def _values(setting: Setting, arms: int) -> dict[str, Any]:
    # A timeline written to a file has the town's own changes in it already.
    local = setting.local and not any(text for _, text in _arms(setting, arms))
    values: dict[str, Any] = {
        "town": setting.town,
        "start": setting.start.isoformat(),
        "weeks": setting.weeks,
        "residents": setting.residents,
        "seed": setting.seed,
    }
    if local:
        values["local_policies"] = True
    if arms > 1:
        values |= {"burn_in": setting.burn_in, "replicates": setting.replicates}
    return values


def python(setting: Setting, arms: int) -> str:
    """Return Python code that gives the same numbers."""
    named = _arms(setting, arms)
    lines = ["import trustabm as ta", ""]
    if any(text for _, text in named):
        lines = ["from pathlib import Path", "", *lines]
    for name, text in named:
        if text:
            lines += [f"Path({name!r}).write_text('''\\", text.rstrip(), "''')", ""]
    values = ", ".join(f"{k}={v!r}" for k, v in _values(setting, arms).items())
    if arms > 1:
        names = ", ".join(repr(name) for name, _ in named)
        lines += [
            f"comparison = ta.compare([{names}], {values})",
            'print("\\n".join(comparison.findings()))',
        ]
    else:
        scenario = ", ".join(
            f"{k!r}: {v!r}" for k, v in {**_values(setting, 1), "policy": named[0][0]}.items()
        )
        lines += [f"result = ta.run({{{scenario}}})", "print(result.weekly)"]
    return "\n".join(lines) + "\n"


def shell(setting: Setting, arms: int) -> str:
    """Return a command line that gives the same numbers."""
    named = _arms(setting, arms)
    lines = []
    for name, text in named:
        if text:
            lines += [f"cat > {name} <<'TOML'", text.rstrip(), "TOML"]
    words = []
    for key, value in _values(setting, arms).items():
        option = "--" + key.replace("_", "-")
        words.append(option if value is True else f"{option} {value}")
    names = " ".join(name for name, _ in named)
    lines.append(f"trustabm compare {names} " if arms > 1 else f"trustabm run --policy {names} ")
    lines[-1] += " ".join(words)
    return "\n".join(lines) + "\n"
