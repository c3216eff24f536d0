"""Say how further processes are started: forked on Linux, anew elsewhere, or as the user asks."""

from __future__ import annotations

import os
import sys

from keylint.core.errors import ConfigError

# Drawn before workers are started: what one of them hashes with it, the parent knows again.
RUN_KEY = os.urandom(16)
_OWN_METHOD = os.environ.get('KEYLINT_START_METHOD', '').strip()
# Whether this process starts others anew; how it recognises values again depends on that.
SPAWNS = _OWN_METHOD == 'spawn' or (sys.platform != 'linux' and _OWN_METHOD != 'fork')


def check_start_method() -> None:
    """Raise ConfigError where `$KEYLINT_START_METHOD` is no method of this system."""
    if _OWN_METHOD not in ('', 'fork', 'spawn'):
        raise ConfigError('KEYLINT_START_METHOD must be fork or spawn')
    if _OWN_METHOD == 'fork' and not hasattr(os, 'fork'):
        raise ConfigError('KEYLINT_START_METHOD=fork: this system cannot fork')
