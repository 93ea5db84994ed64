"""Charts as SVG, drawn by Vega-Lite before the page is opened, with their numbers as a table.

Nothing in them is measured by the fonts of the machine (margins are given, labels are cut and
legends written by us), so that the same numbers give the same bytes everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perfeval.reports.text import escaped, shorten
from perfeval.reports.values import point_range

if TYPE_CHECKING:
    from markupsafe import Markup

COLOURS = ("#17456e",), ("#7a94ad", "#17456e"), ("#a3261b", "#b3760a", "#5f7f9d")
"""Of one series, of two (before and after), of three (by severity): 3 : 1 or more against white."""

_SHADES = ("#e3ebf3", "#8fb0cf")
"""Few and many: dark numbers stay legible on both."""

_GRID, _INK = "#dfe3e8", "#33404d"
_WIDTH, _HEIGHT = 520, 220
_PADDING = {"left": 48, "right": 12, "top": 26, "bottom": 40}
_LABEL = 22
"""Cells of a department's name beside its marks."""

_SIZE = re.compile(r' width="[\d.]+" height="[\d.]+"')
_Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its title, the names of its series, and its numbers: `head` and `rows`."""

    title: str
    svg: Markup
    series: Sequence[str]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def bars(
    title: str,
    label: str,
    values: Mapping[str, Sequence[int]],
    series: Sequence[str],
    count: str,
) -> Chart:
    """A group of bars for each of `values`: its label, and a count for each of `series`."""
    rows = [
        {"label": name, "series": each, "count": n}
        for name, counts in values.items()
        for each, n in zip(series, counts, strict=True)
    ]
    few = len(values) <= 8
    x = {"field": "label", "type": "nominal", "sort": None, "title": label, "axis": {
        "labelAngle": 0, "minExtent": 20, "maxExtent": 20, "ticks": False, "domain": True,
    }}  # fmt: skip
    offset = {"field": "series", "sort": None}
    bar = {
        "mark": {"type": "bar"},
        "encoding": {
            "x": x, "xOffset": offset,
            "y": _axis("count", count),
            "color": _colour(series),
        },
    }  # fmt: skip
    number = {
        "transform": [{"filter": "datum.count > 0"}],
        "mark": {"type": "text", "dy": -6, "fontSize": 11, "color": _INK},
        "encoding": {"x": x, "xOffset": offset, "y": _axis("count", count),
                     "text": {"field": "count", "type": "quantitative", "format": ",d"}},
    }  # fmt: skip
    layers: list[_Spec] = [bar, number] if few else [bar]
    table = [[name, *map(str, counts)] for name, counts in values.items()]
    return Chart(title, _drawn(layers, rows, title), series, [label, *series], table)


def _colour(series: Sequence[str]) -> _Spec:
    """The colours of the series; the legend is the page's."""
    scale = {"domain": list(series), "range": list(COLOURS[len(series) - 1])}
    return {
        "field": "series",
        "type": "nominal",
        "sort": None,
        "legend": None,
        "scale": scale,
    }


def _axis(name: str, title: str, **more: Any) -> _Spec:
    return {"field": name, "type": "quantitative", "title": title, **more,
            "axis": {**_LYING, "tickCount": 5, "tickMinStep": 1, "format": ",~f",
                     **more.get("axis", {})}}  # fmt: skip


# The title of an upright axis lies above it, where it needs no room beside the numbers.
_LYING = {
    "minExtent": 34, "maxExtent": 34, "titleAngle": 0, "titleAlign": "left", "titleX": -40,
    "titleY": -10, "titleBaseline": "bottom",
}  # fmt: skip


