"""Open a repository as `scan --history` does, without reading the contents of its objects."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from keylint.core.config import Config
from keylint.core.records import NamedTuple
from keylint.core.report import Report
from keylint.detect.tree_issuer import find_tree_issuers
from keylint.fleet.codec import pack
from keylint.fleet.known_objects import KnownObjects
from keylint.fleet.units import ChunkObjects, WorkUnit
from keylint.history.batches import Batch
from keylint.history.object_paths import ObjectPaths
from keylint.history.repository import Repository, choose_paths, list_batches, open_repository
from keylint.rules.load import Rules
from keylint.scanner.configure import configure
from keylint.scanner.find_baseline import find_baseline
from keylint.scanner.request import ScanRequest, ScanScope
from keylint.scanner.scan_items import load_checked_rules
from keylint.sources import git
from keylint.sources.commits import Name, list_names, list_staged, resolve_head_commit
from keylint.sources.objects import find_git_folder, list_objects, list_submodules


class UnitContext(NamedTuple):
    """What a unit is done with: request, configuration, rules, and the git folders to look at.

    `parts` are those of the repository and of its submodules, each with the prefix of its paths.
    """

    request: ScanRequest
    config: Config
    rules: Rules
    parts: tuple[tuple[str, str], ...]


class OpenedPart(NamedTuple):
    """The repository or one of its submodules, the paths of its objects, and what is to be read."""

    repository: Repository
    paths: ObjectPaths
    batches: list[Batch]


def set_up_unit(unit: WorkUnit) -> UnitContext:
    """Read the configuration of a repository and find its git folders. Raises KeylintError."""
    settings = unit.settings
    _take_environment(settings.environment)
    scope = ScanScope('history', (unit.path,), includes_ignored=settings.includes_ignored)
    request = ScanRequest(scope, settings.overrides, settings.baseline, False)
    config = configure(request)
    rules = load_checked_rules(config)
    git.leave_hook()
    folder = find_git_folder(unit.path)
    # Digests need the values; they are taken out of findings before these leave the process.
    config = config._replace(
        base=git.find_top(unit.path) or folder,
        show_secrets=True,
        reads_dependencies=request.scope.includes_ignored,
    )
    return UnitContext(request, config, rules, ((folder, ''), *list_submodules(folder)))


def _take_environment(variables: Sequence[tuple[str, str]]) -> None:
    """Let the variables of the client hold, not those of the worker."""
    for name in _list_own_variables(os.environ):
        del os.environ[name]
    os.environ.update(variables)


def _list_own_variables(variables: Mapping[str, str]) -> list[str]:
    kept = ('KEYLINT_CACHE_DIR', 'KEYLINT_DEBUG', 'KEYLINT_WORKERS')
    return [name for name in variables if name.startswith('KEYLINT_') and name not in kept]


def take_own_variables(variables: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the variables of keylint that decide what a run finds, for the workers."""
    return tuple(sorted((name, variables[name]) for name in _list_own_variables(variables)))


def describe_known_state(unit: WorkUnit, context: UnitContext) -> bytes:
    """Return a digest of what decides whether an object is clean, beside the object."""
    text = repr((unit.settings.build, context.config))
    return blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=16).digest()


def read_state(unit: WorkUnit, context: UnitContext) -> bytes:
    """Return a digest of all that a look depends on: where it is the same, nothing is new."""
    digest = blake2b(describe_known_state(unit, context), digest_size=16)
    for folder, prefix in context.parts:
        names = [one.id for one in list_objects(folder).objects if one.kind != 'tree']
        named = list_names(folder), list_staged(folder), resolve_head_commit(folder), prefix
        digest.update(_describe_part(names, *named))
    digest.update(repr(find_tree_issuers(context.config.base, context.rules.pack)).encode())
    baseline = find_baseline(context.request, context.config)
    if baseline:
        digest.update(_read_file(baseline) + context.config.day().encode())
    digest.update(repr(unit.settings.reads_keys).encode())
    return digest.digest()


def _describe_part(
    objects: Iterable[str],
    names: Sequence[Name],
    staged: Mapping[str, str],
    head: str | None,
    prefix: str,
) -> bytes:
    text = repr((sorted(names), sorted(staged.items()), head, prefix))
    return '\n'.join((*sorted(objects), text)).encode('utf-8', 'surrogatepass')


def _read_file(path: str) -> bytes:
    try:
        with open(path, 'rb') as file:
            return file.read()
    except OSError:
        return b''  # applying it will say why


def open_parts(context: UnitContext, report: Report, known: KnownObjects) -> list[OpenedPart]:
    """Open the repository and its submodules. What is missing becomes a failure of the report."""
    opened = []
    for folder, prefix in context.parts:
        repository = open_repository(folder, report, prefix)
        paths = choose_paths(repository, context.rules, context.config, report)
        batches = list_batches(repository, paths, context.config, report, known)
        opened.append(OpenedPart(repository, paths, batches))
    return opened


def cut_chunks(opened: Sequence[OpenedPart], most: int) -> list[ChunkObjects]:
    """Cut what is to be read into chunks of at least so many bytes, in the order of the packs."""
    chunks = []
    for number, part in enumerate(opened):
        group: list[Batch] = []
        for batch in part.batches:
            group.append(batch)
            if sum(one.bytes for one in group) >= most:
                chunks.append(ChunkObjects(number, tuple(group)))
                group = []
        if group:
            chunks.append(ChunkObjects(number, tuple(group)))
    return chunks


def name_plan(chunks: Sequence[ChunkObjects], state: bytes) -> bytes:
    """Return a digest of how objects were cut, and for which keylint, rules and configuration.

    What the chunks of another plan gave is of no use.
    """
    return blake2b(pack(tuple(chunks)), key=state, digest_size=16).digest()
