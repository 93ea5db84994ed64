"""Pages whose lines are broken: dashes and dots drawn in the ways that programs have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from tests import pdfs

Draw = Callable[[Canvas, float, float, float, float], None]


def solid(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.line(x0, y0, x1, y1)


def told(*pattern: float) -> Draw:
    """A line of which the PDF says how it is broken."""

    def draw(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
        canvas.setDash(*pattern)
        canvas.line(x0, y0, x1, y1)
        canvas.setDash()

    return draw


def pieces(dash: float, *gaps: float, shape: str = "line") -> Draw:
    """Each dash drawn by itself, as a line, a filled area or a round dot; gaps in turn."""

    def draw(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
        length, at, gap = abs(x1 - x0) + abs(y1 - y0), 0.0, cycle(gaps)
        across, down = (x1 - x0) / length, (y1 - y0) / length
        while at < length:
            own = min(dash, length - at)
            x, y = x0 + across * at, y0 + down * at
            if shape == "line":
                canvas.line(x, y, x + across * own, y + down * own)
            elif shape == "area":
                wide, high = abs(across) * own or 0.5, abs(down) * own or 0.5
                canvas.rect(x, y - (high if down else 0), wide, high, stroke=0, fill=1)
            else:
                canvas.circle(x, y, 0.5, stroke=0, fill=1)
            at += own + next(gap)

    return draw


def table(
    path: Path,
    texts: Sequence[Sequence[str]],
    outer: Draw,
    inner: Draw,
    canvas: Canvas | None = None,
) -> Path:
    """A table with `outer` lines around it and `inner` ones between its cells."""
    canvas = canvas or Canvas(str(path))
    width, height = 490 / len(texts[0]), 20.0
    xs = [50 + width * column for column in range(len(texts[0]) + 1)]
    ys = [780 - height * row for row in range(len(texts) + 1)]
    canvas.setLineWidth(0.5)
    for index, y in enumerate(ys):
        (outer if index in (0, len(ys) - 1) else inner)(canvas, xs[0], y, xs[-1], y)
    for index, x in enumerate(xs):
        (outer if index in (0, len(xs) - 1) else inner)(canvas, x, ys[0], x, ys[-1])
    canvas.setFont(pdfs.FONT, 9)
    for y, row in zip(ys, texts, strict=False):
        for x, text in zip(xs, row, strict=False):
            canvas.drawString(x + 3, y - 14, text)
    canvas.save()
    return path
