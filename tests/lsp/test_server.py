"""The language server, spoken to by a real client over its standard streams."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from keylint.core.install import format_requirement
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.lsp.client import Client, apply_edit

pytestmark = pytest.mark.slow  # a process from nothing, though one for all

_LEAK = (
    "import ccxt\n\nname = 'ünï 😀'\nexchange = ccxt.binance({\n"
    "    'note 😀': 1, 'apiKey': '{alnum:64}',\n    'secret': '{alnum:64}',\n})\n"
)
_CLEAN = 'import ccxt\n\nexchange = ccxt.binance()\n'
_NO_NETWORK = """
import sys
def hook(event, arguments):
    if event in ('socket.connect', 'socket.bind', 'socket.getaddrinfo', 'socket.sendto'):
        sys.stderr.write('forbidden: ' + event + chr(10))
        import os
        os._exit(99)
sys.addaudithook(hook)
from keylint.cli import main
sys.argv = ['keylint', 'lsp']
sys.exit(main())
"""


@pytest.fixture(scope='module')
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Start one server, which may not touch the network, and shut it down at the end."""
    served = Client(tmp_path_factory.mktemp('served'), command=('-c', _NO_NETWORK))
    yield served
    assert served.stop() == (0, '')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    subprocess.run(['git', 'init', '-q', str(tmp_path)], check=True)
    return tmp_path


def make_leak(seed: str) -> tuple[str, list[str]]:
    """Return a program with a leak, and the halves of its values."""
    text = expand_recipes(_LEAK, seed)
    values = [line.split("'")[-2] for line in text.splitlines() if line.endswith("',")]
    return text, [value[at : at + 8] for value in values for at in range(0, 64, 8)]


def test_a_leak_is_shown_while_it_is_typed(client: Client, folder: Path) -> None:
    path = folder / 'bot.py'
    text, pieces = make_leak('typed')
    assert client.open(path, _CLEAN) == []
    (shown,) = client.change(path, text)
    assert shown['code'] == 'binance-credential'
    assert shown['severity'] == 1
    # Counted in UTF-16, where the face takes two.
    assert shown['range']['start'] == {'line': 5, 'character': 15}
    place = shown['relatedInformation'][0]['location']['range']['start']
    assert place == {'line': 4, 'character': 29}
    assert not [piece for piece in pieces if piece in str(shown)]
    assert client.change(path, _CLEAN, 3) == []
    client.close(path)


def test_hover_says_why_and_what_to_do_and_no_value(client: Client, folder: Path) -> None:
    path = folder / 'bot.py'
    text, pieces = make_leak('hover')
    (shown,) = client.open(path, text)
    where = {'textDocument': {'uri': path.as_uri()}, 'position': shown['range']['start']}
    said = client.ask('textDocument/hover', where)['contents']['value']
    assert 'binance-credential' in said
    assert 'What to do:\n1. ' in said
    assert not [piece for piece in pieces if piece in said]
    nowhere = where | {'position': {'line': 0, 'character': 0}}
    assert client.ask('textDocument/hover', nowhere) is None
    client.close(path)


@pytest.mark.parametrize('ending', ['\n', '\r\n'])
def test_a_value_is_moved_to_the_environment(client: Client, folder: Path, ending: str) -> None:
    path = folder / 'bot.py'
    text = make_leak(f'move {ending!r}')[0].replace('\n', ending)
    (shown,) = client.open(path, text)
    edit = client.act(path, shown, 'move the value')['edit']
    texts = apply_edit(edit, {path.as_uri(): text})
    names = {uri.rpartition('/')[2] for uri in texts}
    assert names == {'bot.py', '.env', '.env.example', '.gitignore'}
    assert "os.environ['BINANCE_API_SECRET']" in texts[path.as_uri()]
    assert texts[(folder / '.gitignore').as_uri()] == '.env\n'
    for uri, after in texts.items():
        (folder / uri.rpartition('/')[2]).write_text(after)
    assert client.change(path, texts[path.as_uri()]) == []
    client.close(path)
    # What git ignores is no leak, as for a scan of the tree.
    env = folder / '.env'
    assert client.open(env, env.read_text()) == []
    client.close(env)


