"""The laws of docs/design.md that no other test shows."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from keylint.matcher.prefilter import filter_matches
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from keylint.syntax.forms import ROWS
from tests.conftest import Run
from tests.dossiers import examples

ROOT = Path(__file__).parent.parent / 'keylint'

# A room may import from the rooms above it in this list, never from those below it.
ROOMS = (
    '_version',
    'core',
    'workers',
    'validators',
    'matcher',
    'rules',
    'sources',
    'archives',
    'readers',
    'syntax',
    'detect',
    'declarations',
    'api_usage',
    'findings',
    'policies',
    'pipeline',
    'history',
    'baseline',
    'scanner',
    'publish',
    'fix',
    'integrations',
    'agents',
    'reporters',
    'lsp',
    'fleet',
    'commands',
    'cli',
    'front',
    'api',
    '__init__',
    '__main__',
)

SOCKETS_FORBIDDEN = """
import sys
def hook(event, arguments):
    is_network = event.startswith('socket.') and event != 'socket.gethostname'
    if is_network or event in ('os.system', 'os.exec', 'marshal.load'):
        sys.stderr.write('forbidden: ' + event + chr(10))
        import os
        os._exit(99)
sys.addaudithook(hook)
from keylint.cli import main
sys.exit(main(sys.argv[1:]))
"""


def modules() -> dict[str, Path]:
    """Map every module below the package to its file; a package is named by its folder."""
    paths = {
        '.'.join(path.relative_to(ROOT).with_suffix('').parts): path for path in ROOT.rglob('*.py')
    }
    return {name.removesuffix('.__init__'): path for name, path in paths.items()}


MODULES = modules()


def imported_modules(path: Path) -> set[str]:
    """List the modules that a file imports in any form, also in functions.

    Not those for types alone.
    """
    found = imported_names(path)
    own = {name.removeprefix('keylint.') for name in found if name.startswith('keylint.')}
    return {name if name in MODULES else name.rpartition('.')[0] or '__init__' for name in own}


def imported_names(path: Path) -> set[str]:
    """List the full names that a file imports at run time, from any package."""
    found = set()
    for node in runtime_nodes(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f'{path}: relative import'
            found |= {f'{node.module}.{alias.name}' for alias in node.names}
        elif isinstance(node, ast.Call):
            found |= named_modules(node)
    return found


def named_modules(call: ast.Call) -> set[str]:
    """Return the module that a call imports by its name: `defer_module('keylint.fix')`."""
    function = call.func.attr if isinstance(call.func, ast.Attribute) else ''
    function = call.func.id if isinstance(call.func, ast.Name) else function
    if function not in ('defer_module', 'import_module', '__import__') or not call.args:
        return set()
    name = call.args[0]
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        return {name.value}
    return set()


def runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk a module without the bodies of `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if (
            isinstance(node, ast.If)
            and isinstance(node.test, ast.Name)
            and node.test.id == 'TYPE_CHECKING'
        ):
            continue
        yield node
        yield from runtime_nodes(node)


IMPORTS = {name: imported_modules(path) for name, path in MODULES.items()}


def room_of(module: str) -> int:
    return ROOMS.index(module.partition('.')[0])


@pytest.mark.parametrize('module', sorted(MODULES))
def test_imports_point_to_rooms_above(module: str) -> None:
    if module == '__init__':
        return  # the library's names, imported when they are asked for
    wrong = [name for name in IMPORTS[module] if room_of(name) > room_of(module)]
    assert not wrong, f'{module} imports {", ".join(wrong)}'


@pytest.mark.parametrize('module', sorted(MODULES))
def test_only_the_command_line_knows_argparse(module: str) -> None:
    if module != 'cli' and room_of(module) != ROOMS.index('commands'):
        names = imported_names(MODULES[module])
        assert not [name for name in names if name.partition('.')[0] == 'argparse']


# What comes with the extra `fleet`, and who may import it: nobody else needs it.
FLEET_PACKAGES = {'alembic', 'dask', 'distributed', 'sqlalchemy'}
CONNECTING = {'http', 'requests', 'socket', 'socketserver', 'ssl', 'urllib3', 'aiohttp', 'httpx'}


@pytest.mark.parametrize('module', sorted(MODULES))
def test_only_the_fleet_knows_dask_and_databases(module: str) -> None:
    tops = {name.partition('.')[0] for name in imported_names(MODULES[module])}
    if not module.startswith('fleet.') and not module.startswith('commands.fleet.'):
        assert not tops & FLEET_PACKAGES
        assert not [name for name in IMPORTS[module] if name.partition('.')[0] == 'fleet']
    assert ('distributed' in tops) == (module == 'fleet.cluster')


@pytest.mark.parametrize('module', sorted(MODULES))
def test_only_the_language_server_knows_its_library(module: str) -> None:
    tops = {name.partition('.')[0] for name in imported_names(MODULES[module])}
    if not module.startswith('lsp.'):
        assert not tops & {'pygls', 'lsprotocol'}
        is_command = module == 'commands.lsp'
        assert is_command or not [name for name in IMPORTS[module] if name.startswith('lsp.')]


@pytest.mark.parametrize('module', sorted(MODULES))
def test_no_module_opens_a_connection_of_its_own(module: str) -> None:
    """Law 5: only Dask connects, in one module, to the scheduler that was named or on loopback."""
    names = imported_names(MODULES[module])
    if module == 'lsp.session':
        names -= {'asyncio'}  # the loop that it runs in: it speaks on standard input and output
    if module == 'rules.plugins':
        names -= {'socket'}  # so that a library which it imports does not try one out
    assert not {name.partition('.')[0] for name in names} & CONNECTING
    assert not [name for name in names if name.startswith(('urllib.request', 'asyncio'))]


def test_every_room_is_listed() -> None:
    assert {name.partition('.')[0] for name in MODULES} == set(ROOMS)


def test_no_module_imports_itself_through_others() -> None:
    """Look for circles, also within a room and through imports in functions."""
    circles = []
    for start in MODULES:
        seen: set[str] = set()
        waiting = [name for name in IMPORTS[start] if name != start]
        while waiting:
            name = waiting.pop()
            if name not in seen and name != '__init__':
                seen.add(name)
                waiting += IMPORTS[name]
        if start in seen:
            circles.append(start)
    assert not circles


def test_the_laws_see_every_form_of_import(tmp_path: Path) -> None:
    path = tmp_path / 'module.py'
    path.write_text(
        'import keylint.fix.edits\nfrom keylint.core import model\n'
        'from keylint.core.errors import ConfigError\n'
        'from keylint import cli, scan\nif TYPE_CHECKING:\n    from keylint.rules import load\n'
        'def run():\n    from keylint.readers import json, ending\n'
    )
    assert imported_modules(path) == {
        'fix.edits',
        'core.model',
        'core.errors',
        'cli',
        '__init__',
        'readers.json',
        'readers',
    }


def test_the_gate_sees_every_loud_example() -> None:
    rules = load_rules()
    for label, name, data in examples('loud'):
        if not name.endswith(('.csv', '.tsv')):
            assert filter_matches(data, rules.matcher.find_matches(data)), label


def test_the_gate_sees_every_form() -> None:
    """What the reader knows how to read, the gate wakes for: `tests/detect` crosses them."""
    rules = load_rules()
    for form in ROWS:
        for text, _ in form.examples:
            data = text.replace('§', expand_recipes('{alnum:64}', text)).encode()
            assert filter_matches(data, rules.matcher.find_matches(data)), text


def test_a_scan_opens_no_socket_and_writes_nothing(tmp_path: Path) -> None:
    text = expand_recipes(
        'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\nSOFTLAYER_API_KEY={hex:64}\n',
        'laws',
    )
    (tmp_path / 'sitecustomize.py').write_text('raise SystemExit("imported from the scanned tree")')
    (tmp_path / 'keylint.py').write_text('raise SystemExit("imported from the scanned tree")')
    (tmp_path / '.env').write_text(text)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob('*')}
    command = [sys.executable, '-c', SOCKETS_FORBIDDEN, 'scan', str(tmp_path), '--isolated']
    done = subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, 'PYTHONSAFEPATH': '1'}
    )
    assert done.returncode == 1, done.stderr
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob('*')} == before


def test_the_same_tree_gives_the_same_bytes(keylint: Run, tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f'{number}.env').write_text(
            expand_recipes('KRAKEN_KEY={base64:42}\nKRAKEN_SECRET={base64:64}\n', str(number))
        )
    outputs = set()
    for count in ('1', '2', '5'):
        lines = keylint('scan', '--format', 'json', KEYLINT_WORKERS=count).stdout.splitlines()
        outputs.add('\n'.join(line for line in lines if '"seconds"' not in line))
    assert len(outputs) == 1


def test_the_warm_path_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        'import sys; from keylint.cli import main; main(["scan", "-", "--isolated"]); '
        'print(*sys.modules)'
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, '-c', code],
            input=b'x = 1\n',
            capture_output=True,
            check=True,
            cwd=tmp_path,
        )
    loaded = set(done.stdout.decode().split())
    assert not loaded & {
        'libcst',
        'detect_secrets',
        'yaml',
        'cryptography',
        'base58',
        'mnemonic',
        'dataclasses',
        'subprocess',
        'signal',
        'keylint.detect.credentials',
    }


def test_a_pattern_of_detect_secrets_loads_nothing_of_it(tmp_path: Path) -> None:
    token = expand_recipes('key = "{hex:32}-us12"\n', 'plugin')
    code = (
        'import sys; from keylint.cli import main; main(["scan", "-", "--isolated"]); '
        'print(*sys.modules)'
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, '-c', code],
            input=token.encode(),
            capture_output=True,
            check=True,
            cwd=tmp_path,
        )
    loaded = set(done.stdout.decode().split())
    assert 'keylint.detect.plugins' in loaded
    assert not loaded & {'detect_secrets', 'requests', 'urllib3', 'http.client', 'email'}


# Modules beside core/spans.py that count the ends of lines, with the reason.
COUNTS_LINES = {
    'archives.markup': 'keeps the ends of lines of a tag that it takes out: nothing is numbered',
    'archives.passwords': 'numbers the rows of a table of passwords, which are its members',
    'baseline.peers': "names lines of another scanner's ignore file, of which no text is kept",
    'commands.config': 'names lines of our own configuration files, of which no text is kept',
    'detect.unnamed_pairs': 'values stand side by side within so many lines: a limit, not a place',
    'matcher.prefilter': 'looks so many lines ahead: a limit, not a place',
    'readers.python_cst': 'keeps the ends of lines of a literal that it replaces',
}
LINE_COUNTS = re.compile(
    r"""\.count\(\s*b?(['"])\\n\1"""
    r"""|enumerate\([^\n]{0,80}(?:\.split\(b?(['"])\\n\2|\.splitlines\()"""
)


def test_only_spans_counts_lines() -> None:
    """Law: offsets are bytes until findings, and one module turns them into lines and columns."""
    counting = {
        name
        for name, path in MODULES.items()
        if name != 'core.spans' and LINE_COUNTS.search(path.read_text())
    }
    assert counting <= COUNTS_LINES.keys(), sorted(counting - COUNTS_LINES.keys())
