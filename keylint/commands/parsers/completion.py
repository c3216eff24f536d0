"""Options of `keylint completion`."""

from __future__ import annotations

from argparse import ArgumentParser


def add_options(completion: ArgumentParser) -> None:
    """Add the options of `keylint completion`."""
    completion.add_argument('shell', choices=('bash', 'zsh', 'fish', 'powershell'))
