"""What is run over the frozen corpus, and the golden text that it gives."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from pathlib import Path

from tests.dossiers import examples
from tests.frozen.bots import BOTS
from tests.frozen.corpus import TREES, build_bot, neutral_name
from tests.frozen.histories import REPOSITORIES
from tests.frozen.summary import Scrubber, digest, json_lines, scan_lines

GOLDEN = Path(__file__).parent / 'golden'
TODAY = '2026-01-01'
SALT = '00112233445566778899aabbccddeeff'
# Their archives hold times and what a library of Python packs differently from version to version.
_NOT_DIGESTED = ('carriers',)

Run = Callable[..., 'subprocess.CompletedProcess[str]']
COMMON = ('--isolated', '--no-progress', '--today', TODAY)
SCAN = ('scan', '--format', 'json', '--no-cache', '--no-ignore', *COMMON)
EVERYTHING = (*SCAN, '--pedantic', '--show-secrets')


class Place:
    """A folder of the corpus, keylint run in it, and the lines of the golden text so far."""

    def __init__(self, name: str, folder: Path, run: Run) -> None:
        self.name = name
        self.folder = folder
        self.scrub = Scrubber(str(folder.parent))
        self.lines: list[str] = []
        self._run = run
        self._labels = {}
        if name == 'dossiers':
            self._labels = {
                neutral_name(label): label
                for kind in ('loud', 'silent')
                for label, _, _ in examples(kind)
            }

    def keylint(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command, and note its name, exit code and messages."""
        done = self._run(*arguments, cwd=self.folder, KEYLINT_NO_CACHE='1', **variables)
        told = [
            text
            for text in arguments
            if text not in COMMON and text not in ('--no-cache', '--no-ignore')
        ]
        self.note(f'== {self.scrub(" ".join(told))}: exit {done.returncode}')
        for line in done.stderr.splitlines():
            self.note(f'stderr {self.scrub(line)}')
        return done

    def note(self, line: str) -> None:
        """Add a line."""
        self.lines.append(line)

    def rename(self, text: str) -> str:
        """Give the neutral folders of examples their labels."""
        first, slash, rest = text.partition('/')
        return f'{self._labels.get(first, first)}{slash}{rest}'

    def scan(self, *arguments: str, **variables: str) -> None:
        """Note a scan's report of JSON."""
        done = self.keylint(*arguments, **variables)
        report = json.loads(done.stdout)
        self.scrub.learn(report)
        self.lines += scan_lines(report, self.scrub, self.rename)

    def json(self, *arguments: str) -> None:
        """Note another command's report of JSON."""
        done = self.keylint(*arguments)
        self.lines += json_lines(json.loads(done.stdout), self.scrub)

    def text(self, *arguments: str) -> None:
        """Note what a command prints, line by line."""
        done = self.keylint(*arguments)
        self.lines += [f'  {line}'.rstrip() for line in self.scrub(done.stdout).splitlines()]

    def digested(self, *arguments: str) -> None:
        """Note what a command prints as digests: one for each block of a long text."""
        done = self.keylint(*arguments)
        for block in self.scrub(done.stdout).split('\n\n'):
            first = block.strip().partition('\n')[0][:60]
            self.note(f'  {digest(block)} {first}')

    def file(self, path: Path, most: int = 200) -> None:
        """Note a written file: a digest, and its first lines."""
        text = self.scrub(path.read_text())
        self.note(f'-- {path.name} {digest(text)}, {len(text.splitlines())} lines')
        self.lines += [f'  {line}'.rstrip() for line in text.splitlines()[:most]]


def corpus_digest(folder: Path) -> str:
    """Digest what was built: names and bytes, or of a repository all that git names."""
    found = blake2b(digest_size=6)
    if (folder / '.git').exists():
        told = subprocess.run(['git', 'for-each-ref'], cwd=folder, capture_output=True, check=True)
        found.update(told.stdout)
    for path in sorted(path for path in folder.rglob('*') if path.is_file()):
        name = path.relative_to(folder)
        if name.parts[0] != '.git':
            found.update(os.fsencode(str(name)) + b'\x00' + path.read_bytes() + b'\x00')
    return found.hexdigest()


# What is run where


def look_at_tree(place: Place) -> None:
    """Scan with everything shown."""
    place.scan(*EVERYTHING)


def look_at_small_tree(place: Place) -> None:
    """Scan, with the text that people read and what `fix` would do."""
    place.scan(*EVERYTHING)
    show = place.digested if place.name == 'fixable' else place.text
    show('scan', '--no-cache', '--no-ignore', *COMMON, '--pedantic')
    place.digested(
        'scan', '--no-cache', '--no-ignore', *COMMON, '--pedantic', '--format', 'markdown'
    )
    place.text('fix', '--dry-run', *COMMON)


