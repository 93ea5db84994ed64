"""Runs of the Spark engine, several in one session, in a process of their own.

    python -m tests.spark_runs JOBS

JOBS is a JSON list of runs: actuals, specs, execution, policy, memory and output. Prints a JSON
list with what each came to: the problems it told, or nothing. A session takes its time to start,
and what PySpark warns of is no concern of the tests.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from perfeval.engines.spark.run import Inputs, score_to
from perfeval.engines.spark.session import running
from perfeval.problems import InputError
from perfeval.reports import as_json


def run(jobs: list[dict[str, Any]], master: str) -> list[list[str]]:
    told: list[list[str]] = []
    with running(master) as spark:
        for job in jobs:
            output = job.pop("output")
            inputs = Inputs(**{"execution": None, "policy": "general", "memory": 1, **job})
            try:
                score_to(
                    spark, inputs, output,
                    lambda each: as_json.receipt_text(each, "en"),
                    lambda step, done, of: None,
                )  # fmt: skip
                told.append([])
            except InputError as error:
                told.append([problem.text("en") for problem in error.problems])
    return told


if __name__ == "__main__":
    found = run(json.loads(Path(sys.argv[1]).read_text()), os.environ.get("MASTER", "local[2]"))
    print(json.dumps(found))
