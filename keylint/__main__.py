"""`python -m keylint`.

Python searches the folder that it was started in first. Where that is a scanned tree, its `yaml.py`
would run; so it is no longer searched, unless keylint itself lies there. A folder `keylint` in the
tree comes even before this file: `keylint` and `python -P -m keylint` do without that search.
"""

import os
import sys

if __name__ == '__main__':
    own = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    if not sys.flags.safe_path and os.path.realpath(sys.path[0]) != own:
        del sys.path[0]
    from keylint.front import entry

    entry()
