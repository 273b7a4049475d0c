"""Figures of studies: colours that everybody can tell apart, intervals, units and denominators.

Frames come in, `matplotlib.figure.Figure` goes out; `style.save` writes PNG and SVG that say where
they come from. No global state of matplotlib is touched.
"""

from __future__ import annotations

from trustabm.errors import need

need("study", "figures")
