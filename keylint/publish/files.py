"""Write the files that carry out a plan, and read them back. Only one of them contains values."""

from __future__ import annotations

import os
import re

from keylint.core.atomic import replace_file
from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.publish.env_example import format_env_example
from keylint.publish.gitignore_patch import make_ignore_patch
from keylint.publish.plan import SCRIPT, SECRETS, PublishReport
from keylint.publish.purge import Purge
from keylint.publish.purge_script import OBJECTS_TO_STRIP, PATHS, format_script
from keylint.publish.replacements import parse_replacements
from keylint.sources import git

OBJECTS = 'objects.txt'
IGNORE_PATCH, ENV_EXAMPLE, CHECKLIST = 'gitignore.patch', 'env.example', 'CHECKLIST.md'
_REGEX = b'regex:'
_PERHAPS = b'# perhaps: '
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


class PlanFiles(NamedTuple):
    """Hold what `--verify` looks for: values, object ids, and paths that should be gone.

    `paths` are lines as git filter-repo reads them: names, or `regex:` and an expression.
    """

    literals: list[bytes]
    expressions: list[re.Pattern[bytes]]
    objects: list[str]
    paths: list[bytes]


class PlanPlace(NamedTuple):
    """Say whose plan is written.

    `source` is the repository as the script clones it, `top` the root of its work tree (None if it
    is bare), `checklist` the plan in words, as Markdown.
    """

    source: str
    top: str | None
    checklist: str


def prepare_output_dir(folder: str, plan: str, top: str | None) -> str:
    """Create the folder of the plan (mode 0700) and return its real path.

    `folder` is the git folder, `top` the root of the work tree. Raises SourceError if the plan lies
    inside any repository: it contains secrets, which must not be committed.
    """
    target = os.path.realpath(plan)
    if not target.isprintable():
        raise SourceError(
            f'{target!r}: the name of the plan has characters that a script cannot contain'
        )
    for inside in [root for root in (top, git.find_work_tree(target), folder) if root]:
        root = os.path.realpath(inside)
        if target == root or target.startswith(root + os.sep):
            beside = os.path.join(os.path.dirname(root), 'publish-plan')
            raise SourceError(
                f'{plan}: the plan contains values and must be outside any repository; '
                f'try --plan {beside}'
            )
    try:
        os.makedirs(target, mode=_FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise SourceError(f'{plan}: cannot make the folder of the plan: {error.strerror}') from None
    return target


def write_plan(plan: str, wanted: Purge, answer: PublishReport, place: PlanPlace) -> list[str]:
    """Write the files, for their owner only, and return their names. Raises SourceError."""
    paths = [_format_path(path) for path in wanted.paths]
    paths += [_PERHAPS + _format_path(path) for path in wanted.maybe]
    script = format_script(plan, wanted, place.source)
    ignore_patch = make_ignore_patch(answer.exposures, place.top)
    files = {
        SECRETS: b''.join(spot.format_line() + b'\n' for spot in wanted.spots),
        OBJECTS: ''.join(f'{name}\n' for name in wanted.objects).encode(),
        OBJECTS_TO_STRIP: ''.join(f'{name}\n' for name in wanted.stripped).encode(),
        PATHS: b''.join(paths),
        SCRIPT: script.encode('utf-8', 'surrogateescape'),
        IGNORE_PATCH: ignore_patch.encode('utf-8', 'surrogateescape'),
        ENV_EXAMPLE: format_env_example(answer.leaks, place.top).encode(),
        CHECKLIST: place.checklist.encode('utf-8', 'replace'),
    }
    for name, data in files.items():
        path = os.path.join(plan, name)
        try:
            replace_file(path, data, _FILE_MODE)
        except OSError as error:
            raise SourceError(f'{path}: cannot write the plan: {error.strerror}') from None
    return list(files)


def _format_path(path: str) -> bytes:
    """Return the line for a path as git filter-repo reads it from a file.

    A name that would read as something else becomes an expression.
    """
    name = os.fsencode(path)
    is_special = (
        b'\n' in name
        or b'==>' in name
        or name.startswith((b'#', _REGEX, b'glob:', b'literal:'))
        or name != name.strip()
    )
    if not is_special:
        return name + b'\n'
    expression = re.escape(name).replace(b'\\\n', b'\\n').replace(b'==>', b'=[=]>')
    return _REGEX + b'^' + expression + b'$\n'


def read_plan(plan: str) -> PlanFiles:
    """Read what a plan removes. Raises SourceError if the folder holds no plan, or a broken one."""
    rows = []
    for name in (SECRETS, OBJECTS, PATHS):
        try:
            with open(os.path.join(plan, name), 'rb') as file:
                rows.append(file.read().split(b'\n'))
        except OSError as error:
            raise SourceError(
                f'{plan}: no plan of keylint publish: {name}: {error.strerror}'
            ) from None
    try:
        literals, expressions = parse_replacements(rows[0])
    except re.error:
        path = os.path.join(plan, SECRETS)
        raise SourceError(f'{path}: an expression does not compile') from None
    objects = [row.decode('ascii', 'replace') for row in rows[1] if row]
    paths = [row for row in rows[2] if row and not row.startswith(b'#')]
    return PlanFiles(literals, expressions, objects, paths)
