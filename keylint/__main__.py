"""`python -m keylint`."""

import sys

from keylint.cli import main

if __name__ == '__main__':
    sys.exit(main())
