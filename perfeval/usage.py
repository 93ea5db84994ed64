"""The commands and their options, and what is said of a command line that fits none of them."""

from __future__ import annotations

import argparse
import gettext
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from perfeval.messages import LOCALE_DIR, N_, render
from perfeval.problems import did_you_mean
from perfeval.reports.text import width, wrap

ENGINES = ("local", "spark")
SCORE_FORMATS = ("table", "json", "csv", "parquet", "xlsx", "html")
CHECK_FORMATS = ("table", "json", "sarif", "junit", "csv", "html")
REVIEW_FORMATS = ("table", "json", "csv", "parquet", "xlsx", "html")
EXPLAIN_FORMATS = ("text", "json")
LEAST_MEMORY = 512 << 20
"""Bytes without which nothing large can be scored: programs and libraries take half of them."""

_SIZES = {"M": 20, "G": 30}
LEVELS = ("error", "warning", "info", "never")
COMMANDS = {
    "score": N_("score target tables against actuals"),
    "check": N_("check target tables for inconsistencies"),
    "review": N_("review self-evaluations: claimed scores against recomputed ones"),
    "explain": N_("how a score came about, step by step, with the rule for each step"),
    "template": N_("a workbook in which a department fills in its actuals"),
    "annotate": N_("mark a workbook's own cells with what is found about them"),
    "import": N_("target tables from a published disclosure's text, a workbook or a Word document"),
    "policy": N_("list the scoring policies, or show one in plain words"),
    "rule": N_("list the rules that find inconsistencies, or show one"),
}


class UsageError(Exception):
    """A command line that can't be understood; its text is the message, in the user's language."""


def parse(words: Sequence[str], lang: str) -> argparse.Namespace:
    """The options of the command line `words`; `command` is the command's name.

    Raises `UsageError`; `SystemExit` where help or the version was asked for and printed.
    """
    with _argparse_in(lang):
        parser, commands = parsers(lang)
        for each in (parser, *commands.values()):
            each.lang = lang
        place = next((i for i, word in enumerate(words) if not word.startswith("-")), len(words))
        named = words[place] if place < len(words) else None
        _check_options(words[:place], parser, lang)
        if named is not None and named not in commands:
            template = N_("there is no command “{found}”{remark}. The commands: {all}")
            raise UsageError(near(template, named, commands, lang, all=list(commands)))
        _check_options(words[place + 1 :], commands.get(named or "", parser), lang)
        options, rest = parser.parse_known_args(words)
        if rest:
            template = N_("“{found}” is one argument too many; see perfeval {command} --help")
            raise UsageError(render(template, {"found": rest[0], "command": named or ""}, lang))
        if named is None:
            template = N_("which command? One of {known}; see perfeval --help")
            raise UsageError(render(template, {"known": list(commands)}, lang))
    return options


def parsers(lang: str) -> tuple[_Parser, dict[str, _Parser]]:
    """The parser of the program, and of each command, with their help in `lang`."""

    def said(template: str, **values: object) -> str:
        return render(template, values, lang)

    parser = _Parser(
        prog="perfeval",
        description=said(N_("Score performance target tables exactly, and say why.")),
        epilog=said(
            N_(
                "Exit status: 0 done; 1 findings at or above --fail-on; 2 not able to run or to"
                " read an input."
            )
        ),
    )
    parser.add_argument("--version", action=_Version, nargs=0, help=said(N_("show the version")))
    _language(parser, said)
    chosen = parser.add_subparsers(
        dest="command",
        metavar=said(N_("COMMAND")),
        title=said(N_("commands")),
        parser_class=_Parser,
    )
    commands: dict[str, _Parser] = {}
    for name, summary in COMMANDS.items():
        commands[name] = chosen.add_parser(name, help=said(summary), description=said(summary))
    for name, fill in _FILL.items():
        fill(commands[name], said)
        _language(commands[name], said)
    return parser, commands


Said = Callable[..., str]


def _language(parser: _Parser, said: Said) -> None:
    # Read before all others (the help itself is in that language); stands here to be shown.
    parser.add_argument(
        "--lang", metavar="zh|en", help=said(N_("language of messages and reports"))
    )


