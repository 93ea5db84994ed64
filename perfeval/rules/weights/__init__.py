"""Family W: weights."""

from perfeval.rules.weights import single, sums

__all__ = ["single", "sums"]
