import trustabm as ta


@ta.rule("report_chance")
def cautious(p, levers, kind, trust, feared, status, readiness):
    return 0.5 * shipped(p, levers, kind, trust, feared, status, readiness)
