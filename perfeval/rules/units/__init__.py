"""Family U: units, whether they are there and known, and whether they fit name and number."""

from perfeval.rules.units import naming, scale, written

__all__ = ["naming", "scale", "written"]
