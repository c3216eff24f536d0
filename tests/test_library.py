"""The library: texts, bytes, histories, keys and answers; its page's recipes, run as they stand."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

import keylint
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository

PAGE = (Path(__file__).parent.parent / 'docs' / 'library.md').read_text(encoding='utf-8')
LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'library')
VALUES = [line.partition('=')[2] for line in LEAK.splitlines()]
KEYS = 'keys:\n- exchange: binance\n  label: grid\n  permissions: [read, withdraw]\n'


def load_recipe(title: str) -> dict[str, Any]:
    """Run the Python block below a heading of the page; return the names that it makes."""
    block = PAGE.partition(f'### {title}\n')[2].partition('```python\n')[2].partition('```')[0]
    names: dict[str, Any] = {}
    exec(block, names)  # noqa: S102 - the documentation, which is what is tested
    return names


def test_the_page_has_five_recipes_and_every_function() -> None:
    recipes = PAGE.partition('## Five recipes')[2].partition('\n## ')[0]
    assert recipes.count('```python') == recipes.count('\n### ') == 5
    for name in keylint.__all__:
        assert re.search(rf'\b{name}\b', PAGE), name


def test_the_session_of_the_page_is_what_happens() -> None:
    assert repr(keylint.scan_text('x = 1', 'bot.py')) in PAGE


def test_recipe_a_message_is_refused() -> None:
    check = load_recipe('Refuse a text before it is sent')['check_message']
    assert check('the bot is up') == 'the bot is up'
    with pytest.raises(ValueError, match='binance, line 1') as caught:
        check(LEAK)
    assert not any(value in str(caught.value) for value in VALUES)


def test_recipe_an_upload_is_looked_at() -> None:
    is_clean = load_recipe('Look at an upload')['is_clean']
    packed = BytesIO()
    with zipfile.ZipFile(packed, 'w') as archive:
        archive.writestr('bot/.env', LEAK)
    assert is_clean(b'x = 1\n', 'a.py')
    assert not is_clean(packed.getvalue(), 'bot.zip')
    assert not is_clean(packed.getvalue()[:-40], 'bot.zip'), 'what cannot be opened is not clean'


@pytest.fixture
def leaked(repository: Repository) -> Repository:
    repository.write('.env', LEAK)
    repository.write('keys.yaml', KEYS)
    repository.commit('the bot')
    repository.write('.env', 'BINANCE_API_KEY=\n')
    repository.commit('the key is gone')
    return repository


def test_recipe_leaks_of_a_history(leaked: Repository) -> None:
    rows = load_recipe('Who leaked what, and is it still there?')['list_leaks'](str(leaked.folder))
    first = leaked.git('rev-list', '--max-parents=0', 'HEAD').strip()
    assert rows == [f'.env: binance-credential, {first[:12]}, removed, but in the history']


def test_recipe_a_report_for_a_dashboard(leaked: Repository) -> None:
    title = 'A report for a dashboard: may it be published, and which keys may do too much?'
    made = json.loads(load_recipe(title)['describe_repository'](str(leaked.folder)))
    assert (made['publish'], made['leaks']) == ('not publishable', 1)
    assert [(row['exchange'], row['label']) for row in made['keys']] == [('binance', 'grid')]
    assert made['keys'][0]['verdict'] == 'high'


def test_a_text_is_what_a_file_of_its_name_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'a.env').write_text(LEAK)
    (of_file,), (of_text,) = keylint.scan('a.env').open, keylint.scan_text(LEAK, 'a.env').open
    assert (of_file.rule, of_file.place, of_file.fingerprint) == (
        of_text.rule,
        of_text.place,
        of_text.fingerprint,
    )
    assert keylint.scan_text(LEAK, ignore=['binance'], isolated=True).open == []
    (tmp_path / 'keylint.toml').write_text('ignore = ["binance"]\n')
    assert keylint.scan_text(LEAK).open == []
    assert len(keylint.scan_text(LEAK, isolated=True).open) == 1


def test_nothing_that_is_printed_holds_a_value(tmp_path: Path) -> None:
    folder = tmp_path / VALUES[0]  # a value in a path, too
    folder.mkdir()
    (folder / '.env').write_text(LEAK)
    report = keylint.scan(folder)
    shown = [
        function(one)
        for function in (repr, str)
        for one in (report, report.findings, report.findings[0], report.findings[0].parts)
    ]
    assert not [text for text in shown for value in VALUES if value in text]
    assert repr(report).startswith('<Report: ')
    assert repr(report.findings[0]).startswith('<Finding binance-credential ')
    assert str(report).splitlines()[0] == str(report.open[0])
    assert len(repr(report.findings[0])) < 200


def test_the_line_of_a_finding_is_that_of_the_concise_format() -> None:
    report = keylint.scan_text(LEAK, 'a.env')
    assert keylint.render(report, 'concise').splitlines()[0] == str(report.open[0])


def test_an_answer_can_be_rendered(leaked: Repository) -> None:
    answer = keylint.publish(leaked.folder)
    assert json.loads(keylint.render(answer, 'json'))['verdict'] == answer.verdict
    with pytest.raises(keylint.KeylintError, match="unknown format 'sarif'"):
        keylint.render(answer, 'sarif')
    assert not any(value in repr(answer) + str(answer) for value in VALUES)


def test_a_history_leaves_the_process_as_it_was(leaked: Repository) -> None:
    before = signal.getsignal(signal.SIGINT), dict(os.environ)
    assert len(keylint.history(leaked.folder, since='HEAD~1').open) == 0
    assert (signal.getsignal(signal.SIGINT), dict(os.environ)) == before
    found: list[keylint.Report] = []
    thread = threading.Thread(target=lambda: found.append(keylint.history(leaked.folder)))
    thread.start()
    thread.join()
    assert len(found[0].open) == 1


def test_a_mistake_is_an_error_of_ours(tmp_path: Path) -> None:
    for function in (keylint.history, keylint.publish):
        with pytest.raises(keylint.KeylintError, match=r'not a git repository|no such folder'):
            function(tmp_path)
    with pytest.raises(keylint.KeylintError, match='unknown rule'):
        keylint.scan_text('x', select=['nothing'])


@pytest.mark.parametrize('first', ['keylint.cli', 'keylint.history.worker', 'keylint.publish.plan'])
def test_a_name_of_a_room_is_the_function_whatever_is_imported_first(first: str) -> None:
    code = (
        f'import {first}, keylint\n'
        'for name in ("history", "publish"):\n'
        '    try: getattr(keylint, name)("/nowhere")\n'
        '    except keylint.KeylintError as error: print(error)\n'
    )
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert done.stdout.count('/nowhere') == 2
