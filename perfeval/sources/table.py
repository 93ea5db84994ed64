"""Tables of actuals, execution and specs, from CSV or Parquet, as columns of text with lines.

Cells stay text as written (blanks around them removed): what they say is read later, where it can
be judged row by row. A file that cannot be read as such a table at all is an `InputError`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import polars as pl

from perfeval import tables
from perfeval.messages import N_
from perfeval.names import BLANKS
from perfeval.neutral import restored
from perfeval.problems import InputError, Problem
from perfeval.sources import delimited, headings
from perfeval.sources.disclosure import contacts
from perfeval.sources.files import PARQUET_MAGIC, InputFile, decode, read_bytes, sha256
from perfeval.sources.places import Region

ACTUALS = headings.Table(
    columns=tuple(name for name in tables.ACTUALS.columns if name not in tables.PLACE),
    required=("project", "indicator", "actual"),
)
EXECUTION = headings.Table(
    columns=tuple(name for name in tables.EXECUTION.columns if name not in tables.PLACE),
    required=("project", "budget", "spent"),
)
OF_PROJECTS = (
    "project_name", "department", "year", "budget_initial", "budget", "spent", "execution_weight",
    "execution_rate", "execution_score", "total", "grade", "partial",
)  # fmt: skip
"""What a self-evaluation says of its project as a whole."""
CLAIMS = headings.Table(
    columns=(
        "project", "level1", "level2", "indicator", "operator", "target", "target_adjusted",
        "unit", "weight", "actual", "score", "reason", "deduction", "applicable", *OF_PROJECTS,
        "coefficient",
    ),
    required=("project", "indicator", "actual"),
)  # fmt: skip
"""A self-evaluation: one row per indicator, what concerns the project in any of its rows."""

MALFORMED = pl.Schema({"file": pl.String, "sheet": pl.String, **delimited.SURPLUS})
"""The columns of `Sheet.malformed`."""

EMPTY = N_("the table has headings but no rows; fill in a row for each of its entries")

_HEAD = 1_000_000  # characters in which the headings must stand
_HEADINGS_WITHIN = 10  # records among which misplaced headings are looked for


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one table.

    `frame` has the table's columns in their order (text, never null, "" for a blank cell or a
    column that is not there), then its place (`tables.PLACE`): the 1-based line in which the row
    begins, for Parquet the number of the row. `malformed` (file, sheet, line, text, cells,
    expected) holds the rows with more cells than columns. Rows without any text are left out of
    both and of `input.rows`. `problems` tell what is doubtful: columns that are not read. `regions`
    say in which cells values stand, where a file has cells.
    """

    frame: pl.DataFrame
    malformed: pl.DataFrame
    input: InputFile
    regions: tuple[Region, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a table come from.

    `cells` holds text in the columns "0", "1", …, and `line`, the number of the row, perhaps with
    its `sheet`; `surplus` the rows with more cells than headings; `match` says which column is
    which, and `line` where the headings of a text stand.
    """

    cells: pl.DataFrame
    surplus: pl.DataFrame
    match: headings.Match
    file: str
    line: int | None = None


def unread(match: headings.Match, file: str, line: int | None = None) -> tuple[Problem, ...]:
    """The columns of `file` that are not read, at the place of their headings."""
    return tuple(replace(problem, file=file, line=line) for problem in match.unread)


def read_actuals(path: str | Path, data: bytes | None = None) -> Sheet:
    """The actuals at `path`, with the columns of `ACTUALS`."""
    return read_table(path, ACTUALS, data)


def read_execution(path: str | Path, data: bytes | None = None) -> Sheet:
    """The execution data at `path`, with the columns of `EXECUTION`.

    Where a heading names another unit of money than 万元 (`全年预算数（元）`), its numbers carry
    that unit: "1000" is read as "1000元".
    """
    return read_table(path, EXECUTION, data)


def read_table(path: str | Path, table: headings.Table, data: bytes | None = None) -> Sheet:
    """The rows of `table` in the CSV or Parquet file at `path`, told apart by their content.

    `data` is the file's content, where it has been read already.
    Raises `InputError` for what `read_bytes` and `decode` refuse, an empty file, headings without
    rows, doubled or missing headings, broken quotes and cells below no heading.
    """
    name = str(path)
    data = read_bytes(path) if data is None else data
    if data.startswith(PARQUET_MAGIC):
        source, encoding = _from_parquet(data, table, name), "parquet"
    else:
        text, encoding = decode(data, name)
        if not text.strip(BLANKS):
            raise InputError.of(
                N_("the file is empty; a table with headings and rows is expected"), file=name
            )
        source = _from_text(text, encoding, table, name)
    found = collect([source], table, InputFile(name, sha256(data), 0, encoding))
    return replace(found, problems=unread(source.match, name, source.line))


def collect(sources: Sequence[Source], table: headings.Table, origin: InputFile) -> Sheet:
    """The rows of `table` from all `sources`, which are parts of the file `origin`.

    Raises `InputError` where there are none.
    """
    frame = pl.concat(rows_of(source, table) for source in sources).rechunk()
    nowhere = pl.lit(None, pl.String).alias("sheet")
    surplus = pl.concat(
        source.surplus.select(_file(source), nowhere, pl.all()) for source in sources
    )
    if frame.is_empty() and surplus.is_empty():
        raise InputError.of(EMPTY, file=origin.path)
    return Sheet(frame, surplus, replace(origin, rows=frame.height + surplus.height))


def rows_of(source: Source, table: headings.Table) -> pl.DataFrame:
    """The filled rows of `source` with the columns of `table` and their places."""
    columns = (_column(column, source.match) for column in table.columns)
    cells = _only_filled(source.cells)
    nowhere = pl.lit(None, pl.String).alias("sheet")
    sheet = pl.col("sheet") if "sheet" in cells.columns else nowhere
    return cells.select(*columns, _file(source), sheet, "line")


def _file(source: Source) -> pl.Expr:
    return pl.lit(source.file).alias("file")


def _column(column: str, match: headings.Match) -> pl.Expr:
    position = match.positions.get(column)
    if position is None:
        return pl.lit("").alias(column)
    cell = pl.col(str(position))
    unit = match.units.get(column)
    if unit:
        cell = pl.when(cell.str.contains(r"\d$")).then(cell + unit).otherwise(cell)
    return cell.alias(column)


def _only_filled(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells without the blanks around them, and without rows that hold no text."""
    place = ("sheet", "line")
    names = [name for name in cells.columns if name not in place]
    stripped = cells.with_columns(pl.col(names).str.strip_chars(BLANKS))
    filled = stripped.select((pl.col(names) != "").all())
    if any(filled.row(0)):
        return stripped
    return stripped.filter(pl.any_horizontal(pl.exclude(*place) != ""))


def _from_text(text: str, encoding: str, table: headings.Table, file: str) -> Source:
    head = read_head(text, encoding, table, file)
    return body_of(text, head, head.line, file)


@dataclass(frozen=True, slots=True)
class Head:
    """How the text of a table begins: its separator, and its headings with their line."""

    separator: str
    line: int
    names: list[str]
    match: headings.Match


def read_head(text: str, encoding: str, table: headings.Table, file: str) -> Head:
    """The headings in `text`, which may be the beginning of a longer one; else `InputError`."""
    separator, line, names = _head(text, file)
    match = headings.match(names, table)
    if match.problems:
        lower = _headings_below(text, separator, line, table)
        raise InputError(_misread(match, names, table, encoding, file, line, lower))
    return Head(separator, line, names, match)


def body_of(text: str, head: Head, line: int, file: str) -> Source:
    """The rows of `text` below `line`."""
    cells = delimited.parse(text, head.separator, head.names, line, file)
    _refuse_nameless(cells.frame, head.names, file)
    frame = cells.frame
    if "'" in text:
        texts = (name for name in frame.columns if name != "line")
        frame = frame.with_columns(restored(pl.col(name)) for name in texts)
    return Source(frame, cells.surplus, head.match, file, head.line)


def _head(text: str, file: str) -> tuple[str, int, list[str]]:
    """The separator under which most headings are known, the line of the headings, and them."""
    heads: list[tuple[str, int, list[str]]] = []
    broken: list[InputError] = []
    for separator in delimited.SEPARATORS:
        try:
            line, names = next(_filled(text, separator, file))
        except InputError as error:
            broken.append(error)
        except StopIteration:
            raise InputError.of(
                N_("the file holds nothing but separators; a table with headings is expected"),
                file=file,
            ) from None
        else:
            heads.append((separator, line, names))
    known = {head[0]: headings.recognised(head[2]) for head in heads}
    if broken and not any(known.values()):
        raise broken[0]
    return max(heads, key=lambda head: (known[head[0]], len(head[2])))


def _filled(text: str, separator: str, file: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """The first records with any text in them."""
    for line, cells in delimited.records(text[:_HEAD], separator, file):
        if any(cell.strip(BLANKS) for cell in cells):
            yield line, cells


def _headings_below(text: str, separator: str, line: int, table: headings.Table) -> int | None:
    """The line of a later record that does hold the headings, below a title for instance."""
    try:
        for here, cells in islice(_filled(text, separator), _HEADINGS_WITHIN):
            if here > line and not headings.match(cells, table).problems:
                return here
    except InputError:
        pass
    return None


def _misread(
    match: headings.Match,
    names: Sequence[str],
    table: headings.Table,
    encoding: str,
    file: str,
    line: int | None,
    lower: int | None = None,
) -> list[Problem]:
    """What is wrong with the headings: one problem where one mistake explains all of them."""
    if lower is not None:
        return [
            Problem(
                N_(
                    "the headings seem to stand in line {lower}, below other text; remove the lines"
                    " above them"
                ),
                {"lower": lower},
                file,
                line,
            )
        ]
    if match.recognised == 0:
        return [
            Problem(
                N_(
                    "none of the headings is known: {found} (read as {encoding}); the first line of"
                    " the table must name its columns, at least {needed}"
                ),
                {
                    "found": headings.listed(headings.short(name, 20) for name in names if name),
                    "encoding": encoding,
                    "needed": tuple(map(headings.label, table.required)),
                },
                file,
                line,
            )
        ]
    return [Problem(problem.template, problem.values, file, line) for problem in match.problems]


def _refuse_nameless(cells: pl.DataFrame, names: Sequence[str], file: str) -> None:
    """Cells below a blank heading between others would be lost without a word."""
    problems = []
    for column in cells.columns[1:]:
        if names[int(column)].strip(BLANKS):
            continue
        lost = cells.filter(pl.col(column).str.strip_chars(BLANKS) != "")
        if not lost.is_empty():
            problems.append(
                Problem(
                    N_(
                        "column {number} has no heading, but {count} cells (first: {cell}); name"
                        " the column or remove it"
                    ),
                    {
                        "number": int(column) + 1,
                        "count": lost.height,
                        "cell": headings.short(contacts.without(lost[0, column], "…")),
                    },
                    file,
                    lost[0, "line"],
                )
            )
    if problems:
        raise InputError(problems)


def _from_parquet(data: bytes, table: headings.Table, file: str) -> Source:
    with unbroken(file):
        frame = pl.read_parquet(io.BytesIO(data))
    match = match_columns(frame.schema, table, file)
    return Source(texts(frame, 1), pl.DataFrame(schema=delimited.SURPLUS), match, file)


@contextmanager
def unbroken(file: str) -> Iterator[None]:
    """Raise `InputError` where polars cannot read the Parquet file `file`."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise InputError.of(
            N_(
                "the file begins like a Parquet file but cannot be read as one; it is damaged or"
                " incomplete: export it again ({detail})"
            ),
            file=file,
            detail=headings.short(str(error).partition("\n")[0], 120),
        ) from None


def match_columns(schema: pl.Schema, table: headings.Table, file: str) -> headings.Match:
    """Which column of a Parquet file is which; `InputError` where they cannot make up a table."""
    names, types = schema.names(), schema.dtypes()
    match = headings.match(names, table)
    if match.problems:
        raise InputError(_misread(match, names, table, "parquet", file, None))
    problems = [
        Problem(
            N_("column {column} holds {type}, which is no text, number or date"),
            {"column": names[position], "type": str(types[position])},
            file,
        )
        for position in match.positions.values()
        if types[position].is_nested() or types[position] in (pl.Binary, pl.Object)
    ]
    if problems:
        raise InputError(problems)
    return match


def texts(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    """The cells of a Parquet file as `Source.cells` has them; the first row is number `first`."""
    return frame.select(
        pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias("line"),
        *(
            _as_text(pl.col(name), dtype).alias(str(position))
            for position, (name, dtype) in enumerate(frame.schema.items())
        ),
    )


def _as_text(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """A column as a person would have typed it, without losing a digit; nulls are blank.

    Floats in the fewest digits that give them back, whole ones without ".0"; dates as 2023-12-31,
    with the time of day where there is one.
    """
    if dtype.is_float():
        text = cell.cast(pl.String).str.strip_suffix(".0")
    elif isinstance(dtype, pl.Datetime):
        whole = cell.dt.time() == pl.time(0, 0)
        text = (
            pl.when(whole)
            .then(cell.dt.strftime("%Y-%m-%d"))
            .otherwise(cell.dt.strftime("%Y-%m-%d %H:%M:%S%.f"))
        )
    elif dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Duration, pl.Null):
        text = pl.when(cell.is_not_null()).then(pl.lit("…"))
    else:
        text = cell.cast(pl.String)
    return text.fill_null("")
