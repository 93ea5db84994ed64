"""Family A: the actuals, each row of which ends scored, undecided, or rejected with a reason."""

from perfeval.rules.actuals import outcomes, rows, values

__all__ = ["outcomes", "rows", "values"]