def test_a_finding_is_ignored_with_a_reason(client: Client, folder: Path) -> None:
    for name, text in (
        ('bot.py', make_leak('ignore')[0]),
        ('bot.ts', expand_recipes('const binanceApiSecret = "{alnum:64}";\n', 'ts')),
        ('bot.env', expand_recipes('KRAKEN_API_SECRET={base64:64}\n', 'env')),
        ('bot.xml', expand_recipes('<a>\n  <kraken secret="{base64:64}"/>\n</a>\n', 'xml')),
    ):
        path = folder / name
        (shown,) = client.open(path, text)
        edit = client.act(path, shown, 'ignore with a reason')['edit']
        after = apply_edit(edit, {path.as_uri(): text})[path.as_uri()]
        assert f'keylint: ignore[{shown["code"]}] TODO: say why' in after
        assert client.change(path, after) == []
        client.close(path)


def test_json_has_no_comments(client: Client, folder: Path) -> None:
    path = folder / 'config.json'
    (shown,) = client.open(
        path,
        expand_recipes(
            '{{"kraken_secret": "{base64:64}"}}'.replace('{{', '{').replace('}}', '}'), 'json'
        ),
        'json',
    )
    params = {
        'textDocument': {'uri': path.as_uri()},
        'range': shown['range'],
        'context': {'diagnostics': []},
    }
    titles = [action['title'] for action in client.ask('textDocument/codeAction', params)]
    assert not [title for title in titles if 'ignore' in title]
    client.close(path)


def test_a_finding_is_accepted_in_the_baseline(client: Client, folder: Path, keylint: Run) -> None:
    path = folder / 'bot.py'
    text, _ = make_leak('accept')
    path.write_text(text)
    (shown,) = client.open(path, text)
    command = client.act(path, shown, 'accept in the baseline')['command']
    client.ask(
        'workspace/executeCommand',
        {'command': command['command'], 'arguments': command['arguments']},
    )
    assert client.wait_for_diagnostics(path) == []
    assert 'keylint baseline audit' in client.wait('window/showMessage')['message']
    assert keylint('scan', 'bot.py', cwd=folder).returncode == 0
    other = text + expand_recipes('KRAKEN_API_SECRET = "{base64:64}"\n', 'other')
    (added,) = client.change(path, other)
    assert added['code'] == 'kraken-credential'
    client.close(path)


