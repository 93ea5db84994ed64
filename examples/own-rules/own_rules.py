"""本单位自定义的核查规则：与目标表放在同一文件夹，由 perfeval.toml 的 rules 指定。

Rules of our own: this file lies with the target tables, and perfeval.toml names it in `rules`.
"""

import polars as pl

from perfeval.rules import PLACE, Tables, rule

LEAST_SHARE = 85


@rule(
    "Z101",
    "satisfaction-too-low",
    "warning",
    "满意度目标 {target} 低于本区要求的 {least} %，请提高目标或说明理由",
    about="target",
)
def satisfaction_too_low(tables: Tables) -> pl.DataFrame:
    """满意度目标低于本区要求。

    **What it does.** 查找名称含“满意度”、单位为 %、数值低于 85 的目标。

    **Why it matters.** 本区规定服务对象满意度目标不低于 85 %。

    **Fails.** `target = "≥ 80 %"`

    **Repair.** `target = "≥ 85 %"`
    """
    low = (
        pl.col("indicator").str.contains("满意度")
        & (pl.col("unit") == "%")
        & (pl.col("target_number") < LEAST_SHARE)
    )
    return tables.targets.filter(low).select(*PLACE, "target", least=pl.lit(LEAST_SHARE))