def _score(parser: _Parser, said: Said) -> None:
    parser.epilog = said(
        N_(
            "Every result carries its receipt and findings. CSV has no place for them: they are"
            " written to FILE.receipt.json beside it, or with CSV on stdout as one line of JSON to"
            " stderr."
        )
    )
    parser.add_argument(
        "actuals",
        metavar=said(N_("ACTUALS")),
        help=said(N_("actuals or self-evaluation forms: CSV, Parquet, workbook, Word (.docx)")),
    )
    _scored_with(parser, said)
    _output(parser, SCORE_FORMATS, said)
    parser.add_argument(
        "--memory",
        metavar=said(N_("SIZE")),
        type=_size(said),
        default=2 << 30,
        help=said(
            N_("most memory for large tables, to Parquet or CSV, as in 800M or 4G (default: 2G)")
        ),
    )
    parser.add_argument(
        "--engine",
        metavar="|".join(ENGINES),
        type=_one_of(ENGINES, said),
        default=ENGINES[0],
        help=said(
            N_("where to score: on this machine (default), or on Spark, from Parquet to Parquet")
        ),
    )
    parser.add_argument(
        "--master",
        metavar="URL",
        help=said(N_("Spark's master, as in spark://host:7077 (default: this machine's cores)")),
    )
    _bom(parser, said)
    _bounds(parser, "never", said)


def _check(parser: _Parser, said: Said) -> None:
    _specs_argument(parser, said)
    _policy_option(parser, said)
    for name, text in (
        ("--select", N_("only these rules: families, codes or names, with commas")),
        ("--ignore", N_("without these rules: families, codes or names, with commas")),
    ):
        parser.add_argument(
            name, metavar=said(N_("RULES")), type=_listed, default=(), help=said(text)
        )
    for name, text in (
        ("--baseline", N_("tell only what this baseline does not know")),
        ("--write-baseline", N_("keep the present findings as a baseline, and tell none")),
    ):
        parser.add_argument(name, metavar=said(N_("FILE")), help=said(text))
    parser.add_argument(
        "--no-own-rules",
        action="store_true",
        help=said(N_("do not run the Python files that perfeval.toml names")),
    )
    _output(parser, CHECK_FORMATS, said)
    _bom(parser, said)
    _bounds(parser, "error", said)


def _review(parser: _Parser, said: Said) -> None:
    parser.add_argument(
        "files",
        metavar=said(N_("FILE")),
        nargs="+",
        help=said(
            N_("self-evaluations: forms and lists (workbooks, CSV, Parquet), and folders of them")
        ),
    )
    for name, metavar, text in (
        ("--specs", N_("PATH"), N_("the approved target tables: changes against them are found")),
        ("--decisions", N_("FILE"), N_("what reviewers decided: read back and applied")),
        ("--to-decide", N_("FILE"), N_("write a table in which reviewers decide")),
    ):
        parser.add_argument(name, metavar=said(metavar), help=said(text))
    _policy_option(parser, said)
    for name, default, text in (
        ("--sample", None, N_("draw this many projects for a spot check")),
        ("--seed", 0, N_("draw the sample by this number (default: 0)")),
    ):
        parser.add_argument(
            name, metavar=said(N_("NUMBER")), type=_whole(said), default=default, help=said(text)
        )
    _output(parser, REVIEW_FORMATS, said)
    parser.add_argument(
        "--bom", action="store_true", help=said(N_("CSV that opens in Excel by a double click"))
    )
    _bounds(parser, "never", said)


def _explain(parser: _Parser, said: Said) -> None:
    parser.epilog = said(
        N_(
            "Without --actuals or --claims, actuals.xlsx or actuals.csv of this folder is taken."
            " --all tells every step of every indicator of the project."
        )
    )
    for name, text in (
        (N_("PROJECT"), N_("the project: its code or its name")),
        (N_("INDICATOR"), N_("one indicator of it, by name (default: all in short)")),
    ):
        parser.add_argument(name.lower(), metavar=said(name), nargs="?", help=said(text))
    parser.add_argument(
        "--actuals",
        metavar=said(N_("ACTUALS")),
        help=said(N_("the actuals that were scored: CSV, Parquet, workbook")),
    )
    _scored_with(parser, said)
    for name, text in (
        (
            "--claims",
            N_("explain a review: self-evaluations, file or folder; may be repeated"),
        ),
        ("--decisions", N_("with --claims: what reviewers decided")),
    ):
        action = "append" if name == "--claims" else "store"
        parser.add_argument(name, metavar=said(N_("FILE")), action=action, help=said(text))
    parser.add_argument(
        "--summary",
        action="store_true",
        help=said(N_("how many indicators of the whole batch were scored which way")),
    )
    _output(parser, EXPLAIN_FORMATS, said)
    parser.add_argument("--all", action="store_true", help=said(N_("show everything")))


