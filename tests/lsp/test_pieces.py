"""The pieces of the language server without a process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.workspace import PositionCodec

from keylint.findings.mark_text import write_marks
from keylint.lsp.actions import make_workspace_edit, move_value
from keylint.lsp.delays import Debouncer
from keylint.lsp.documents import check_text
from keylint.lsp.schemas import read_context
from keylint.lsp.server import can_create, can_resolve
from keylint.rules.recipes import expand_recipes
from keylint.scanner.configure import configure
from keylint.scanner.request import ScanRequest, make_scope
from keylint.scanner.run import run_scan
from tests.conftest import Repository, Run
from tests.lsp.client import CAPABILITIES, apply_edit

converter = get_converter()


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waiting: list[Timer] = []

    def schedule(self, seconds: float, work: Callable[[], None]) -> Timer:
        timer = Timer(self.now + seconds, work)
        self.waiting.append(timer)
        return timer

    def move(self, seconds: float) -> None:
        self.now += seconds
        for timer in list(self.waiting):
            if timer.at <= self.now:
                self.waiting.remove(timer)
                if not timer.is_cancelled:
                    timer.work()


class Timer:
    """Something that is put off."""

    def __init__(self, at: float, work: Callable[[], None]) -> None:
        self.at, self.work, self.is_cancelled = at, work, False

    def cancel(self) -> None:
        self.is_cancelled = True


def test_only_the_last_of_several_changes_is_scanned() -> None:
    clock, done = Clock(), []
    debouncer = Debouncer(clock.schedule, 0.25)
    for number in range(3):
        debouncer.call_later('a', lambda number=number: done.append(number))  # type: ignore[misc]
        clock.move(0.2)
    debouncer.call_later('b', lambda: done.append('b'))
    assert done == []
    clock.move(0.1)
    assert done == [2]
    debouncer.cancel('b')
    clock.move(1)
    assert done == [2]


CONTEXTS = (
    ('§', (), False),
    ('keys:\n  - §', ('keys', ''), False),
    ('keys:\n  - a: 1\n    §', ('keys', ''), False),
    ('keys:\n- a: 1\n  §', ('keys', ''), False),
    ('keys:\n  - a: §', ('keys', '', 'a'), True),
    ('help:\n  § ', ('help',), False),
    ('a:\n  b:\n    - c: 1\n      d:\n        §', ('a', 'b', '', 'd'), False),
    ('a:\n  b: 1\nc:\n  §', ('c',), False),
    ('parts:\n  - role: secret\n    names:\n      - §', ('parts', '', 'names', ''), False),
)


@pytest.mark.parametrize(('text', 'keys', 'is_value'), CONTEXTS)
def test_the_place_of_the_cursor_is_told(text: str, keys: tuple[str, ...], is_value: bool) -> None:
    head = text.partition('§')[0]
    lines = text.replace('§', '').split('\n')
    found = read_context(lines, head.count('\n'), len(head.rpartition('\n')[2]))
    assert (found.keys, found.is_value) == (keys, is_value)


MARKS = (
    ('a.py', '    x = 1', '    x = 1  # keylint: ignore[r] TODO: say why'),
    ('a.go', 'x := 1', 'x := 1  // keylint: ignore[r] TODO: say why'),
    ('a.css', 'a {}', 'a {}  /* keylint: ignore[r] TODO: say why */'),
    ('a.html', '<a/>', '<a/>  <!-- keylint: ignore[r] TODO: say why -->'),
    ('a.sql', 'x', 'x  -- keylint: ignore[r] TODO: say why'),
    ('.env', '  K=1', '  # keylint: ignore[r] TODO: say why\n  K=1'),
    ('a.sh', 'x \\', '# keylint: ignore[r] TODO: say why\nx \\'),
    ('a.bat', 'x', 'REM keylint: ignore[r] TODO: say why\nx'),
)


@pytest.mark.parametrize(('path', 'line', 'marked'), MARKS)
def test_a_mark_has_the_form_of_the_language(path: str, line: str, marked: str) -> None:
    assert next(write_marks(path, [line], 1, 'r')) == (1, marked)


@pytest.mark.parametrize('path', ['a.json', 'a.ipynb', 'a.csv', 'a.unknown', 'a.txt'])
def test_where_no_comment_can_stand_none_is_offered(path: str) -> None:
    assert list(write_marks(path, ['x'], 1, 'r')) == []


def test_an_accident_says_nothing_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError('hunter2 is the password')

    monkeypatch.setattr('keylint.lsp.documents.scan_text', fail)
    checked = check_text('/a/b.py', 'hunter2')
    assert 'ValueError' in checked.error
    assert 'hunter2' not in checked.error


def test_an_editor_that_makes_no_files_gets_plain_changes(tmp_path: Path) -> None:
    path = tmp_path / 'bot.py'
    text = expand_recipes("import os\n\nkraken_api_secret = '{base64:64}'\n", 'plain')
    checked = check_text(str(path), text)
    (finding,) = checked.findings
    edit = make_workspace_edit(move_value(checked, finding), PositionCodec(), may_create=False)
    assert edit.document_changes is None
    assert edit.changes is not None
    changes = {
        uri: [converter.unstructure(one) for one in edits] for uri, edits in edit.changes.items()
    }
    texts = apply_edit({'changes': changes}, {path.as_uri(): text})
    assert check_text(str(path), texts[path.as_uri()]).findings == ()
    assert texts[(tmp_path / '.env').as_uri()].startswith('KRAKEN_API_SECRET=')


@pytest.mark.parametrize(
    ('capabilities', 'is_lazy', 'is_maker'),
    [({}, False, False), ({'workspace': {}}, False, False), (CAPABILITIES, True, True)],
)
def test_what_an_editor_can_do_is_read(
    capabilities: dict[str, object], is_lazy: bool, is_maker: bool
) -> None:
    read = converter.structure(capabilities, types.ClientCapabilities)
    assert (can_resolve(read), can_create(read)) == (is_lazy, is_maker)


_TEXTS = {
    'bot.py': "import ccxt\nbot = ccxt.kraken({'apiKey': '{alnum:56}', 'secret': '{base64:64}'})\n",
    'tests/test_bot.py': "SECRET = 'x'\nbinance_api_secret = '{alnum:64}'\n",
    'old/bot.py': "binance_api_secret = '{alnum:64}'\n",
    'docs/a.md': '    BINANCE_API_SECRET={alnum:64}\n',
    'marked.env': '# keylint: ignore[kraken-credential] of a test\nKRAKEN_SECRET={base64:64}\n',
    'keys.yaml': 'keys:\n  - exchange: kraken\n    permissions: [read, withdraw]\n',
    'known.env': 'KRAKEN_API_SECRET={base64:64}\n',
    'table.csv': 'exchange,key,secret\nkraken,{alnum:56},{base64:64}\n',
    'config.json': '{"kraken_secret": "{base64:64}"}\n',
}


def test_an_editor_shows_what_a_scan_of_the_file_finds(
    repository: Repository, keylint: Run
) -> None:
    folder = repository.folder
    repository.write('known.env', expand_recipes(_TEXTS['known.env'], 'known.env'))
    assert keylint('baseline', 'create', cwd=folder).returncode == 0
    for name, text in _TEXTS.items():
        repository.write(name, expand_recipes(text, name))
    repository.write(
        'keylint.toml',
        'exclude = ["old/"]\nfail-on = "high"\n[per-path-ignores]\n"docs/" = ["binance"]\n',
    )
    shown = {}
    for name in _TEXTS:
        path = str(folder / name)
        request = ScanRequest(make_scope((path,)))
        report = run_scan(request, configure(request))
        found = [(one.rule, one.place, one.severity) for one in report.open]
        checked = check_text(path, (folder / name).read_text())
        assert [(one.rule, one.place, one.severity) for one in checked.findings] == found, name
        shown[name] = len(found)
    silent = {'old/bot.py', 'docs/a.md', 'marked.env', 'known.env'}
    assert {name for name, count in shown.items() if not count} == silent
