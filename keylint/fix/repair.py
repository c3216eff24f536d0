"""What can be mended in one file: finding after finding, each on the bytes that the last one left, scanned again after every change."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Finding, Place
from keylint.core.names import words_of
from keylint.core.spans import Lines
from keylint.findings.redaction import LONG_RUN, ellipses
from keylint.fix import config as configuration
from keylint.fix import env, inventory
from keylint.fix.edits import Move, Repaired, Spot, Unfixable
from keylint.fix.names import name_for
from keylint.fix.store import ENV, Store
from keylint.matcher.prefilter import WORDY
from keylint.pipeline.blob import scan_blob
from keylint.readers.formats import format_of
from keylint.rules.load import Rules

_PYTHON = ('.py', '.pyi', '.pyw')
# `.env`, `.env.production`, `prod.env`, `prod.env.example`; not `env.sh` and `.env.ts`, which are programs.
_ENV = re.compile(
    r'(?:.*\.)?env(?:\.(?!(?:sh|bash|zsh|fish|ps1|bat|cmd|[cm]?[jt]sx?|rb|go|rs|php|java|kt|cs|lua)$)\w+)*',
    re.IGNORECASE,
)
_MARK = b'\xef\xbb\xbf'
_MOST = 1000
_LEAST = 8
_LONGEST_NAME = 300  # letters from a name to its value
_BOUND = re.compile(
    r'([A-Za-z_]\w*)["\']?\]?\s*(?::\s*[\w.\[\] |]+)?[:=]\s*\(?\s*[rbfuRBFU]{0,2}["\']*\Z'
)
_TAKEN = frozenset(
    'PATH HOME USER SHELL PWD LANG TERM TMPDIR PYTHONPATH LD_PRELOAD LD_LIBRARY_PATH'.split()
)


class Outcome(NamedTuple):
    """A file before and after, what was mended and how, what was not and why. `rest` are lines with values that no rule may see any more."""

    path: str
    before: bytes
    after: bytes
    done: tuple[tuple[Finding, str], ...]
    left: tuple[tuple[Finding, str], ...]
    rest: tuple[tuple[int, str], ...] = ()


class Stores:
    """The `.env` files of a run, by folder."""

    def __init__(self, start: str) -> None:
        self.start = start
        self.all: dict[str, Store] = {}

    def of(self, path: str, folder: str | None) -> Store:
        """The one of a folder; where none is named, of the top of the file's repository, else of the folder that the run began in."""
        if folder is None:
            from keylint.sources.git import top_of  # noqa: PLC0415 - the store alone speaks with git

            folder = top_of(os.path.dirname(path) or '.') or self.start
        key = os.path.realpath(folder or '.')
        if key not in self.all:
            self.all[key] = Store(
                os.path.relpath(key) if folder and os.path.isabs(folder) else folder
            )
        return self.all[key]


def repair(
    path: str, data: bytes, given: tuple[Finding, ...], tools: tuple[Rules, Config, Stores]
) -> Outcome:
    """A file with all that can be mended. `given` are its findings of the whole run; of those only the open ones are touched."""
    rules, config, stores = tools
    others = {finding.fingerprint for finding in given if finding.state != 'open'}
    mark, now = (_MARK, data[len(_MARK) :]) if data.startswith(_MARK) else (b'', data)
    told = {
        finding.fingerprint: finding for finding in reversed(given)
    }  # with the lines that the user sees
    done: list[tuple[Finding, str]] = []
    left: list[tuple[Finding, str]] = []
    tried: set[tuple[str, ...]] = set()
    moves: list[Move] = []
    rest: list[tuple[int, str]] = []
    for _ in range(_MOST):
        found = scan_blob(Blob(now, Origin(path)), rules, config).findings
        finding = next(
            (
                f
                for f in found
                if f.state == 'open'
                and f.parts
                and f.fingerprint not in others
                and _key(f) not in tried
            ),
            None,
        )
        if finding is None:
            break
        try:
            repaired, why = _mended(path, now, finding, stores)
        except Unfixable as error:
            tried.add(_key(finding))
            left.append((told.get(finding.fingerprint, finding), str(error)))
            continue
        done.append((told.get(finding.fingerprint, finding), repaired.says))
        rest += (
            [
                (
                    told.get(finding.fingerprint, finding).place.line,
                    f'only a part of the credential could leave: {why}',
                )
            ]
            if why
            else []
        )
        moves += repaired.moves if repaired.data != now else ()
        if repaired.data == now:
            tried.add(_key(finding))
        now = repaired.data
    rest += _again(now, moves)
    stated = [f for f in given if f.state == 'open' and not f.parts]
    for finding in sorted(stated, key=lambda f: -f.place.line):
        try:
            repaired = _stated(path, now, finding, config, bool(done))
        except Unfixable as error:
            left.append((finding, str(error)))
        else:
            left.append(
                (finding, f'marked with "{repaired.says}": only you know what must stand there')
            )
            now = repaired.data
    return Outcome(path, data, mark + now, tuple(done), tuple(left), tuple(dict.fromkeys(rest)))


def _again(data: bytes, moves: list[Move]) -> list[tuple[int, str]]:
    """Where a value stands that another place of the file has lost: in a comment, or under a name that says nothing."""
    found = [data.find(move.value.encode()) for move in moves if len(move.value) >= _LEAST]
    says = 'a value that was moved stands here once more, where no rule takes it for one; delete it'
    return [(data.count(b'\n', 0, at) + 1, says) for at in sorted(found) if at >= 0]


