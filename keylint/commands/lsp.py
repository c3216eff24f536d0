"""`keylint lsp`: the language server. Needs the extra `lsp`, and says so where it is missing."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from importlib import import_module
from importlib.util import find_spec

from keylint.core.errors import ConfigError
from keylint.core.install import format_requirement


def run(_arguments: Namespace) -> int:
    """Serve an editor on standard input and output. Raises ConfigError without the extra."""
    if any(find_spec(name) is None for name in ('pygls', 'lsprotocol')):
        command = f'pip install {format_requirement("lsp")}'
        raise ConfigError(f'`keylint lsp` needs its extra: {command}')
    if sys.stdin is not None and sys.stdin.isatty():
        print(
            'keylint: an editor starts this: https://keylint.readthedocs.io/editors/',
            file=sys.stderr,
        )
    os.environ['KEYLINT_QUIET'] = '1'  # both streams belong to the protocol
    code: int = import_module('keylint.lsp.server').serve()
    return code
