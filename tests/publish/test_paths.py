"""A leak that one path of an object shows stands in the way of publishing, whatever others say."""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

KEY, SECRET = (expand_recipes('{alnum:64}', f'publish/paths/{name}') for name in ('key', 'secret'))
TABLE = f'name,api_key,secret\nbinance,{KEY},{SECRET}\n'
PAIR = f'BINANCE_API_KEY={KEY}\nBINANCE_API_SECRET={SECRET}\n'
IGNORES = '[per-path-ignores]\n"fixtures/**" = ["binance-", "generic-"]\n'


@pytest.mark.parametrize(
    ('steps', 'settings'),
    [
        pytest.param([{'fixtures/a.env': PAIR, 'src/a.env': PAIR}], IGNORES, id='ignored copy'),
        pytest.param([{'a.xyz': TABLE, 'keys.csv': TABLE}], '', id='copy of another ending'),
        pytest.param([{'keys.xyz': TABLE}, {'keys.csv': TABLE}], '', id='rename'),
    ],
)
def test_no_path_of_a_leak_makes_it_publishable(
    keylint: Run, repository: Repository, tmp_path: Path, steps: list[dict[str, str]], settings: str
) -> None:
    repository.write('keylint.toml', settings)
    for files in [*steps, {}]:
        for path in repository.git('ls-files', '-z').split('\0'):
            if path and path != 'keylint.toml':
                (repository.folder / path).unlink()
        for path, text in files.items():
            repository.write(path, text)
        repository.commit()
    plan = tmp_path / 'plan'
    done = keylint('publish', '--plan', str(plan), cwd=repository.folder)
    assert done.returncode == 1, done.stdout
    assert not done.stdout.startswith('Yes')
    planned = '\n'.join(
        path.read_text() for path in plan.iterdir() if 'SECRET' in path.name.upper()
    )
    assert KEY in planned
    assert SECRET in planned