def _key(finding: Finding) -> tuple[str, ...]:
    return finding.fingerprint, *(part.role for part in finding.parts)


def _stated(path: str, data: bytes, finding: Finding, config: Config, has_moved: bool) -> Repaired:
    """An inventory with a TODO."""
    if not config.is_inventory(path):
        raise Unfixable('only the owner of the key can mend this, at the exchange or in the code')
    if has_moved:
        raise Unfixable('values left the file first; run `keylint fix` again for the TODOs')
    return inventory.fix(data, path, finding.rule, finding.place.line)


def _mended(path: str, data: bytes, finding: Finding, stores: Stores) -> tuple[Repaired, str]:
    """The file without the values of a finding; where not all of them can leave together, without the first that can, and why not."""
    try:
        data.decode()
    except UnicodeDecodeError:
        raise Unfixable('only files in UTF-8 are edited') from None
    if b'\x00' in data:
        raise Unfixable('only files in UTF-8 are edited')
    if finding.container:
        raise Unfixable('it stands inside of an archive or an encoded text; move it out by hand')
    spots = _spots(data, finding)
    why = ''
    for chosen in [spots, *([[spot] for spot in spots] if len(spots) > 1 else [])]:
        try:
            repaired = _by_kind(path, data, finding, chosen, stores)
            if repaired.moves or repaired.data == data:
                stores.of(path, repaired.folder).keep(repaired.moves)
        except Unfixable as error:
            why = why or str(error)
        else:
            return repaired, why
    raise Unfixable(why)


def _by_kind(
    path: str, data: bytes, finding: Finding, spots: list[Spot], stores: Stores
) -> Repaired:
    name = os.path.basename(path).lower()
    kind = format_of(path).ending
    if name == ENV:
        return _own(path, data, stores)
    if kind == 'ipynb':
        from keylint.fix import notebook  # noqa: PLC0415 - libcst takes longer to import than all the rest

        return notebook.fix(data, finding.cell, spots, _checked(stores, path, None).names)
    if name.endswith(_PYTHON):  # also `env.py`
        from keylint.fix import python  # noqa: PLC0415 - the same

        return python.fix(data, spots, _checked(stores, path, None).names)
    folder = os.path.dirname(path)
    if kind == 'env' and _ENV.fullmatch(name):
        return env.fix(data, path, spots, _checked(stores, path, folder).names)
    is_beside = kind in ('yaml', 'yml')
    return configuration.fix(
        data, path, spots, stores.of(path, folder if is_beside else None).names
    )


def _checked(stores: Stores, path: str, folder: str | None) -> Store:
    """The store, when values may move to it: asked before any name is taken."""
    store = stores.of(path, folder)
    store.check()
    return store


def _own(path: str, data: bytes, stores: Stores) -> Repaired:
    """The `.env` itself: it stays as it is, and git ignores it."""
    store = _checked(stores, path, os.path.dirname(path))
    if not store.top:
        raise Unfixable('it is the .env itself, and no repository holds it')
    return Repaired(data, (), 'the file stays, git ignores it', os.path.dirname(path))


def _spots(data: bytes, finding: Finding) -> list[Spot]:
    """The parts with their bytes and the names that they should get."""
    lines = Lines(data)
    spots = []
    for part in finding.parts:
        start, end = span(lines, part.place)
        name = name_for(finding.issuer, part.role, finding.environment)
        if finding.issuer is None:
            first, _ = lines.bounds(part.place.line)
            name = _bound_to(data[first:start].decode('utf-8', 'replace')) or name
        spots.append(Spot(start, end, part.role, name))
    return sorted(dict.fromkeys(spots))


def _bound_to(before: str) -> str:
    """The name that a line binds a value to, as a variable of the environment is called; empty where there is none."""
    bound = _BOUND.search(before[-_LONGEST_NAME:])
    name = '_'.join(words_of(bound[1])).upper() if bound else ''
    return (
        name
        if name.isascii() and name.isidentifier() and len(name) <= 60 and name not in _TAKEN
        else ''
    )


def span(lines: Lines, place: Place) -> tuple[int, int]:
    """The bytes of a place."""
    return lines.offset(place), lines.offset(Place(place.end_line, place.end_column, 0, 0))


def masked(path: str, data: bytes, moves: list[Move], rules: Rules) -> list[str]:
    """The lines of a text with nothing in them that any rule, however unsure, takes for a secret, and no long run of random characters."""
    wide = Config(severity='info', confidence='low')
    text = data.removeprefix(_MARK)
    lines = Lines(text)
    for finding in scan_blob(Blob(text, Origin(path)), rules, wide).findings:
        for part in finding.parts:
            start, end = span(lines, part.place)
            text = text[:start] + re.sub(rb'[^\s]', b'\x00', text[start:end]) + text[end:]
    for move in sorted(moves, key=lambda move: -len(move.value)):
        if len(move.value) > 3:
            text = text.replace(move.value.encode(), b'\x00')
    named = {move.name.encode() for move in moves}
    text = LONG_RUN.sub(
        lambda run: (
            run.group() if run.group() in named or WORDY.fullmatch(run.group()) else b'\x00'
        ),
        text,
    )
    return ellipses(text).splitlines()
