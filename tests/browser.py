"""A headless Chromium that opens our pages, and hears what they say to the console and the net."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

PROGRAM = shutil.which("chromium") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(
    PROGRAM is None, reason="Chromium is not installed: pages are not opened in a browser"
)


@dataclass
class Opened:
    """A page in the browser; `told` is what it wrote to the console or raised, `asked` its requests
    beyond the file itself."""

    page: Page
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, file: Path, fragment: str = "") -> Page:
        """Open a file, as a double click does."""
        url = file.as_uri()
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on(
            "request",
            lambda request: None if request.url == url else self.asked.append(request.url),
        )
        self.page.on("dialog", lambda dialog: self.told.append(dialog.message))
        self.page.goto(url + fragment)
        return self.page


@contextmanager
def browser(**options: Any) -> Iterator[Opened]:
    """A browser window of its own; `options` are those of a Playwright context."""
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not run as root, as which CI runs; the pages are ours.
        program = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        try:
            yield Opened(program.new_context(**options).new_page())
        finally:
            program.close()
