"""Time and memory of whole histories, and how both grow with the number of blobs.

keylint runs beside `git cat-file` into nothing and kingfisher.

python benchmarks/history.py REPOSITORY... [--runs 3] [--grow REPOSITORY]
    [--plot docs/history.svg]

Seconds are medians of alternating runs. Memory is the largest sum over keylint's processes of what
each has to itself of its pages (PSS of /proc, Linux), without git. kingfisher comes with `pip
install 'keylint[bench]'`; validation and the update check are off.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

BIN = Path(sys.executable).parent
STEPS = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


def run(
    command: list[str], environment: dict[str, str], is_watched: bool = False
) -> tuple[float, float]:
    """Seconds and, when asked, megabytes of one run.

    Exit codes of findings and of counted failures are no accident.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=errors
        )
        most = [0.0]
        watcher = threading.Thread(target=watch, args=(process, most))
        if is_watched:
            watcher.start()
        code = process.wait()
        elapsed = time.perf_counter() - started
        if is_watched:
            watcher.join()
        if code not in (0, 1, 2, 200):
            errors.seek(0)
            raise SystemExit(f'{command[0]} ended with {code}: {errors.read().decode()[-500:]}')
    return elapsed, most[0]


def watch(process: subprocess.Popen[bytes], most: list[float]) -> None:
    """Sum up the memory of a process and its forks, ten times a second."""
    while process.poll() is None:
        total = sum(memory(name) for name in family(process.pid))
        most[0] = max(most[0], total / 1024)
        time.sleep(0.1)


def family(root: int) -> list[int]:
    """Return a process and the children of its own kind: workers, but not git."""
    found = [root]
    for entry in Path('/proc').iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / 'stat').read_text().rsplit(')', 1)[1].split()
                own, theirs = (
                    (Path('/proc') / name / 'exe').readlink() for name in (entry.name, str(root))
                )
                if int(fields[1]) == root and own == theirs:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def memory(process: int) -> int:
    """KB of a process, pages that it shares counted in parts."""
    try:
        for line in Path(f'/proc/{process}/smaps_rollup').read_text().splitlines():
            if line.startswith('Pss:'):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def commands(repository: str) -> dict[str, list[str]]:
    """Return what is compared: a first look, and one more when nothing has changed since."""
    ours = [
        str(BIN / 'keylint'),
        'scan',
        '--history',
        repository,
        '--isolated',
        '--no-progress',
        '--format',
        'json',
    ]
    return {
        'keylint': [*ours, '--no-cache'],
        'again': ours,
        'cat-file': [
            'git',
            '-C',
            repository,
            'cat-file',
            '--batch-all-objects',
            '--unordered',
            '--batch',
            '--buffer',
        ],
        'kingfisher': [
            str(BIN / 'kingfisher'),
            'scan',
            '--no-validate',
            '--no-update-check',
            '--git-history',
            'full',
            '--format',
            'json',
            repository,
        ],
    }


def blobs(repository: str) -> tuple[int, float]:
    """How many blobs a repository has, and their megabytes."""
    check = '--batch-check=%(objecttype) %(objectsize)'
    listing = subprocess.run(
        ['git', '-C', repository, 'cat-file', '--batch-all-objects', '--unordered', check],
        capture_output=True,
        check=True,
    )
    sizes = [
        int(line.split()[1]) for line in listing.stdout.splitlines() if line.startswith(b'blob ')
    ]
    return len(sizes), sum(sizes) / 1e6


def compare(repository: str, environment: dict[str, str], runs: int) -> None:
    """One row for a repository."""
    taken: dict[str, list[float]] = {}
    memories = []
    for _ in range(runs):
        for name, command in commands(repository).items():
            if name == 'again' and name not in taken:
                run(command, environment)  # so that there is something to know
            elapsed, most = run(command, environment, name == 'keylint')
            taken.setdefault(name, []).append(elapsed)
            memories.append(most)
    middle = {name: statistics.median(values) for name, values in taken.items()}
    count, size = blobs(repository)
    to_git = middle['keylint'] / middle['cat-file']
    to_kingfisher = middle['keylint'] / middle['kingfisher']
    ratios = f'{to_git:.2f} x git | {to_kingfisher:.2f} x kingfisher'
    name = Path(repository).resolve().name
    times = ' | '.join(
        f'{middle[key]:.1f} s' for key in ('keylint', 'again', 'cat-file', 'kingfisher')
    )
    print(
        f'| {name} | {count:,} | {size:,.0f} MB | {times} | {ratios} | {max(memories):.0f} MB |',
        flush=True,
    )


