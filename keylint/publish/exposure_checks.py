"""Check a repository for all that would be published by accident."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keylint.history.repository import Repository
from keylint.publish.ci_files import find_printed_secrets, is_ci_file
from keylint.publish.exposed_files import (
    find_by_name,
    find_by_size,
    find_ignore_gaps,
    find_notebook_outputs,
    list_present_files,
)
from keylint.publish.exposures import STOP, Exposure
from keylint.publish.git_settings import (
    find_config_secrets,
    find_hooks,
    find_stashes,
    find_submodules,
)
from keylint.publish.identities import find_identities
from keylint.sources.objects import ObjectReader


def find_exposures(
    repository: Repository, top: str | None, is_identity: bool, is_excluded: Callable[[str], bool]
) -> list[Exposure]:
    """List what would be published by accident, the worst first.

    `top` is the root of the work tree, None for a bare repository. Identities are listed only if
    asked for with `is_identity`. What two checks find is listed as the first one says it.
    """
    with ObjectReader(repository.folder) as reader:
        found = list(_run_checks(repository, top, reader))
        if is_identity:
            found += find_identities(repository, reader)
    kept = {
        (item.kind, item.path, item.what): item
        for item in reversed(found)
        if not is_excluded(item.path)
    }
    return sorted(
        kept.values(), key=lambda item: (item.level != STOP, item.kind, item.path, item.what)
    )


def _run_checks(
    repository: Repository, top: str | None, reader: ObjectReader
) -> Iterator[Exposure]:
    present = list_present_files(repository.folder, top)
    yield from find_by_name(repository, present)
    yield from find_by_size(repository)
    yield from find_notebook_outputs(repository, present, reader)
    for path, name in present.items():
        if is_ci_file(path):
            for _, data in reader.read([name]):
                yield from find_printed_secrets(path, data or b'')
    if top is not None:
        yield from find_ignore_gaps(top, present)
    yield from find_config_secrets(repository.folder)
    yield from find_hooks(repository.folder)
    yield from find_stashes(repository)
    yield from find_submodules(repository.folder, top)
