"""List the variables that a bot needs, without their values."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from keylint.core.names import VARIABLE_ENDINGS
from keylint.publish.assess import STOPPING, Leak

_ENV_NAME = re.compile(rb'(?m)^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=')
_MAX_ENV_BYTES = 1 << 20
_HEAD = (
    '# Copy to .env, which git ignores, and fill in. '
    'This file is safe to publish as long as it contains no values.\n'
)


def format_env_example(leaks: Sequence[Leak], top: str | None) -> str:
    """Return the text of an example: the names in `.env`, and those for the issuers found."""
    names = dict.fromkeys([*_read_env_names(top), *_name_leaks(leaks)])
    return _HEAD + ''.join(f'{name}=\n' for name in names)


def _read_env_names(top: str | None) -> list[str]:
    path = os.path.join(top, '.env') if top else ''
    if not os.path.isfile(path) or os.path.islink(path):
        return []
    with open(path, 'rb') as file:
        return [name.decode() for name in _ENV_NAME.findall(file.read(_MAX_ENV_BYTES))]


def _name_leaks(leaks: Sequence[Leak]) -> Iterator[str]:
    for leak in leaks:
        if leak.verdict.action in STOPPING:
            owner = re.sub(r'\W+', '_', leak.finding.issuer or 'bot').upper()
            for part in leak.finding.parts:
                ending = VARIABLE_ENDINGS[part.role]
                yield f'{owner.removesuffix(f"_{ending}")}_{ending}'
