"""The screen: a Solara app over `trustabm`, started by `trustabm app`.

Only this package may know a browser; it reads the model and never the other way round.
"""

from __future__ import annotations

from trustabm.errors import need

need("app", "the screen and replays")
