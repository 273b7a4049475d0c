"""What is asked of finished runs: what matters, which policy to prefer, under which conditions.

Comes in: frames of runs (`trustabm.study`) or plain arrays. Nothing here runs the model, and
nothing heavy is imported before it is used.
"""

from __future__ import annotations

from trustabm.errors import need

need("study", "analysis of studies")
