"""Family B: budgets, within a table and from table to table.

All of them compare exact decimals. What rounding explains is told once per table, as a note.
"""

from perfeval.rules.budget import across, basic, department, projects, summaries, within

__all__ = ["across", "basic", "department", "projects", "summaries", "within"]
