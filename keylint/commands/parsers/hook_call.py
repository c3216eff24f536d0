"""The command line that pre-commit gives, `scan --staged FILE…`, read without argparse.

argparse and what it imports take half as long as Python itself. The options are those that
`parsers.scan` adds, each with the value that it has where it is not given.
"""

from __future__ import annotations

from types import SimpleNamespace

from keylint.commands.parsers import scan


class _Defaults:
    """Stand for a parser and its groups, and note what options are where they are not given."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def add_argument(self, *flags: str, **options: object) -> None:
        """Note the value of an option."""
        long = next((flag for flag in flags if flag.startswith('--')), flags[0])
        name = str(options.get('dest') or long.lstrip('-').replace('-', '_'))
        is_switch = options.get('action') == 'store_true'
        self.values[name] = False if is_switch else options.get('default')

    def add_argument_group(self, _title: str) -> _Defaults:
        """Return what notes the options of a group."""
        return self

    def add_mutually_exclusive_group(self) -> _Defaults:
        """Return what notes options of which one may be given."""
        return self


def read_hook_call(given: list[str]) -> SimpleNamespace | None:
    """Return what argparse would; None where there is an option or no file."""
    names = given[2:]
    if given[:2] != ['scan', '--staged'] or not names:
        return None
    if any(name.startswith('-') for name in names):
        return None
    defaults = _Defaults()
    # It has what of a parser is used there.
    scan.add_options(defaults)  # type: ignore[arg-type]
    return SimpleNamespace(
        **defaults.values | {'command': 'scan', 'staged': True, 'paths': list(names)}
    )
