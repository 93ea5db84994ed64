"""Many small projects, the same ones every time, aimed at where scoring is hard."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from perfeval.policy import Policy
from tests.scoring import Row
from tests.strategies import decimal_text

OPERATORS = ("≥", ">", "=", "<", "≤")
WEIGHTS = ("20", "10", "5", "3", "2", "22.5", "9.3", "10.3", "6.25", "33.33", "0.5", "0.125", "0")
TARGETS = ("90", "100", "550", "9000", "0.57", "1.5", "3", "7", "0", "-2", "1346.0088", "66.67")
UNITS = ("人", "%", "万元", "个", "")
LEVELS = (
    "达成",
    "部分达成",
    "未达成",
    "达成(95%)",
    "部分达成(70%)",
    "未达成(33.3%)",
    "部分达成(79.95%)",
)
DATES = ("2023年8月", "2023年9月30日", "2023年11月", "9月", "按时完成")
ODD = ("", "完成", "约300", "200余人", "近80", "—", "≥ 95", "5 和 6")


def projects(random: Random, policy: Policy, count: int) -> tuple[list[Row], list[Row], list[Row]]:
    """Targets, actuals and execution of `count` projects."""
    targets: list[Row] = []
    actuals: list[Row] = []
    money: list[Row] = []
    for number in range(count):
        code = f"P{number:03}"
        for place in range(random.randint(1, 14)):
            target, actual = _indicator(random, policy)
            own = {"project": code, "indicator": f"指标{place}"}
            level1, level2 = random.choice(
                [("产出指标", "数量指标"), ("满意度指标", "服务对象满意度指标")]
            )
            targets.append(
                {**target, **own, "project_name": f"项目{code}", "level1": level1,
                 "level2": level2, "department": f"部门{number % 3}"}
            )  # fmt: skip
            actuals.append({**actual, **own})
        if random.random() < 0.7:
            money.append({"project": code, **_execution(random, policy)})
    return targets, actuals, money


def _indicator(random: Random, policy: Policy) -> tuple[Row, Row]:
    weight = random.choice(WEIGHTS)
    if random.random() < 0.15:
        return {"operator": "定性", "target": "优", "weight": weight}, {
            "actual": random.choice((*LEVELS, "良", "优", ""))
        }
    if random.random() < 0.05:
        target = {"operator": "", "target": "9月底前", "weight": weight, "year": "2023"}
        return target, {"actual": random.choice(DATES)}
    unit = random.choice(UNITS)
    rule = ""
    if random.random() < 0.25:
        rules = [each for each in policy.rules.values() if each.unit in (None, unit)]
        rule = random.choice(rules).name
    asked = random.choice(TARGETS)
    target = {
        "operator": random.choice(OPERATORS),
        "target": asked,
        "unit": unit,
        "weight": weight,
        "rule": rule,
        "pass_threshold": random.choice(["", "", "", "0.6", "0.85"]),
    }
    actual = {"actual": _actual(random, asked, weight)}
    if random.random() < 0.08:
        actual["actual"] = random.choice(ODD)
    if random.random() < 0.1:
        actual["deduction"] = random.choice(["0.5", "1", "0.03", "100"])
    if random.random() < 0.04:
        actual["applicable"] = "否"
    return target, actual


def _actual(random: Random, target: str, weight: str) -> str:
    """Often exactly on a half-cent, a boundary or the target, or a hair beside."""
    asked, full = Fraction(target), 200 * Fraction(weight)
    ways = [Fraction(random.randint(0, 2000), random.choice((1, 10, 100)))]
    ways += [asked, asked * Fraction(random.choice(("0.6", "0.8", "0.85", "1.2", "2", "0.57")))]
    half_cents = random.randint(0, int(full) + 2)
    if full:
        ways += 3 * [asked * half_cents / full, asked * (2 - half_cents / full)]
        ways += [60 + 30 * half_cents / full]
        if half_cents:
            ways += 2 * [asked * full / half_cents]
    random.shuffle(ways)
    for way in ways:
        text = decimal_text(way)
        if text is not None and len(text) <= 14:
            nudge = random.choice([0, 0, 0, 1, -1])
            places = len(text.partition(".")[2])
            return decimal_text(way + Fraction(nudge, 10 ** (places + 1))) or text
    return target


def _execution(random: Random, policy: Policy) -> Row:
    full = 200 * (policy.execution.weight if policy.execution else Fraction(10))
    budget = Fraction(random.choice(("100", "131.4", "4402.16", "0.57", "33.3333", "0")))
    spent = decimal_text(budget * random.randint(0, int(full) + 20) / full) or "50"
    if random.random() < 0.1:
        spent = random.choice(["", "约50", "12,000元"])
    return {"budget_initial": "90", "budget": decimal_text(budget) or "1", "spent": spent}
