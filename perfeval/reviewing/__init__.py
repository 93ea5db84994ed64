"""Review a batch of self-evaluations: claimed scores beside recomputed ones.

`claims` reads them, `operators` finds signs that they do not print, `approved` sets them beside the
approved target tables, `recompute` and `projects` compute what follows from them; what does not
follow is found by the rules of family R (`perfeval.rules.review`).
"""

from perfeval.reviewing.run import ReviewResult, review

__all__ = ["ReviewResult", "review"]