def _import(parser: _Parser, said: Said) -> None:
    parser.add_argument(
        "files",
        metavar=said(N_("FILE")),
        nargs="+",
        help=said(N_("text of a budget disclosure, workbook or Word document (.docx)")),
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar=said(N_("FOLDER")),
        default="specs",
        help=said(N_("where to write one file per table (default: specs/)")),
    )
    parser.add_argument(
        "--force", action="store_true", help=said(N_("replace files that differ, edited or not"))
    )


def _template(parser: _Parser, said: Said) -> None:
    _specs_argument(parser, said)
    _policy_option(parser, said)
    parser.add_argument(
        "-o",
        "--output",
        metavar=said(N_("FILE")),
        default="actuals.xlsx",
        help=said(N_("the workbook to write (default: actuals.xlsx)")),
    )
    parser.add_argument(
        "--force", action="store_true", help=said(N_("replace the file, filled in or not"))
    )


def _annotate(parser: _Parser, said: Said) -> None:
    parser.add_argument(
        "workbook", metavar=said(N_("FILE")), help=said(N_("the workbook to annotate, .xlsx"))
    )
    _scored_with(parser, said)
    parser.add_argument(
        "-o",
        "--output",
        metavar=said(N_("FILE")),
        help=said(N_("the annotated copy (default: FILE-annotated.xlsx)")),
    )


def _policy(parser: _Parser, said: Said) -> None:
    parser.add_argument(
        "policy", metavar=said(N_("NAME|FILE")), nargs="?", help=said(N_("the policy to show"))
    )


def _rule(parser: _Parser, said: Said) -> None:
    parser.add_argument(
        "code", metavar=said(N_("CODE")), nargs="?", help=said(N_("the rule to show"))
    )
    parser.add_argument(
        "--markdown", action="store_true", help=said(N_("the manual pages as one document"))
    )
    parser.add_argument(
        "--specs",
        metavar=said(N_("FOLDER")),
        help=said(N_("also the own rules of this folder of target tables (runs their files)")),
    )


_FILL: dict[str, Callable[[_Parser, Said], None]] = {
    "score": _score,
    "check": _check,
    "template": _template,
    "annotate": _annotate,
    "review": _review,
    "explain": _explain,
    "import": _import,
    "policy": _policy,
    "rule": _rule,
}


def _scored_with(parser: _Parser, said: Said) -> None:
    parser.add_argument(
        "--specs",
        metavar=said(N_("PATH")),
        help=said(N_("target tables: folder, file, workbook or Word document (default: specs/)")),
    )
    parser.add_argument(
        "--execution",
        metavar=said(N_("FILE")),
        help=said(N_("budget execution: CSV, Parquet, workbook, Word (.docx)")),
    )
    _policy_option(parser, said)


def _specs_argument(parser: _Parser, said: Said) -> None:
    parser.add_argument(
        "specs",
        metavar=said(N_("SPECS")),
        nargs="?",
        help=said(N_("target tables: folder, file, workbook or Word document (default: specs/)")),
    )


def _policy_option(parser: _Parser, said: Said) -> None:
    parser.add_argument(
        "--policy",
        metavar=said(N_("NAME|FILE")),
        help=said(N_("scoring policy (default: what perfeval.toml beside the tables says)")),
    )


def _output(parser: _Parser, formats: Sequence[str], said: Said) -> None:
    known = "|".join(formats)
    parser.add_argument(
        "--format",
        metavar=known,
        type=_one_of(formats, said),
        help=said(
            N_("format of the result (default: from the name after -o, else {first})"),
            first=formats[0],
        ),
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar=said(N_("FILE")),
        help=said(N_("write to a file: whole or not at all")),
    )


def _bom(parser: _Parser, said: Said) -> None:
    parser.add_argument(
        "--bom", action="store_true", help=said(N_("CSV that opens in Excel by a double click"))
    )


def _bounds(parser: _Parser, default: str, said: Said) -> None:
    parser.add_argument("--all", action="store_true", help=said(N_("show everything")))
    parser.add_argument(
        "--fail-on",
        metavar="|".join(LEVELS),
        type=_one_of(LEVELS, said),
        default=default,
        help=said(N_("exit with 1 on findings of this level (default: {level})"), level=default),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())


