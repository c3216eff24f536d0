"""Nesting without end in YAML.

An error of ours, by every loader of every PyYAML, wherever keylint reads YAML.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.commands.setup.edits import EditRefusedError
from keylint.commands.setup.gitlab import add_job
from keylint.commands.setup.pre_commit import add_hook
from keylint.core import safe_yaml
from keylint.core.errors import RuleError
from keylint.core.model import Setting
from keylint.core.safe_yaml import (
    TooDeepError,
    compose_document,
    load_document,
    load_documents,
    parse_events,
)
from keylint.readers.tree import PartlyReadError
from keylint.readers.yaml import YamlText, settings
from keylint.rules.files import read_document
from tests.conftest import Repository, Run

DEEP = 1_100
HEAD = 'exchange: kraken\npermissions: [withdraw]\n'
TEXTS = {
    'brackets': HEAD + 'a: ' + '[' * DEEP + ']' * DEEP + '\n',
    'brackets, never closed': HEAD + 'a: ' + '[' * DEEP,
    'braces': HEAD + 'a: ' + '{a: ' * DEEP + '}' * DEEP + '\n',
    'a list in a list': HEAD + 'a:\n ' + '- ' * DEEP + 'x\n',
    'both': HEAD + 'a:\n ' + '- ' * 900 + '[' * 900 + ']' * 900 + '\n',
}
LOADERS = [getattr(yaml, name) for name in ('SafeLoader', 'CSafeLoader') if hasattr(yaml, name)]


@pytest.fixture(params=LOADERS, ids=lambda loader: str(loader.__name__))
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Each loader of PyYAML, as if the other did not exist."""
    monkeypatch.setattr(safe_yaml, 'FAST_LOADER', request.param)
    return request.param


@pytest.mark.parametrize(
    'text',
    [
        'a: [b, {c: d}]\n',
        '#' * 5000 + '\na: 1\n',
        '[' * 90 + ']' * 90,
        '{a: ' * 90 + '}' * 90,
        '- ' * 90 + 'x' * 2000,
    ],
)
def test_what_is_nested_less_is_read(loader: Any, text: str) -> None:
    assert [type(event) for event in parse_events(text)] == [
        type(event) for event in yaml.parse(text)
    ]
    assert load_document(text, loader) == yaml.safe_load(text)
    assert load_documents(text, loader) == [yaml.safe_load(text)]
    composed = yaml.compose(text)
    own = compose_document(text)
    assert composed is not None
    assert own is not None
    assert own.tag == composed.tag


@pytest.mark.parametrize('case', TEXTS)
@pytest.mark.parametrize('build', [load_document, load_documents])
def test_no_document_is_built_of_endless_levels(
    loader: Any, build: Callable[[str, Any], Any], case: str
) -> None:
    with pytest.raises(yaml.YAMLError) as caught:
        build(TEXTS[case], loader)
    assert isinstance(caught.value, TooDeepError) or 'never closed' in case


def test_no_document_overflows_the_stack() -> None:
    """PyYAML 6.0.3 on libyaml ended the process here."""
    with pytest.raises(yaml.YAMLError):
        load_document('[' * 50_000 + ']' * 50_000)


@pytest.mark.parametrize('case', TEXTS)
def test_no_nodes_are_built_of_endless_levels(loader: Any, case: str) -> None:
    with pytest.raises(yaml.YAMLError):
        compose_document(TEXTS[case])


@pytest.mark.parametrize('case', TEXTS)
def test_a_document_says_what_it_left_unread(loader: Any, case: str) -> None:
    found: list[Setting] = []
    with pytest.raises(PartlyReadError, match='nested deeper than 100 levels'):
        found.extend(
            YamlText(TEXTS[case].encode()).tree_settings()
        )  # keeps what came before the error
    assert [(setting.path, setting.value) for setting in found[:2]] == [
        (('0', 'exchange'), b'kraken'),
        (('0', 'permissions', '0'), b'withdraw'),
    ]


@pytest.mark.parametrize('case', TEXTS)
def test_settings_above_the_deep_place_are_read(loader: Any, case: str) -> None:
    found = settings(TEXTS[case].encode())
    assert found is not None
    assert [setting.value for setting in found[:2]] == [b'kraken', b'withdraw']


def test_a_broken_text_is_not_called_deep(loader: Any) -> None:
    for text in ('a: [b\n', 'a: {b: }}\n', '\tx: 1\n', 'nesting: [nesting: *nesting\n'):
        with pytest.raises(yaml.YAMLError) as caught:
            load_document(text, loader)
        assert not isinstance(caught.value, TooDeepError)
        assert settings(text.encode()) is None


# Wherever a document is built


@pytest.mark.parametrize('case', TEXTS)
def test_a_rule_file_is_refused(loader: Any, tmp_path: Path, case: str) -> None:
    path = tmp_path / 'acme.yaml'
    path.write_text(TEXTS[case])
    with pytest.raises(RuleError, match='not YAML: '):
        read_document(str(path))


@pytest.mark.parametrize('case', TEXTS)
@pytest.mark.parametrize('edit', [add_hook, add_job])
def test_a_configuration_is_not_edited(edit: Callable[[str], Any], case: str) -> None:
    with pytest.raises(EditRefusedError):
        edit(TEXTS[case])


@pytest.mark.parametrize('text', ['repos: &a [*a]\n', 'a: &a {b: *a}\n'])
@pytest.mark.parametrize('edit', [add_hook, add_job])
def test_a_configuration_that_holds_itself_is_not_edited(
    edit: Callable[[str], Any], text: str
) -> None:
    with pytest.raises(EditRefusedError):
        edit(text)


def test_the_doctor_ends(keylint: Run, repository: Repository) -> None:
    repository.write('.pre-commit-config.yaml', TEXTS['brackets'])
    done = keylint('doctor', cwd=repository.folder)
    assert done.returncode in (0, 1)
    assert 'none: `keylint init` adds it' in done.stdout


def test_an_import_is_one_line(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'theirs.yaml').write_text(
        'ExactFindings:\n  matches: ' + '[' * DEEP + ']' * DEEP + '\n'
    )
    done: subprocess.CompletedProcess[str] = keylint('baseline', 'import', 'theirs.yaml')
    assert (done.returncode, done.stderr.count('\n')) == (2, 1)
    assert 'nested too deep' in done.stderr
