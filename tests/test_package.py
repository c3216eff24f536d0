"""What is published: the wheel, its page on PyPI, the workflows, the image, the action."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from packaging.requirements import Requirement

from tests.commands.test_documented_ci import ACTIONLINT, ZIZMOR

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / '.github' / 'workflows').glob('*.yml'))
PROJECT = tomllib.loads((ROOT / 'pyproject.toml').read_text())['project']
needs_hatchling = pytest.mark.skipif(
    find_spec('hatchling') is None, reason='hatchling, which CI pins, is not installed'
)
# docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#branding: icons of
# Feather 4.28, without those that the page names. Here are those about security and search.
ICONS = {'alert-octagon', 'alert-triangle', 'check-circle', 'eye', 'lock', 'search', 'shield'}
COLOURS = {'white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark'}


def load_script(path: Path) -> ModuleType:
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_hatchling
def test_the_links_of_the_readme_lead_somewhere_on_pypi() -> None:
    hook = load_script(ROOT / 'hatch_build.py')
    made = hook.make_links_absolute(
        '[a](docs/a.md#x) ![b](docs/b.svg) [c](https://c.org/) [d](#d) [`e`](LICENSE) [f](mailto:f)'
    )
    pages, files = hook.PAGES, hook.FILES
    assert made == (
        f'[a]({pages}docs/a.md#x) ![b]({files}docs/b.svg) [c](https://c.org/) [d](#d) '
        f'[`e`]({pages}LICENSE) [f](mailto:f)'
    )
    text = (ROOT / 'README.md').read_text(encoding='utf-8')
    links = re.findall(r'\]\(([^)#][^)]*)\)', hook.make_links_absolute(text))
    assert len(links) > 15
    assert [link for link in links if not link.startswith('https://')] == []
    own = [link.removeprefix(pages).partition('#')[0] for link in links if link.startswith(pages)]
    assert [path for path in own if not (ROOT / path).exists()] == []


@needs_hatchling
def test_the_package_holds_what_it_should(tmp_path: Path) -> None:
    command = [sys.executable, '-m', 'hatchling', 'build', '-d', str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    check = [sys.executable, str(ROOT / '.ci' / 'check_package.py'), str(tmp_path)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, '')


def test_hyperscan_is_asked_for_only_where_it_has_a_wheel() -> None:
    """Files of hyperscan 0.9.1 on PyPI; elsewhere pip would try to build it, and fail."""
    (requirement,) = (
        one for one in map(Requirement, PROJECT['dependencies']) if one.name == 'hyperscan'
    )
    rows = {
        ('linux', 'x86_64', 'cpython'): True,
        ('linux', 'aarch64', 'cpython'): True,
        ('darwin', 'arm64', 'cpython'): True,
        ('darwin', 'x86_64', 'cpython'): True,
        ('win32', 'AMD64', 'cpython'): True,
        ('win32', 'ARM64', 'cpython'): False,
        ('linux', 'ppc64le', 'cpython'): False,
        ('linux', 'x86_64', 'pypy'): False,
        ('freebsd14', 'amd64', 'cpython'): False,
    }
    assert requirement.marker is not None
    for (system, machine, implementation), is_asked in rows.items():
        environment = {
            'sys_platform': system,
            'platform_machine': machine,
            'implementation_name': implementation,
            'python_version': '3.13',
        }
        assert requirement.marker.evaluate(environment) == is_asked, environment


def test_every_action_and_image_is_pinned_by_its_digest() -> None:
    texts = {path: path.read_text(encoding='utf-8') for path in WORKFLOWS}
    assert len(texts) >= 2
    used = [line for text in texts.values() for line in re.findall(r'uses: (.+)', text)]
    assert len(used) > 8
    pin = re.compile(r'[\w.-]+/[\w.-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+')
    assert [line for line in used if not pin.fullmatch(line)] == []
    images = re.findall(r'^FROM (\S+)', (ROOT / 'Dockerfile').read_text(), re.MULTILINE)
    assert len(images) == 2
    assert [one for one in images if not re.fullmatch(r'\S+@sha256:[0-9a-f]{64}', one)] == []


def test_the_matrix_has_every_system_and_version() -> None:
    workflow = yaml.safe_load((ROOT / '.github' / 'workflows' / 'test.yml').read_text())
    matrix = workflow['jobs']['test']['strategy']['matrix']
    systems = {name.partition('-')[0] for name in matrix['system']}
    assert systems == {'ubuntu', 'macos', 'windows'}
    promised = {
        line.rpartition(' ')[2] for line in PROJECT['classifiers'] if re.search(r':: 3\.\d+$', line)
    }
    assert set(matrix['python']) == promised == {'3.11', '3.12', '3.13', '3.14'}


@pytest.mark.skipif(ZIZMOR is None, reason='zizmor is not installed')
def test_zizmor_finds_no_weakness_in_the_workflows() -> None:
    command = [str(ZIZMOR), '--offline', '--pedantic', '--no-config', str(ROOT / '.github')]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not ACTIONLINT, reason='actionlint is not set up')
def test_actionlint_has_no_complaint_about_the_workflows() -> None:
    """Its WebAssembly is of 2024: it knows neither newer runners nor the right of attestations."""
    command = ['node', ACTIONLINT, *map(str, WORKFLOWS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    unknown = ('[runner-label]', 'unknown permission scope "attestations"')
    lines = [line for line in done.stdout.splitlines() if not any(one in line for one in unknown)]
    assert lines == []


def test_the_action_has_an_icon_that_exists() -> None:
    branding = yaml.safe_load((ROOT / 'action.yml').read_text())['branding']
    assert branding['icon'] in ICONS
    assert branding['color'] in COLOURS


def test_the_descriptor_for_megalinter_fits_its_schema() -> None:
    """What megalinter-descriptor.jsonschema.json asks for and knows, at the commit of the page."""
    page = (ROOT / 'docs' / 'platforms.md').read_text(encoding='utf-8')
    blocks = re.findall(r'^```yaml\n(.*?)^```', page, re.DOTALL | re.MULTILINE)
    made = yaml.safe_load(next(block for block in blocks if 'descriptor_id' in block))
    assert set(made) == {'descriptor_id', 'descriptor_type', 'linters'}
    assert made['descriptor_type'] in {'language', 'format', 'tooling_format', 'other'}
    (linter,) = made['linters']
    assert {'linter_name', 'linter_url', 'examples'} <= set(linter)
    texts = {'linter_name', 'linter_url', 'name', 'cli_lint_mode', 'cli_version_arg_name'}
    lists = {'examples', 'cli_lint_extra_args', 'cli_sarif_args'}
    kinds = dict.fromkeys(texts, str) | dict.fromkeys(lists, list) | {'can_output_sarif': bool}
    assert {key: type(value) for key, value in linter.items()} == kinds
    assert linter['cli_lint_mode'] in {'file', 'project', 'list_of_files'}
    assert all(isinstance(one, str) for key in lists for one in linter[key])


def test_the_image_gets_every_file_that_it_copies() -> None:
    ignored = (ROOT / '.dockerignore').read_text().splitlines()
    text = (ROOT / 'Dockerfile').read_text()
    for line in re.findall(r'^COPY (?!--)(.+)$', text, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists(), name
            assert f'!{name}' in ignored, name


def test_extras_are_named_in_the_documentation() -> None:
    page = (ROOT / 'docs' / 'dependencies.md').read_text(encoding='utf-8')
    assert [name for name in PROJECT['optional-dependencies'] if f'`{name}`' not in page] == []


@pytest.mark.skipif(os.name == 'nt', reason='bash')
def test_the_image_finds_its_pins() -> None:
    """The commands of the Dockerfile that take the build tools out of the file of pins."""
    command = (
        "grep -A 99 '^hatchling==' .ci/requirements.txt"
        " | awk 'NR > 1 && /^[a-z]/ { exit } { print }'"
    )
    assert command in (ROOT / 'Dockerfile').read_text()
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, check=True)  # noqa: S602
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith('hatchling==')
    assert all(line.lstrip().startswith('--hash=sha256:') for line in lines[1:])
    assert len(lines) > 2
