"""Sound targets that look like unsound ones: no rule about targets or units finds anything.

`tests/data/sound_targets.csv` is for names that a word list could take for something else
(投诉办结率 is no complaint, 抗菌药物使用率 has a ceiling). Who refines `meaning.toml` adds to it.
"""

from __future__ import annotations

import csv
from pathlib import Path

from tests.rules.cases import Case

_TABLE = Path(__file__).parents[1] / "data" / "sound_targets.csv"


def test_what_looks_unsound_is_not_flagged(tmp_path: Path) -> None:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = [
            f"产出指标 | {row['level2']} | {row['indicator']} | {row['target']} | 1"
            for row in csv.DictReader(file)
        ]
    assert len(rows) > 150
    for family in ("T", "U"):
        assert Case(family, "sound", {"indicators": rows}).run(tmp_path) == []