def spans(
    title: str,
    label: str,
    values: Sequence[tuple[str, Sequence[int | None]]],
    series: Sequence[str],
    axis: str,
) -> Chart:
    """A line per name from the first series' points to the second's (in hundredths)."""
    names = [f"{number}" for number in range(len(values))]
    rows: list[dict[str, Any]] = [
        {"name": number, "series": each, "value": value / 100}
        for number, (_, own) in zip(names, values, strict=True)
        for each, value in zip(series, own, strict=True)
        if value is not None
    ]
    least = min((row["value"] for row in rows), default=0)
    # Names are data, never a part of an expression.
    labels = [
        {"name": number, "label": shorten(escaped(name), _LABEL)}
        for number, (name, _) in zip(names, values, strict=True)
    ]
    scale = {"domain": [max(0, int(least) // 10 * 10), 100], "nice": False, "clamp": True}
    y = {"field": "name", "type": "nominal", "sort": names, "title": None,
         "scale": {"domain": names},
         "axis": {"labels": False, "ticks": False, "domain": False, "grid": True}}  # fmt: skip
    x = {"field": "value", "type": "quantitative", "title": axis, "scale": scale,
         "axis": {"minExtent": 20, "maxExtent": 20, "tickCount": 6, "format": ",~f"}}  # fmt: skip
    colour = _colour(series)
    line = {
        "transform": [{"aggregate": [{"op": "min", "field": "value", "as": "low"},
                                     {"op": "max", "field": "value", "as": "high"}],
                       "groupby": ["name"]}],
        "mark": {"type": "rule", "strokeWidth": 2, "color": "#b4bfca"},
        "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
    }  # fmt: skip
    dot = {
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
        "encoding": {"y": y, "x": x, "color": colour},
    }
    beside = {
        "data": {"values": labels},
        "mark": {"type": "text", "align": "right", "dx": -8, "fontSize": 11, "color": _INK},
        "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "label", "type": "nominal"}},
    }
    table = [[name, *(point_range(each, each) for each in own)] for name, own in values]
    padding = {**_PADDING, "left": 158}
    svg = _drawn(
        [line, dot, beside], rows, title, height=max(60, 20 * len(values)), padding=padding,
    )  # fmt: skip
    return Chart(title, svg, series, [label, *series], table)


def heat(
    title: str,
    columns: Sequence[str],
    lines: Sequence[str],
    counts: Sequence[Sequence[int]],
    axes: tuple[str, str, str],
) -> Chart:
    """How many fall into each field: `counts` per line (the uppermost first) and column."""
    rows = [
        {"column": column, "line": line, "count": n}
        for line, own in zip(lines, counts, strict=True)
        for column, n in zip(columns, own, strict=True)
        if n
    ]
    x = {"field": "column", "type": "nominal", "sort": list(columns), "title": axes[0],
         "scale": {"domain": list(columns)},
         "axis": {"labelAngle": 0, "minExtent": 20, "maxExtent": 20, "ticks": False,
                  "labelLimit": 0}}  # fmt: skip
    y = {"field": "line", "type": "nominal", "sort": list(lines), "title": axes[1],
         "scale": {"domain": list(lines)},
         "axis": {**_LYING, "titleX": -52, "ticks": False}}  # fmt: skip
    field = {
        "mark": {"type": "rect", "stroke": "#ffffff"},
        "encoding": {"x": x, "y": y, "color": {
            "field": "count", "type": "quantitative", "legend": None,
            "scale": {"type": "sqrt", "range": _SHADES},
        }},
    }  # fmt: skip
    number = {
        "mark": {"type": "text", "fontSize": 11},
        "encoding": {"x": x, "y": y, "text": {"field": "count", "type": "quantitative"},
                     "color": {"value": _INK}},
    }  # fmt: skip
    table = [[line, *map(str, own)] for line, own in zip(lines, counts, strict=True)]
    svg = _drawn([field, number], rows, title, padding={**_PADDING, "left": 64})
    return Chart(title, svg, (), [axes[1], *columns], table, axes[2])


def _drawn(
    layers: Sequence[_Spec],
    rows: Sequence[Mapping[str, Any]],
    title: str,
    height: int = _HEIGHT,
    padding: Mapping[str, int] = _PADDING,
) -> Markup:
    """The picture as an `svg` element that is one image to a screen reader, called `title`."""
    import vl_convert
    from markupsafe import Markup, escape

    text = {"font": "sans-serif", "labelFontSize": 11, "titleFontSize": 11, "labelColor": _INK,
            "titleColor": _INK, "titleFontWeight": "normal", "labelOverlap": False}  # fmt: skip
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": list(rows)},
        "width": _WIDTH - padding["left"] - padding["right"],
        "height": height,
        "padding": dict(padding),
        "autosize": "none",
        "layer": list(layers),
        "config": {
            "background": None,
            "view": {"stroke": None},
            "axis": {**text, "gridColor": _GRID, "domainColor": "#8a97a5", "tickColor": "#8a97a5"},
            "text": {"font": "sans-serif"},
            "aria": False,
        },
    }
    svg = vl_convert.vegalite_to_svg(spec)
    head, _, rest = svg.partition(">")
    head = _SIZE.sub("", head, count=1)
    return Markup(f'{head} role="img" aria-label="{escape(escaped(title))}">{rest}')
