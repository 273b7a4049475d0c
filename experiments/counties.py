"""Make the table of US counties that ships: 14 figures each, with range and kind, 2019 and 2023.

    uv run python experiments/counties.py FOLDER

FOLDER holds public counts by county, by FIPS code of 2019 (3,142 counties), gathered from their
producers; where one has no figure, its cell is empty:

- `counties.csv`: population, Latino share and persons per household (US Census Bureau, American
  Community Survey, ACS, 2015-2019), share born abroad (ACS 2012-2016), noncitizens (ACS 2014-2018,
  in the Social Determinants of Health database of the Agency for Healthcare Research and Quality),
  sworn officers per 1,000 (FBI, Law Enforcement Employees, newest year of each agency), crimes
  recorded and the share of residents whose agencies report (FBI, Uniform Crime Reporting 2012,
  ICPSR 35019);
- `inputs.csv.gz`: age, language at home and household size (ACS 2015-2019, 2016-2020, 2019-2023),
  citizens of voting age (Census Bureau, CVAP special tabulation of ACS 2015-2019 and 2019-2023),
  Latino residents and adults and two indices of dissimilarity over voting districts (2020 Census,
  PL 94-171, in the ALARM Project's files), the Latino-White index over tracts (ACS 2014-2018 and
  2019-2023, by the Healthy Regions & Policies Lab, OEPS), unauthorized residents of areas of one or
  several counties (Migration Policy Institute, MPI, mid-2023);
- `mpi_states_2023.csv`: unauthorized residents by state (MPI, mid-2023).

A cell's kind says how near it is to a count: `direct` is read from a table, `worked out` is made of
tables of that county, `modelled` has the county's own data in a fit, `stands in` is a figure of the
state or nation. Ranges are meant to hold nine in ten of the true values. `survey` is the last year
of the ACS of a row: 2019 in both vintages for Connecticut, counted by planning region since, and
Valdez-Cordova, two areas now; ranges are wider there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.stats import gamma

OUT = Path(__file__).parents[1] / "trustabm" / "inputs" / "places" / "counties.parquet"
VINTAGES = (2019, 2023)
DIRECT, WORKED, MODELLED, STANDS = "direct", "worked out", "modelled", "stands in"
NAMES = {  # as the counties write themselves
    "02105": "Hoonah-Angoon Census Area",
    "02230": "Skagway Municipality",
    "02275": "Wrangell City and Borough",
    "35013": "Doña Ana County",
}
DIGITS = {
    "population": 0,
    **dict.fromkeys(("latino_share", "foreign_born_latino", "foreign_born_other"), 4),
    **dict.fromkeys(("naturalized_latino", "naturalized_other"), 4),
    **{"undocumented_share": 5, "undocumented_latino": 3, "household_size": 3},
    **{"mixed_status_share": 2, "dissimilarity": 3, "officers_per_1000": 2},
    **{"violent_per_100k": 1, "property_per_100k": 1},
}
"""Decimals that are kept of each figure."""
SHARES = [name for name in DIGITS if name.endswith(("share", "latino", "other", "dissimilarity"))]
"""Figures that may not be above 1."""

CHILDREN_12 = 4 / 11
"""Of residents aged 5 to 15, those aged 12 and over."""
LATINO_CHILDREN_12 = 0.34
"""Of Latino residents under 18, those who are 12 and over."""
LATINO_ADULTS_2019 = 0.6844
"""Of the nation's Latino residents, those aged 18 and over (ACS 2015-2019)."""
NONCITIZEN_ADULTS = 0.917
"""Of noncitizens, those aged 18 and over."""
NONCITIZENS_12 = 1.034, 1.050
"""Noncitizens aged 12 and over to one adult, Latino and other."""
FOREIGN_BORN = {2019: 0.1356, 2023: 0.139}
"""Of the nation's residents, those born abroad (ACS 2015-2019, 2019-2023); recalled, not read."""
ODDS = {"latino": 0.375 / 0.625, "other": 0.605 / 0.395}
"""Citizens to noncitizens among the nation's foreign born."""
MORE_CITIZENS = {"FL": 2.0, "NJ": 1.4, "NY": 1.25}
"""Where more Latino residents come from countries whose people naturalize: ours, near to the shares
born abroad of Pew's state profiles (recalled, not checked)."""
OTHER_TO_LATINO = 0.385
"""Odds that a noncitizen is undocumented, other to Latino: 76% are Latino then (MPI, Pew)."""
UNAUTHORIZED = {2019: 11.0e6, 2023: 13.738e6}
"""MPI, all ages; that of 2019 recalled, not read."""
UNDOCUMENTED_12 = 0.94
"""Of undocumented residents, those aged 12 and over."""
Cells = dict[str, tuple[Any, Any, Any, Any]]  # value, low, high, kind


