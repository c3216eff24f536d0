"""How a run reaches its scheduler: by a file, by Dask's configuration, over TLS as in the docs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conftest import Run
from tests.fleet.fleets import make_bot

pytestmark = pytest.mark.slow  # processes from nothing

PAGE = Path(__file__).parents[2] / 'docs' / 'fleet.md'
WAIT_SECONDS = 60


@contextmanager
def start_cluster(folder: Path, **variables: str) -> Iterator[str]:
    """Give the address of a scheduler with one worker, which write and read a scheduler file."""
    quiet = {'DASK_DISTRIBUTED__LOGGING__DISTRIBUTED': 'critical'}
    environment = {**os.environ, **quiet, **variables}
    file = folder / 'scheduler.json'
    common = ('--scheduler-file', str(file), '--no-dashboard')
    commands = (
        ('dask_scheduler', *common, '--host', '127.0.0.1', '--port', '0'),
        ('dask_worker', *common, '--no-nanny', '--nthreads', '1', '--local-directory', str(folder)),
    )
    processes = [
        subprocess.Popen(
            [sys.executable, '-m', f'distributed.cli.{name}', *rest],
            env=environment,
            cwd=folder,
            stderr=subprocess.DEVNULL,
        )
        for name, *rest in commands
    ]
    try:
        until = time.monotonic() + WAIT_SECONDS
        while not (found := read_address(file)) and time.monotonic() < until:
            time.sleep(0.05)
        yield found
    finally:
        for process in processes:
            process.kill()
            process.wait()


def read_address(file: Path) -> str:
    """Read the address that a scheduler has written; empty until it is there."""
    text = file.read_text() if file.exists() else ''
    found = re.search(r'"address": "([^"]+)"', text)
    return found[1] if found else ''


def write_certificates(folder: Path) -> None:
    """Write an authority, and for each role a certificate and its key, as the docs name them."""
    names = {role: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, role)]) for role in ROLES}
    keys = {role: ec.generate_private_key(ec.SECP256R1()) for role in ROLES}
    now = datetime.now(UTC)
    for role in ROLES:
        made = (
            x509.CertificateBuilder()
            .subject_name(names[role])
            .issuer_name(names['ca'])
            .public_key(keys[role].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=role == 'ca', path_length=None), critical=True)
            .sign(keys['ca'], hashes.SHA256())
        )
        (folder / f'{role}.pem').write_bytes(made.public_bytes(serialization.Encoding.PEM))
        secret = keys[role].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / f'{role}-key.pem').write_bytes(secret)


ROLES = ('ca', 'scheduler', 'worker', 'client')


def test_a_scheduler_by_its_file_and_by_the_configuration_of_dask(
    keylint: Run, tmp_path: Path
) -> None:
    make_bot(tmp_path / 'bots' / 'grid', 'grid', versions=1)
    with start_cluster(tmp_path) as address:
        assert address.startswith('tcp://127.0.0.1:')
        by_file = keylint('fleet', 'bots', '--scheduler-file', 'scheduler.json')
        assert (by_file.returncode, by_file.stderr) == (1, '')
        assert by_file.stdout.startswith('run 1: 1 repository: 1 looked at')
        (tmp_path / 'config').mkdir()
        (tmp_path / 'config' / 'own.yaml').write_text(f'scheduler-address: {address}\n')
        for number, variables in enumerate(
            ({'DASK_SCHEDULER_ADDRESS': address}, {'DASK_CONFIG': str(tmp_path / 'config')}), 2
        ):
            done = keylint('fleet', 'bots', **variables)
            assert done.stdout.startswith(f'run {number}: 1 repository: 1 unchanged'), done.stderr
    # It was theirs: without it, nobody is there to answer.
    gone = keylint('fleet', 'bots', '--wait', '0.1', DASK_SCHEDULER_ADDRESS=address)
    assert gone.returncode == 2
    assert 'the scheduler cannot be reached' in gone.stderr


def test_tls_as_the_docs_configure_it(keylint: Run, tmp_path: Path) -> None:
    (settings,) = re.findall(
        r'```yaml\n# ~/.config/dask/tls.yaml.*?\n(.*?)```', PAGE.read_text(), re.S
    )
    folder = tmp_path / 'dask'
    folder.mkdir()
    write_certificates(folder)
    (folder / 'tls.yaml').write_text(settings)
    make_bot(tmp_path / 'bots' / 'grid', 'grid', versions=1)
    with start_cluster(folder, DASK_CONFIG=str(folder)) as address:
        assert address.startswith('tls://127.0.0.1:')
        command = ('fleet', str(tmp_path / 'bots'), '--scheduler', address, '--wait', '5')
        done = keylint(*command, cwd=folder, DASK_CONFIG=str(folder))
        assert (done.returncode, done.stderr) == (1, '')
        assert done.stdout.startswith('run 1: 1 repository: 1 looked at')
        for other in (command, (*command[:3], address.replace('tls', 'tcp'), *command[4:])):
            refused = keylint(*other)  # without certificates
            assert refused.returncode == 2
            assert refused.stderr.count('\n') == 1
