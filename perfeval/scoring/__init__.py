"""Actuals against target tables: match rows, read both sides, evaluate, total, grade."""

from perfeval.scoring.run import ScoreResult, score, score_tables

__all__ = ["ScoreResult", "score", "score_tables"]
