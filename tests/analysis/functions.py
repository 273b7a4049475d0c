"""Functions of which the Sobol indices are published."""

import numpy as np

ISHIGAMI = {"first": [0.3139, 0.4424, 0.0], "total": [0.5576, 0.4424, 0.2437]}
"""Ishigami & Homma 1990 with a = 7 and b = 0.1 (Saltelli et al. 2008)."""

G_FIRST = [0.7165, 0.1791, 0.0237, 0.0072, 0.0001, 0.0001, 0.0001, 0.0001]
"""Sobol's G with a = 0, 1, 4.5, 9, 99, 99, 99, 99 (Saltelli et al. 2010)."""

G_TOTAL = [0.7871, 0.2422, 0.0343, 0.0105, 0.0001, 0.0001, 0.0001, 0.0001]


def ishigami(u):
    """Return Ishigami's function of points of the unit cube."""
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(u):
    """Return Sobol's G of points of the unit cube."""
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    return ((np.abs(4 * u - 2) + a) / (1 + a)).prod(axis=1)
