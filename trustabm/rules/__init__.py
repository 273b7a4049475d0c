"""Every behavioural rule, once: a small scalar function with its source.

A rule reads numbers and returns a number; it knows no state, no driver and no draw but its own.
"""
