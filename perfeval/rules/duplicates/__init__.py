"""Family D: the same thing counted twice."""

from perfeval.rules.duplicates import copies, execution, names

__all__ = ["copies", "execution", "names"]
