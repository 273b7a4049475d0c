"""What a plug-in adds where it is installed beside the package: examples/plugin, by pip.

Run by `.ci/run wheel` in an environment of the wheel and the plug-in, outside the checkout.
"""

from __future__ import annotations

import contextlib
import io
import json

import trustabm as ta
from trustabm.classroom.lesson import lessons
from trustabm.cli import main
from trustabm.inputs import catalog, library

assert "riverbend" in catalog.names("towns")
assert ta.town("riverbend").officers_per_1000.value == 1.4
assert ta.policy("open-door").outreach == 0.6
assert list(library.files("rules")) == ["cautious"]
assert lessons()["open-door"].experiment().place.title == "Riverbend"
assert not [*library.wrong()]

small = ["--town", "riverbend", "--replicates", "2", "--weeks", "4", "--residents", "300"]
levels = []
for rule in ([], ["--rule", "cautious"]):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        main(["compare", "none", "open-door", *small, "--json", *rule])
    rows = json.loads(out.getvalue())
    of = ("reporting", "all", "open-door")
    levels += [r["level"] for r in rows if (r["outcome"], r["group"], r["arm"]) == of]
shipped, cautious = levels
assert cautious < shipped, "half as many call by the rule"
print(f"town, policy, rule and lesson are there; {cautious:.3f} report, not {shipped:.3f}")
