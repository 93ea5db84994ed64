"""Family N: what a project's texts say against its targets, its budget and its year.

`text` makes the texts legible, `quantities` reads what they count, `words` holds the words they are
read by. The rules look at each distinct text once.
"""

from perfeval.rules.narrative import budget, copies, equations, promises, slips, sums, years

__all__ = ["budget", "copies", "equations", "promises", "slips", "sums", "years"]
