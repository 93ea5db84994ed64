"""Workbooks: the one a department fills in, and the forms that it submits."""
