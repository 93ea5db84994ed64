"""The program that takes glyphs and ruled lines out of a PDF, in a process of its own.

It is run by its path, reads the PDF from standard input and its bounds, as JSON, from its argument,
and imports nothing of perfeval: what a hostile file does to the library stays in this process. It
writes one JSON object per line: one for each page, or one with `error` as the last.

Coordinates are points from the top left corner of the page as its text is read: a page whose text
runs upwards is turned.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

THIN = 3.0  # a filled area of at most this width is a line
STRAIGHT = 0.7  # how far from level or upright a line may be
DEEPEST = 12  # drawings within drawings

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Point = tuple[float, float]


class RefusalError(Exception):
    """What a page or file has too much of."""


def limit_resources(bounds: dict[str, int]) -> None:
    """Let the system end this process where it takes too much memory or time."""
    try:
        import resource
    except ImportError:  # Windows: the time that the caller waits is the only limit
        return
    for name, most in (
        (resource.RLIMIT_AS, bounds["memory"]),
        (resource.RLIMIT_CPU, bounds["seconds"]),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(name, (most, most))


def main() -> None:
    """Read, take apart, write."""
    bounds = json.loads(sys.argv[1])
    limit_resources(bounds)
    try:
        for line in pages(sys.stdin.buffer.read(), bounds):
            sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
    except RefusalError as refusal:
        print(json.dumps({"error": str(refusal.args[0]), "page": refusal.args[1]}))
    except MemoryError:
        print(json.dumps({"error": "memory", "page": 0}))


def pages(data: bytes, bounds: dict[str, int]) -> Iterator[dict[str, Any]]:
    """What each page of a PDF holds."""
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        protected = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD
        raise RefusalError("password" if protected else "damaged", 0) from None
    count = len(document)
    if count > bounds["pages"]:
        raise RefusalError("pages", 0)
    left = Counter(characters=bounds["characters"], objects=bounds["objects"])
    for number in range(count):
        handle = raw.FPDF_LoadPage(document.raw, number)
        if not handle:
            yield {"number": number + 1, "missing": True}
            continue
        # What is filled in on the page (fields, notes) becomes part of it, as if it were printed.
        if raw.FPDFPage_GetAnnotCount(handle) and (
            raw.FPDFPage_Flatten(handle, raw.FLAT_PRINT) == raw.FLATTEN_SUCCESS
        ):
            raw.FPDF_ClosePage(handle)
            handle = raw.FPDF_LoadPage(document.raw, number)
        yield _Page(raw, handle, number + 1, bounds, left).content()
        raw.FPDF_ClosePage(handle)


class _Page:
    """One page while it is taken apart."""

    def __init__(
        self, raw: Any, handle: Any, number: int, bounds: dict[str, int], left: Counter[str]
    ) -> None:
        self.raw, self.handle, self.number = raw, handle, number
        self.bounds, self.left = bounds, left
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(handle, box)
        self.box = (box.left, box.bottom, box.right, box.top)
        self.glyphs: list[tuple[str, float, float, float, float, float, int, int]] = []
        self.rules: list[Box] = []
        self.dots: dict[Box, None] = {}
        self.clips: list[Box | None] = []
        self.pictures = 0

    def content(self) -> dict[str, Any]:
        """Glyphs and ruled lines, as the page is read."""
        self._read_glyphs()
        self._read_objects()
        turns = Counter(glyph[6] for glyph in self.glyphs if not glyph[0].isspace())
        turn = turns.most_common(1)[0][0] if turns else 0
        width, height = self.box[2] - self.box[0], self.box[3] - self.box[1]
        if turn % 2:
            width, height = height, width
        text: list[str] = []
        places: list[float] = []
        objects: list[int] = []
        hidden: list[list[float]] = []
        for character, x0, y0, x1, y1, size, own, thing in self.glyphs:
            left, top, right, bottom = self._turned(turn, x0, y0, x1, y1)
            x, y = (left + right) / 2, (top + bottom) / 2
            if not (0 <= x <= width and 0 <= y <= height):
                continue  # outside the page, where nobody sees it
            found = self.clips[thing - 1]
            if found:
                clip = self._turned(turn, *found)
                if not (clip[0] - 1 <= x <= clip[2] + 1 and clip[1] - 1 <= y <= clip[3] + 1):
                    near = (
                        min(max(x, clip[0] + 1), clip[2] - 1),
                        min(max(y, clip[1] + 1), clip[3] - 1),
                    )
                    hidden.append([len(text), *(round(each, 2) for each in near)])
            text.append(character)
            places += [round(each, 2) for each in (left, right, bottom, size)]
            objects.append(thing if own == turn else -1)
        rules = [
            [round(each, 2) for each in self._turned(turn, *rule)]
            for rule in dict.fromkeys(self.rules)
        ]
        return {
            "number": self.number,
            "width": round(width, 2),
            "height": round(height, 2),
            "text": "".join(text),
            "places": places,
            "objects": objects,
            "hidden": hidden,
            "rules": rules,
            "dots": [[round(each, 2) for each in self._turned(turn, *dot)] for dot in self.dots],
            "pictures": self.pictures,
        }

    def _turned(
        self, turn: int, x0: float, y0: float, x1: float, y1: float
    ) -> tuple[float, float, float, float]:
        """A box (the lower left and the upper right corner) from the top left of the turned page.

        `turn` counts the quarters that the text is turned by, against the clock.
        """
        left, bottom, right, top = self.box
        corners = []
        for x, y in ((x0, y0), (x1, y1)):
            corners.append(
                (
                    (x - left, top - y),
                    (y - bottom, x - left),
                    (right - x, y - bottom),
                    (top - y, right - x),
                )[turn]
            )
        (ax, ay), (bx, by) = corners
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def _read_glyphs(self) -> None:
        raw = self.raw
        text = raw.FPDFText_LoadPage(self.handle)
        if not text:
            return
        count = raw.FPDFText_CountChars(text)
        self.left["characters"] -= max(count, 0)
        if count > self.bounds["page_characters"]:
            raise RefusalError("page_characters", self.number)
        if self.left["characters"] < 0:
            raise RefusalError("characters", self.number)
        box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        x, y = ctypes.c_double(), ctypes.c_double()
        before, thing, size, turn = None, 0, 0.0, 0
        for index in range(count):
            if raw.FPDFText_IsGenerated(text, index) == 1:
                continue
            code = raw.FPDFText_GetUnicode(text, index)
            if code in (0xFFFE, 0xFFFF, 0) or raw.FPDFText_HasUnicodeMapError(text, index) == 1:
                code = 0xFFFD
            if code in (9, 10, 13) or code > 0x10FFFF or 0xD800 <= code < 0xE000:
                continue
            if not raw.FPDFText_GetLooseCharBox(text, index, box):
                continue
            found = raw.FPDFText_GetTextObject(text, index)
            address = ctypes.cast(found, ctypes.c_void_p).value if found else 0
            if address != before or not thing:
                before, thing = address, thing + 1
                raw.FPDFText_GetMatrix(text, index, matrix)
                size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
                turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
                self.clips.append(self._clip(found) if found else None)
            raw.FPDFText_GetCharOrigin(text, index, x, y)
            # The foot of the box is the line that the glyph stands on.
            sides = {
                0: (box.left, y.value, box.right, y.value + size),
                1: (x.value - size, box.bottom, x.value, box.top),
                2: (box.left, y.value - size, box.right, y.value),
                3: (x.value, box.bottom, x.value + size, box.top),
            }[turn]
            if all(map(math.isfinite, (*sides, size))):
                self.glyphs.append((chr(code), *sides, size, turn, thing))
        raw.FPDFText_ClosePage(text)

    def _clip(self, thing: Any) -> Box | None:
        """The box within which a text is shown; None where it is shown whole."""
        raw = self.raw
        path = raw.FPDFPageObj_GetClipPath(thing)
        if not path:
            return None
        box: Box | None = None
        point = [ctypes.c_float(), ctypes.c_float()]
        for index in range(max(raw.FPDFClipPath_CountPaths(path), 0)):
            xs, ys = [], []
            for number in range(max(raw.FPDFClipPath_CountPathSegments(path, index), 0)):
                self._spend()
                segment = raw.FPDFClipPath_GetPathSegment(path, index, number)
                if segment and raw.FPDFPathSegment_GetPoint(segment, *point):
                    xs.append(point[0].value)
                    ys.append(point[1].value)
            if xs:
                own = (min(xs), min(ys), max(xs), max(ys))
                box = own if box is None else (
                    max(box[0], own[0]), max(box[1], own[1]),
                    min(box[2], own[2]), min(box[3], own[3]),
                )  # fmt: skip
        return box if box and all(map(math.isfinite, box)) else None

    def _spend(self, count: int = 1) -> None:
        self.left["objects"] -= count
        if self.left["objects"] < 0:
            raise RefusalError("objects", self.number)

    def _read_objects(self) -> None:
        raw = self.raw
        count = raw.FPDFPage_CountObjects(self.handle)
        for index in range(count):
            self._read_object(raw.FPDFPage_GetObject(self.handle, index), None, 0)

    def _read_object(self, thing: Any, outer: Matrix | None, depth: int) -> None:
        raw = self.raw
        self._spend()
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            self.pictures += 1
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self._read_path(thing, self._matrix(thing, outer))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            matrix = self._matrix(thing, outer)
            for index in range(raw.FPDFFormObj_CountObjects(thing)):
                self._read_object(raw.FPDFFormObj_GetObject(thing, index), matrix, depth + 1)

    def _matrix(self, thing: Any, outer: Matrix | None) -> Matrix:
        found = self.raw.FS_MATRIX(1, 0, 0, 1, 0, 0)
        self.raw.FPDFPageObj_GetMatrix(thing, found)
        a, b, c, d, e, f = found.a, found.b, found.c, found.d, found.e, found.f
        if outer is None:
            return a, b, c, d, e, f
        p, q, r, s, t, u = outer
        return (
            a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
            e * p + f * r + t, e * q + f * s + u,
        )  # fmt: skip

    def _read_path(self, path: Any, matrix: Matrix) -> None:
        raw = self.raw
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(path, fill, stroke):
            return
        outlines = self._outlines(path, matrix)
        for outline in outlines:
            self._dot(outline)
        if stroke.value:
            for outline in outlines:
                for (x0, y0), (x1, y1) in pairwise(outline):
                    self._rule(x0, y0, x1, y1, STRAIGHT)
        if fill.value:
            self._read_fill(outlines)

    def _read_fill(self, outlines: list[list[Point]]) -> None:
        boxes = []
        for outline in outlines:
            xs, ys = zip(*outline, strict=True)
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
        for x0, y0, x1, y1 in boxes:
            self._rule(x0, y0, x1, y1, THIN)
        if len(boxes) == 2:  # a frame: what is between two boxes, one within the other
            outer, inner = sorted(boxes, key=lambda box: -(box[2] - box[0]) * (box[3] - box[1]))
            edges = [abs(one - two) for one, two in zip(outer, inner, strict=True)]
            if max(edges) <= THIN:
                x0, y0, x1, y1 = outer
                for edge in (
                    (x0, y0, x1, y0),
                    (x0, y1, x1, y1),
                    (x0, y0, x0, y1),
                    (x1, y0, x1, y1),
                ):
                    self._rule(*edge, THIN)

    def _dot(self, outline: list[Point]) -> None:
        """Note what is too short for a line: a dotted line may be made of it."""
        if not all(map(math.isfinite, (each for point in outline for each in point))):
            return
        xs, ys = zip(*outline, strict=True)
        width, height = max(xs) - min(xs), max(ys) - min(ys)
        longest = max(width, height)
        if longest <= THIN and longest < max(THIN / 2, 2 * min(width, height)):
            if len(self.dots) >= self.bounds["page_rules"]:
                raise RefusalError("page_rules", self.number)
            self.dots[min(xs), min(ys), max(xs), max(ys)] = None

    def _rule(self, x0: float, y0: float, x1: float, y1: float, thin: float) -> None:
        """Note what is level or upright, and longer than it is thick."""
        if not all(map(math.isfinite, (x0, y0, x1, y1))):
            return
        width, height = abs(x1 - x0), abs(y1 - y0)
        if min(width, height) > thin or max(width, height) < max(THIN / 2, 2 * min(width, height)):
            return
        if len(self.rules) >= self.bounds["page_rules"]:
            raise RefusalError("page_rules", self.number)
        if width > height:
            y = (y0 + y1) / 2
            self.rules.append((min(x0, x1), y, max(x0, x1), y))
        else:
            x = (x0 + x1) / 2
            self.rules.append((x, min(y0, y1), x, max(y0, y1)))

    def _outlines(self, path: Any, matrix: Matrix) -> list[list[Point]]:
        """The corners of each part of a path; curves count as what joins their ends."""
        raw = self.raw
        a, b, c, d, e, f = matrix
        x, y = ctypes.c_float(), ctypes.c_float()
        outlines: list[list[Point]] = []
        count = raw.FPDFPath_CountSegments(path)
        self._spend(max(count, 0))
        for index in range(count):
            segment = raw.FPDFPath_GetPathSegment(path, index)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO or not outlines:
                outlines.append([point])
            else:
                outlines[-1].append(point)
            if raw.FPDFPathSegment_GetClose(segment):
                outlines[-1].append(outlines[-1][0])
        return outlines


if __name__ == "__main__":
    main()
