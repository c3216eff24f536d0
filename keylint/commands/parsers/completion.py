"""Options of `keylint completion`."""

from __future__ import annotations

from argparse import ArgumentParser


def add_options(completion: ArgumentParser) -> None:
    completion.add_argument('shell', choices=('bash', 'zsh', 'tcsh'))
