"""Studies: a question as a file, a sweep that survives anything, and its results as tables.

What a study gives: `trustabm.open_study(DIR)` has

- `.study`: the study file as it was run (`trustabm.study.definition.Study`): `.study.arms` names
  the arms, the first of them the reference; `.names` has the varied parameters and levers.
- `.runs`: a frame with one row a run, sorted by town, point, replicate and arm, of columns

      run_id, town, point, replicate, seed, arm, <one column a varied name>,
      <outcome>__<group> ..., error

  A point is one setting of everything that is varied; `point` numbers it from 0. Runs of the same
  `replicate` share their seed, in every town, at every point and under every arm. A column such as
  `reporting__latino` is the level of the outcome `reporting` in the group `latino`, pooled over all
  weeks after the arms part; outcomes of a whole town stand under the group `all`. NaN: nothing to
  count it over, or the run failed, and then `error` says how (missing where it went well).
  Of a study with conditions (`when`), `until_<name>` says after how many weeks each first held
  (missing: never); where one may end a run, `weeks` says how many weeks after the arms part the
  run has, of which its levels are, and `stopped` which condition ended it.
- `.reached()`: after how many weeks conditions held under each arm, and in how many runs.
- `.sums`: the same rows with what levels are made from, `sum__<tally>__<group>` for the five
  disjoint groups of the day on which arms part and `sum__<tally>__town`: summed over runs they give
  exactly pooled levels.
- `.effects()`: one row a town, point, arm (all but the reference), outcome and group, of columns
  `town, point, <varied names>, arm, outcome, group, replicates, reference, level, difference, low,
  high, percent, percent_low, percent_high`: levels pooled over replicates, and the 90% interval of
  the difference by the paired jackknife over replicates (as in `trustabm.compare`).
- `.spread()`: effects over points: their mean, and where the middle 90% of points lie.
- `.weekly`: if the study keeps it, the columns of `.runs` with `week` (0 is where arms part); of a
  series every so many weeks with `weeks` too, how many a row has, and levels of its outcomes alone.
- `.notices`: what a reader has to know, as that 561 of 1,080 runs are there; `.done`, `.total`.
- `.sittings`: one row a sitting that added runs: how many, when, and with which versions.
- `.sql("...")`: DuckDB over the views `runs`, `sums`, `pairs` (a run less the reference's run of
  the same town, point and replicate), `effects` and `weekly`.
"""

from __future__ import annotations

from trustabm.errors import need

need("study", "studies")
