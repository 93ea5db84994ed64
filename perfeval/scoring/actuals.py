"""What was achieved, beside what was asked: every actual as a range in its target's terms.

A range, because what is not known exactly is not guessed: 200余人 is at least 200, a blank can be
anything, 部分达成 is a band until a person puts a number on it.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from perfeval.names import normalise_column
from perfeval.policy import Policy
from perfeval.quantity import compare_levels, read_column
from perfeval.quantity.conversion import carry_scale, powers_between, same_scale, shifted
from perfeval.scoring.match import UNUSABLE, for_rows
from perfeval.scoring.targets import DEADLINE, JUDGED, NUMBER
from perfeval.tables import PLACE

BOUNDLESS = 1e300
"""Beyond every number of 15 digits, and still a number to the rational reference."""

MISSING, UNREADABLE, OTHER_UNIT = "missing", "unreadable", "other-unit"
NOT_IN_BAND = "not-in-band"
YES = ("", "是", "适用", "yes", "y", "true", "1")
NO = ("否", "不适用", "no", "n", "false", "0")


def read_actuals(matched: pl.DataFrame) -> pl.DataFrame:
    """The rows of `match_actuals` with their cells read and unusable numbers rejected.

    Added: the columns of `read_column`, deduction_number (float64 points), excluded (not
    applicable). `rejected` gains `UNUSABLE` (the reader's `issue` says why), "deduction" and
    "applicable" for cells that cannot be what they stand for.
    """
    read = read_column(matched["actual"]).rename({"unit": "inner_unit"})
    deduction = read_column(matched["deduction"])
    applicable = matched["applicable"].str.strip_chars().str.to_lowercase()
    frame = pl.concat([matched, read], how="horizontal").with_columns(
        deduction_number=deduction["number"].fill_null(0.0),
        excluded=applicable.is_in(NO),
    )
    cents = deduction["number"] * 100
    sound = (deduction["kind"] == "blank") | (
        (deduction["kind"] == "number")
        & deduction["unit"].is_in(["", "分"])
        & (deduction["operator"] == "")
        & (deduction["bound"] == "")
        & (deduction["number"] >= 0)
        & ((cents - cents.round()).abs() < 1e-6)
    )
    reason = (
        pl.when(pl.col("rejected").is_not_null())
        .then("rejected")
        .when(pl.col("kind") == "invalid")
        .then(pl.lit(UNUSABLE))
        .when(~sound.fill_null(False))
        .then(pl.lit("deduction"))
        .when(~applicable.is_in([*YES, *NO]))
        .then(pl.lit("applicable"))
    )
    return frame.with_columns(rejected=reason)


def meet_targets(targets: pl.DataFrame, actuals: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Each indicator with its actual as a range (one row per indicator, in their order).

    `targets` as read, with `rule`, and with `year`, the project's. Added to it: low and high
    (float64, in the target's unit; for what a person judges, the coefficient itself; null where
    unknown), actual_number, judged ("reached", "partial", "missed", "below" or null: what a
    judgement or a date says), judged_by (what told it: "word", "scale", "same", "share", "date" or
    "number"), doubt ("" or why the actual decides nothing), reason, and where the actual stands:
    actual_file, actual_sheet, actual_line.
    """
    usable = pl.col("rejected").is_null() & ~pl.col("excluded")
    found = (
        actuals.lazy()
        .filter(usable)
        .select(
            "row",
            "actual",
            "kind",
            "number",
            "bound",
            "share",
            "scaled",
            "period_from",
            "period_to",
            "deduction_number",
            "reason",
            **{f"actual_{name}": name for name in PLACE},
            said="operator",
            actual_level="level",
            actual_issue="issue",
            actual_unit=pl.when(pl.col("unit") != "").then("unit").otherwise("inner_unit"),
            inner_unit="inner_unit",
            own_unit="unit",
        )
        .collect()
    )
    found = for_rows(found, len(targets))
    frame = pl.concat([targets, found], how="horizontal").with_columns(
        deduction_number=pl.col("deduction_number").fill_null(0.0)
    )
    frame = _in_target_unit(frame)
    frame = _grade_numbers(_judge(frame, policy), policy)
    return _doubts(_as_range(frame, policy))


def _in_target_unit(frame: pl.DataFrame) -> pl.DataFrame:
    """actual_number: the number in the target's unit; null where the units are of two kinds."""
    unit = pl.when(pl.col("actual_unit") != "").then("actual_unit").otherwise("unit")
    # The unit beside the number wins over a column's: both must agree to be converted at all.
    frame = frame.with_columns(
        from_unit=pl.when(pl.col("inner_unit").fill_null("") != "")
        .then("inner_unit")
        .otherwise(unit)
        .fill_null("")
    )
    powers = powers_between(frame["from_unit"], frame["unit"])
    columns = frame["own_unit"].fill_null("")
    if (columns != "").any():
        agrees = (columns == "") | powers_between(columns, frame["unit"]).is_not_null()
        powers = powers.set(~agrees, None)
    if frame["scaled"].any():
        # "5万" for a target in 万元 is 5 or 50000 of them: nothing says which.
        unclear = frame["scaled"].fill_null(False) & carry_scale(frame["unit"])
        powers = powers.set(unclear & (frame["from_unit"] == frame["unit"]), None)
    return frame.with_columns(
        actual_number=shifted(frame["number"], powers),
        other_unit=powers.is_null() & frame["number"].is_not_null(),
    )


def _judge(frame: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """judged: what a level word, a repeated target, a percentage or a date says of the target.

    Also judged_by, share (a percentage is one), and by_share, what that says. Rows that are
    compared as numbers have none of these.
    """
    in_words = (frame["way"] != NUMBER) | frame["rule"].is_in(_banded(policy))
    found = _judged(frame.with_row_index("position").filter(in_words), policy)
    return frame.drop("share").hstack(for_rows(found, len(frame)).get_columns())


def _judged(frame: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The same for rows that a person judges, with row, their position."""
    pairs = frame.select("actual_level", "level").unique().drop_nulls()
    ordinal = pairs.with_columns(
        ordinal=pl.Series(
            [compare_levels(one, other) for one, other in pairs.iter_rows()], dtype=pl.String
        )
    )
    frame = frame.join(ordinal, on=["actual_level", "level"], how="left", maintain_order="left")
    direct = _direct()
    asked, said = (normalise_column(frame[name]) for name in ("target", "actual"))
    asked = asked.str.strip_prefix("定性").str.strip_chars(":")
    repeats = (said == asked) & (frame["kind"] != "blank")
    partial, reached = (band.low for band in policy.bands[1:3])
    percent = (
        (pl.col("kind") == "number")
        & same_scale(frame["actual_unit"].fill_null(""), "%")
        & pl.col("number").is_between(0, 100)
        & (pl.col("said") == "")
        & (pl.col("bound") == "")
    )
    by_share = (
        pl.when(pl.col("share") >= float(reached))
        .then(pl.lit("reached"))
        .when(pl.col("share") >= float(partial))
        .then(pl.lit("partial"))
        .when(pl.col("share").is_not_null())
        .then(pl.lit("missed"))
    )
    percents = frame.select(pl.when(percent & (pl.col("way") == JUDGED)).then("number"))
    shares = shifted(percents["number"], pl.repeat(-2, len(frame), dtype=pl.Int32, eager=True))
    frame = frame.with_columns(share=pl.coalesce(shares, "share")).with_columns(by_share=by_share)
    same = pl.when(repeats).then(pl.lit("reached"))
    percentage = pl.when(percent).then("by_share")
    judged = {"word": direct, "scale": pl.col("ordinal"), "same": same, "share": percentage}
    on_time = {"date": _on_time(), "same": same, "word": direct}
    return frame.select(
        "share",
        "by_share",
        *(
            pl.when(pl.col("way") == JUDGED)
            .then(first(judged))
            .when(pl.col("way") == DEADLINE)
            .then(first(on_time))
            .alias(name)
            for name, first in (("judged", _first), ("judged_by", _first_name))
        ),
        row="position",
    )


def _banded(policy: Policy) -> list[str]:
    """The rules under which a number only names the band of its points."""
    return [name for name, rule in policy.rules.items() if rule.ratio == "band"]


def _first(answers: Mapping[str, pl.Expr]) -> pl.Expr:
    return pl.coalesce(answers.values())


def _first_name(answers: Mapping[str, pl.Expr]) -> pl.Expr:
    """The name of the first of `answers` that is one."""
    return pl.coalesce(
        pl.when(answer.is_not_null()).then(pl.lit(name)) for name, answer in answers.items()
    )


def _direct() -> pl.Expr:
    """What a word of attainment says of any target."""
    return pl.col("actual_level").replace_strict(
        {"达成": "reached", "部分达成": "partial", "未达成": "missed"},
        default=None,
        return_dtype=pl.String,
    )


def _on_time() -> pl.Expr:
    """A date against a deadline; a day printed without a year is in the project's year."""

    def dated(day: str) -> pl.Expr:
        return (
            pl.when(pl.col(day) < 10_000)
            .then(pl.col(day) + pl.col("year").fill_null(0) * 10_000)
            .otherwise(pl.col(day))
        )

    comparable = (dated("period_to") >= 10_000) == (dated("due_strict") >= 10_000)
    day, year = dated("period_to") % 10_000, dated("period_to") // 10_000
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    # The one day whose being depends on a year that the cell does not print.
    no_such_day = (pl.col("period_from") == pl.col("period_to")) & (day == 229) & ~is_leap
    return (
        pl.when(~comparable | (pl.col("kind") != "date") | no_such_day)
        .then(None)
        .when(dated("period_to") <= dated("due_strict"))
        .then(pl.lit("reached"))
        .when(dated("period_from") > dated("due_generous"))
        .then(pl.lit("below"))
    )


def _grade_numbers(frame: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Numbers under a rule of bands: the comparison names the band, a person the points in it."""
    graded = (pl.col("way") == NUMBER) & pl.col("rule").is_in(_banded(policy))
    actual, target = pl.col("actual_number"), pl.col("target_number")
    met = (
        pl.when(pl.col("operator") == "≥")
        .then(actual >= target)
        .when(pl.col("operator") == ">")
        .then(actual > target)
        .when(pl.col("operator") == "≤")
        .then(actual <= target)
        .when(pl.col("operator") == "<")
        .then(actual < target)
        .otherwise(actual == target)
    )
    exactly = (pl.col("said") == "") & (pl.col("bound") == "")
    judged = (
        pl.when(exactly & met).then(pl.lit("reached")).when(exactly & ~met).then(pl.lit("below"))
    )
    answers = {"number": judged, "word": _direct()}
    return frame.with_columns(
        judged=pl.when(graded).then(_first(answers)).otherwise("judged"),
        judged_by=pl.when(graded).then(_first_name(answers)).otherwise("judged_by"),
        way=pl.when(graded).then(pl.lit(JUDGED)).otherwise("way"),
    )


def _as_range(frame: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Set low and high of what is compared, or of the coefficient where a person decides it."""
    bands = {
        name: (float(band.low), float(band.high))
        for name, band in zip(("missed", "partial", "reached"), policy.bands, strict=True)
    }
    bands["below"] = (0.0, bands["reached"][0])
    direct = [name for name, rule in policy.rules.items() if rule.ratio == "met"]
    by_date = (pl.col("way") == DEADLINE) & (pl.col("kind") == "date")
    decided = pl.col("rule").is_in(direct) | (by_date & (pl.col("judged") == "reached"))
    full = (pl.col("judged") == "reached").cast(pl.Float64)
    judged_low = pl.col("judged").replace_strict(
        {name: band[0] for name, band in bands.items()}, default=None, return_dtype=pl.Float64
    )
    judged_high = pl.col("judged").replace_strict(
        {name: band[1] for name, band in bands.items()}, default=None, return_dtype=pl.Float64
    )
    outside = pl.col("share").is_not_null() & ~(
        pl.col("share").is_between(0, 1) & (pl.col("by_share") == pl.col("judged"))
    )
    said = pl.col("said").fill_null("")
    at_least = (pl.col("bound") == "at least") | said.is_in(["≥", ">"])
    at_most = (pl.col("bound") == "at most") | said.is_in(["≤", "<"])
    vague = pl.col("bound") == "about"
    number = pl.when(~vague & (pl.col("kind") == "number")).then("actual_number")
    is_number = pl.col("way") == NUMBER
    person = pl.when(outside).then(None)
    return frame.with_columns(
        outside=outside & ~is_number,
        low=pl.when(is_number)
        .then(pl.when(at_most & number.is_not_null()).then(-BOUNDLESS).otherwise(number))
        .when(decided)
        .then(full)
        .otherwise(person.otherwise(pl.coalesce("share", judged_low))),
        high=pl.when(is_number)
        .then(pl.when(at_least & number.is_not_null()).then(BOUNDLESS).otherwise(number))
        .when(decided)
        .then(full)
        .otherwise(person.otherwise(pl.coalesce("share", judged_high))),
    )


def _doubts(frame: pl.DataFrame) -> pl.DataFrame:
    blank = pl.col("actual").is_null() | (pl.col("kind") == "blank")
    doubt = (
        pl.when(blank)
        .then(pl.lit(MISSING))
        .when((pl.col("way") == NUMBER) & pl.col("other_unit"))
        .then(pl.lit(OTHER_UNIT))
        .when(pl.col("outside"))
        .then(pl.lit(NOT_IN_BAND))
        .when(pl.col("low").is_null())
        .then(pl.lit(UNREADABLE))
        .otherwise(pl.lit(""))
    )
    return frame.with_columns(doubt=doubt)
