"""What a path says of a file.

Three questions about tests, each with its own answer, and one about packages.
"""

from __future__ import annotations

import pytest

from keylint.core.packages import find_package_folder, is_installed_package
from keylint.core.paths import is_test, is_test_or_documentation, is_test_or_example

# Path, and whether it is a test; a test or documentation; a test or an example.
ANSWERS = {
    'bot/main.py': (False, False, False),
    'contest/main.py': (False, False, False),
    'latest/test.py': (False, False, False),
    'tests/keys.yaml': (True, True, True),
    'a/Fixtures/keys.yaml': (True, True, True),
    'bot/test_orders.py': (True, True, True),
    'Bot.Tests/Keys.cs': (True, True, True),
    'src/Kucoin.Net.UnitTests/Endpoints/key.txt': (True, True, True),
    'UnitTests/key.json': (True, True, True),
    'core.integration_tests/key.json': (True, True, True),
    'backtests/config.json': (False, False, False),
    'Bot.Backtests/config.json': (False, False, False),
    'latest/a.contest/config.json': (False, False, False),
    'e2e/keys.yaml': (True, False, False),
    'integration/keys.yaml': (True, False, False),
    'testdata/keys.yaml': (False, True, True),
    'spec/keys.yaml': (False, True, True),
    'src/__tests__/keys.yaml': (False, True, True),
    'testutils/keys.yaml': (False, True, False),
    'docs/keys.yaml': (False, True, True),
    'api-docs/keys.json': (False, True, False),
    'doctor/keys.json': (False, False, False),
    'README.md': (False, True, False),
    'examples/keys.yaml': (False, False, True),
}


@pytest.mark.parametrize('path', ANSWERS)
def test_each_question_has_its_own_answer(path: str) -> None:
    found = is_test(path), is_test_or_documentation(path), is_test_or_example(path)
    assert found == ANSWERS[path]


@pytest.mark.parametrize(
    ('path', 'want'),
    [
        ('src/node_modules.py', False),
        ('site-packages', False),
        ('my-site-packages/a.py', False),
        ('.venv/lib/python3.11/site-packages/a/b.py', True),
        ('node_modules/a/index.js', True),
    ],
)
def test_folders_that_a_package_manager_fills(path: str, want: bool) -> None:
    assert is_installed_package(path) is want


@pytest.mark.parametrize(
    ('path', 'folder'),
    [
        ('web/node_modules/x/index.js', 'web/node_modules'),
        ('node_modules/a/node_modules/b.js', 'node_modules'),
        ('venv/lib/python3.12/site-packages/a.py', 'venv/lib'),
        ('.venv/Lib/site-packages/a.py', '.venv/Lib'),
        ('vendor/github.com/a/b/c.go', 'vendor/github.com'),
        ('static/vendor/ethers.min.js', 'static/vendor'),
        ('ios/Pods/A/a.m', 'ios/Pods'),
        ('.yarn/cache/a.zip', '.yarn/cache'),
        ('vendor/keys.env', None),
        ('vendor/x/bot.py', None),
        ('vendor/config.yaml', None),
        ('venv/keys.env', None),
        ('venv.py', None),
        ('src/node_modules.js', None),
        ('bot.py', None),
    ],
)
def test_folders_of_packages(path: str, folder: str | None) -> None:
    assert find_package_folder(path) == folder
    assert is_installed_package(path) is (folder is not None)
