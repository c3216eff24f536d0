"""Options of `keylint doctor`."""

from __future__ import annotations

from argparse import ArgumentParser

from keylint.commands.parsers import shared


def add_options(doctor: ArgumentParser) -> None:
    """Add the options of `keylint doctor`."""
    shared.add_paths(doctor)
    shared.add_settings(doctor)
    shared.add_no_ignore(doctor)
