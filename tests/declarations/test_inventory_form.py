"""The key inventory's form, its configured names and its schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from keylint.declarations.entry_facts import OWN_KEYS
from keylint.declarations.inventory_schema import FIELDS, is_known
from tests.conftest import Repository, Run
from tests.declarations.inventories import ARGUMENTS, SCHEMA, configured, errors, plain

SOUND = """\
keys:
  - exchange: kraken
    label: grid
    purpose: trading-bot
    permissions: [read, trade]
    ip_allowlist: [52.54.32.109]
    created: 2025-12-01
    rotate_after: 90d
    secret_ref: env:KRAKEN_SECRET
"""


SILENT = {
    'a sound inventory': ('keys.yaml', SOUND),
    'no keys yet': ('keys.yaml', 'keys: []\n'),
    'a switch of a right': ('keys.yaml', SOUND + '    can_withdraw: false\n'),
    'what is forbidden': ('keys.yaml', SOUND + '    forbidden_permissions: [withdraw]\n'),
    'a name of our own': (
        'keys.yaml',
        'x-note: &n {purpose: tax}\n' + SOUND + '    x-owner: ops\n',
    ),
    'merged fields': ('keys.yaml', 'x-all: &all\n  two_factor: true\n' + SOUND + '    <<: *all\n'),
    'the schema named': (
        'keys.json',
        (
            '{"$schema": "keys.schema.json", "version": 1, "keys": [{"exchange": "kraken", '
            '"permissions": ["read"]}]}'
        ),
    ),
    'JSON with comments': (
        'keys.json',
        '{// ours\n"keys": [{"exchange": "kraken", "purpose": "tax"},]}',
    ),
    'TOML': (
        'keys.toml',
        (
            '[[keys]]\nexchange = "kraken"\npermissions = ["read"]\n'
            'ip_allowlist = ["52.54.32.109"]\nlabel = "a"\n'
        ),
    ),
    "somebody else's pair": ('keys.json', '{"apiKey": "", "secret": ""}'),
    'translations': (
        'keys.json',
        '{"keys": {"exchange": "Börse", "permissions": "Rechte"}, "lang": "de"}',
    ),
    'key codes': (
        'keys.yaml',
        'keys:\n  - code: 13\n    name: enter\n  - code: 27\n    name: escape\n',
    ),
    'a list of names': ('keys.yaml', 'keys: [exchange, label]\n'),
    'accounts with secrets': (
        'keys.yaml',
        'keys:\n  - exchange: kraken\n    name: main\n    api_key: ${KEY}\n    secret: ${SECRET}\n',
    ),
    'another list': (
        'keys.yaml',
        (
            'accounts:\n  - exchange: kraken\n    name: main\n    permission: [read]\n'
            '    ip_allow_list: [52.54.32.109]\n'
        ),
    ),
    'broken and not ours': ('keys.yaml', 'a: [\n'),
    'another file name': ('accounts.yaml', SOUND.replace('label', 'lable')),
}


@pytest.mark.parametrize('case', SILENT)
def test_what_is_no_mistake(case: str, keylint: Run, tmp_path: Path) -> None:
    name, text = SILENT[case]
    (tmp_path / name).write_text(text, encoding='utf-8')
    done = keylint(*ARGUMENTS)
    assert errors(done) == []
    assert json.loads(done.stdout)['warnings'] == []


MISTAKES = {
    'another spelling': (
        'keys.yaml',
        SOUND.replace('allowlist', 'allow_list'),
        "'ip_allow_list' in keys.yaml:6; did you mean 'ip_allowlist'?",
    ),
    'a hyphen': (
        'keys.yaml',
        SOUND.replace('secret_ref', 'secret-ref'),
        "'secret-ref' in keys.yaml:9; did you mean 'secret_ref'?",
    ),
    'a slip of the pen': (
        'keys.yaml',
        SOUND.replace('permissions', 'permisions'),
        "'permisions' in keys.yaml:5; did you mean 'permissions'?",
    ),
    'another word for it': (
        'keys.yaml',
        SOUND.replace('label', 'name'),
        "'name' in keys.yaml:3; did you mean 'label'?",
    ),
    'another word for the list': (
        'keys.yaml',
        SOUND.replace('ip_allowlist', 'whitelisted_ips'),
        "; did you mean 'ip_allowlist'?",
    ),
    'another word for rights': (
        'keys.yaml',
        SOUND.replace('permissions', 'scopes'),
        "; did you mean 'permissions'?",
    ),
    'a capital letter': (
        'keys.yaml',
        SOUND.replace('exchange', 'Exchange'),
        "'Exchange' in keys.yaml:2; did you mean 'exchange'?",
    ),
    'nothing like it': (
        'keys.yaml',
        SOUND + '    frobnicate: 1\n',
        "'frobnicate' in keys.yaml:10; allowed: exchange, label, account",
    ),
    'at the top': (
        'keys.yaml',
        SOUND + 'settings: {}\n',
        "'settings' in keys.yaml:10; allowed: keys",
    ),
    'a value on the next line': (
        'keys.yaml',
        SOUND + '    used_bye:\n\n      - bot.py\n',
        "'used_bye' in keys.yaml:10; did you mean 'used_by'?",
    ),
    'in the second document': (
        'keys.yaml',
        SOUND + '---\n' + SOUND.replace('created', 'creatd'),
        "'creatd' in keys.yaml:17; did you mean",
    ),
    'in JSON': (
        'keys.json',
        '{"keys": [\n{"exchange": "okx", "purpose": "tax",\n"ipAllowList": []}]}',
        "'ipAllowList' in keys.json:3; did",
    ),
    'in TOML': (
        'keys.toml',
        '[[keys]]\nexchange = "kraken"\nlable = "a"\npurpose = "tax"\n',
        "'lable' in keys.toml:3; did you mean 'label'?",
    ),
    'with other line ends': (
        'keys.yml',
        SOUND.replace('label', 'lable').replace('\n', '\r\n'),
        "'lable' in keys.yml:3",
    ),
    'without an exchange': (
        'keys.yaml',
        SOUND + '  - label: lost\n    permissions: [read]\n',
        "no 'exchange' for the key in keys.yaml:10",
    ),
    'a name for a mapping': (
        'keys.yaml',
        SOUND + '  - kraken\n',
        'no mapping in the list of keys in keys.yaml:10',
    ),
    'no YAML any more': ('keys.yaml', SOUND + '   x: [\n', 'not YAML (line 10)'),
    'no TOML any more': ('keys.toml', '[[keys]]\nexchange = "kraken\n', 'not TOML'),
    'a very long name': ('keys.yaml', SOUND + f'    {"permission" * 90}: 1\n', 'in keys.yaml:10'),
}


@pytest.mark.parametrize('case', MISTAKES)
def test_a_mistake_is_counted_with_path_line_and_suggestion(
    case: str, keylint: Run, tmp_path: Path
) -> None:
    name, text, message = MISTAKES[case]
    (tmp_path / name).write_bytes(text.encode())
    done = keylint(*ARGUMENTS)
    assert done.returncode == 2
    (error,) = errors(done)
    assert message in error
    assert len(error) < 400


def test_a_mistake_hides_no_finding_and_stands_in_the_text_report(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'keys.yaml').write_text(
        SOUND.replace('[read, trade]', '[read, withdraw]') + '    frobnicate: 1\n'
    )
    done = keylint('scan')
    assert done.returncode == 2
    assert 'Kraken key "grid" may withdraw' in done.stdout
    assert "not scanned keys.yaml: unknown key 'frobnicate' in keys.yaml:10" in done.stdout
    assert '1 not scanned' in done.stdout.splitlines()[-1]


def test_many_mistakes_are_cut_short(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.yaml').write_text(
        SOUND + ''.join(f'    frobnicate{number}: 1\n' for number in range(300))
    )
    assert (len(found := errors(keylint(*ARGUMENTS))), found[-1]) == (
        51,
        'more mistakes: these are the first 50',
    )


def test_an_unknown_exchange_is_a_warning(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.yaml').write_text(SOUND.replace('kraken', 'krakn'))
    (warning,) = json.loads(keylint(*ARGUMENTS).stdout)['warnings']
    assert (warning['path'], warning['line']) == ('keys.yaml', 2)
    assert "keylint knows no exchange 'krakn'; did you mean 'kraken'?" in warning['message']


def test_a_configured_name_is_always_held_to_the_form(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'ops').mkdir()
    (tmp_path / 'ops' / 'vault.yaml').write_text(SOUND.replace('label', 'lable'))
    assert errors(keylint(*ARGUMENTS)) == []
    configured(tmp_path, '["ops/vault.yaml"]')
    (error,) = errors(keylint(*ARGUMENTS))
    assert "'lable' in ops/vault.yaml:3" in error
    (below,) = errors(keylint(*ARGUMENTS, cwd=tmp_path / 'ops'))
    assert "'lable' in vault.yaml:3" in below
    assert errors(keylint(*ARGUMENTS, '--isolated')) == []


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('{"apiKey": "", "secret": ""}', "no list called 'keys'"),
        ('', "no list called 'keys'"),
        ('keys: {kraken: {label: a}}\n', "no list called 'keys'"),
        ('keys: [kraken]\n', 'no mapping in the list of keys in vault.yaml:1'),
        ('keys: [\n', 'not YAML (line 2)'),
    ],
)
def test_a_configured_file_must_be_an_inventory(
    keylint: Run, tmp_path: Path, text: str, message: str
) -> None:
    configured(tmp_path, '["vault.yaml"]')
    (tmp_path / 'vault.yaml').write_text(text)
    assert any(message in error for error in errors(keylint(*ARGUMENTS)))


def test_configured_names_stand_instead_of_ours(keylint: Run, tmp_path: Path) -> None:
    configured(tmp_path, '["vault.yaml"]')
    (tmp_path / 'keys.yaml').write_text(SOUND.replace('label', 'lable'))
    assert errors(keylint(*ARGUMENTS)) == []


def test_a_configured_name_that_no_file_has_is_a_warning(keylint: Run, tmp_path: Path) -> None:
    configured(tmp_path, '["ops/vault.yaml", "*/secrets.yaml", "ops.yaml"]')
    (warning,) = json.loads(keylint(*ARGUMENTS).stdout)['warnings']
    assert warning['path'].endswith('pyproject.toml')
    assert warning['message'] == "inventory: no file is called 'ops/vault.yaml'"


def test_the_staged_inventory_is_held_to_the_form(keylint: Run, repository: Repository) -> None:
    repository.write('keys.yaml', SOUND.replace('label', 'lable'))
    repository.git('add', '-A')
    repository.write('keys.yaml', SOUND)
    (error,) = errors(keylint(*ARGUMENTS, '--staged', cwd=repository.folder))
    assert "'lable' in keys.yaml:3" in error


# The schema


def test_the_fields_are_those_that_are_read() -> None:
    assert set(FIELDS) == {*OWN_KEYS, 'forbidden_permissions'}
    assert set(SCHEMA['$defs']['key']['properties']) == set(FIELDS)
    assert all(is_known(name) for name in FIELDS)


# Findings, other files, and a courtesy of the reader.
NOT_OF_THE_SCHEMA = ('accounts with secrets', 'another file name', 'a switch of a right')


OF_THE_SCHEMA = [
    case
    for case, (_, text) in SILENT.items()
    if text.startswith('keys:') and 'exchange: kraken' in text and case not in NOT_OF_THE_SCHEMA
]


@pytest.mark.parametrize('case', OF_THE_SCHEMA)
def test_the_schema_takes_what_keylint_takes(case: str) -> None:
    jsonschema.validate(plain(SILENT[case][1]), SCHEMA)


@pytest.mark.parametrize(
    'change',
    [
        '{label: lable}',
        '{"exchange: kraken": "label: b"}',
        '{"ip_allowlist: [52.54.32.109]": "ip_allowlist: {a: 1}"}',
    ],
)
def test_the_schema_refuses(change: str) -> None:
    text = SOUND
    for old, new in yaml.safe_load(change).items():
        text = text.replace(old, new, 1)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain(text), SCHEMA)
