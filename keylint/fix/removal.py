"""Remove the values of one finding from a file, by the editor for this kind of file."""

from __future__ import annotations

import os
import re

from keylint.core.model import Finding
from keylint.core.names import split_words
from keylint.core.spans import Lines
from keylint.fix import config as configuration
from keylint.fix import env
from keylint.fix.edits import RepairedFile, SecretSpan, UnfixableError
from keylint.fix.names import Names, name_for
from keylint.fix.store import ENV, EnvFile, EnvFiles
from keylint.readers.formats import format_of

_PYTHON = ('.py', '.pyi', '.pyw')
# `.env`, `.env.production`, `prod.env`, `prod.env.example`; not `env.sh` and `.env.ts`, which are
# programs.
_ENV_FILE = re.compile(
    r'(?:.*\.)?env(?:\.(?!'
    r'(?:sh|bash|zsh|fish|ps1|bat|cmd|[cm]?[jt]sx?|rb|go|rs|php|java|kt|cs|lua)$'
    r')\w+)*',
    re.IGNORECASE,
)
_CONTEXT_CHARS = 300  # from a name to its value
_BINDING = re.compile(
    r'([A-Za-z_]\w*)["\']?\]?\s*(?::\s*[\w.\[\] |]+)?[:=]\s*'  # a name, a type, `:` or `=`
    r'\(?\s*[rbfuRBFU]{0,2}["\']*\Z'  # the start of a literal
)
_MAX_NAME_CHARS = 60
# Variables that mean something to the system.
_RESERVED = frozenset(
    'PATH HOME USER SHELL PWD LANG TERM TMPDIR PYTHONPATH LD_PRELOAD LD_LIBRARY_PATH'.split()
)


def remove_values(
    path: str, data: bytes, finding: Finding, stores: EnvFiles
) -> tuple[RepairedFile, str]:
    """Return the file without the values of a finding.

    If not all of them can leave together, the first that can leaves, and the text says why the
    others stay. Raises UnfixableError if none can.
    """
    _check_editable(data, finding)
    spans = _list_spans(data, finding)
    choices = [spans]
    if len(spans) > 1:
        choices += [[span] for span in spans]
    why = ''
    for chosen in choices:
        try:
            repaired = _edit_by_kind(path, data, finding, chosen, stores)
            if repaired.moves or repaired.data == data:
                stores.find_store(path, repaired.folder).keep(repaired.moves)
        except UnfixableError as error:
            why = why or str(error)
        else:
            return repaired, why
    raise UnfixableError(why)


def _check_editable(data: bytes, finding: Finding) -> None:
    """Raise UnfixableError for binary files, other encodings, and values inside of something."""
    try:
        data.decode()
    except UnicodeDecodeError:
        raise UnfixableError('only files in UTF-8 are edited') from None
    if b'\x00' in data:
        raise UnfixableError('only files in UTF-8 are edited')
    if finding.container:
        raise UnfixableError('it is inside an archive or an encoded text; move it out by hand')


def _edit_by_kind(
    path: str, data: bytes, finding: Finding, spans: list[SecretSpan], stores: EnvFiles
) -> RepairedFile:
    """Let the editor for this kind of file make the change. Raises UnfixableError."""
    name = os.path.basename(path).lower()
    kind = format_of(path).ending
    if name == ENV:
        return _keep_env_file(path, data, stores)
    if kind == 'ipynb' or name.endswith(_PYTHON):  # also `env.py`
        # libcst takes longer to import than all the rest.
        from keylint.fix import notebook, python  # noqa: PLC0415

        names = _find_names(stores, path, None)
        if kind == 'ipynb':
            return notebook.fix_notebook(data, finding.cell, spans, names)
        return python.fix_python(data, spans, names)
    folder = os.path.dirname(path)
    if kind == 'env' and _ENV_FILE.fullmatch(name):
        return env.fix_env_file(data, path, spans, _find_names(stores, path, folder))
    is_beside = kind in ('yaml', 'yml')
    store = stores.find_store(path, folder if is_beside else None)
    return configuration.fix_config(data, path, spans, store.names)


def _find_names(stores: EnvFiles, path: str, folder: str | None) -> Names:
    return _find_usable_store(stores, path, folder).names


def _find_usable_store(stores: EnvFiles, path: str, folder: str | None) -> EnvFile:
    """Return the store if values may move to it: asked before any name is taken."""
    store = stores.find_store(path, folder)
    store.check()
    return store


def _keep_env_file(path: str, data: bytes, stores: EnvFiles) -> RepairedFile:
    """Leave the `.env` itself as it is, and let git ignore it."""
    folder = os.path.dirname(path)
    store = _find_usable_store(stores, path, folder)
    if not store.top:
        raise UnfixableError('it is the .env itself, and no repository holds it')
    return RepairedFile(data, (), 'the file stays, git ignores it', folder)


def _list_spans(data: bytes, finding: Finding) -> list[SecretSpan]:
    """List the parts of a finding with their bytes and the names that they should get.

    A value of an unknown issuer keeps the name that the file binds it to.
    """
    lines = Lines(data)
    spans = []
    for part in finding.parts:
        start, end = lines.span(part.place)
        proven = finding.environment if finding.environment_claim.is_proven else 'unknown'
        name = name_for(finding.issuer, part.role, proven)
        if finding.issuer is None:
            first, _ = lines.bounds(part.place.line)
            name = _read_bound_name(data[first:start].decode('utf-8', 'replace')) or name
        spans.append(SecretSpan(start, end, part.role, name))
    return sorted(dict.fromkeys(spans))


def _read_bound_name(before: str) -> str:
    """Return the name that a line binds a value to, as a variable of the environment is called.

    `before` is the line up to the value. Empty if there is no name, or none that can be used.
    """
    bound = _BINDING.search(before[-_CONTEXT_CHARS:])
    if not bound:
        return ''
    name = '_'.join(split_words(bound[1])).upper()
    if not (name.isascii() and name.isidentifier()):
        return ''
    return name if len(name) <= _MAX_NAME_CHARS and name not in _RESERVED else ''
