"""A calibration of one's own: targets, a town, parameters and priors of a file.

`problem` says what the file holds, `worlds` runs the model at a point, `before` is what was known
before the targets, `weigh` what they make of it, `waves` draws where runs are worth most, `check`
holds all of it against truths that are known, and `result` is what is left.
"""

from __future__ import annotations

from trustabm.errors import need

need("fit", "calibrate")
