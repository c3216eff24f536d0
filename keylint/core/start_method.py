"""Choose how more processes are started: forked on Linux, spawned elsewhere, or as configured."""

from __future__ import annotations

import os
import sys

from keylint.core.errors import ConfigError

# Created before workers start: the parent recognises what a worker hashes with it.
RUN_KEY = os.urandom(16)
_OWN_METHOD = os.environ.get('KEYLINT_START_METHOD', '').strip()
# Whether this process spawns others; how it recognises values again depends on that.
SPAWNS = _OWN_METHOD == 'spawn' or (sys.platform != 'linux' and _OWN_METHOD != 'fork')


def check_start_method() -> None:
    """Raise ConfigError if `$KEYLINT_START_METHOD` is not a method of this system."""
    if _OWN_METHOD not in ('', 'fork', 'spawn'):
        raise ConfigError('KEYLINT_START_METHOD must be fork or spawn')
    if _OWN_METHOD == 'fork' and not hasattr(os, 'fork'):
        raise ConfigError('KEYLINT_START_METHOD=fork: this system cannot fork')
