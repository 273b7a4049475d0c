"""The model on Mesa: what it takes from it, and that the next major version has it too."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import warnings; warnings.simplefilter("error")
import mesa
from trustabm import TrustModel
for driver in ("agents", "compiled"):
    model = TrustModel(residents=200, policy="secure-communities", driver=driver, weeks=6)
    model.step()
    model.run_for(5)
    assert model.time == 6 and model.world.week == 6, (model.time, model.world.week)
    assert len(model.agents) == sum(map(len, model.agents_by_type.values())) > 200
    assert len(model.datacollector.get_model_vars_dataframe()) == 6
print("mesa", mesa.__version__)
"""


def test_steps_and_weeks_agree_on_the_mesa_installed():
    exec(compile(PROGRAM, "program", "exec"), {})


@pytest.mark.skipif(
    "TRUSTABM_MESA_NEXT" not in os.environ,
    reason="downloads a pre-release: set TRUSTABM_MESA_NEXT=4.0.0a0",
)
def test_works_on_the_next_mesa():
    uv = shutil.which("uv")
    assert uv, "expected uv on the path"
    version = os.environ["TRUSTABM_MESA_NEXT"]
    command = [uv, "run", "--isolated", "--no-project", "--with", f"mesa[network]=={version}"]
    done = subprocess.run(
        [*command, "--with-editable", str(ROOT), "python", "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert version in done.stdout