def _one_of(known: Sequence[str], said: Said) -> Callable[[str], str]:
    def one(text: str) -> str:
        if text in known:
            return text
        template = N_("“{found}” is none of {known}")
        raise argparse.ArgumentTypeError(said(template, found=text, known=list(known)))

    return one


def _whole(said: Said) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if text.isdecimal() and text.isascii():
            return int(text)
        template = N_("“{found}” is no whole number of 0 or more")
        raise argparse.ArgumentTypeError(said(template, found=text))

    return whole


def _size(said: Said) -> Callable[[str], int]:
    def size(text: str) -> int:
        number, unit = text[:-1], text[-1:].upper()
        if unit in _SIZES and number.isdecimal() and number.isascii():
            found = int(number) << _SIZES[unit]
            if found >= LEAST_MEMORY:
                return found
            template = N_("{found} of memory is not enough; at least {least}M are needed")
            values = {"found": text, "least": LEAST_MEMORY >> 20}
            raise argparse.ArgumentTypeError(said(template, **values))
        template = N_("“{found}” is no size; a number with M or G is expected, as in 800M or 4G")
        raise argparse.ArgumentTypeError(said(template, found=text))

    return size


def near(template: str, found: str, known: Iterable[str], lang: str, **values: object) -> str:
    """The message, with "did you mean" where one of `known` is near."""
    from difflib import get_close_matches

    closest = get_close_matches(found, list(known), n=1, cutoff=0.6)
    return render(template, {**values, "found": found, **did_you_mean(closest)}, lang)


def _check_options(words: Sequence[str], parser: _Parser, lang: str) -> None:
    """Unknown long options, before argparse misses an argument because of them."""
    for word in words:
        if word == "--":
            return
        name = word.partition("=")[0]
        if name.startswith("--") and name not in parser.options:
            template = N_("there is no option {found}{remark}; see {command} --help")
            raise UsageError(near(template, name, parser.options, lang, command=parser.prog))


class _Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that raises its errors, and wraps help by cells instead of characters."""

    lang = "zh"

    def __init__(self, **settings: Any) -> None:
        self.options: list[str] = []
        super().__init__(**settings, allow_abbrev=False, formatter_class=_Help)

    def add_argument(self, *names: Any, **settings: Any) -> argparse.Action:
        self.options += [name for name in names if name.startswith("--")]
        return super().add_argument(*names, **settings)

    def error(self, message: str) -> NoReturn:
        template = N_("{message}; see {command} --help")
        values = {"message": message, "command": self.prog}
        raise UsageError(render(template, values, self.lang))


class _Help(argparse.HelpFormatter):
    def _format_usage(self, *parts: Any) -> str:
        """As argparse has it, broken where its cells, not its characters, fill the line."""
        available = self._width
        while True:
            text = super()._format_usage(*parts)
            fits = max(map(width, text.splitlines()), default=0) <= available
            if fits or self._width <= available // 2:
                self._width = available
                return text
            self._width -= 1

    def _format_action(self, action: argparse.Action) -> str:
        """As argparse has it, its columns aligned by cells instead of characters."""
        text = super()._format_action(action)
        header = self._format_action_invocation(action)
        surplus = width(header) - len(header)
        before, _, after = text.partition(header)
        blanks = len(after) - len(after.lstrip(" "))
        if not surplus or after[:1] != " ":
            return text
        if blanks >= surplus + 2:
            return before + header + after[surplus:]
        column = " " * (len(before) + len(header) + blanks)
        return f"{before}{header}\n{column}{after[blanks:]}"

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrap(text, width))


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from perfeval import __version__

        print(f"perfeval {__version__}")
        parser.exit()


@contextmanager
def _argparse_in(lang: str) -> Iterator[None]:
    """Argparse's own texts in `lang`: it asks gettext's default domain, by the environment."""
    domain, folder = gettext.textdomain(), gettext.bindtextdomain("perfeval")
    before = os.environ.get("LANGUAGE")
    gettext.bindtextdomain("perfeval", str(LOCALE_DIR))
    gettext.textdomain("perfeval")
    os.environ["LANGUAGE"] = "zh_CN" if lang == "zh" else "en"
    try:
        yield
    finally:
        gettext.bindtextdomain("perfeval", folder)
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before
