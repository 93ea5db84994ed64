"""Quantities as people write them: cells and columns to numbers, units, dates and level words."""

from perfeval.quantity.cells import ISSUES, Quantity, operator, read, read_column
from perfeval.quantity.levels import compare_levels

__all__ = ["ISSUES", "Quantity", "compare_levels", "operator", "read", "read_column"]
