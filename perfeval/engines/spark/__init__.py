"""Scoring beyond one machine: Spark brings rows together, every part is scored as everywhere."""
