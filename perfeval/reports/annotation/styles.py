"""Cell styles: every style that is asked for, again with another fill."""

from __future__ import annotations

from perfeval.reports.annotation.xml import Element, elements, set_attribute, spliced, utf8

COLOURS = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "info": "FFDDEBF7"}
"""Fill by severity, alpha first."""


class Styles:
    """The styles part of a workbook; nothing in it changes, styles are only added.

    Raises `ValueError` for a part without fills or styles of cells, which no program writes.
    """

    def __init__(self, part: bytes) -> None:
        self._part = utf8(part)
        found = list(elements(self._part, _is_wanted))
        lists = {each.local: each for each in found if each.depth == 1}
        if not {"fills", "cellXfs"} <= set(lists):
            raise ValueError("styles")
        self._fills, self._formats = lists["fills"], lists["cellXfs"]
        self._known = [each for each in found if each.local == "xf"]
        self._fill_count = sum(each.local == "fill" for each in found)
        self._new: dict[tuple[int, str], int] = {}
        self._severities: dict[str, int] = {}

    def marked(self, style: int, severity: str) -> int:
        """The number of the style that is like `style`, in the colour of `severity`."""
        self._severities.setdefault(severity, self._fill_count + len(self._severities))
        key = (style if style < len(self._known) else 0, severity)
        return self._new.setdefault(key, len(self._known) + len(self._new))

    def content(self) -> bytes:
        """The part with the styles that were asked for."""
        if not self._new:
            return self._part
        fills = b"".join(map(self._fill, self._severities))
        formats = b"".join(self._format(*key) for key in self._new)
        fill_count, count = (
            self._fill_count + len(self._severities),
            len(self._known) + len(self._new),
        )
        return spliced(
            self._part,
            [
                *self._fills.grown(self._part, fills, count=fill_count),
                *self._formats.grown(self._part, formats, count=count),
            ],
        )

    def _fill(self, severity: str) -> bytes:
        name = f"{self._fills.prefix}fill"
        pattern = f"{self._fills.prefix}patternFill"
        colour = f'<{self._fills.prefix}fgColor rgb="{COLOURS[severity]}"/>'
        return f'<{name}><{pattern} patternType="solid">{colour}</{pattern}></{name}>'.encode()

    def _format(self, style: int, severity: str) -> bytes:
        if not self._known:
            fill = self._severities[severity]
            return f'<{self._formats.prefix}xf fillId="{fill}" applyFill="1"/>'.encode()
        known = self._known[style]
        tag = self._part[known.start : known.inside]
        tag = set_attribute(tag, "fillId", self._severities[severity])
        tag = set_attribute(tag, "applyFill", 1)
        return tag + self._part[known.inside : known.end]


def _is_wanted(element: Element) -> bool:
    above = element.parent.local if element.parent else ""
    if element.local in ("fills", "cellXfs"):
        return element.depth == 1
    return (element.local, above) in (("fill", "fills"), ("xf", "cellXfs"))
