"""The bounds around `extract`, and what is said where it cannot take a file apart."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from perfeval.messages import N_
from perfeval.problems import InputError
from perfeval.sources.grids import bounds

MAGIC = b"%PDF-"
_WITHIN = 1024  # bytes before the magic that readers of PDF allow

_NO_LIBRARY = N_(
    "this is a PDF; reading it needs a library that is not installed: pip install 'perfeval[pdf]'"
)
_TOO_MUCH = N_(
    "the PDF takes more than {seconds} seconds or {memory} MB of memory to read, or is damaged so"
    " that it cannot be read; print it to a new PDF, or give its table as a workbook (.xlsx)"
)
_REFUSALS = {
    "password": N_(
        "the PDF is protected by a password; save it without one (print it to a new PDF)"
    ),
    "damaged": N_(
        "the PDF is damaged or cut off: {bytes} bytes cannot be read as pages; get it again, or"
        " print it to a new PDF"
    ),
    "pages": N_("the PDF has more than {pages} pages, the most that is read of one; divide it"),
    "characters": N_(
        "the PDF has more than {characters} characters, the most that is read of one; divide it"
    ),
    "page_characters": N_(
        "page {page} of the PDF has more than {page_characters} characters, the most that is read"
        " of one; no form has that many: give its table as a workbook (.xlsx)"
    ),
    "page_rules": N_(
        "page {page} of the PDF has more than {page_rules} lines, the most that is read of one; no"
        " form has that many: give its table as a workbook (.xlsx)"
    ),
    "objects": N_(
        "page {page} of the PDF: there are more than {objects} drawings up to here, the most that"
        " is read of one file; give its table as a workbook (.xlsx)"
    ),
    "memory": _TOO_MUCH,
}


@dataclass(slots=True)
class Page:
    """What is on a page: glyphs and ruled lines, in points from the top left of the page.

    Of the glyph `text[i]`, `places[i]` holds its left and right, the line that it stands on, and
    its size; glyphs of one `objects[i]` were set together, -1 stands for those set askew. `hidden`
    glyphs are cut off at the edge of what is shown of their text: (i, x, y) with the nearest point
    that is. A rule is (left, top, right, bottom), level or upright; dots are boxes too short for
    one. `missing` pages could not be read.
    """

    number: int
    width: float = 0.0
    height: float = 0.0
    text: str = ""
    places: list[tuple[float, float, float, float]] | None = None
    objects: list[int] | None = None
    hidden: list[tuple[int, float, float]] | None = None
    rules: list[tuple[float, float, float, float]] | None = None
    dots: list[tuple[float, float, float, float]] | None = None
    pictures: int = 0
    missing: bool = False


def is_pdf(data: bytes) -> bool:
    """Whether the bytes of a file begin as those of a PDF do."""
    return data.startswith(b"%PDF") or (MAGIC in data[:_WITHIN] and b"\0" not in data[:16])


def read_pages(data: bytes, file: str) -> Iterator[Page]:
    """The pages of a PDF.

    Raises `InputError` where the library is missing, for protected and damaged files, and for those
    beyond the bounds.
    """
    if find_spec("pypdfium2") is None:
        raise InputError.of(_NO_LIBRARY, file=file)
    limits = {
        "pages": bounds.MOST_PAGES,
        "characters": bounds.MOST_CHARACTERS,
        "page_characters": bounds.MOST_PAGE_CHARACTERS,
        "page_rules": bounds.MOST_PAGE_RULES,
        "objects": bounds.MOST_OBJECTS,
        "seconds": bounds.PDF_SECONDS,
        "memory": bounds.PDF_MEMORY,
    }
    for line in _run(data, limits, file):
        found: dict[str, Any] = json.loads(line)
        if "error" in found:
            values = limits | {"memory": limits["memory"] // bounds.MEGABYTE}
            values |= {"page": found["page"], "bytes": len(data)}
            raise InputError.of(_REFUSALS[found["error"]], file=file, **values)
        if found.get("places"):
            numbers = iter(found["places"])
            found["places"] = list(zip(numbers, numbers, numbers, numbers, strict=True))
        yield Page(**found)


def _run(data: bytes, limits: dict[str, int], file: str) -> list[bytes]:
    """The lines that the program writes of a PDF."""
    program = Path(__file__).with_name("extract.py")
    command = [sys.executable, "-P", str(program), json.dumps(limits)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=2 * limits["seconds"], check=False
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode:
        memory = limits["memory"] // bounds.MEGABYTE
        raise InputError.of(_TOO_MUCH, file=file, seconds=limits["seconds"], memory=memory)
    return done.stdout.splitlines()
