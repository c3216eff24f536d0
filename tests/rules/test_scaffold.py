"""`keylint rules new`: a dossier that holds once its TODOs are filled in, and no harm to files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keylint.pipeline.rules_check import check_loud, check_silent, list_examples_of
from keylint.rules.files import find_mistakes, read_dossiers, read_examples
from keylint.rules.listing import list_definitions
from keylint.rules.load import load_rules
from keylint.rules.scaffold import write_dossier
from keylint.rules.schema import KINDS
from keylint.validators.checksums import CHECKS
from tests.conftest import Run

NAMES = frozenset(CHECKS)


def fill_in(path: str) -> None:
    """Do what the TODOs of a new dossier ask for."""
    text = Path(path).read_text(encoding='utf-8')
    assert len(text.splitlines()) <= 28
    shapes = {"TODO'  #": "[A-Za-z0-9]{64}'  #", 'TODO': 'what the vendor says'}
    if 'role: token' in text:
        shapes = {key: value.replace('{64}', '{40}') for key, value in shapes.items()}
    if 'role: private-key' in text:
        shapes = {key: value.replace('{64}', '{52}') for key, value in shapes.items()}
    for old, new in shapes.items():
        text = text.replace(old, new)
    Path(path).write_text(text, encoding='utf-8')


def test_a_new_dossier_of_every_kind_holds_when_its_todos_are_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('KEYLINT_CACHE_DIR', str(tmp_path / 'cache'))  # others look into theirs
    folder = str(tmp_path / 'mine')
    for kind in KINDS:
        write_dossier(f'{kind.replace("-", "")}acme', kind, folder)
    todos = find_mistakes((folder,), NAMES)
    assert all('still says TODO' in line for line in todos)
    assert {line.split(':')[0] for line in todos} == {
        os.path.relpath(path) for path, _, _ in list_definitions((folder,))
    }
    for path, _, _ in list_definitions((folder,)):
        fill_in(path)
    assert find_mistakes((folder,), NAMES) == []
    rules = load_rules((folder,))
    for dossier in read_dossiers((folder,), NAMES):
        for example in list_examples_of(dossier['id'], read_examples((folder,))[dossier['id']]):
            judged = (
                check_loud(example, dossier, rules)
                if example.kind == 'loud'
                else check_silent(example, rules)
            )
            assert judged is None, (example.seed, judged)


def test_rules_new_refuses_what_it_cannot_write_and_overwrites_nothing(
    keylint: Run, tmp_path: Path
) -> None:
    folder = tmp_path / 'mine'
    done = keylint('rules', 'new', 'acme', '--to', str(folder), '--kind', 'wallet')
    assert (done.returncode, done.stderr) == (0, '')
    assert sorted(path.name for path in folder.iterdir()) == ['acme.examples.yaml', 'acme.yaml']
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for arguments, words in {
        ('acme',): "rule 'acme' exists",
        ('binance',): "rule 'binance' exists: one of keylint's own (Binance)",
        ('Acme Spot',): "'Acme Spot' is not an id of a rule",
        ('policies',): "'policies' is not an id of a rule",
        ('other', '--kind', 'bank'): "kind is 'bank'; allowed: exchange",
        ('a', 'b'): 'takes one NAME',
    }.items():
        done = keylint('rules', 'new', *arguments, '--to', str(folder))
        assert (done.returncode, done.stdout) == (2, ''), arguments
        assert words in done.stderr
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    done = keylint('rules', 'check', '--kind', 'wallet')
    assert (done.returncode, done.stderr) == (
        2,
        'keylint: --kind belongs to: keylint rules new NAME\n',
    )


def test_rules_check_names_the_todos_of_a_new_dossier(keylint: Run, tmp_path: Path) -> None:
    write_dossier('acme', 'exchange', str(tmp_path))
    done = keylint('rules', 'check', str(tmp_path))
    assert done.returncode == 2
    assert done.stdout == '0 examples tried, 7 complaints\n'
    assert done.stderr.count('still says TODO') == len(done.stderr.splitlines()) == 7
