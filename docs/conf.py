"""How the site of the documentation is built: sphinx-build -W docs site."""

from __future__ import annotations

import re
from itertools import pairwise

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.search.zh import SearchChinese

from perfeval import __version__

project = "perfeval"
author = "The perfeval authors"
project_copyright = "perfeval, Apache-2.0"
version = release = __version__
language = "zh_CN"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
# Findings are linked to their rules.
myst_heading_anchors = 3
exclude_patterns = ["pictures"]

html_theme = "furo"
html_title = "perfeval"
html_show_sourcelink = False
html_copy_source = False

_CHINESE = "\u2014-\u2026\u3000-\u9fff\uff00-\uffef"
_ENDS_CHINESE = re.compile(rf"[{_CHINESE}]$")
_BEGINS_CHINESE = re.compile(rf"[{_CHINESE}]")


def join_chinese_lines(app: Sphinx, document: nodes.document) -> None:
    """Take out line breaks between Chinese characters: a browser would show them as blanks."""
    for text in list(document.findall(nodes.Text)):
        if text == "\n":
            place = text.parent.index(text)
            before, after = text.parent[:place], text.parent[place + 1 :]
            if (
                _ENDS_CHINESE.search("".join(each.astext() for each in before))
                and after
                and _BEGINS_CHINESE.match(after[0].astext())
            ):
                text.parent.remove(text)


class ChineseSearch(SearchChinese):
    """Finds Chinese words without a dictionary: the index holds whole phrases and pairs."""

    # Names the stemmer in the page's script, which is that of English words.
    language_name = "English"

    def split(self, input: str) -> list[str]:
        """The terms of a text: words, phrases between punctuation, and pairs of neighbours."""
        phrases = re.findall(r"[\u4e00-\u9fff]+", input)
        pairs = ["".join(pair) for phrase in phrases for pair in pairwise(phrase)]
        return [*re.findall(r"[a-zA-Z0-9_]+", input), *phrases, *pairs]


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.add_search_language(ChineseSearch)
    app.connect("doctree-read", join_chinese_lines)
