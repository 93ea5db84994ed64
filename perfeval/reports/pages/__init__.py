"""Manual pages on demand: a policy in plain words, a rule of the catalogue."""
