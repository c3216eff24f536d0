"""What an installation of keylint and of its peers takes: megabytes, packages, time to start.

`python benchmarks/install_size.py [--parts] [TOOL …]` makes a virtual environment for each tool
with pip and prints the table of docs/comparison.md; with `--parts` also what each package of the
first tool weighs. Time is the processor's, the least of seven runs, as the machine may be busy.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_RUNS = 7
# What every environment has before anything is installed.
_NOT_COUNTED = {'pip', 'setuptools', 'wheel'}


class Tool(NamedTuple):
    """What pip installs, the command, and its arguments for one small clean file."""

    requirement: str
    command: str
    arguments: tuple[str, ...]
    paths: tuple[str, ...] = ('clean.py',)


TOOLS = {
    'keylint': Tool(str(ROOT), 'keylint', ('scan', '--isolated')),
    'ruff': Tool('ruff', 'ruff', ('check', '--isolated', '--no-cache')),
    'zizmor': Tool('zizmor', 'zizmor', ('--offline', '--no-config', '-q'), ('clean.yml',)),
    'detect-secrets': Tool('detect-secrets', 'detect-secrets', ('scan',)),
    'kingfisher': Tool('kingfisher-bin', 'kingfisher', ('scan', '--no-validate', '--quiet')),
}
_WORKFLOW = """\
name: clean
on: push
permissions: {}
jobs: {a: {name: a, runs-on: ubuntu-24.04, steps: [{run: 'true'}]}}
"""


class Row(NamedTuple):
    """What was measured of one tool; `sizes` are bytes by package."""

    name: str
    version: str
    sizes: dict[str, int]
    start: float
    scan: float


def measure_tool(name: str, tool: Tool, folder: Path) -> Row:
    """Install a tool into an environment of its own and measure it."""
    place = folder / name
    subprocess.run([sys.executable, '-m', 'venv', str(place)], check=True)
    pip = [str(place / 'bin' / 'python'), '-m', 'pip', 'install', '--quiet', tool.requirement]
    subprocess.run(pip, check=True)
    (site,) = (place / 'lib').glob('python*/site-packages')
    found = list(distributions(path=[str(site)]))
    sizes = {one.name: _add_sizes(one) for one in found if one.name.lower() not in _NOT_COUNTED}
    own = tool.requirement if tool.requirement in sizes else name
    version = next(one.version for one in found if one.name == own)
    command = str(place / 'bin' / tool.command)
    work = folder / 'work'
    scan = [command, *tool.arguments, *tool.paths]
    return Row(
        name, version, sizes, _time_command([command, '--version'], work), _time_command(scan, work)
    )


def _add_sizes(one: Distribution) -> int:
    """Add the bytes of a package's files, with the bytecode that pip compiled."""
    paths = [Path(str(file.locate())) for file in one.files or ()]
    return sum(path.stat().st_size for path in paths if path.is_file())


def _time_command(command: list[str], folder: Path) -> float:
    """Return the least milliseconds of processor time of some runs, after a first one."""
    least = float('inf')
    for number in range(_RUNS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=folder, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        if number:
            least = min(least, spent)
    return least * 1000


def format_rows(rows: list[Row]) -> str:
    """Format the table of docs/comparison.md."""
    lines = [
        '| tool | installed | packages | `--version` | one clean file |',
        '|---|---|---|---|---|',
    ]
    lines += [
        f'| {row.name} {row.version} | {sum(row.sizes.values()) / 1e6:.0f} MB | {len(row.sizes)} '
        f'| {row.start:.0f} ms | {row.scan:.0f} ms |'
        for row in rows
    ]
    return '\n'.join(lines)


def format_parts(row: Row) -> str:
    """Format what each package of a tool weighs, the heaviest first."""
    ordered = sorted(row.sizes.items(), key=lambda pair: -pair[1])
    return '\n'.join(f'{size / 1e6:6.1f} MB  {name}' for name, size in ordered)


def main() -> None:
    """Measure the tools that were named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('tools', nargs='*', choices=[[], *TOOLS], metavar='TOOL')
    parser.add_argument('--parts', action='store_true')
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / 'work').mkdir()
        (folder / 'work' / 'clean.py').write_text('x = 1\n')
        (folder / 'work' / 'clean.yml').write_text(_WORKFLOW)
        rows = [measure_tool(one, TOOLS[one], folder) for one in given.tools or TOOLS]
    print(format_rows(rows))
    if given.parts:
        print(format_parts(rows[0]))


if __name__ == '__main__':
    main()
