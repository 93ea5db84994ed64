"""Family T: targets, whether they decide anything, and whether they ask for what is meant."""

from perfeval.rules.targets import decides, direction, numbers, possible, wording

__all__ = ["decides", "direction", "numbers", "possible", "wording"]
