"""What becomes of findings: told with another severity, kept back for a reason, or known already.

`handling` reads what perfeval.toml says about them, and `settle` does it, for every command that
tells findings; `fingerprint` says when a finding is the same as that of an earlier run; `baseline`
compares with the findings of one.
"""

from perfeval.findings.baseline import Baseline, Compared, compare, read_baseline, write_baseline
from perfeval.findings.fingerprint import with_fingerprints
from perfeval.findings.handling import Handling, handling
from perfeval.findings.settle import Settled, settle

__all__ = [
    "Baseline",
    "Compared",
    "Handling",
    "Settled",
    "compare",
    "handling",
    "read_baseline",
    "settle",
    "with_fingerprints",
    "write_baseline",
]
