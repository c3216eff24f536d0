"""Look at a wheel and a source archive: what belongs to them is in them, and nothing else.

`python .ci/check_package.py FOLDER`: a folder with one of each. `.ci/run` and the release run it.
"""

from __future__ import annotations

import re
import sys
import tarfile
import zipfile
from email import message_from_bytes
from importlib.util import find_spec
from pathlib import Path

_NEEDED = ('keylint/py.typed', 'keylint/front.py', 'keylint/data/rules/exchanges/binance.yaml')
# Tests, and the examples that leak on purpose, would be reported by every scanner of packages.
_ALLOWED = re.compile(r'keylint/|keylint-[^/]+\.dist-info/')
# What the build compiles of the rules (hatch_build.py), by endings.
_BUILT = {'.tables': 1, '.database': 3 if find_spec('hyperscan') else 0}
_FORBIDDEN = re.compile(r'(^|/)(tests|examples|benchmarks|docs)/|__pycache__|\.pyc$')
_IN_ARCHIVE = ('pyproject.toml', 'README.md', 'LICENSE', 'hatch_build.py', 'tests/conftest.py')
_MOST_BYTES = 4 << 20


def check_wheel(path: Path) -> list[str]:
    """List what is wrong with a wheel."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        (described,) = (name for name in names if name.endswith('.dist-info/METADATA'))
        metadata = message_from_bytes(archive.read(described))
    found = [f'{path.name}: lacks {name}' for name in _NEEDED if name not in names]
    found += [
        f'{path.name}: holds {name}'
        for name in names
        if not _ALLOWED.match(name) or _FORBIDDEN.search(name)
    ]
    for ending, count in _BUILT.items():
        if sum(name.endswith(ending) for name in names) != count:
            found.append(f'{path.name}: has not {count} files {ending}')
    if path.stat().st_size > _MOST_BYTES:
        found.append(f'{path.name}: {path.stat().st_size} bytes')
    text = metadata.get_payload()
    for link in re.findall(r'\]\(([^)]+)\)', text if isinstance(text, str) else ''):
        if not link.startswith(('https://', '#')):
            found.append(f'{path.name}: the README links to {link}, which is not there on PyPI')
    if len(metadata.get_all('Project-URL') or []) < len(('Source', 'Issues', 'Changelog')):
        found.append(f'{path.name}: has too few project URLs')
    return found


def check_archive(path: Path) -> list[str]:
    """List what a source archive lacks: the wheel is built from it, and the tests run in it."""
    with tarfile.open(path) as archive:
        names = {name.partition('/')[2] for name in archive.getnames()}
    return [f'{path.name}: lacks {name}' for name in _IN_ARCHIVE if name not in names]


def main(folder: Path) -> int:
    """Print what is wrong; 0 where nothing is."""
    (wheel,) = folder.glob('*.whl')
    (archive,) = folder.glob('*.tar.gz')
    found = check_wheel(wheel) + check_archive(archive)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1])))
