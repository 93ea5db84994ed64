"""What tests of several modules use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings

# No test is about time: the first example may have to load what the others find loaded.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in-process: exit status, stdout, stderr."""
    from perfeval.cli import main

    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.delenv("LC_ALL", raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        status = main(list(words))
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call
