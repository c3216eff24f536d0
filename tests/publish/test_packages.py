"""What only committed packages of others hold is one line, and never "rotate now"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.conftest import Repository
from tests.publish.leaks import BINANCE, made

Published = Callable[..., dict[str, Any]]


def _list_leaks(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(leak['rule'], leak['verdict']['action']) for leak in answer['leaks']]


def test_packages_are_one_line_to_purge(repository: Repository, published: Published) -> None:
    for number in range(4):
        repository.write(f'web/node_modules/x{number}/a.json', made(BINANCE, f'package {number}'))
    repository.commit()
    answer = published()
    assert _list_leaks(answer) == [('committed-dependencies', 'purge')]
    assert answer['leaks'][0]['title'] == 'dependencies are committed (4 findings inside)'
    assert answer['verdict'] == 'not publishable'


def test_a_copy_of_one_s_own_counts(repository: Repository, published: Published) -> None:
    repository.write('web/node_modules/x/a.json', made(BINANCE))
    repository.write('src/config.json', made(BINANCE))
    repository.commit()
    assert _list_leaks(published()) == [('binance-credential', 'rotate')]


def test_a_file_that_was_moved_into_packages_counts(
    repository: Repository, published: Published
) -> None:
    repository.write('config.json', made(BINANCE))
    repository.commit()
    repository.git('rm', '-q', 'config.json')
    repository.write('node_modules/x/a.json', made(BINANCE))
    repository.commit()
    assert _list_leaks(published()) == [('binance-credential', 'rotate')]
