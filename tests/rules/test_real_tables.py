"""What all rules find in real tables, as reviewed by eye: a change here wants another look."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import polars as pl

from perfeval.checking import check
from tests.published import published

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "data" / "qijiang-findings.csv"
QIJIANG = ROOT / "docs" / "qijiang-findings.md"
PUBLISHED = ROOT / "docs" / "published-findings.md"


def test_the_findings_of_a_published_document() -> None:
    """Reviewed in docs/qijiang-findings.md."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        columns, *known = csv.reader(file)
    findings = check(ROOT / "specs").findings.with_columns(
        pl.col("file").str.strip_prefix(f"{ROOT}/")
    )
    findings = findings.select(columns)
    found = [["" if cell is None else str(cell) for cell in row] for row in findings.iter_rows()]
    assert found == known


def test_the_page_about_them_counts_them_all() -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        counts = Counter(row["code"] for row in csv.DictReader(file))
    assert _told(QIJIANG) == counts


def test_the_findings_of_published_tables_are_those_of_the_page() -> None:
    findings = check(published(), "general").findings
    assert _told(PUBLISHED) == Counter(findings["code"].to_list())


def _told(page: Path) -> Counter[str]:
    """How many findings of each rule the tables of a page tell."""
    told: Counter[str] = Counter()
    for line in page.read_text("utf-8").splitlines():
        row = re.match(r"\| ([A-Z]\d{3}) [^|]*\| ([^|]*) \|", line)
        if row:
            told[row[1]] += sum(map(int, re.findall(r"(\d+) (?:error|warning|note)", row[2])))
    return told
