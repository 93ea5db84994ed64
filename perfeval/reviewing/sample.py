"""A spot-check sample that anyone can draw again: stratified by department, risk and money.

Within each department projects fall into bands of risk (points at stake: none, below and from the
median of those that have some) and of money (below and from the median budget, or unknown).
What is decided counts as if it were open: decisions that are read back change no stratum. The
sample is shared among these strata in proportion to their size, by largest remainders; every
stratum gets one before any gets a second where the sample reaches. Who is drawn within a stratum is
decided by a hash of the seed and the project's code, so the same seed always draws the same.
"""

from __future__ import annotations

import hashlib

import polars as pl


def sample(projects: pl.DataFrame, risk: pl.DataFrame, size: int, seed: int) -> pl.DataFrame:
    """`size` of the projects (all of them where there are fewer), drawn by `seed`.

    Columns: draw (1, 2, …), project, department, risk_band ("high", "low", "none"), money_band
    ("high", "low", "unknown"), stratum_size, drawn (how many of the stratum).
    """
    frame = projects.select("project", "department", "budget").join(
        risk.select("project", at_stake=pl.col("at_stake") + pl.col("settled")),
        on="project",
        how="left",
        maintain_order="left",
    )
    some = frame.filter(pl.col("at_stake") > 0)["at_stake"].median() or 0.0
    middle = frame["budget"].median() or 0.0
    frame = frame.with_columns(
        risk_band=pl.when(pl.col("at_stake") <= 0)
        .then(pl.lit("none"))
        .when(pl.col("at_stake") < some)
        .then(pl.lit("low"))
        .otherwise(pl.lit("high")),
        money_band=pl.when(pl.col("budget").is_null())
        .then(pl.lit("unknown"))
        .when(pl.col("budget") < middle)
        .then(pl.lit("low"))
        .otherwise(pl.lit("high")),
        lot=pl.Series([_lot(seed, project) for project in frame["project"].to_list()]),
    )
    strata = ["department", "risk_band", "money_band"]
    sizes = frame.group_by(strata).agg(stratum_size=pl.len().cast(pl.Int64)).sort(strata)
    sizes = sizes.with_columns(drawn=pl.Series(_shares(sizes["stratum_size"].to_list(), size)))
    return (
        frame.join(sizes, on=strata, how="left", maintain_order="left")
        .filter(pl.col("lot").rank("ordinal").over(strata) <= pl.col("drawn"))
        .sort("department", "at_stake", "lot", descending=[False, True, False])
        .with_row_index("draw", offset=1)
        .select("draw", "project", *strata, "stratum_size", "drawn")
    )


def _lot(seed: int, project: str) -> str:
    return hashlib.sha256(f"{seed}\n{project}".encode(errors="surrogatepass")).hexdigest()


def _shares(sizes: list[int], wanted: int) -> list[int]:
    """How many of each stratum: proportional, by largest remainders, the first one to each.

    >>> _shares([60, 30, 10], 10), _shares([5, 5, 5], 2), _shares([2, 1], 9)
    ([6, 3, 1], [1, 1, 0], [2, 1])
    """
    total = sum(sizes)
    wanted = min(wanted, total)
    # What is left over goes to the largest remainders; a stratum without any comes before all.
    shares = [wanted * size // total if total else 0 for size in sizes]
    remainders = [wanted * size % total if total else 0 for size in sizes]
    order = sorted(range(len(sizes)), key=lambda i: (shares[i] > 0, -remainders[i], -sizes[i], i))
    for i in order[: wanted - sum(shares)]:
        shares[i] += 1
    return shares
