"""Read all targets before anything is made of them, without keeping them in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

from keylint.core.errors import SourceError
from keylint.fleet.targets import FleetTarget, identify_target


@contextmanager
def check_targets(targets: Iterable[FleetTarget]) -> Iterator[Iterator[FleetTarget]]:
    """Read all targets into a temporary file, and give them back one by one, each once.

    So a wrong line at the end of a list leaves no store, no key and no half of a run. Raises
    SourceError for it, and where two paths have one name.
    """
    with TemporaryFile('w+', encoding='ascii') as file:
        try:
            for target in _drop_repeated(targets):
                file.write(json.dumps(target) + '\n')
            file.seek(0)
        except OSError as error:
            why = f'cannot keep the targets in a temporary file: {error.strerror}'
            raise SourceError(why) from None
        yield _read_back(file)


def _drop_repeated(targets: Iterable[FleetTarget]) -> Iterator[FleetTarget]:
    """Yield what has not come before. A target takes some hundred bytes of memory for as long."""
    paths: dict[bytes, int] = {}
    for target in targets:
        identity, path = identify_target(target.name), hash(target.path)
        if identity not in paths:
            paths[identity] = path
            yield target
        elif paths[identity] != path:
            raise SourceError(
                f'two paths have the name {target.name}: give them names of their own'
            )


def _read_back(file: IO[str]) -> Iterator[FleetTarget]:
    for line in file:
        name, path, team, tags = json.loads(line)
        yield FleetTarget(name, path, team, tuple(tags))
