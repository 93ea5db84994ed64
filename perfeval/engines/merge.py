"""What comes of all parts together: counts exactly, findings up to a bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from perfeval.rules.actuals import rows
from perfeval.rules.registry import catalogue
from perfeval.scoring.batch import Outcome
from perfeval.tables import first_of_each


class Merged:
    """The outcomes of parts, added up.

    counts: as the receipt has them. by_rule: findings of each rule. findings, suppressed: as many
    of them as `first_of_each` keeps, in the order in which one part with everything tells them.
    `files` are the inputs in the order in which rows are told.
    """

    def __init__(self, files: Sequence[str]) -> None:
        self.counts: dict[str, Any] = {}
        self.by_rule: Counter[str] = Counter()
        self._kept: dict[str, pl.DataFrame] = {}
        self._order = {file: number for number, file in enumerate(files)}
        self._of_rows = codes_of_rows()

    def add(self, outcome: Outcome) -> None:
        """Add the outcome of the next part."""
        self.counts = added(self.counts, outcome.counts)
        self.by_rule.update(dict(outcome.findings["code"].value_counts().iter_rows()))
        self._keep("findings", outcome.findings)
        self._keep("suppressed", outcome.suppressed)

    @property
    def findings(self) -> pl.DataFrame:
        """Those that are told."""
        return self._kept["findings"].sort("code", maintain_order=True)

    @property
    def suppressed(self) -> pl.DataFrame:
        """Those that the settings suppress."""
        return self._kept["suppressed"].sort("code", maintain_order=True)

    def _keep(self, kind: str, found: pl.DataFrame) -> None:
        kept = self._kept.get(kind, found.clear())
        of_rows = pl.col("code").is_in(self._of_rows)
        file = pl.col("file").replace_strict(self._order, default=None, return_dtype=pl.UInt32)
        by_row = pl.concat([kept.filter(of_rows), found.filter(of_rows)])
        self._kept[kind] = pl.concat(
            [
                first_of_each(by_row.sort(file, "line", maintain_order=True)),
                first_of_each(pl.concat([kept.filter(~of_rows), found.filter(~of_rows)])),
            ]
        )


def codes_of_rows() -> list[str]:
    """The rules that go through rows of actuals, and tell what they find in the order of these."""
    return [rule.code for rule in catalogue() if rule.find.__module__ == rows.__name__]


def added(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two trees of counts, added up.

    >>> added({"a": 1, "b": {"c": 2}}, {"a": 3, "b": {"c": 4}})
    {'a': 4, 'b': {'c': 6}}
    """
    return {
        name: added(one.get(name, {}), value)
        if isinstance(value, Mapping)
        else one.get(name, 0) + value
        for name, value in other.items()
    }
