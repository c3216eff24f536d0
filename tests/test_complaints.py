"""What users of other scanners complained of, as tests.

docs/complaints.md lists all of them, with those that other tests show.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

ROOT = Path(__file__).parent.parent
PAGE = ROOT / 'docs/complaints.md'
LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'complaints')
TESTNET = expand_recipes(
    '[binance-testnet]\ntestnet = true\napi_key = {alnum:64}\napi_secret = {alnum:64}\n',
    'complaints/testnet',
)
MARK = 'keylint: ' + 'ignore'  # in one piece it would be a mark of this file
KNOWN = yaml.safe_load((ROOT / 'rules/known.yaml').read_text())
DEVELOPERS = [row['key'] for row in KNOWN['evm_private_keys']]
PHRASES = [row['phrase'] for row in KNOWN['mnemonics']]
# The order of secp256k1: SEC 2 v2, section 2.4.1.
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
PRIME = 2**256 - 2**32 - 977

SILENT = {
    'betterleaks#340: cdk.out': (
        'cdk.out/bot.assets.json',
        """\
{{"files": {{"{hex:64}": {{"destinations": {{"x": {{"bucketName": "assets", \
"objectKey": "{hex:64}.zip"}}}}}}}},
 "Resources": {{"Code": {{"S3Bucket": "assets", "S3Key": "{hex:64}.zip"}}, \
"ChangeToken": "{uuid}", "ClientRequestToken": "{uuid}",
 "ActivationKey": "BotStackActivationKey{HEX:8}", "PurchaseToken": "{uuid}", \
"Metadata": {{"aws:asset:path": "asset.{hex:64}"}}}}}}
""",
    ),
    'gitleaks#1219: an id that is called token': (
        'pay.ts',
        "export const order = {{\n  tokenizationId: '{hex:32}',\n}};\n",
    ),
    'trufflehog#3770: bun.lock': (
        'bun.lock',
        """\
{{"packages": {{
  "ccxt": ["ccxt@4.4.0", "", {{"dependencies": {{"ws": "^8.8.1"}}}}, "sha512-{base64:64}"],
  "token-types": ["token-types@6.0.0", "", {{}}, "sha512-{base64:64}"],
}}}}
""",
    ),
    'kingfisher#176: actions pinned by commit': (
        '.github/workflows/bot.yml',
        """\
jobs:
  token:
    steps:
      - uses: actions/checkout@{hex:40}  # v4
      - uses: actions/create-github-app-token@{hex:40}
      - uses: trade/api-key-check@{hex:40} # secret
""",
    ),
    'secretlint#1560: sha512 of a package manager': (
        'package.json',
        '{{"packageManager": "pnpm@9.1.0+sha512.{hex:128}"}}\n',
    ),
    'acp-cli-demos#100: what a chain makes public': (
        'proof.md',
        """\
tx hash: 0x{hex:64}
attestation: https://base.easscan.org/attestation/view/0x{hex:64}
settlement: https://basescan.org/tx/0x{hex:64}
schemaUID: 0x{hex:64}
"deliverableHash": "0x{hex:64}"
""",
    ),
    'squirrelscan#357: digits that end a longer word': (
        'index.html',
        '<div data-w-id="{hex:20}a{digits:9}:{uuid}"></div>\n',
    ),
    'detect-secrets#693: long names': (
        'page.js',
        """\
