"""Options of `keylint lsp`."""

from __future__ import annotations

from argparse import ArgumentParser


def add_options(lsp: ArgumentParser) -> None:
    """Add the options of `keylint lsp`. Editors give `--stdio`, the one way that there is."""
    lsp.add_argument(
        '--stdio',
        action='store_true',
        help='speak on standard input and output, as without this option',
    )
