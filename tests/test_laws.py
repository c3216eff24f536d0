"""The laws of docs/design.md that no other test shows."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

from keylint.matcher.prefilter import narrowed
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand
from tests.conftest import Run
from tests.dossiers import examples

ROOT = Path(__file__).parent.parent / 'keylint'

# A module may import from its own floor's packages below it, never from above.
FLOORS = (
    ('api',),
    ('cli',),
    ('commands',),
    ('triage',),
    ('reporters', 'rulepack.check', 'rulepack.page'),
    ('integrations.detect_secrets',),
    ('baseline', 'diffs', 'integrations'),
    ('inventory', 'remains'),
    ('plan',),
    ('verdicts', 'travel'),
    ('tree',),
    ('fixes',),
    ('fixers.notebook', 'fixers.store'),
    ('fixers.python', 'fixers.env', 'fixers.config', 'fixers.inventory'),
    ('fixers.names',),
    ('fixers',),
    ('ranges',),
    ('history',),
    ('sightings', 'lifespans'),
    ('pipeline', 'sources', 'executors', 'unchanged'),
    ('members',),
    ('examine',),
    ('layers',),
    ('signs',),
    ('keys', 'privileges'),
    ('policies',),
    ('judge',),
    ('masking',),
    ('declare.inventory',),
    ('declare.declare', 'declare.calls', 'declare.code', 'declare.frameworks'),
    ('declare.entries', 'declare.requests'),
    ('declare.values',),
    ('declare.documents',),
    ('declare.said',),
    ('detect.detect', 'detect.plugins'),
    ('detect.identify',),
    ('detect.candidates', 'detect.evidence', 'detect.environment', 'detect.silence'),
    ('rulepack.load',),
    ('rulepack.pack', 'rulepack.compile', 'rulepack.files'),
    ('rulepack', 'positions', 'marks', 'config', 'readers'),
    ('detect.bindings', 'detect.mnemonics'),
    ('gates.narrow',),
    ('declare.vocabulary', 'declare.methods', 'declare.texts', 'declare'),
    ('carriers.walk',),
    ('detect.names', 'gates', 'validators', 'carriers'),
    ('declare.dates', 'caches'),
    ('model', 'errors', 'atomic', 'clock'),
)

SOCKETS_FORBIDDEN = """
import sys
def hook(event, arguments):
    if event.startswith('socket.') and event != 'socket.gethostname' or event in ('os.system', 'os.exec', 'marshal.load'):
        sys.stderr.write('forbidden: ' + event + chr(10))
        import os
        os._exit(99)
sys.addaudithook(hook)
from keylint.cli import main
sys.exit(main(sys.argv[1:]))
"""


def floor(module: str) -> int:
    """The floor of a module, by the longest name that fits."""
    found = [(len(name), number) for number, names in enumerate(FLOORS) for name in names if module == name or module.startswith(f'{name}.')]
    assert found, f'{module} stands on no floor'
    return max(found)[1]


def imports(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    modules = {node.module or '' for node in nodes if isinstance(node, ast.ImportFrom)}
    return {module.removeprefix('keylint.') for module in modules if module.startswith('keylint.')}


def test_imports_point_down() -> None:
    for path in ROOT.rglob('*.py'):
        module = '.'.join(path.relative_to(ROOT).with_suffix('').parts).removesuffix('.__init__')
        if module in ('__init__', '__main__', 'declare'):
            continue
        for imported in imports(path):
            assert floor(imported) >= floor(module), f'{module} imports {imported} from above'


def test_the_gate_sees_every_loud_example() -> None:
    rules = load_rules()
    for label, name, data in examples('loud'):
        if not name.endswith(('.csv', '.tsv')):
            assert narrowed(data, rules.gate.scan(data)), label


def test_a_scan_opens_no_socket_and_writes_nothing(tmp_path: Path) -> None:
    text = expand('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\nSOFTLAYER_API_KEY={hex:64}\n', 'laws')
    (tmp_path / 'sitecustomize.py').write_text('raise SystemExit("imported from the scanned tree")')
    (tmp_path / 'keylint.py').write_text('raise SystemExit("imported from the scanned tree")')
    (tmp_path / '.env').write_text(text)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob('*')}
    command = [sys.executable, '-c', SOCKETS_FORBIDDEN, 'scan', str(tmp_path), '--isolated']
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, 'PYTHONSAFEPATH': '1'})
    assert done.returncode == 1, done.stderr
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob('*')} == before


def test_the_same_tree_gives_the_same_bytes(keylint: Run, tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f'{number}.env').write_text(expand('KRAKEN_KEY={base64:42}\nKRAKEN_SECRET={base64:64}\n', str(number)))
    outputs = set()
    for count in ('1', '2', '5'):
        lines = keylint('scan', '--format', 'json', KEYLINT_WORKERS=count).stdout.splitlines()
        outputs.add('\n'.join(line for line in lines if '"seconds"' not in line))
    assert len(outputs) == 1


def test_the_warm_path_loads_nothing_heavy(tmp_path: Path) -> None:
    code = 'import sys; from keylint.cli import main; main(["scan", "-", "--isolated"]); print(*sys.modules)'
    for _ in range(2):
        done = subprocess.run([sys.executable, '-c', code], input=b'x = 1\n', capture_output=True, check=True, cwd=tmp_path)
    loaded = set(done.stdout.decode().split())
    assert not loaded & {
        'libcst', 'detect_secrets', 'yaml', 'cryptography', 'base58', 'mnemonic', 'dataclasses', 'subprocess', 'signal', 'keylint.detect.credentials',
    }  # fmt: skip
