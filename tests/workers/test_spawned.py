"""Workers that are started anew: each item once, errors raised, lost items named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from operator import truediv
from pathlib import Path

import pytest

from keylint.core import start_method
from keylint.core.value_traces import trace_value
from keylint.rules.recipes import expand_recipes
from keylint.workers.job import Fallback, WorkerLostError
from keylint.workers.pool import map_unordered
from keylint.workers.retry import retry_apart
from keylint.workers.spawned_process import pack_work, work_in_spawned_process
from tests.conftest import Repository

# What is pickled by its name and runs in any process: text is evaluated.
COMMANDS = ['__import__("os").getpid()'] * 400
KILL = '__import__("os")._exit(7) if __import__("os").environ["KEYLINT_WORKERS"] == "1" else 1'


@pytest.fixture(autouse=True)
def _spawns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('KEYLINT_WORKERS', '3')
    monkeypatch.setattr(start_method, 'SPAWNS', True)


def test_every_item_once_in_more_than_one_process() -> None:
    begun: list[int] = []
    # The last items wait until a child has come up, so that each process gets some.
    waiting = [*COMMANDS, *['__import__("time").sleep(0.02) or __import__("os").getpid()'] * 40]
    found = list(map_unordered(eval, waiting, begun.append))
    assert len(found) == len(waiting)
    assert len(set(found)) >= 2
    assert os.getpid() in found
    assert max(begun) < len(waiting)
    assert begun == sorted(begun)


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        list(map_unordered(partial(truediv, 1), [*range(1, 300), 0]))


def test_few_items_and_one_process_stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(map_unordered(eval, COMMANDS[:100])) == {os.getpid()}
    monkeypatch.setenv('KEYLINT_WORKERS', '1')
    assert set(map_unordered(eval, COMMANDS)) == {os.getpid()}


def test_what_cannot_be_pickled_is_done_here() -> None:
    assert set(map_unordered(lambda item: os.getpid(), COMMANDS)) == {os.getpid()}
    assert pack_work(lambda item: item) is None


def test_a_lost_item_is_named_and_the_others_are_done() -> None:
    def lose(item: str, why: str) -> int:
        return -1 if item == KILL and 'ended with status 7' in why else -2

    items = ['1'] * 200 + [KILL] + ['__import__("time").sleep(0.01) or 1'] * 200
    done, end = work_in_spawned_process(eval, ['1', '2', KILL, '3'])
    assert done == [1, 2]
    assert 'with status 7' in end
    found = list(map_unordered(eval, items, fallback=Fallback(make_lost=lose)))
    assert len(found) == len(items)
    assert sorted(set(found)) in ([1], [-1, 1])
    with pytest.raises(WorkerLostError, match='ended with status 7'):
        list(retry_apart(eval, None, [KILL], lambda: False))


def test_a_stopped_run_begins_nothing_more() -> None:
    seen: list[int] = []
    found = map_unordered(eval, COMMANDS, seen.append, lambda: len(seen) > 3)
    assert 1 <= len(list(found)) < len(COMMANDS)


def test_a_method_that_does_not_exist_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'a.py').write_text('x = 1\n')
    done = run('scan', '.', KEYLINT_START_METHOD='forkserver')
    assert done.returncode == 2
    assert 'KEYLINT_START_METHOD must be fork or spawn' in done.stderr


def test_a_value_has_the_same_trace_in_a_process_with_another_seed() -> None:
    code = (
        'from keylint.core import start_method; start_method.RUN_KEY = b"k" * 16\n'
        'from keylint.core.value_traces import trace_value; print(trace_value(b"value-of-a-key"))'
    )
    shown = set()
    for seed in ('1', '2'):
        environment = {**os.environ, 'PYTHONHASHSEED': seed, 'KEYLINT_START_METHOD': 'spawn'}
        command = [sys.executable, '-c', code]
        done = subprocess.run(command, env=environment, capture_output=True, check=True)
        shown.add(done.stdout)
    assert len(shown) == 1
    assert trace_value(b'value-of-a-key') is not None


LEAK = 'KRAKEN_KEY={base64:56}\nKRAKEN_SECRET={base64:88}\n'
WITNESS = """
import os, sys
with open(os.environ['WITNESS'], 'a') as file:
    file.write(' '.join(sys.orig_argv[1:]) + chr(10))
"""


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, '-m', 'keylint', *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def grown(repository: Repository) -> Repository:
    """Provide a repository with leaks, large enough for several processes."""
    for number in range(170):
        text = expand_recipes(LEAK, f'{number}') if number % 40 == 0 else f'x = {number}\n'
        repository.write(f'{number}.env', text)
    for number in range(4):
        repository.write(f'{number}.txt', f'{number} of nothing\n' * 25_000)
    repository.commit('the bot')
    repository.write('0.env', 'KRAKEN_KEY=\n')
    repository.commit('the key is gone')
    return repository


def list_findings(text: str) -> str:
    return '\n'.join(line for line in text.splitlines() if 'seconds' not in line)


@pytest.mark.parametrize('arguments', [('scan',), ('publish',)], ids=str)
def test_the_same_is_found_with_either_method(
    arguments: tuple[str, ...], grown: Repository, tmp_path: Path
) -> None:
    (tmp_path / 'sitecustomize.py').write_text(WITNESS)
    witness = tmp_path / 'witness'
    shown = {}
    for method in ('fork', 'spawn'):
        done = run(
            *arguments,
            str(grown.folder),
            '--format',
            'json',
            KEYLINT_START_METHOD=method,
            KEYLINT_NO_CACHE='1',
            PYTHONPATH=str(tmp_path),
            WITNESS=str(witness),
        )
        assert done.returncode == 1, done.stderr
        assert 'keylint.workers.spawned_child' not in witness.read_text() or method == 'spawn'
        shown[method] = list_findings(done.stdout)
    assert shown['fork'] == shown['spawn']
    assert json.loads(done.stdout)
    assert 'keylint.workers.spawned_child' in witness.read_text()
