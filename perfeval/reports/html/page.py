"""The page around its content: template, style and script in one file that asks for nothing else.

The script is the table library DataTables, as the package `itables` ships it, and `page.js`; the
charts are drawn beforehand (`charts`). A content security policy forbids every request, and every
script but that one.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from perfeval import __version__
from perfeval.messages import N_, render
from perfeval.problems import InputError
from perfeval.reports.findings import place
from perfeval.reports.html.packing import embedded
from perfeval.reports.text import escaped

HERE = Path(__file__).parent
NEEDED = ("jinja2", "itables", "vl_convert")
_EXPORTS = re.compile(r"export\{([\w$ ,]+)\}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table on the page: the key of its data, its title, and how it is shown.

    `kind` is one that page.js knows: text, name, points, range, change, number, percent, severity,
    counts, grade …; `more` what that kind needs.
    """

    key: str
    title: str
    kind: str = "text"
    more: Mapping[str, Any] = field(default_factory=dict)

    def told(self, lang: str) -> dict[str, Any]:
        """As page.js reads it."""
        return {
            "key": self.key,
            "title": render(self.title, {}, lang),
            "kind": self.kind,
            **self.more,
        }


MINOR = {"minor": True}
"""A column that a narrow screen leaves to the sheet."""


def require_extra() -> None:
    """Raise `InputError` where a package that the page is made with is missing."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError.of(
            N_(
                "a page needs packages that are not installed: {missing}; install them with"
                " pip install 'perfeval[html]'"
            ),
            missing=missing,
        )


def write_page(
    template: str,
    file: BinaryIO,
    lang: str,
    config: Mapping[str, Any],
    sheets: Iterable[Mapping[str, Any]],
    **content: Any,
) -> None:
    """Write the page of `template` to `file`: `config` and `sheets` are the data of page.js."""
    import jinja2
    from markupsafe import Markup

    def said(text: str, **values: object) -> str:
        return render(text, values, lang)

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_visible,
    )
    environment.globals |= {
        "_": said,
        "place": place,
    }
    style, script = _style(), _script()
    pieces = environment.get_template(template).generate(
        **content,
        lang="zh-CN" if lang == "zh" else "en",
        version=__version__,
        policy_of_page=_security(style, script),
        style=Markup(style),
        script=Markup(script),
        config=Markup(embedded({**config, "words": words(lang)})),
        sheets=(Markup(embedded(sheet)) for sheet in sheets),
    )
    for piece in pieces:
        # A path's undecodable bytes are lone surrogates, which no page can hold.
        file.write(piece.encode(errors="backslashreplace"))


def _visible(value: Any) -> Any:
    """Texts with what hides in them made visible; markup of our own as it is."""
    return escaped(value, keep="\n\t") if type(value) is str else value


def _security(style: str, script: str) -> str:
    def digest(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)};"
        " base-uri 'none'; form-action 'none'"
    )


@cache
def _style() -> str:
    return (HERE / "page.css").read_text("utf-8")


@cache
def _script() -> str:
    """The table library as a module, its exports as names, and our own script in a block."""
    import itables

    library = (Path(itables.__file__).parent / "html" / "dt_bundle.js").read_text("utf-8")
    exports = _EXPORTS.search(library)
    pairs = (each.split(" as ") for each in (exports[1].split(",") if exports else []))
    names = {exported: own for own, exported in pairs}
    if "default" not in names or re.search("</script|<!--", own := _own()):
        raise InputError.of(
            N_("the installed package itables is not one that perfeval knows; install {known}"),
            known="itables 2",
        )
    body = _EXPORTS.sub("", library, count=1).replace("<!--", "<\\!--")
    return f"{body}\n{{ const DataTable = {names['default']};\n{own}}}\n"


def _own() -> str:
    return (HERE / "page.js").read_text("utf-8")


def words(lang: str) -> dict[str, str]:
    """What page.js says."""
    return {name: render(template, {}, lang) for name, template in _WORDS.items()}


_WORDS = {
    "search": N_("Search"),
    "placeholder": N_("name, code, department"),
    "all": N_("all"),
    "per_page": N_("Rows per page"),
    "first": N_("First page"),
    "previous": N_("Previous page"),
    "next": N_("Next page"),
    "last": N_("Last page"),
    "shown": N_("_START_–_END_ of _TOTAL_"),
    "none": N_("nothing matches"),
    "filtered": N_("(of _MAX_)"),
    "sort": N_(": sort by this column"),
    "reverse": N_(": sort the other way"),
    "unsort": N_(": no longer sort by this column"),
    "clear": N_("Clear filters"),
    "back": N_("Back to the list"),
    "before": N_("Previous"),
    "after": N_("Next"),
    "print": N_("Print"),
    "printed": N_("Printed are the first {n} of {all} rows; filter the list to print others."),
    "indicators": N_("The indicators"),
    "findings": N_("Findings about the project"),
    "rules": N_("What the findings mean"),
    "total": N_("How the total came about"),
    "clauses": N_("What the steps rest on"),
    "error": N_("error"),
    "warning": N_("warning"),
    "info": N_("info"),
    "sum": N_("Sum"),
    "signed": N_("Reviewed by"),
    "dated": N_("Date"),
    "stake": N_("Points at stake"),
    "points": N_("Points"),
    "chance": N_("how sure"),
    "indicator": N_("Indicator"),
    "rule": N_("Rule told"),
    "decisions": N_("Decisions"),
    "reason": N_("Reason"),
    "more": N_("and {n} more"),
}
