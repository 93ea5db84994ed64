"""Family X: a department's tables beside each other."""

from perfeval.rules.across import contradictions, department, projects

__all__ = ["contradictions", "department", "projects"]
