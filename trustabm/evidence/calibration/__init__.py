"""The posterior: which parameters agree with the published studies, and how surely.

What comes in is the evidence layer's targets and moments; what goes out is draws of parameters.
"""

from __future__ import annotations

from trustabm.errors import need

need("fit", "calibration")
