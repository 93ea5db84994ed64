"""Where text goes: how wide and how coloured; and lines of styled pieces on a stream."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

PIPED_WIDTH = 100
NARROWEST, WIDEST = 72, 160

Line = list[tuple[str, str]]
"""Pieces of one line: text and a style (rich's words: "bold", "dim", "red" …; "" for none)."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a sheet is laid out: language, cells per line, drawn bars or ASCII ones, bounds."""

    lang: str
    width: int = PIPED_WIDTH
    colour: bool = False
    blocks: bool = False
    everything: bool = False

    @property
    def bar_signs(self) -> str:
        """What is certain, what is still possible, what is lost."""
        return "█▒░" if self.blocks else "#+."


def look(stream: TextIO, lang: str, *, everything: bool = False) -> Look:
    """The look that suits `stream`: plain where it is no terminal, or `NO_COLOR` is set.

    `COLUMNS` holds where it is set; else a terminal's own width, and `PIPED_WIDTH` for the rest.
    """
    terminal = stream.isatty()
    if terminal:
        columns = shutil.get_terminal_size((PIPED_WIDTH, 24)).columns
    else:
        asked = os.environ.get("COLUMNS", "")
        columns = int(asked) if asked.isdecimal() and int(asked) else PIPED_WIDTH
    dumb = os.environ.get("TERM", "") == "dumb"
    return Look(
        lang=lang,
        width=min(max(columns, NARROWEST), WIDEST),
        colour=terminal and not dumb and not os.environ.get("NO_COLOR"),
        blocks=terminal and not dumb and _encodes("█▒░", stream.encoding),
        everything=everything,
    )


def _encodes(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def plain(lines: Iterable[Line]) -> str:
    """The lines as text without styles or trailing blanks."""
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def paint(lines: Iterable[Line], stream: TextIO, *, colour: bool) -> None:
    """Write the lines to `stream`, in colour where asked."""
    if not colour:
        stream.write(plain(lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False, emoji=False, width=WIDEST + 1)
    for line in lines:
        console.print(Text.assemble(*line), no_wrap=True, overflow="ignore", crop=False)
