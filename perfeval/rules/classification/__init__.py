"""Family C: where indicators are filed."""

from perfeval.rules.classification import benefits, levels, outputs, required

__all__ = ["benefits", "levels", "outputs", "required"]