def blend(values: pd.Series, weights: pd.Series, middle: Any, strength: float) -> pd.Series:
    """Return values drawn to a middle where they rest on few; the middle where there are none."""
    trust = weights / (weights + strength)
    return (trust * values + (1 - trust) * middle).fillna(pd.Series(middle, index=values.index))


def fitted(y: pd.Series, on: Sequence[Any], where: pd.Series, weights: pd.Series) -> pd.Series:
    """Return what a line through some counties says of every one, by weighted least squares."""
    x = np.column_stack([np.ones(len(y)), *on])
    w = np.sqrt(weights[where]).to_numpy()
    line, *_ = np.linalg.lstsq(x[where] * w[:, None], y[where] * w, rcond=None)
    return pd.Series(x @ line, index=y.index)


class Counties:
    """The counties of one vintage, figure by figure; later figures are made of earlier ones."""

    def __init__(self, folder: Path, vintage: int) -> None:
        kept = {"keep_default_na": False, "na_values": [""], "dtype": {"fips": str}}
        read = [pd.read_csv(folder / n, **kept) for n in ("counties.csv", "inputs.csv.gz")]
        self.c, self.x = (table.set_index("fips").sort_index() for table in read)
        self.states = pd.read_csv(folder / "mpi_states_2023.csv", **kept).set_index("state_abbr")
        self.state, self.late = self.c.state_abbr, vintage == 2023
        self.vintage, self.cells = vintage, Cells()
        self.area = (self.state + " " + self.x.mpi_area).where(self.x.mpi_2023.notna())
        self.old = self.x.pop_2023.isna() & self.late  # not counted under their codes any more
        self.people()
        self.noncitizens()
        self.foreign_born()
        self.undocumented()
        self.segregation()
        self.police_and_crime()

    def newest(self, name: str, before: pd.Series | None = None) -> pd.Series:
        """Return a column of the vintage; that of 2019 where it has none."""
        old = self.x[f"{name}_2019"] if before is None else before
        return self.x[f"{name}_2023"].fillna(old) if self.late else old

    def state_mean(self, values: pd.Series, weights: pd.Series) -> pd.Series:
        """Return the weighted mean of each county's state."""
        there = values.notna() & (weights > 0)
        top = (values * weights).where(there).groupby(self.state).transform("sum")
        return top / weights.where(there).groupby(self.state).transform("sum")

    def in_state(self, values: pd.Series) -> pd.Series:
        """Return each county's state's sum."""
        return values.groupby(self.state).transform("sum")

    def people(self) -> None:
        """Work out residents aged 12 and over, the Latino ones among them, and households."""
        c, x = self.c, self.x
        self.pop = self.newest("pop", c.population).astype(float)
        share = c.hispanic_share
        self.latino_all = ((x.hispanic_2023 / 100).fillna(share) if self.late else share).clip(
            lower=0.001
        )
        self.over18 = self.newest("over18") / 100
        teens = x.over16_2020 - x.over18_2020
        if self.late:
            teens = (x.over16_2023 - x.over18_2023).fillna(teens)
        over16 = self.over18 + teens.fillna(2.6).clip(lower=0) / 100
        self.share12 = over16 + (1 - x.under5_2019 / 100 - over16).clip(lower=0) * CHILDREN_12
        self.twelve = self.pop * self.share12

        self.latinos = self.latino_all * self.pop
        ratio = self._latino_adult_ratio()
        if not self.late:
            ratio *= LATINO_ADULTS_2019 / ((ratio * self.latinos).sum() / self.latinos.sum())
        self.latino_adults = self.latinos * ratio.clip(0.4, 0.97)
        children = self.latinos - self.latino_adults
        latino12 = self.latino_adults + LATINO_CHILDREN_12 * children
        self.latino12 = np.minimum(latino12, 0.995 * self.twelve)
        self.latino = (self.latino12 / self.twelve).clip(2e-3, 0.995)

        # Small ones: nine in ten of a size differ by less in the survey of 2023 and the Census.
        off = np.where(self.old, 0.04, 0.015) + (120 / self.pop).clip(upper=0.5)
        n = self.twelve
        self.cells["population"] = n, (n * (1 - off)).clip(lower=20), n * (1 + off), WORKED
        e = 0.006 + 0.005 * self.latino + 0.015 * self.old + 60 / self.pop
        self.cells["latino_share"] = self.latino, self.latino - e, self.latino + e, WORKED
        h = (self.newest("hhsize") * self.share12).clip(lower=1.05)
        self.cells["household_size"] = h, (h - 0.06).clip(lower=1), h + 0.06, WORKED
        self.cells["mixed_status_share"] = 0.7, 0.55, 0.8, STANDS

    def _latino_adult_ratio(self) -> pd.Series:
        """Return adults to all Latino residents: the 2020 Census, else a fit (California)."""
        x, counted = self.x, self.x.hisp_2020
        ratio = x.vap_hisp_2020 / counted.where(counted >= 30)
        citizens = (x.cvap_hisp_2019 / self.latinos.clip(lower=50)).clip(0, 1)
        on = (self.over18, self.latino_all, np.log1p(self.latinos), citizens)
        weights = (counted / (counted + 3000)).fillna(0)
        guess = fitted(ratio, on, ratio.notna() & (counted > 300), weights).clip(0.45, 0.9)
        return blend(ratio, counted.fillna(0), guess, 300)

    def noncitizens(self) -> None:
        """Work out adults who are no citizens, all and Latino, then those aged 12 and over."""
        c, x = self.c, self.x
        adults = self.pop * self.over18
        cvap = self.newest("cvap", None if not self.late else x.cvap_2019 * self.pop / c.population)
        counted = (adults - cvap) / adults
        older = c.noncitizen_share * NONCITIZEN_ADULTS / self.over18
        weight = counted.clip(lower=0) / (counted.clip(lower=0) + 0.004) if self.late else 0.5
        rate = (weight * counted + (1 - weight) * older).clip(lower=0.0005)
        every = rate * adults

        before = c.hispanic_share * c.population
        scaled = x.cvap_hisp_2019 * self.latinos / before.clip(lower=1)
        citizens = self.newest("cvap_hisp", scaled if self.late else None)
        of = self.latino_adults.clip(lower=1)
        own = 1 - citizens / of
        error = np.hypot(self.newest("moe_hisp") / 1.645, 0.03 * self.latino_adults) / of
        to_latino = (rate / self.latino).clip(0, 2)
        spanish = (x.spanish_2019 / 100 / self.latino_all.clip(lower=0.003)).clip(0, 2)
        english = x.limited_english_2019 / 100
        on = (to_latino, to_latino**2, spanish, english, np.log(self.latino))
        where = (self.latino_adults > 800) & own.between(0, 0.9)
        weights = self.latino_adults / (self.latino_adults + 3000)
        guess = fitted(own, on, where, weights).clip(0.02, 0.7)
        left = self.state_mean((own - guess).clip(-0.3, 0.3), self.latino_adults.where(where, 0))
        guess = (guess + 0.7 * left.fillna(0)).clip(0.02, 0.75)
        beyond = ((own - guess)[where] ** 2 - error[where] ** 2).clip(lower=0).mean()
        trust = beyond / (beyond + error**2)
        share = (trust * own.clip(0, 0.95) + (1 - trust) * guess).clip(0.01, 0.95)
        self.noncitizen_error = np.sqrt(trust) * error

        latino = np.minimum(share * self.latino_adults, 0.97 * every)
        grow, grow_o = NONCITIZENS_12
        latino12, other12 = latino * grow, (every - latino) * grow_o
        self.other12 = self.twelve - self.latino12
        over = (other12 - 0.35 * self.other12).clip(lower=0)  # too many for the group
        self.non_latino12, self.non_other12 = latino12 + over, other12 - over
        self.non_latino, self.non_other = self.non_latino12 / grow, self.non_other12 / grow_o

    def foreign_born(self) -> None:
        """Add the naturalized: as many as the nation has, shared by county and by group."""
        c = self.c
        self.born_all = c.foreign_born_share * self.pop
        ratio = c.noncitizen_share / c.foreign_born_share.clip(lower=1e-4)
        natural = (1 - ratio).clip(0.1, 0.9)
        middle = self.state_mean(natural, self.born_all)
        natural = blend(natural, c.foreign_born_share * c.population, middle, 2000)
        here = self.non_latino12 + self.non_other12
        citizens = here * natural / (1 - natural)
        wanted = FOREIGN_BORN[self.vintage] * 0.97 * self.pop.sum() - here.sum()
        citizens *= wanted / citizens.sum()
        odds = 0.93 * ODDS["latino"] * self.state.map(MORE_CITIZENS).fillna(1.0)
        k = citizens / (odds * self.non_latino12 + ODDS["other"] * self.non_other12)
        self.nat_l = (k * odds / (1 + k * odds)).clip(0.05, 0.9)
        self.nat_o = (k * ODDS["other"] / (1 + k * ODDS["other"])).clip(0.1, 0.9)
        self.fb_l = (self.non_latino12 / (1 - self.nat_l) / self.latino12).clip(0.005, 0.97)
        self.fb_o = (self.non_other12 / (1 - self.nat_o) / self.other12).clip(0.0005, 0.9)

    def undocumented(self) -> None:
        """Share out MPI's totals of areas and states, and keep them below the noncitizens."""
        here, latino_part = self._unauthorized()
        u = here * UNDOCUMENTED_12 / self.twelve
        non_l, non_o = self.non_latino12 / self.twelve, self.non_other12 / self.twelve
        # MPI adds people whom the survey missed: where they exceed the noncitizens counted, so many
        # more of the group were born abroad.
        of_l, of_o = u * latino_part, u * (1 - latino_part)
        need_l = np.where(of_l > 0.93 * non_l, of_l / 0.93, non_l)
        need_o = np.where(of_o > 0.93 * non_o, of_o / 0.93, non_o)
        latino, other = self.latino, 1 - self.latino
        fb_l = np.minimum(0.98, self.fb_l + (need_l - non_l) / latino)
        fb_o = np.minimum(0.95, self.fb_o + (need_o - non_o) / other)
        nat_l = 1 - np.minimum(need_l / latino / fb_l, 0.98)
        nat_o = 1 - np.minimum(need_o / other / fb_o, 0.98)
        of_l = np.minimum(of_l, 0.93 * latino * fb_l * (1 - nat_l))
        of_o = np.minimum(of_o, 0.93 * other * fb_o * (1 - nat_o))
        u, part = of_l + of_o, of_l / (of_l + of_o).clip(lower=1e-9)

        e = np.hypot(self.noncitizen_error / (1 - nat_l).clip(lower=0.2) * 1.645, 0.15 * fb_l)
        kind = np.where(self.latino_adults > 2000, WORKED, MODELLED)
        self.cells["foreign_born_latino"] = fb_l, fb_l - e, fb_l + e, kind
        e = 0.2 * fb_o + 0.002
        kind = np.where(self.born_all > 2000, WORKED, MODELLED)
        self.cells["foreign_born_other"] = fb_o, fb_o - e, fb_o + e, kind
        self.cells["naturalized_latino"] = nat_l, nat_l - 0.14, nat_l + 0.14, MODELLED
        self.cells["naturalized_other"] = nat_o, nat_o - 0.12, nat_o + 0.12, MODELLED

        area = self.area
        alone = area.notna() & (area.map(area.value_counts()) == 1)
        widths = (0.20, 0.30, 0.50) if self.late else (0.30, 0.38, 0.55)
        off = np.select([alone, area.notna()], widths[:2], widths[2])
        kind = np.where(area.notna(), WORKED, MODELLED)
        self.cells["undocumented_share"] = u, u * (1 - off), u * (1 + off), kind
        e = 0.1 + 0.05 * (here < 2000)
        self.cells["undocumented_latino"] = part, part - e, part + e, MODELLED
        self._rounded_below_noncitizens()

    def _unauthorized(self) -> tuple[pd.Series, pd.Series]:
        """Return undocumented residents of all ages, and the Latino part of them."""
        c, x = self.c, self.x
        weighed = self.non_latino + OTHER_TO_LATINO * self.non_other
        then = x.pop_2023.fillna(c.population_2023).fillna(c.population)
        now = weighed * (then / self.pop)
        total, free = self.state.map(self.states.mpi_2023), self.area.isna()
        in_area = now.groupby(self.area).transform("sum")
        of_area = x.mpi_2023 * now / in_area
        unshared = now.where(free, 0)
        rest = total - self.in_state(of_area.fillna(0))
        least = 0.35 * total * self.in_state(unshared) / self.in_state(now)
        here = of_area.fillna(np.maximum(rest, least) * now / self.in_state(unshared))
        if not self.late:  # back to 2019, as the noncitizens of each state moved
            adults, cvap = x.over18_2023.fillna(x.over18_2019) / 100 * then, x.cvap_2019 * then
            later = (adults - x.cvap_2023.fillna(cvap / c.population)).clip(lower=0)
            moved = self.in_state(self.non_latino + self.non_other) / self.in_state(later)
            here = here * moved.clip(0.75, 1.3)
        return here * UNAUTHORIZED[self.vintage] / here.sum(), self.non_latino / weighed

    def _rounded_below_noncitizens(self) -> None:
        """Keep the undocumented below the noncitizens of their group after rounding, too."""
        r = {name: self.rounded(name)[0] for name in self.cells}
        latino = r["latino_share"] * r["foreign_born_latino"] * (1 - r["naturalized_latino"])
        other = (1 - r["latino_share"]) * r["foreign_born_other"] * (1 - r["naturalized_other"])
        part = r["undocumented_latino"]
        room = np.minimum(latino / part.clip(1e-6), other / (1 - part).clip(1e-6))
        u, low, high, kind = self.cells["undocumented_share"]
        u = np.minimum(np.floor(u * 1e5), np.floor(room * 1e5)) / 1e5
        self.cells["undocumented_share"] = u, np.minimum(low, u), high, kind

    def segregation(self) -> None:
        """Bring the index over tracts from White residents alone to all others, less noise."""
        x = self.x
        white = x[["d_white_2018", "d_white_2023"]].mean(axis=1).where(x.tracts_2018 > 1)
        to_others = (x.d_other_vtd / x.d_white_vtd.where(x.d_white_vtd > 0)).clip(0.5, 1.1)
        to_others = to_others.fillna(0.93 - 0.1 * (1 - self.latino_all))
        noise = 0.38 / np.sqrt(1 + self.latinos / x.tracts_2018.clip(lower=1) / 12)
        index = np.sqrt(((white * to_others) ** 2 - (0.5 * noise) ** 2).clip(lower=0.01))
        size = np.log(self.latinos.clip(lower=10))
        where = white.notna() & (self.latinos > 500)
        line = fitted(index, [size], where, pd.Series(1.0, index=size.index)).clip(0.15, 0.5)
        d = blend(index, self.latinos, line, 250).clip(0.05, 0.8)
        e = 0.06 + 0.10 * (1 - self.latinos / (self.latinos + 2000))
        kind = np.where(white.isna() | (self.latinos < 500), MODELLED, WORKED)
        self.cells["dissimilarity"] = d, d - e, d + e, kind

    def police_and_crime(self) -> None:
        """Read officers and crimes; the state's mean where nobody or too few report."""
        c, people = self.c, self.c.population_2023.fillna(self.c.population)
        read = c.officers_per_1000.where(c.officers_per_1000.between(0.2, 12))
        none = read.isna()
        o = read.fillna(self.state_mean(read.clip(upper=6), people))
        low, high = o * np.where(none, 0.5, 0.9), o * np.where(none, 1.6, 1.15)
        self.cells["officers_per_1000"] = o, low, high, np.where(none, STANDS, WORKED)
        covered = c.crime_coverage_pct.fillna(0)
        # A year without any property crime is one that nobody reported, whatever the coverage says.
        told = (covered >= 50) & (c.property_per_100k > 0)
        for name in ("violent_per_100k", "property_per_100k"):
            read = c[name].where(told)
            none = read.isna()
            v = read.fillna(self.state_mean(read, c.population))
            year = v * c.population / 1e5  # what happens in a year, of which 2012 is one
            off = v * np.where(covered >= 95, 0.2, 0.35)
            by_chance = (year - gamma.ppf(0.05, year), gamma.ppf(0.95, year + 1) - year)
            down, up = (np.hypot(off, np.nan_to_num(n) / c.population * 1e5) for n in by_chance)
            low, high = np.where(none, 0.4 * v, v - down), np.where(none, 1.8 * v, v + up)
            least, most = (1.0, 5e4) if name.startswith("property") else (0.0, 1e4)
            low, high = np.clip(low, least, most), np.clip(high, least, most)
            self.cells[name] = v, low, high, np.where(none, STANDS, DIRECT)

    def rounded(self, name: str) -> list[np.ndarray]:
        """Return a figure's value, low and high as they are kept: in bounds, low to high."""
        value, low, high, _ = self.cells[name]
        most = (
            1.0
            if "share" in name or name.startswith(("foreign", "nat", "undoc", "dis"))
            else np.inf
        )
        low, high = np.minimum(low, value), np.maximum(high, value)
        ends = (np.clip(end, 0.0, most) for end in (value, low, high))
        return [np.broadcast_to(np.round(end, DIGITS[name]), len(self.c)) for end in ends]

    def table(self) -> pa.Table:
        """Return what is kept: exact decimals, so that what is written is what is read."""
        names = pd.Series({**self.c.county, **NAMES})
        period = np.where(self.late & ~self.old, 2023, 2019)
        columns: dict[str, Any] = {
            "vintage": pa.array(np.full(len(self.c), self.vintage), pa.int16()),
            "survey": pa.array(period, pa.int16()),
            **{"fips": self.c.index, "county": names, "state": self.state},
            "state_name": self.c.state,
        }
        for name, digits in DIGITS.items():
            kind = pa.decimal128(9, digits) if digits else pa.int32()
            for end, values in zip(("", "_low", "_high"), self.rounded(name), strict=True):
                exact = [Decimal(f"{v:.{digits}f}") if digits else int(v) for v in values]
                columns[name + end] = pa.array(exact, kind)
            kinds = np.broadcast_to(self.cells[name][3], len(self.c))
            columns[f"{name}_kind"] = pa.array(kinds.astype(object)).dictionary_encode()
        return pa.table(columns)


def main(folder: Path) -> None:
    """Write the table of all vintages, as small as it gets."""
    table = pa.concat_tables([Counties(folder, v).table() for v in VINTAGES]).unify_dictionaries()
    numbers = [name + end for name in DIGITS for end in ("", "_low", "_high")]
    pq.write_table(
        *(table, OUT),
        compression="zstd",
        compression_level=22,
        use_dictionary=sorted({*table.column_names} - {*numbers}),
        column_encoding=dict.fromkeys(numbers, "BYTE_STREAM_SPLIT"),
        store_decimal_as_integer=True,
    )
    print(f"{OUT.name}: {table.num_rows} rows, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
