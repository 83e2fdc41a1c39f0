"""``python -m ganisi``."""

import sys

from .audit.gate import main

if __name__ == "__main__":
    sys.exit(main())