def look_at_bot(place: Place) -> None:
    """Scan with each way to choose findings, and list the keys."""
    place.scan(*EVERYTHING)
    place.scan(*SCAN, '--severity', 'high')
    place.scan(*SCAN, '--severity', 'high', '--ignore', 'code-,key-,keys-')
    place.scan(*SCAN, '--severity', 'info', '--select', 'kraken,key-can-withdraw')
    settings = place.folder.parent / 'paths.toml'
    settings.write_text(
        '[per-path-ignores]\n"bot.py" = ["code-"]\n"keys.yaml" = ["key-", "keys-"]\n'
    )
    paths = tuple(text for text in SCAN if text != '--isolated')
    place.scan(*paths, '--pedantic', '--config', str(settings))
    place.json('keys', '--format', 'json', '--no-ignore', *COMMON)
    place.text('keys', '--recipe', '--no-ignore', *COMMON)
    place.digested('scan', '--no-cache', *COMMON, '--severity', 'info')


def look_at_folders(place: Place) -> None:
    """Scan, and keep a baseline under a fixed salt: update, audit, show, export, scan."""
    place.scan(*EVERYTHING)
    path = place.folder.parent / 'baseline.json'
    here = ('--baseline', str(path))
    place.text('baseline', 'create', *here, *COMMON)
    made = json.loads(path.read_text())
    path.write_text(json.dumps({**made, 'salt': SALT, 'entries': []}))
    place.text('baseline', 'update', *here, *COMMON)
    place.file(path, 12)
    first, second, third = [entry['id'] for entry in json.loads(path.read_text())['entries']][:3]
    verdicts = (
        ('--set', f'{first}=false-positive:a sample'),
        ('--set', f'{second}=rotated:gone', '--until', '2025-06-01'),
        ('--set', f'{third}=accepted:of a test', '--until', '2027-06-01'),
    )
    for verdict in verdicts:
        place.text('baseline', 'audit', *here, *verdict, '--by', 'somebody', *COMMON)
    place.digested('baseline', 'show', *here, *COMMON)
    place.scan(*SCAN, *here)
    place.scan(*SCAN, *here, '--strict-baseline')
    place.digested('baseline', 'export', '--detect-secrets', *here, '--output', '-', *COMMON)


def look_at_repository(place: Place) -> None:
    """Scan the work tree and the history, ask whether it can be published, and write the plan."""
    if place.name != 'repository-worded':
        place.scan(*EVERYTHING)
        place.scan('scan', '--history', '.', *EVERYTHING[1:])
    quiet = ('--isolated', '--no-progress', '--no-cache')
    place.json('publish', '--format', 'json', *quiet)
    if place.name in ('repository-tree-only', 'repository-pushed'):
        place.text('publish', *quiet)
    else:
        place.digested('publish', *quiet, '--identity')
    plan = place.folder.parent / 'plan'
    place.text('publish', '--plan', str(plan), *quiet, '--output', os.devnull)
    for path in sorted(plan.glob('*')):  # none where no plan was made
        place.file(path, 30 if place.name == 'repository-worded' else 200)


def look_at_ranges(place: Place) -> None:
    """Scan ranges of commits, whole and in steps."""
    look_at_repository(place)
    options = EVERYTHING[1:]
    place.scan('scan', '--range', 'base..tip', *options)
    place.scan('scan', '--since', 'base', *options)
    for step in range(1, 8):
        place.scan('scan', '--range', f'main~{step + 1}..main~{step - 1}', *options)
    place.scan('scan', '--diff', 'base', *options)


LOOKS: dict[str, Callable[[Place], None]] = {
    'values': look_at_small_tree,
    'marks': look_at_small_tree,
    'fixable': look_at_small_tree,
    'examples': look_at_bot,
    'policies': look_at_tree,
    'folders': look_at_folders,
    'ranges': look_at_ranges,
}


def places() -> Iterator[tuple[str, Callable[[Path], None], Callable[[Place], None]]]:
    """Each place of the corpus: its name, what builds it, and what is run in it."""
    for name, build in TREES.items():
        yield name, build, LOOKS.get(name, look_at_tree)
    for name in BOTS:
        yield f'bot-{name}', partial(build_bot, name), look_at_bot
    for name, build in REPOSITORIES.items():
        yield f'repository-{name}', build, LOOKS.get(name, look_at_repository)


PLACES = {name: (build, look) for name, build, look in places()}


def run_place(name: str, scratch: Path, run: Run) -> tuple[str, frozenset[str]]:
    """Build a place, run all of it, and give the golden text and all values that were shown."""
    build, look = PLACES[name]
    folder = scratch / name
    folder.mkdir(parents=True)
    build(folder)
    place = Place(name, folder, run)
    if name not in _NOT_DIGESTED:
        place.note(f'corpus {corpus_digest(folder)}')
    look(place)
    return '\n'.join([*place.lines, '']), place.scrub.values


def golden_path(name: str) -> Path:
    """Where the golden text of a place lies."""
    return GOLDEN / f'{name}.txt'
