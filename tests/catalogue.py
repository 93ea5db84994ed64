"""The message catalogue: `python -m tests.catalogue` extracts, merges and compiles it.

Run it after a message was added or changed, translate what it names in
perfeval/locale/zh_CN/LC_MESSAGES/perfeval.po, and run it again. Both the .po and the .mo file are
committed, so that an installation needs no build step; tests/test_messages.py compares them.
Files named on the command line are more translations to take over (.po).
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent / "perfeval"
PO = PACKAGE / "locale" / "zh_CN" / "LC_MESSAGES" / "perfeval.po"
MO = PO.with_suffix(".mo")

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]

# argparse marks its own texts for gettext; these are the ones that a user can meet.
ARGPARSE: tuple[str | tuple[str, str], ...] = (
    "usage: ",
    "options",
    "positional arguments",
    "show this help message and exit",
    "expected one argument",
    "expected at least one argument",
    ("expected %s argument", "expected %s arguments"),
    "argument %(argument_name)s: %(message)s",
    "ignored explicit argument %r",
    "the following arguments are required: %s",
)


class Messages(Catalog):
    """A catalogue whose header holds no date and no tool's version: its bytes change with it."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What gettext needs to know."""
        return [
            ("Project-Id-Version", "perfeval"),
            ("Language", "zh_CN"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
        ]


HEADER = "# Simplified Chinese for perfeval; see tests/catalogue.py for how this file is kept."


def extract() -> Messages:
    """Every text that is marked with `N_` or `_`, the rules' manual pages, and argparse's."""
    template = Messages(locale="zh_CN", header_comment=HEADER, fuzzy=False)
    for file, _line, text, _comments, _context in extract_from_dir(
        PACKAGE, method_map=METHODS, keywords={"N_": None, "_": None}
    ):
        template.add(text, locations=[(f"perfeval/{file}", 0)])
    for text in manual_pages():
        template.add(text, locations=[("perfeval/rules", 0)])
    for each in ARGPARSE:
        template.add(each, locations=[("argparse", 0)])
    return template


def manual_pages() -> list[str]:
    """The paragraphs of all rules' manual pages."""
    from perfeval.reports.pages.rule import paragraphs
    from perfeval.rules import catalogue

    return [paragraph for rule in catalogue() for paragraph in paragraphs(rule.doc)]


def read(path: Path = PO) -> Catalog:
    """Translations as committed."""
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN")


def merged(template: Messages, *translations: Catalog) -> Messages:
    """`template` with what `translations` hold for its texts; nothing else, and nothing guessed."""
    for message in template:
        for each in translations:
            known = each.get(message.id) if message.id else None
            if known and known.string and any(known.string) and not known.fuzzy:
                message.string = known.string
    return template


def text(translations: Catalog) -> bytes:
    """The .po file, the same bytes every time."""
    buffer = BytesIO()
    write_po(buffer, translations, width=100, sort_by_file=True, include_lineno=False)
    return buffer.getvalue()


def compiled(translations: Catalog) -> bytes:
    """The .mo file, the same bytes every time."""
    messages = Messages(locale="zh_CN", fuzzy=False)
    for message in translations:
        if message.id:
            messages.add(message.id, message.string)
    buffer = BytesIO()
    write_mo(buffer, messages)
    return buffer.getvalue()


def untranslated(translations: Catalog) -> list[str]:
    """What has no translation yet."""
    return [str(message.id) for message in translations if message.id and not message.string]


def main(more: list[str]) -> None:
    """Bring the .po up to date with the sources and compile the .mo; name what is untranslated."""
    known = [read(path) for path in (PO, *map(Path, more)) if path.exists()]
    messages = merged(extract(), *known)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(text(messages))
    MO.write_bytes(compiled(messages))
    missing = untranslated(messages)
    for each in missing:
        print(f"untranslated: {each}", file=sys.stderr)
    print(f"{len(messages)} messages, {len(missing)} untranslated: {PO}")


if __name__ == "__main__":
    main(sys.argv[1:])