def grow(repository: str, environment: dict[str, str], plot: Path | None) -> None:
    """Return the same history, cut off after fewer and more of its commits.

    Parents come first, on whatever branch they are.

    Parents come first, on whatever branch they are.

    Parents come first, on whatever branch they are.
    """
    order = git(repository, 'rev-list', '--reverse', '--topo-order', '--all').split()
    print('\n| commits | blobs | MB | seconds | memory |\n|---|---|---|---|---|')
    points = []
    for step in STEPS:
        chosen = order[: step * len(order) // STEPS[-1]]
        with tempfile.TemporaryDirectory() as folder:
            cut(repository, folder, chosen)
            count, size = blobs(folder)
            elapsed, most = run(commands(folder)['keylint'], environment, True)
        points.append((count, elapsed, most))
        print(
            f'| {len(chosen):,} | {count:,} | {size:,.0f} | {elapsed:.2f} s | {most:.0f} MB |',
            flush=True,
        )
    if plot:
        plot.write_text(picture(points), encoding='utf-8')


def git(repository: str, *arguments: str, given: str = '') -> str:
    """Return what git says."""
    return subprocess.run(
        ['git', '-C', repository, *arguments],
        input=given,
        capture_output=True,
        check=True,
        text=True,
    ).stdout


def cut(repository: str, folder: str, commits: list[str]) -> None:
    """Return a bare repository in `folder` with these commits.

    They must include the parents of each. What is missing stays missing.
    """
    git(folder, 'init', '-q', '--bare')
    listing = git(
        repository, 'rev-list', '--objects', '--missing=print', '--stdin', given='\n'.join(commits)
    ).splitlines()
    objects = [line for line in listing if not line.startswith('?')]
    git(
        repository,
        'pack-objects',
        '-q',
        '--delta-base-offset',
        f'{folder}/objects/pack/pack',
        given='\n'.join(objects) + '\n',
    )
    inner = {
        parent
        for line in git(
            folder, 'log', '--format=%P', '--stdin', given='\n'.join(commits)
        ).splitlines()
        for parent in line.split()
    }
    tips = [name for name in commits if name not in inner]
    git(
        folder,
        'update-ref',
        '--stdin',
        given=''.join(f'create refs/heads/{place} {name}\n' for place, name in enumerate(tips)),
    )


def picture(points: list[tuple[int, float, float]]) -> str:
    """Two lines over the number of blobs, as SVG: seconds and megabytes."""
    width, height, left, bottom = 640, 320, 60, 40
    most = max(count for count, _, _ in points)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">'
    ]
    axes = f'M{left} 10V{height - bottom}H{width - left}'
    lines.append(
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<path d="{axes}" fill="none" stroke="#444"/>'
    )
    for place, (label, colour) in enumerate((('seconds', '#0550ae'), ('MB of memory', '#953800'))):
        values = [point[place + 1] for point in points]
        top = max(values) * 1.1
        at = [
            (
                left + count / most * (width - 2 * left),
                (height - bottom) - value / top * (height - bottom - 10),
            )
            for (count, _, _), value in zip(points, values, strict=True)
        ]
        path = ' '.join(f'{x:.0f},{y:.0f}' for x, y in at)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        lines.append(
            f'<text x="{left + 10}" y="{24 + 16 * place}" fill="{colour}">'
            f'{label}, at most {max(values):,.1f}</text>'
        )
    lines.append(
        f'<text x="{width // 2}" y="{height - 10}" text-anchor="middle" fill="#444">'
        f'blobs, up to {most:,}</text></svg>'
    )
    return '\n'.join(lines) + '\n'


def main() -> None:
    """Run everything that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('repositories', nargs='*')
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--grow', metavar='REPOSITORY')
    parser.add_argument('--plot', type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, 'KEYLINT_CACHE_DIR': scratch}
        environment.pop('PYTHONDONTWRITEBYTECODE', None)  # users' installations have their bytecode
        subprocess.run(
            [str(BIN / 'keylint'), 'scan', '-'],
            env=environment,
            input=b'',
            check=True,
            capture_output=True,
        )
        if arguments.repositories:
            print(
                '| repository | blobs | size | keylint | again | git cat-file | kingfisher '
                f'| | | memory |\n{"|---" * 10}|'
            )
        for repository in arguments.repositories:
            compare(repository, environment, arguments.runs)
        if arguments.grow:
            grow(arguments.grow, environment, arguments.plot)


if __name__ == '__main__':
    main()
