"""What `review` says of a batch as a whole: what was not handed in, and what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

from perfeval.reviewing import review
from tests.conftest import Run
from tests.scoring import write
from tests.test_review import SATISFACTION


def test_an_approved_project_without_a_self_evaluation_is_told(tmp_path: Path, run: Run) -> None:
    names = {f"P{n}": f"项目{n}" for n in range(1, 25)}
    approved = str(
        write(
            tmp_path / "specs.csv",
            [
                {**SATISFACTION, "project": code, "project_name": name}
                for code, name in names.items()
            ],
        )
    )
    claims = str(write(tmp_path / "claims.csv", [{**SATISFACTION, "project_name": "项目1"}]))
    status, out, _ = run("review", claims, "--specs", approved)
    assert status == 0
    assert "Approved projects 24 = with a self-evaluation 1 + without one 23" in out
    assert "the approved project P2 项目2 has no self-evaluation here" in out
    # The list is as long as any other.
    assert "P21 项目21" in out
    assert "P22 项目22" not in out
    assert "another 3 findings. --all shows them" in out
    _, out, _ = run("review", claims, "--specs", approved, "--format", "json")
    told = json.loads(out)
    counts = {"projects": 24, "evaluated": 1, "not_evaluated": 23}
    assert told["receipt"]["counts"]["approved"] == counts
    assert [each["project"] for each in told["findings"] if each["code"] == "R507"] == [*names][1:]
    assert [each["project"] for each in told["projects"]] == ["P1"]
    # Nobody knows what was approved.
    assert "approved" not in review(claims).receipt["counts"]
