"""Promises about a whole answer: what a report shows of a line, and one answer from every folder.

A broken promise is an AssertionError.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from keylint.core.report import Report
from keylint.findings.comments import map_comments
from keylint.findings.excerpts import ExcerptMaker
from keylint.scanner.configure import configure
from keylint.scanner.request import (
    BaselineOptions,
    ConfigOverrides,
    ScanRequest,
    ScanScope,
    make_scope,
)
from keylint.scanner.run import run_scan

_ISSUERS = frozenset({'binance', 'kraken', 'okx'})
_SIGNS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'
_PIECE = 5
_LENGTH = 15
# How a value that no rule knows may stand on a line.
_FORMS = (
    "'{}'",
    '"{}"',
    '={}',
    ': {}',
    ' {} ',
    '({})',
    '`{}`',
    ':{}@',
    ' -p{}',
    "{{'{}': 1}}",
    ', {},',
    '# {}\n',
    '{}',
    '>{}<',
    '/{}/',
    '["{}"]',
)
_OVERRIDES = ConfigOverrides(isolated=True, severity='info', confidence='low')


def show_unknown(name: str, content: bytes) -> None:
    """Check that no piece of a value nobody knows is shown, wherever it stands in a text."""
    form, at = content[:1], content[1:3]
    text = content[3:]
    value = _make_value(content)
    written = _FORMS[form[0] % len(_FORMS) if form else 0].format(value).encode()
    place = int.from_bytes(at, 'big') % (len(text) + 1)
    text = text[:place] + written + text[place:]
    pieces = [value[start : start + _PIECE] for start in range(_LENGTH - _PIECE + 1)]
    maker = ExcerptMaker(name, map_comments(text, name), _ISSUERS)
    start = 0
    for line in text.split(b'\n'):
        shown = maker.show_line(line, start)
        assert not [piece for piece in pieces if piece in shown], (name, text, shown)
        start += len(line) + 1


def _make_value(content: bytes) -> str:
    """Return letters and digits that hang on the text alone, and stand nowhere in it."""
    digest = int.from_bytes(hashlib.blake2b(content, digest_size=24).digest(), 'big')
    signs = []
    for _ in range(_LENGTH):
        digest, number = divmod(digest, len(_SIGNS))
        signs.append(_SIGNS[number])
    signs[4], signs[9] = '7', '3'  # a word of letters alone could be a name
    return ''.join(signs)


@cache
def _make_repository() -> Path:
    top = Path(tempfile.mkdtemp(prefix='keylint-fuzz-')) / 'tests' / 'kraken-bot'
    (top / 'empty' / 'deep').mkdir(parents=True)
    subprocess.run(['git', 'init', '-q', str(top)], check=True)
    return top


def ask_from_folders(name: str, content: bytes) -> None:
    """Check that a file gives the same findings from above, from below, alone and in its tree."""
    top = _make_repository()
    folder = ('', 'src', 'tests', 'binance', 'a b')[content[0] % 5] if content else ''
    path = os.path.join(folder, name)
    (top / folder).mkdir(exist_ok=True)
    (top / path).write_bytes(content[1:])
    here = os.getcwd()
    deep = os.path.join('..', '..')
    try:
        wanted = _ask(top, make_scope(('.',)))
        ways = {
            'absolute': _ask(top.parent, make_scope((str(top),))),
            'from above': _ask(top.parent.parent, make_scope((os.path.join('tests', top.name),))),
            'from below': _ask(top / 'empty' / 'deep', make_scope((deep,))),
            'the file': _ask(top, make_scope((path,))),
            'the file from below': _ask(
                top / 'empty' / 'deep', make_scope((os.path.join(deep, path),))
            ),
        }
    finally:
        os.chdir(here)
        (top / path).unlink()
    assert {way: found ^ wanted for way, found in ways.items() if found != wanted} == {}, name


def _ask(folder: Path, scope: ScanScope) -> frozenset[tuple[object, ...]]:
    os.chdir(folder)
    request = ScanRequest(scope, _OVERRIDES, BaselineOptions(is_off=True), uses_cache=False)
    return _list_answers(run_scan(request, configure(request)))


def _list_answers(report: Report) -> frozenset[tuple[object, ...]]:
    return frozenset(
        (
            finding.rule,
            finding.severity,
            finding.confidence,
            finding.environment,
            finding.fingerprint,
            tuple(part.place.line for part in finding.parts),
        )
        for finding in report.findings
        if finding.parts
    )
