"""A town, a policy, a rule and a lesson for trustabm, found by name wherever this is installed."""