def test_the_settings_of_the_files_own_tree_count(
    client: Client, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text, _ = make_leak('settings')
    (folder / 'keylint.toml').write_text(
        'exclude = ["old/"]\n[per-path-ignores]\n"docs/" = ["binance"]\n'
    )
    loose = tmp_path_factory.mktemp('loose') / 'bot.py'
    for path, count in (
        (folder / 'old' / 'a.py', 0),
        (folder / 'docs' / 'a.py', 0),
        (folder / 'a.py', 1),
        (loose, 1),
    ):
        assert len(client.open(path, text)) == count
        client.close(path)


def test_a_broken_configuration_is_one_message(client: Client, folder: Path) -> None:
    text, _ = make_leak('broken')
    path, settings = folder / 'bot.py', folder / 'keylint.toml'
    assert len(client.open(path, text)) == 1
    settings.write_text('selct = 3\n')
    client.save(settings)
    assert client.wait_for_diagnostics(path) == []
    assert "unknown key 'selct'" in client.wait('window/showMessage')['message']
    assert client.change(path, text + '\n') == []
    assert not [one for one in client.heard if one['method'] == 'window/showMessage']
    settings.write_text('')
    client.save(settings)
    assert len(client.wait_for_diagnostics(path)) == 1
    client.close(path)


def test_a_mark_in_vain_and_a_file_that_is_not_scanned_are_shown(
    client: Client, folder: Path
) -> None:
    path = folder / 'a.py'
    (vain,) = client.open(path, 'x = 1  # keylint: ignore[binance-credential] was a key\n')
    assert 'covers no finding' in vain['message']
    client.close(path)
    keys = folder / 'keys.yaml'
    (failed,) = client.open(keys, 'permissions: ' + '[' * 2000, 'yaml')
    assert failed['message'].startswith('not scanned: ')
    client.close(keys)


COMPLETIONS = (
    ('keys.yaml', 'keys:\n  - §', 'exchange', 'items'),
    ('keys.yaml', 'keys:\n  - exchange: kraken\n    §', 'permissions', 'items'),
    ('keys.yaml', 'keys:\n  - exchange: §', 'kraken', 'bybit'),
    (
        'keys.yaml',
        'keys:\n  - label: a\n    status: active\n  - exchange: kraken\n    environment: §',
        'testnet',
        'live',
    ),
    ('keys.yaml', '§', 'keys', 'version'),
    ('own/zoomdex.yaml', '§', 'id', 'kind'),
    ('own/zoomdex.yaml', 'id: zoomdex\nhelp:\n  §', 'manage', 'revoke'),
    ('notes.yaml', 'keys:\n  - §', '', ''),
)


@pytest.mark.parametrize(('name', 'text', 'one', 'other'), COMPLETIONS)
def test_inventories_and_dossiers_are_completed(
    client: Client, folder: Path, name: str, text: str, one: str, other: str
) -> None:
    (folder / 'own').mkdir()
    (folder / 'keylint.toml').write_text('')
    path = folder / name
    if name.startswith('own'):
        text = (
            '# yaml-language-server: $schema=https://keylint.readthedocs.io/dossier.schema.json\n'
            + text
        )
    head = text.partition('§')[0]
    client.open(path, text.replace('§', ''), 'yaml')
    position = {'line': head.count('\n'), 'character': len(head.rpartition('\n')[2])}
    params = {'textDocument': {'uri': path.as_uri()}, 'position': position}
    labels = [item['label'] for item in client.ask('textDocument/completion', params)]
    assert bool(labels) == bool(one)
    if one:
        assert one in labels
        assert other in labels or other == 'items'
    client.close(path)


def test_without_its_extra_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    code = (
        'import sys\nfrom importlib.machinery import PathFinder\n'
        'class Without:\n'
        '    def find_spec(self, name, path=None, target=None):\n'
        '        if name == "pygls": return None\n'
        '        return PathFinder.find_spec(name, path, target)\n'
        'sys.meta_path = [f for f in sys.meta_path if f is not PathFinder] + [Without()]\n'
        'from keylint.cli import main; sys.exit(main(["lsp"]))'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, cwd=tmp_path, check=False, text=True
    )
    assert (done.returncode, done.stdout) == (2, '')
    command_of_pip = f'pip install {format_requirement("lsp")}'
    assert done.stderr == f'keylint: `keylint lsp` needs its extra: {command_of_pip}\n'


def test_questions_about_nothing_are_answered_with_nothing(client: Client, folder: Path) -> None:
    document = {'textDocument': {'uri': (folder / 'not-open.py').as_uri()}}
    place = document | {'position': {'line': 5, 'character': 9}}
    nowhere = {'start': {'line': 0, 'character': 0}, 'end': {'line': 9, 'character': 0}}
    assert client.ask('textDocument/hover', place) is None
    assert client.ask('textDocument/completion', place) == []
    asked = document | {'range': nowhere, 'context': {'diagnostics': []}}
    assert client.ask('textDocument/codeAction', asked) == []
    asked = {'command': 'keylint.acceptInBaseline', 'arguments': ['file:///x', 'a', 'b']}
    assert client.ask('workspace/executeCommand', asked) is None
    assert 'the finding is gone' in client.wait('window/showMessage')['message']


def test_a_text_without_a_file_and_a_change_of_a_piece_are_scanned(
    client: Client, folder: Path
) -> None:
    uri = 'untitled:Untitled-1'
    text = expand_recipes("x = 1\nbinance_api_secret = '{alnum:64}'\n", 'untitled')
    item = {'uri': uri, 'languageId': 'python', 'version': 1, 'text': text}
    client.tell('textDocument/didOpen', {'textDocument': item})
    assert len(client.wait('textDocument/publishDiagnostics', uri)['diagnostics']) == 1
    piece = {'start': {'line': 1, 'character': 0}, 'end': {'line': 2, 'character': 0}}
    params = {
        'textDocument': {'uri': uri, 'version': 2},
        'contentChanges': [{'range': piece, 'text': ''}],
    }
    client.tell('textDocument/didChange', params)
    assert client.wait('textDocument/publishDiagnostics', uri)['diagnostics'] == []


def test_a_message_that_is_none_is_told_without_its_text(client: Client) -> None:
    client.send_bytes(b'hunter2')
    message = client.wait('window/showMessage')['message']
    assert 'JSONDecodeError' in message
    assert 'hunter2' not in message
