"""The program's output in README and guides: `python -m tests.readme` renews it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_PICTURE = re.compile(
    r"(?<=<!-- picture: perfeval score examples/actuals.csv -->\n).*?(?=<!-- end of picture -->)",
    re.DOTALL,
)


GUIDES = sorted((ROOT / "docs").glob("*.md"))
_OUTPUT = re.compile(
    r"(?<=<!-- output: )perfeval (?P<words>[^\n]+) -->\n(?P<shown>.*?)(?=<!-- end of output -->)",
    re.DOTALL,
)


def output(*words: str) -> str:
    """What a command (by default the README's) prints in Chinese, 80 columns, no colour."""
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "LANG": "zh_CN.UTF-8"}
    environment.pop("LC_ALL", None)
    words = words or ("score", "examples/actuals.csv")
    command = [sys.executable, "-m", "perfeval", *words, "--lang", "zh"]
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, check=True, encoding="utf-8"
    )
    return run.stdout


def renewed(guide: str) -> str:
    """The text of a guide with every output in it as the program prints it now."""

    def anew(found: re.Match[str]) -> str:
        printed = output(*found["words"].split())
        return f"perfeval {found['words']} -->\n```text\n{printed}```\n"

    return _OUTPUT.sub(anew, guide)


def picture() -> str:
    """The beginning of the sheet (to the end of the projects' lines) and its last lines."""
    head, _, rest = output().partition("\n\n# ")
    sheet = head if rest else output()
    blocks = sheet.split("\n\n")
    tail = output().rstrip().split("\n\n")[-1]
    return "```text\n" + "\n\n".join([*blocks[:2], "…", tail]) + "\n```\n"


def shown() -> str:
    """The picture that the README shows now."""
    found = _PICTURE.search(README.read_text("utf-8"))
    assert found, "README.md has lost the marks around its picture"
    return found[0]


if __name__ == "__main__":
    README.write_text(_PICTURE.sub(lambda _: picture(), README.read_text("utf-8")), "utf-8")
    for page in GUIDES:
        page.write_text(renewed(page.read_text("utf-8")), "utf-8")
