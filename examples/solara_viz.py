"""A page of your own with Mesa's SolaraViz, for whoever comes from Mesa.

    uv run --with "mesa[viz]" solara run examples/solara_viz.py

The model is a Mesa model: a step is a week, and its data collector has every outcome. The app that
ships (`trustabm app`) does more; a page of yours may begin here.
"""

from __future__ import annotations

from typing import Any

import solara
from mesa.visualization import SolaraViz, make_plot_component

import trustabm as ta


@solara.component  # type: ignore[untyped-decorator]
def Custody(model: ta.TrustModel) -> None:  # noqa: N802
    """Say how many residents are in custody, by asking the agents."""
    held = sum(not resident.is_free for resident in map(model.resident, range(200)))
    solara.Text(f"Week {model.world.week}: of the first 200 residents {held} are in custody.")


model_params: dict[str, Any] = {
    "town": "harris-tx",
    "weeks": 520,
    "policy": {
        "type": "Select",
        "label": "Policy",
        "value": "secure-communities",
        "values": ["none", "secure-communities", "community-trust", "287g-jail-2025"],
    },
    "residents": {
        "type": "SliderInt",
        "label": "Residents",
        "value": 1000,
        "min": 500,
        "max": 5000,
        "step": 500,
    },
    "seed": {"type": "InputText", "label": "Seed", "value": "1"},
}
started: dict[str, Any] = {
    k: v["value"] if isinstance(v, dict) else v for k, v in model_params.items()
}

page = SolaraViz(
    ta.TrustModel(**{**started, "seed": 1}),
    components=[
        make_plot_component({"trust": "tab:blue", "perceived_risk": "tab:orange"}),
        make_plot_component("reporting"),
        Custody,
    ],
    model_params=model_params,
    name="trustabm with SolaraViz",
)