secret = "recallNoticesOfWarehousesAndBusinessUnitsValidationGroup1297083594";
assignVariables("ojTabBar1482653721SelectedItemOfPerpetualInventory", token);
""",
    ),
    'MetaMask#22287: keys of development nodes': (
        'accounts.js',
        ''.join(f"const privateKey{n} = '{key}';\n" for n, key in enumerate(DEVELOPERS)),
    ),
    'bsv#263: constants of the curve': (
        'ecdsa.js',
        ''.join(
            f'const {name} = "{mark}{number:064x}";\n'
            for name in ('privateKeyMax', 'n', 'half_private_key')
            for number in (ORDER, ORDER - 1, PRIME)
            for mark in ('', '0x')
        ),
    ),
    'bip39#707: published vectors': (
        'tests.py',
        ''.join(f"mnemonic = '{phrase}'\n" for phrase in PHRASES),
    ),
}


def found(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    return [
        (place['path'], place['rule'])
        for finding in json.loads(done.stdout)['findings']
        for place in finding['places']
        if finding['state'] == 'open'
    ]


@pytest.mark.parametrize('name', SILENT)
def test_a_false_positive_of_others_is_silent_and_a_leak_beside_it_is_not(
    keylint: Run, tmp_path: Path, name: str
) -> None:
    path, text = SILENT[name]
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(
        expand_recipes(text, name) if '{{' in text or re.search(r'\{\w+:?\d*\}', text) else text
    )
    done = keylint('scan', '--format', 'json')
    assert (done.returncode, found(done)) == (0, [])
    assert json.loads(done.stdout)['summary']['files'] == 1
    beside = Path(path).parent / 'leak.env'
    (tmp_path / beside).write_text(LEAK)
    assert found(keylint('scan', '--format', 'json')) == [(beside.as_posix(), 'binance-credential')]


def test_bsv_263_half_the_order_of_the_curve_under_the_name_of_a_key(keylint: Run) -> None:
    text = f"const privateKeyMax = '{ORDER // 2:064x}';\n"
    assert keylint('scan', '-', '--stdin-filename', 'ecdsa.js', stdin=text.encode()).returncode == 0


def test_credsweeper_116_words_in_a_program_are_silent(keylint: Run, tmp_path: Path) -> None:
    words = (
        b'SELF_TEST_PASS',
        b'password:%s',
        b'secret_key',
        b'API_KEY=%s',
        b'Test passedERROR: session failed: %x',
        b'token',
    )
    (tmp_path / 'bot.so').write_bytes(
        b'\x7fELF\x02\x01\x01\0'
        + b'\0\x01\x02'.join(word * 2 for word in words)
        + bytes(range(256))
    )
    done = keylint('scan', '--format', 'json', '--pedantic')
    assert (done.returncode, found(done)) == (0, [])


def test_insight_2351_a_key_of_a_test_network_is_lower_and_not_silent(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'bot.ini').write_text(TESTNET)
    done = keylint('scan', '--format', 'json')
    (finding,) = json.loads(done.stdout)['findings']
    assert (done.returncode, finding['environment'], finding['severity']) == (
        1,
        'testnet',
        'medium',
    )
    assert keylint('scan', '--fail-on', 'high').returncode == 0
    (tmp_path / 'live.env').write_text(LEAK)
    assert keylint('scan', '--fail-on', 'high').returncode == 1


def test_gitleaks_2239_a_weak_value_that_is_replaced_stays_known(
    keylint: Run, tmp_path: Path
) -> None:
    """The price of a file that nobody can guess a password from; docs/baseline.md says so."""
    program = "import db\nDB_PASSWORD = '{pass:12}'\n"
    (tmp_path / 'bot.py').write_text(expand_recipes(program, 'one'))
    assert keylint('scan').returncode == 1
    assert keylint('baseline', 'create').returncode == 0
    (tmp_path / 'bot.py').write_text(expand_recipes(program, 'two'))
    assert '1 known' in keylint('scan').stdout


def test_trufflehog_2687_there_are_three_ways_to_accept_and_each_is_counted(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'a.env').write_text(LEAK)
    assert keylint('scan').returncode == 1
    (tmp_path / 'a.env').write_text(LEAK.replace('\n', f'  # {MARK} a sample of our own\n'))
    marked = keylint('scan')
    assert (marked.returncode, '1 suppressed' in marked.stdout) == (0, True)
    (tmp_path / 'a.env').write_text(LEAK)
    assert keylint('baseline', 'create').returncode == 0
    known = keylint('scan')
    assert (known.returncode, '1 known' in known.stdout) == (0, True)
    (tmp_path / 'keylint.toml').write_text('exclude = ["a.env"]\n')
    excluded = keylint('scan', '--no-baseline')
    assert (excluded.returncode, 'skipped: 1 ' in excluded.stdout) == (0, True)
    assert 'warning: exclude' in keylint('doctor').stdout


def test_aidoc_348_the_hooks_need_nothing_but_python() -> None:
    hooks = yaml.safe_load((ROOT / '.pre-commit-hooks.yaml').read_text())
    assert {hook['language'] for hook in hooks} == {'python'}
    assert all(
        hook['entry'].startswith('keylint ') and not hook.get('additional_dependencies')
        for hook in hooks
    )
    assert (
        tomllib.loads((ROOT / 'pyproject.toml').read_text())['build-system']['build-backend']
        == 'hatchling.build'
    )  # builds no extension


def hook_into(repository: Repository) -> None:
    """Return the hook as a plain script of git, without pre-commit."""
    path = repository.folder / '.git/hooks/pre-commit'
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m keylint scan --staged\n')
    path.chmod(0o755)


def test_trufflehog_5181_a_commit_in_a_linked_work_tree_is_looked_at_without_a_copy(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write('a.txt', 'a\n')
    repository.commit('first')
    repository.git('worktree', 'add', '-q', '-b', 'other', str(tmp_path / 'linked'))
    hook_into(repository)
    (tmp_path / 'temporary').mkdir()
    monkeypatch.setenv('TMPDIR', str(tmp_path / 'temporary'))
    (tmp_path / 'linked/a.env').write_text(LEAK)
    assert 'Binance credential' in repository.git('-C', '../linked', 'add', '-A') + repository.git(
        '-C', '../linked', 'commit', '-m', 'leak'
    )
    assert repository.git('log', '-1', '--format=%s', 'other') == 'first\n'
    (tmp_path / 'linked/a.env').write_text('A=1\n')
    repository.git('-C', '../linked', 'add', '-A')
    repository.git('-C', '../linked', 'commit', '-m', 'clean')
    assert repository.git('log', '-1', '--format=%s', 'other') == 'clean\n'
    assert list((tmp_path / 'temporary').iterdir()) == []


def test_bionemo_1556_a_run_that_looked_at_nothing_says_so(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', LEAK)
    repository.commit('leaked long ago')
    done = keylint('scan', '--staged', cwd=repository.folder)
    assert (done.returncode, done.stdout.startswith('nothing was scanned')) == (0, True)
    assert (
        json.loads(keylint('scan', '--staged', '--format', 'json', cwd=repository.folder).stdout)[
            'summary'
        ]['files']
        == 0
    )
    assert (
        keylint('scan', '--staged', 'a.env', cwd=repository.folder).returncode == 1
    )  # as `pre-commit run --all-files` calls it


def test_openaether_128_a_hook_that_cannot_do_its_work_stops_the_commit(
    repository: Repository,
) -> None:
    hook_into(repository)
    repository.write('keylint.toml', 'severity = "hihg"\n')
    repository.write('a.txt', 'a\n')
    repository.git('add', '-A')
    said = repository.git('commit', '-m', 'with a broken configuration')
    assert 'keylint: ' in said
    assert 'Traceback' not in said
    assert repository.git('rev-list', '--all', '--count') == '0\n'


def test_detect_secrets_935_a_commit_is_judged_by_what_it_stages(
    keylint: Run, repository: Repository
) -> None:
    repository.write('old.env', LEAK)
    repository.commit('leaked long ago')
    repository.write('new.py', 'print(1)\n')
    repository.git('add', '-A')
    done = keylint('scan', '--staged', cwd=repository.folder)
    assert (done.returncode, 'no findings in 1 file ' in done.stdout) == (0, True)


# The page itself


def rows() -> list[str]:
    return [line for line in PAGE.read_text().splitlines() if line.startswith('| [')]


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r'`(tests/[\w/]+\.py)::(\w+)', PAGE.read_text())
    assert len(named) > 20
    for path, name in named:
        functions = {
            node.name
            for node in ast.parse((ROOT / path).read_text()).body
            if isinstance(node, ast.FunctionDef)
        }
        assert name in functions, f'{path}::{name}'


def test_every_row_has_a_link_and_a_test_or_a_command() -> None:
    assert len(rows()) > 20
    for row in rows():
        cells = [cell.strip() for cell in row.strip('|').split(' | ')]
        assert len(cells) == 4, row
        links = re.findall(r'\]\((\S+?)\)', cells[0])
        assert links, row
        assert all(
            re.fullmatch(r'https://github\.com/[\w.-]+/[\w.-]+/(?:issues|pull)/\d+', link)
            for link in links
        ), row
        assert re.search(r'`(?:tests/|python |keylint |pre-commit )', cells[3]), row


@pytest.mark.parametrize('name', SILENT)
def test_every_false_positive_has_its_row(name: str) -> None:
    peer, _, number = name.partition(':')[0].partition('#')
    assert any(f'[{peer}#{number}]' in row for row in rows())
