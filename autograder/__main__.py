"""Run the command line as `python -m autograder`."""

from __future__ import annotations

import sys

from autograder.errors import explain

if __name__ == "__main__":
    try:
        from autograder.cli import main
    except ModuleNotFoundError as error:  # another Python than the course's
        sys.exit(explain(error))
    main()
