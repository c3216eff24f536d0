"""Carry out purges for real."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import Repository, Run
from tests.publish.leaks import BINANCE, KRAKEN, made, values


def purge(plan: Path) -> subprocess.CompletedProcess[str]:
    """Run the plan's own commands."""
    path = f'{os.path.dirname(sys.executable)}{os.pathsep}{os.environ["PATH"]}'
    environment = {
        **os.environ,
        'PATH': path,
        'GIT_CONFIG_GLOBAL': os.devnull,
        'GIT_CONFIG_NOSYSTEM': '1',
    }
    return subprocess.run(
        ['sh', str(plan / 'purge.sh')], capture_output=True, text=True, check=False, env=environment
    )


def planted(repository: Repository) -> list[str]:
    """Leaks in many carriers and versions; returns the values.

    Nothing of them is in HEAD but the last.
    """
    import base64

    texts = {
        'config.json': made(BINANCE, 'a'),
        'k.py': made('KRAKEN_KEY = "{base64:42}"\nKRAKEN_SECRET = "{base64:64}"\n', 'b'),
        'joined.py': made(
            'BINANCE_API_KEY = "{alnum:64}"\nBINANCE_SECRET_KEY = ("{alnum:40}"\n'
            '    "{alnum:24}")\n',
            'c',
        ),
        'weak.py': made('DB_PASSWORD = "{alnum:12}"\n', 'd'),
        'key.pem': made('{pem:rsa}\n'),
    }
    for name, text in texts.items():
        repository.write(name, text)
    secret = made('{alnum:64}', 'e')
    encoded = base64.b64encode(secret.encode()).decode()
    key = base64.b64encode(made('{alnum:64}', 'f').encode()).decode()
    head = 'apiVersion: v1\nkind: Secret\nmetadata: {name: binance}\ndata:\n'
    repository.write(
        'secret.yaml', f'{head}  BINANCE_API_KEY: {key}\n  BINANCE_API_SECRET: {encoded}\n'
    )
    token = made('{digits:10}:AA{urlsafe:33}', 'h')
    wrapped = base64.b64encode(made(BINANCE, 'k').encode()).decode()
    repository.write('encoded.py', f'CONFIG = json.loads(base64.b64decode("{wrapped}"))\n')
    (repository.folder / 'wide.env.txt').write_bytes(made(KRAKEN, 'g').encode('utf-16'))
    (repository.folder / 'bot.bin').write_bytes(b'\x00\x01\x02' * 50 + token.encode() + b'\x00')
    repository.commit('first')
    repository.write('weak.py', made('DB_PASSWORD = "{lower:12}"\n', 'i'))
    repository.commit(f'settings\n\n{made(KRAKEN, "j")}')
    for name in (*texts, 'secret.yaml', 'encoded.py', 'wide.env.txt', 'bot.bin'):
        (repository.folder / name).unlink()
    repository.write('bot.py', 'print(1)\n')
    repository.commit('clean')
    found = [
        value for text in texts.values() for value in re.findall(r'"([A-Za-z0-9+/=]{12,})"', text)
    ]
    found += [line for line in texts['key.pem'].splitlines() if not line.startswith('---')]
    return [
        *found,
        secret,
        encoded,
        key,
        token,
        wrapped,
        *values(made(KRAKEN, 'g')),
        *values(made(KRAKEN, 'j')),
    ]


def everything(folder: Path) -> bytes:
    """All that the object database holds, and the files of the work tree."""
    listing = subprocess.run(
        ['git', 'cat-file', '--batch-all-objects', '--batch'],
        cwd=folder,
        capture_output=True,
        check=True,
    ).stdout
    return listing + b''.join(
        path.read_bytes()
        for path in folder.rglob('*')
        if path.is_file() and '.git' not in path.parts
    )


def test_a_purge_carried_out(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    held = planted(repository)
    before = everything(repository.folder)
    plan, clean = tmp_path / 'plan', tmp_path / 'repository-clean'
    done = keylint('publish', str(repository.folder), '--plan', str(plan))
    assert (done.returncode, 'Binance' in done.stdout, 'Kraken' in done.stdout) == (1, True, True)
    assert everything(repository.folder) == before  # keylint rewrites nothing
    verify = ('publish', str(repository.folder), '--verify', '--plan', str(plan))
    assert keylint(*verify).returncode == 1
    ran = purge(plan)
    assert (
        ran.returncode,
        ran.stdout.splitlines()[-1].startswith('nothing of the plan is left'),
    ) == (0, True), ran.stdout + ran.stderr
    assert not [
        value
        for value in held
        if value.encode() in everything(clean) or value.encode('utf-16-le') in everything(clean)
    ]
    assert b'***REMOVED***' in everything(clean)
    assert b'print(1)' in everything(clean)
    after = json.loads(keylint('publish', str(clean), '--format', 'json').stdout)
    assert (after['verdict'], after['leaks']) == ('publishable', [])


def test_a_purge_of_hostile_names(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    """No name of a file becomes a command of the script or a pattern of another name."""
    names = [
        'a\ntouch owned #.env',
        "b'; touch owned; '.env",
        '$(touch owned).env',
        '# c.env',
        'd==>e.env',
        ' f .env',
        '-rf.env',
    ]
    for name in names:
        repository.write(name, 'A=1\n')
    repository.write('kept.py', 'x = 1\n')
    repository.commit()
    keylint('publish', str(repository.folder), '--plan', str(tmp_path / 'plan'))
    ran = purge(tmp_path / 'plan')
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [
        path.name for path in (tmp_path / 'repository-clean').iterdir() if path.name != '.git'
    ] == ['kept.py']
    assert not list(tmp_path.rglob('owned'))
    assert not Path('owned').exists()


def test_without_filter_repo_the_script_stops_before_it_clones(
    repository: Repository, keylint: Run, tmp_path: Path
) -> None:
    repository.write('config.json', made(BINANCE))
    repository.commit()
    keylint('publish', str(repository.folder), '--plan', str(tmp_path / 'plan'))
    git = shutil.which('git')
    (tmp_path / 'bin').mkdir()
    shim = tmp_path / 'bin' / 'git'
    shim.write_text(f'#!/bin/sh\n[ "$1" = filter-repo ] && exit 1\nexec {git} "$@"\n')
    shim.chmod(0o755)
    done = subprocess.run(
        ['sh', str(tmp_path / 'plan' / 'purge.sh')],
        env={**os.environ, 'PATH': f'{tmp_path / "bin"}{os.pathsep}{os.environ["PATH"]}'},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, 'first: pip install git-filter-repo\n')
    assert not Path(f'{repository.folder}-clean').exists()
