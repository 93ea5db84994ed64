"""The command has polars keep freed memory for a while; what the user says comes first."""

from __future__ import annotations

import os

import pytest

from perfeval.cli import main
from perfeval.machine import KEPT, VARIABLE


@pytest.mark.parametrize(("said", "expected"), [(None, KEPT), ("narenas:1", "narenas:1")])
def test_the_users_setting_comes_first(
    said: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "")  # put back as it was afterwards
    if said is None:
        monkeypatch.delenv(VARIABLE)
    else:
        monkeypatch.setenv(VARIABLE, said)
    assert main(["policy"]) == 0
    assert os.environ[VARIABLE] == expected
