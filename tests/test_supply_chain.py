"""What CI installs, what a release is made of, and whether SECURITY.md names tests that exist."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
CI = ROOT / '.ci'
PROJECT = tomllib.loads((ROOT / 'pyproject.toml').read_text())
NOT_IN_CI = {'bench'}  # the peers that benchmarks run beside keylint
# The environment that docs/sbom.json tells of.
LINUX = {
    'implementation_name': 'cpython',
    'platform_python_implementation': 'CPython',
    'os_name': 'posix',
    'sys_platform': 'linux',
    'platform_system': 'Linux',
    'python_version': '3.11',
    'python_full_version': '3.11.0',
}
_NODE = re.compile(r'`(tests/[\w/]+\.py)(?:::(\w+))?`')


class Pin(NamedTuple):
    """A line of a file of pins.

    The one version, where it holds, and the digests of the files that may be installed.
    """

    requirement: Requirement
    hashes: frozenset[str]

    @property
    def version(self) -> Version:
        (one,) = self.requirement.specifier
        assert one.operator == '=='
        return Version(one.version)


def pins(name: str) -> dict[str, Pin]:
    """Every line that is no comment must be a pin: no option can name a place to install from."""
    found: dict[str, Pin] = {}
    for line in (CI / name).read_text().replace('\\\n', ' ').splitlines():
        if line and not line.lstrip().startswith('#'):
            requirement, *hashes = line.split(' --hash=')
            pin = Pin(Requirement(requirement), frozenset(text.strip() for text in hashes))
            assert pin.hashes, line
            assert all(re.fullmatch(r'sha256:[0-9a-f]{64}', text) for text in pin.hashes), line
            assert not pin.requirement.url, line
            found[canonicalize_name(pin.requirement.name)] = pin
    return found


ALL, RUNTIME = pins('requirements.txt'), pins('requirements-runtime.txt')


def wanted() -> list[str]:
    project = PROJECT['project']
    extras = [
        line
        for name, lines in project['optional-dependencies'].items()
        if name not in NOT_IN_CI
        for line in lines
    ]
    tools = [
        line
        for line in (CI / 'tools.in').read_text().splitlines()
        if line and not line.startswith('#')
    ]
    return [*project['dependencies'], *extras, *PROJECT['build-system']['requires'], *tools]


@pytest.mark.parametrize('text', wanted())
def test_every_requirement_is_pinned_within_its_bounds(text: str) -> None:
    requirement = Requirement(text)
    pin = ALL.get(canonicalize_name(requirement.name))
    assert pin, f'{text}: not in .ci/requirements.txt; run .ci/pin'
    assert requirement.specifier.contains(pin.version), (
        f'{text}: {pin.version} is pinned; run .ci/pin'
    )


def test_the_pins_of_the_runtime_are_those_of_ci() -> None:
    assert {
        canonicalize_name(Requirement(text).name) for text in PROJECT['project']['dependencies']
    } <= RUNTIME.keys()
    assert {name: (pin.version, pin.hashes) for name, pin in RUNTIME.items()} == {
        name: (pin.version, pin.hashes) for name, pin in ALL.items() if name in RUNTIME
    }


def test_ci_installs_only_what_is_pinned() -> None:
    """But for the second environment, whose point is that nothing is pinned in it."""
    script = (CI / 'run').read_text()
    lines = [line for line in script.splitlines() if re.search(r'\bpip"?\b.* install\b', line)]
    newest = [line for line in lines if line.startswith('"$work/newest/bin/pip" install')]
    lines = [line for line in lines if line not in newest]
    assert len(newest) == 1
    assert len(lines) >= 3
    assert [
        line for line in lines if '--require-hashes' not in line and '--no-index' not in line
    ] == []
    assert 'PIP_NO_INDEX=1 PIP_NO_BUILD_ISOLATION=0 bash' in script


def test_the_sbom_is_of_the_runtime_pins() -> None:
    document = json.loads((ROOT / 'docs' / 'sbom.json').read_text())
    listed = {
        canonicalize_name(one['name']): Version(one['version']) for one in document['components']
    }
    here = {
        name: pin
        for name, pin in RUNTIME.items()
        if not pin.requirement.marker or pin.requirement.marker.evaluate(LINUX)
    }
    assert (document['bomFormat'], document['specVersion']) == ('CycloneDX', '1.6')
    assert listed == {name: pin.version for name, pin in here.items()}, 'run .ci/pin'
    assert all(
        one['licenses'] and one['purl'].startswith('pkg:pypi/') for one in document['components']
    )
    assert 'serialNumber' not in document
    assert 'timestamp' not in document['metadata']


def test_the_sbom_knows_who_needs_whom() -> None:
    document = json.loads((ROOT / 'docs' / 'sbom.json').read_text())
    needs = {row['ref']: row.get('dependsOn', []) for row in document['dependencies']}
    root = document['metadata']['component']
    assert root['name'] == 'keylint'
    own = {canonicalize_name(reference.split('==')[0]) for reference in needs[root['bom-ref']]}
    assert own == {
        canonicalize_name(Requirement(text).name) for text in PROJECT['project']['dependencies']
    }
    assert {one['bom-ref'] for one in document['components']} <= {
        name for names in needs.values() for name in names
    }


def test_every_dependency_has_a_reason() -> None:
    reasons = (ROOT / 'docs' / 'dependencies.md').read_text()
    assert [
        text
        for text in PROJECT['project']['dependencies']
        if f'\n| {Requirement(text).name} |' not in reasons
    ] == []


def built(folder: Path, umask: int, time: int, **variables: str) -> str:
    """Return the digest of a wheel that is made from a copy of what it holds."""
    for name in ('keylint', 'rules'):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns('__pycache__'))
    (folder / 'docs').mkdir()
    schemas = [f'docs/{name}.schema.json' for name in ('keys', 'dossier', 'dossier-examples')]
    for name in ('pyproject.toml', 'README.md', 'LICENSE', *schemas):
        shutil.copy(ROOT / name, folder / name)
    for path in folder.rglob('*'):
        path.chmod(path.stat().st_mode & ~umask)
        os.utime(path, (time, time))
    environment = {
        name: value for name, value in os.environ.items() if name != 'SOURCE_DATE_EPOCH'
    } | variables
    command = [sys.executable, '-m', 'hatchling', 'build', '-t', 'wheel', '-d', 'out']
    subprocess.run(
        command, cwd=folder, check=True, capture_output=True, env=environment, umask=umask
    )
    (wheel,) = (folder / 'out').iterdir()
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.mark.skipif(
    find_spec('hatchling') is None, reason='hatchling, which CI pins, is not installed'
)
@pytest.mark.skipif(os.name == 'nt', reason='modes of POSIX')
def test_a_wheel_has_the_same_bytes_wherever_and_whenever_it_is_built(tmp_path: Path) -> None:
    (tmp_path / 'a').mkdir()
    (tmp_path / 'another place').mkdir()
    (tmp_path / 'dated').mkdir()
    first = built(tmp_path / 'a', 0o022, 1_000_000_000)
    assert (
        built(
            tmp_path / 'another place',
            0o077,
            1_700_000_000,
            TZ='Asia/Tokyo',
            LC_ALL='C',
            PYTHONHASHSEED='7',
        )
        == first
    )
    assert (
        built(tmp_path / 'dated', 0o022, 1_000_000_000, SOURCE_DATE_EPOCH='1700000000') != first
    ), 'SOURCE_DATE_EPOCH is honoured'


# SECURITY.md


def rows() -> list[str]:
    """Every sentence of the threat model: the rows of its tables."""
    text = (ROOT / 'SECURITY.md').read_text(encoding='utf-8')
    return [
        line
        for line in text.splitlines()
        if line.startswith('| ') and not line.startswith('| what ')
    ]


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding='utf-8'))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith('test_')
    }


@pytest.mark.slow
def test_every_sentence_of_the_threat_model_names_tests_that_exist() -> None:
    assert len(rows()) > 30
    assert [row for row in rows() if not _NODE.search(row)] == []
    named = {match.groups() for row in rows() for match in _NODE.finditer(row)}
    assert [f'{path}::{name}' for path, name in sorted(named) if name not in names_in(path)] == []
