"""`python -m perfeval`: the same as the command `perfeval`."""

import sys

from perfeval.cli import main

if __name__ == "__main__":
    sys.exit(main())
