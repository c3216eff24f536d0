"""The plan: what to do in which order, and the files that carry it out. Values are gathered here, and leave only in the one file named SECRET.

git filter-repo and BFG read the same form, `text==>***REMOVED***`, one a line. What it cannot say (binary contents, UTF-16) is dropped by object id.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.model import Blob, Finding, Origin, Part, Report, Unread
from keylint.core.spans import Lines
from keylint.history.findings import scan_version
from keylint.history.repository import Repository
from keylint.pipeline.blob import scan_blob
from keylint.publish.assess import ACTIONS, HARMLESS, Leak
from keylint.publish.exposures import STOP, Accident, ignored_by
from keylint.readers.decode import to_text
from keylint.rules.load import Rules
from keylint.rules.types import Rule
from keylint.sources import git
from keylint.sources.files import load
from keylint.sources.objects import Reader

SECRETS, OBJECTS, STRIPPED, PATHS = (
    'SECRET-replacements.txt',
    'objects.txt',
    'strip-objects.txt',
    'drop-paths.txt',
)
SCRIPT, IGNORES, ENVIRONMENT, CHECKLIST = (
    'purge.sh',
    'gitignore.patch',
    'env.example',
    'CHECKLIST.md',
)
REMOVED = b'***REMOVED***'
# A text that is shorter may stand elsewhere by chance, and is replaced only behind what precedes it; with digits and letters of both
# cases it may be of the second length.
_SHORTEST, _MIXED = 16, 10
_BEFORE = 24
_LINE = 8
_ENV_NAME = re.compile(rb'(?m)^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=')
_ROLES = {
    'api-key': 'API_KEY',
    'secret': 'API_SECRET',
    'passphrase': 'API_PASSPHRASE',
    'private-key': 'PRIVATE_KEY',
    'mnemonic': 'MNEMONIC',
    'token': 'TOKEN',
    'url': 'URL',
    'password': 'PASSWORD',
}


class Action(NamedTuple):
    """Something to do: what, the page where it is done, its steps, and the commands."""

    what: str
    link: str = ''
    details: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


class Step(NamedTuple):
    """A stage of the plan, with why it stands where it stands."""

    title: str
    why: str
    actions: tuple[Action, ...]


class Answer(NamedTuple):
    """All that `keylint publish` says. `span` is the time of the oldest and the newest commit (ISO 8601)."""

    name: str
    leaks: tuple[Leak, ...]
    accidents: tuple[Accident, ...]
    steps: tuple[Step, ...]
    report: Report
    span: tuple[str, str]

    @property
    def verdict(self) -> str:
        """`publishable`, `not publishable` or `incomplete`."""
        if self.report.failures:
            return 'incomplete'
        return 'not publishable' if self.is_stopped else 'publishable'

    @property
    def is_stopped(self) -> bool:
        """Whether what was looked at is enough to say no."""
        return any(leak.verdict.action != HARMLESS for leak in self.leaks) or any(
            item.level == STOP for item in self.accidents
        )


class Spot(NamedTuple):
    """A text to replace in files: as it stands in them; `before` is what must precede it when it is too short to stand for itself."""

    text: bytes
    before: bytes | None = None

    def line(self) -> bytes:
        """Its line in the file of replacements."""
        if self.before is not None:
            head = b'(?<=' + re.escape(self.before) + b')' if self.before else b'(?m)^'
            return b'regex:' + head + re.escape(self.text) + b'==>' + REMOVED
        is_special = self.text.startswith((b'regex:', b'glob:', b'literal:')) or b'==>' in self.text
        return (b'literal:' if is_special else b'') + self.text + b'==>' + REMOVED


class Purge(NamedTuple):
    """What the history must lose. `spots` hold values; `objects` are all that held one, `stripped` those that only dropping helps."""

    spots: tuple[Spot, ...]
    objects: tuple[str, ...]
    stripped: tuple[str, ...]
    paths: tuple[str, ...]
    maybe: tuple[str, ...]
    headers: tuple[str, ...]


def steps(
    leaks: Sequence[Leak],
    accidents: Sequence[Accident],
    pack_rules: dict[str, Rule],
    folder: str,
    plan: str,
) -> tuple[Step, ...]:
    """The plan in its order: revoke, purge, verify, publish. What is not needed is left out."""
    serious = [leak for leak in leaks if leak.verdict.action != HARMLESS]
    stops = [item for item in accidents if item.level == STOP]
    found = []
    revoke = _revocations(serious, pack_rules)
    if revoke:
        why = 'First, because removing hides nothing: what was seen stays seen, but a revoked key may be found by anybody.'
        found.append(Step('Revoke and create anew', why, revoke))
    in_past = any(leak.finding.life is not None for leak in serious) or any(
        is_dropped(item) for item in stops
    )
    if serious or stops:
        why = 'keylint rewrites nothing itself: it writes the plan, you run it, in a new clone.'
        found.append(Step('Purge', why, _purge(serious, stops, folder, plan, in_past)))
    if in_past:
        clean = _quoted(f'{folder}-clean')
        look = Action(
            'Look everywhere',
            '',
            (),
            (
                f'keylint publish {clean} --verify --plan {_quoted(plan)}',
                f'keylint publish {clean}',
            ),
        )
        found.append(
            Step(
                'Verify',
                'By object id and by value, in packs, reflogs, stashes, backups, index and work tree.',
                (look,),
            )
        )
    why = (
        'To a new, empty remote: an old one keeps what was pushed, also in forks and pull requests.'
        if in_past
        else 'Nothing else is in the way.'
    )
    found.append(Step('Publish', why, _publish(serious, in_past)))
    return tuple(found)


def _revocations(leaks: Sequence[Leak], rules: dict[str, Rule]) -> tuple[Action, ...]:
    """An action for each issuer, those with keys on a remote first, in the issuer's own steps."""
    groups: dict[str, list[Leak]] = {}
    for leak in leaks:
        if leak.verdict.action in ACTIONS[:2]:
            groups.setdefault(leak.finding.issuer or leak.finding.rule, []).append(leak)
    rows = []
    for name, group in groups.items():
        table = rules.get(name)
        now = sum(leak.verdict.action == 'rotate-now' for leak in group)
        count = f'{len(group)} credential{"s" * (len(group) != 1)}' + (
            f', {now} of them now' if 0 < now < len(group) else ', now' if now else ''
        )
        places = tuple(
            dict.fromkeys(f'{leak.finding.path}:{leak.finding.place.line}' for leak in group)
        )
        own = (table.revoke if table else ()) or group[0].finding.do
        again = tuple(
            step
            for step in (table.do if table else ())
            if step.startswith(('Create', 'Move the new')) and step not in own
        )
        steps = (*own, *again, f'Found in {", ".join(places[:4])}{" …" if len(places) > 4 else ""}')
        rows.append(
            (
                not now,
                Action(
                    f'{table.name if table else group[0].finding.title}: {count}',
                    (table.manage if table else None) or '',
                    steps,
                ),
            )
        )
    return tuple(
        action for _, action in sorted(rows, key=lambda row: row[0])
    )  # within, the worst first


def _purge(
    leaks: Sequence[Leak], stops: Sequence[Accident], folder: str, plan: str, in_past: bool
) -> tuple[Action, ...]:
    tracked = [leak for leak in leaks if not leak.seat.is_untracked]
    here = sorted(
        {
            leak.finding.path
            for leak in tracked
            if leak.seat.in_tree or (leak.finding.life is not None and leak.finding.life.in_head)
        }
    )
    found = []
    if here:
        details = tuple(f'{path}: read it from the environment instead' for path in here)
        found.append(
            Action('Take the values out of the files as they are now, and commit that', '', details)
        )
    loose = sorted({item.path for item in stops if item.seat == 'untracked'})
    if loose:
        found.append(
            Action('Ignore what must stay at home (gitignore.patch of the plan)', '', tuple(loose))
        )
    texts = tuple(
        f'{item.path}: {item.what}'
        for item in stops
        if item.kind in ('git-config', 'ci-secret', 'submodule')
    )
    if texts:
        found.append(
            Action('Mend the settings; revoke the tokens in them', '', tuple(dict.fromkeys(texts)))
        )
    if in_past:
        commands = (
            f'keylint publish {_quoted(folder)} --plan {_quoted(plan)}',
            f'sh {_quoted(os.path.join(plan, SCRIPT))}',
        )
        found.append(
            Action(
                'Write the plan outside the repository, read it, and carry it out', '', (), commands
            )
        )
    return tuple(found)


def is_dropped(item: Accident) -> bool:
    """Whether an accident is a file that the history should lose."""
    return item.seat in ('tracked', 'history') and item.kind not in (
        'ci-secret',
        'submodule',
        'identity',
        'ignored-but-tracked',
    )


def _publish(leaks: Sequence[Leak], in_past: bool) -> tuple[Action, ...]:
    found = []
    if any(leak.finding.life is not None and leak.finding.life.on_remote for leak in leaks):
        details = (
            'delete it there, or ask its support to remove cached views and pull requests',
            'everybody with a clone clones anew',
        )
        found.append(Action('The old remote still has the old history', '', details))
    if in_past:
        found.append(Action(f'Delete {SECRETS} and the old clone, once the new one is published'))
    found.append(
        Action(
            'Keep it clean: switch on push protection, and the hooks of keylint',
            '',
            (),
            ('pre-commit install',),
        )
    )
    return tuple(found)


def _quoted(text: str) -> str:
    import shlex  # noqa: PLC0415 - only where commands are written

    return shlex.quote(text)


def purge(
    repository: Repository,
    paths: dict[str, str],
    top: str | None,
    leaks: Sequence[Leak],
    accidents: Sequence[Accident],
    rules: Rules,
    config: Config,
) -> Purge:
    """Gathers the values of all versions, and tries the replacements out on each of them in memory."""
    wanted = {leak.finding.fingerprint for leak in leaks if leak.verdict.action != HARMLESS}
    lives = [
        leak.finding.life
        for leak in leaks
        if leak.finding.fingerprint in wanted and leak.finding.life is not None
    ]
    names = sorted({name for life in lives for name in life.objects})
    shown = config._replace(show_secrets=True, severity='info', confidence='low')
    reader = Reader(repository.folder)
    gathering = Gathering(repository, paths, reader, rules, shown, wanted)
    for name in names:
        gathering.look(name)
    files = (
        sorted(
            {
                leak.finding.path
                for leak in leaks
                if leak.seat.in_tree and leak.finding.fingerprint in wanted
            }
        )
        if top is not None
        else []
    )
    for path in files:
        gathering.look_at_file(top or '', path)
    stripped = gathering.tried(names)
    reader.close()
    gone = [item for item in accidents if is_dropped(item)]
    drop = {item.path for item in gone if item.level == STOP}
    maybe = {item.path for item in gone} - drop
    return Purge(
        gathering.ordered(),
        tuple(names),
        tuple(stripped),
        tuple(sorted(drop)),
        tuple(sorted(maybe)),
        tuple(sorted(gathering.headers)),
    )


class Gathering:
    """The texts to replace, as they stand in each version of each file that holds a leak."""

    def __init__(
        self,
        repository: Repository,
        paths: dict[str, str],
        reader: Reader,
        rules: Rules,
        config: Config,
        wanted: set[str],
    ) -> None:
        self._repository = repository
        self._paths = paths
        self._reader = reader
        self._rules = rules
        self._config = config
        self._wanted = wanted
        self._spots: dict[Spot, None] = {}
        self.headers: set[str] = set()

    def look(self, name: str) -> None:
        """Take in an object."""
        ((_, raw),) = self._reader.read([name])
        if raw is None:
            return
        found = scan_version(self._reader, name, self._path(name), self._rules, self._config)
        self._take(raw, [finding for key, finding in found.items() if key in self._wanted])
        if self._kind(name) in ('commit', 'tag'):
            head = raw.partition(b'\n\n')[0]
            if any(spot.text in head for spot in self._spots):
                self.headers.add(name)

    def look_at_file(self, top: str, path: str) -> None:
        """Take in a file of the work tree."""
        blob = load(Unread(os.path.join(top, path), path))
        if not isinstance(blob, Blob):
            return
        result = scan_blob(blob, self._rules, self._config)
        self._take(
            blob.data,
            [finding for finding in result.findings if finding.fingerprint in self._wanted],
        )

    def _path(self, name: str) -> str:
        return (
            self._paths.get(name)
            or f'{self._repository.prefix}{self._kind(name) if self._kind(name) != "blob" else "object"} {name[:12]}'
        )

    def _kind(self, name: str) -> str:
        return self._repository.objects[name].kind

    def _take(self, raw: bytes, findings: Iterable[Finding]) -> None:
        data, is_text = to_text(raw)
        lines = Lines(data)
        found = [
            (part, *_span(lines, part))
            for finding in findings
            if _is_in_text(finding)
            for part in finding.parts
            if part.value
        ]
        for part, start, end in found:
            value = (part.value or '').encode('utf-8', 'replace')
            text = value if value in raw else data[start:end]
            if not is_text or text not in raw:
                if is_text or value in raw:
                    self._spots.setdefault(Spot(value))
                continue
            if is_weak(text) and b'\n' not in text:
                line = lines.bounds(part.place.line)[0]
                ends = [other for _, _, other in found if other <= start]
                first = max([line, start - _BEFORE, *ends])
                self._spots.setdefault(
                    Spot(text, data[first:start] if data[start:end] == text else b'')
                )
                continue
            for row in re.split(rb'\r?\n', text):
                piece = row if text == value else row.strip(b' \t"\'\\,(')
                if len(piece) >= _LINE and not piece.startswith(b'-----'):
                    self._spots.setdefault(Spot(piece))

    def ordered(self) -> tuple[Spot, ...]:
        """The longest first: a text may be part of another."""
        return tuple(
            sorted(self._spots, key=lambda spot: (spot.before is not None, -len(spot.text), spot))
        )

    def tried(self, names: Iterable[str]) -> list[str]:
        """The blobs in which a leak would still be seen after all replacements."""
        apply = replacer([spot.line() for spot in self.ordered()])
        found = []
        for name, raw in self._reader.read([name for name in names if self._kind(name) == 'blob']):
            if raw is None:
                continue
            after = raw if b'\x00' in raw[:8192] else apply(raw)
            if after == raw or self._is_seen(after, self._path(name)):
                found.append(name)
        return found

    def _is_seen(self, data: bytes, path: str) -> bool:
        result = scan_blob(Blob(data, Origin(path, 'tried')), self._rules, self._config)
        held = [
            part.value or ''
            for finding in result.findings
            if finding.fingerprint in self._wanted
            for part in finding.parts
        ]
        return any(
            spot.text in value.encode('utf-8', 'replace') for value in held for spot in self._spots
        )


def is_weak(text: bytes) -> bool:
    """Whether a text may stand elsewhere by chance."""
    is_mixed = (
        re.search(rb'[0-9]', text) and re.search(rb'[a-z]', text) and re.search(rb'[A-Z]', text)
    )
    return len(text) < (_MIXED if is_mixed else _SHORTEST)


def _is_in_text(finding: Finding) -> bool:
    """Whether the finding's places are places of its file: also where it was encoded there, not where it lies in a carrier."""
    inside = finding.container
    return not inside or ('!/' not in inside and inside != finding.path.rsplit('/', 1)[-1])


def _span(lines: Lines, part: Part) -> tuple[int, int]:
    """The bytes of a part, from its lines and columns."""
    place = part.place
    start = lines.offset(place)
    return start, max(
        lines.offset(place._replace(line=place.end_line, column=place.end_column)), start + 1
    )


def replacer(rows: Iterable[bytes]) -> Any:
    """Applies lines of a file of replacements as git filter-repo does: the literal ones first."""
    literals, expressions = parsed(rows)

    def apply(data: bytes) -> bytes:
        for text in literals:
            data = data.replace(text, REMOVED)
        for expression in expressions:
            data = expression.sub(REMOVED, data)
        return data

    return apply


def parsed(rows: Iterable[bytes]) -> tuple[list[bytes], list[re.Pattern[bytes]]]:
    """Texts and expressions of a file of replacements."""
    literals, expressions = [], []
    for row in rows:
        text = row.rstrip(b'\r\n').rpartition(b'==>')[0]
        if text.startswith(b'regex:'):
            expressions.append(re.compile(text[6:]))
        elif text:
            literals.append(text.removeprefix(b'literal:'))
    return literals, expressions


def refuse(folder: str, plan: str, top: str | None) -> str:
    """The plan's folder, made if it is missing. Raises SourceError within any repository: what holds values must not be committed."""
    target = os.path.realpath(plan)
    if not target.isprintable():
        raise SourceError(
            f'{target!r}: the name of the plan has characters that a script cannot hold'
        )
    for inside in [root for root in (top, git.top_of(target), folder) if root]:
        root = os.path.realpath(inside)
        if target == root or target.startswith(root + os.sep):
            beside = os.path.join(os.path.dirname(root), 'publish-plan')
            raise SourceError(
                f'{plan}: the plan holds values and must lie outside of any repository; try --plan {beside}'
            )
    try:
        os.makedirs(target, mode=0o700, exist_ok=True)
    except OSError as error:
        raise SourceError(f'{plan}: cannot make the folder of the plan: {error.strerror}') from None
    return target


def write(
    plan: str, wanted: Purge, answer: Answer, source: str, top: str | None, checklist: str
) -> list[str]:
    """Writes the files; returns their names. Only SECRETS holds values, and only its owner may read it."""
    rows = {
        SECRETS: b''.join(spot.line() + b'\n' for spot in wanted.spots),
        OBJECTS: ''.join(f'{name}\n' for name in wanted.objects).encode(),
        STRIPPED: ''.join(f'{name}\n' for name in wanted.stripped).encode(),
        PATHS: b''.join(
            [
                *(_path_row(path) for path in wanted.paths),
                *(b'# perhaps: ' + _path_row(path) for path in wanted.maybe),
            ]
        ),
        SCRIPT: script(plan, wanted, source).encode('utf-8', 'surrogateescape'),
        IGNORES: ignores(answer.accidents, top).encode('utf-8', 'surrogateescape'),
        ENVIRONMENT: example(answer.leaks, top).encode(),
        CHECKLIST: checklist.encode('utf-8', 'replace'),
    }
    for name, data in rows.items():
        _write(os.path.join(plan, name), data)
    return list(rows)


def _write(path: str, data: bytes) -> None:
    """A new file that only its owner may read; what stood there is gone first, so that no link is followed."""
    try:
        if os.path.lexists(path):
            os.unlink(path)
        handle = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, 'O_BINARY', 0), 0o600
        )
        with open(handle, 'wb') as file:
            file.write(data)
    except OSError as error:
        raise SourceError(f'{path}: cannot write the plan: {error.strerror}') from None


def _path_row(path: str) -> bytes:
    """A path as git filter-repo reads it from a file."""
    name = os.fsencode(path)
    if (
        b'\n' in name
        or b'==>' in name
        or name.startswith((b'#', b'regex:', b'glob:', b'literal:'))
        or name != name.strip()
    ):
        return (
            b'regex:^' + re.escape(name).replace(b'\\\n', b'\\n').replace(b'==>', b'=[=]>') + b'$\n'
        )
    return name + b'\n'


def script(plan: str, wanted: Purge, source: str) -> str:
    """The commands: a new clone, git filter-repo in it, and the verification."""
    files = {name: _quoted(os.path.join(plan, name)) for name in (SECRETS, STRIPPED, PATHS)}
    options = (
        [f'--replace-text {files[SECRETS]} --replace-message {files[SECRETS]}']
        if wanted.spots
        else []
    )
    options += [f'--strip-blobs-with-ids {files[STRIPPED]}'] if wanted.stripped else []
    options += [f'--invert-paths --paths-from-file {files[PATHS]}'] if wanted.paths else []
    warning = f'# {len(wanted.headers)} commits or tags hold a value in a name or address: give git filter-repo a --mailmap too.\n'
    headers = warning if wanted.headers else ''
    lines = ' \\\n  '.join(options)
    run = (
        f'git -C "$clean" filter-repo \\\n  {lines}\n'
        if options
        else '# The history holds nothing to remove.\n'
    )
    # A name with a line break would end the comment that it stands in, and run.
    plain = {path.rpartition('/')[2] for path in wanted.paths if path.isprintable()}
    names = sorted(re.sub(r'([\[\]{}*?,\\])', r'\\\1', name) for name in plain)
    bfg = [f'--replace-text {files[SECRETS]}'] if wanted.spots else []
    bfg += [f'--strip-blobs-with-ids {files[STRIPPED]}'] if wanted.stripped else []
    bfg += (
        [f'--delete-files {_quoted("{" + ",".join(names) + "}" if len(names) > 1 else names[0])}']
        if names
        else []
    )
    return f"""#!/bin/sh
# Written by keylint publish. Revoke the keys first: this only cleans up behind them.
# A new clone leaves stashes, reflogs and unreachable objects behind, and branches that only a remote has: check those out first.
# The source is not changed. Install: pip install git-filter-repo
set -eu
source={_quoted(source)}
clean="${{1:-$source-clean}}"
git clone --no-local "$source" "$clean"
{headers}{run}keylint publish "$clean" --verify --plan {_quoted(plan)}

# In place, without a clone (look at `git stash list` first: stashes are lost):
#   git -C "$source" stash clear
#   git -C "$source" for-each-ref --format='delete %(refname)' refs/original | git -C "$source" update-ref --stdin
#   git -C "$source" filter-repo --force …the same options
#   git -C "$source" reflog expire --expire=now --all && git -C "$source" gc --prune=now
# With BFG instead of git filter-repo (it leaves messages of commits alone, and the files of HEAD: mend those first):
#   git clone --mirror "$source" "$clean.git"
#   java -jar bfg.jar {' '.join(bfg)} "$clean.git"
#   git -C "$clean.git" reflog expire --expire=now --all && git -C "$clean.git" gc --prune=now
"""


def ignores(accidents: Sequence[Accident], top: str | None) -> str:
    """A patch for `.gitignore` that `git apply` takes; nothing where nothing is missing."""
    import difflib  # noqa: PLC0415 - only where a plan is written

    path = os.path.join(top, '.gitignore') if top else ''
    before = ''
    if path and os.path.isfile(path) and not os.path.islink(path):
        with open(path, encoding='utf-8', errors='surrogateescape', newline='') as file:
            before = file.read()
    known = {line.strip() for line in before.splitlines()}
    rows = [
        row
        for row in ignored_by({'env-file', *(item.kind for item in accidents)})
        if row not in known
    ]
    rows += ['!.env.example'] if '.env*' in rows else []  # last: a later line wins
    if not rows:
        return ''
    old = before.splitlines(keepends=True)
    new = [*_ended(old), *(f'{row}\n' for row in rows)]
    lines = difflib.unified_diff(
        old, new, 'a/.gitignore' if before else '/dev/null', 'b/.gitignore'
    )
    return ''.join(
        line if line.endswith('\n') else f'{line}\n\\ No newline at end of file\n' for line in lines
    )


def _ended(lines: list[str]) -> list[str]:
    return (
        [*lines[:-1], lines[-1] if lines[-1].endswith('\n') else f'{lines[-1]}\n'] if lines else []
    )


def example(leaks: Sequence[Leak], top: str | None) -> str:
    """The names that the bot needs, without values: those of `.env`, and those of the issuers found."""
    names: dict[str, None] = {}
    path = os.path.join(top, '.env') if top else ''
    if path and os.path.isfile(path) and not os.path.islink(path):
        with open(path, 'rb') as file:
            names |= {name.decode(): None for name in _ENV_NAME.findall(file.read(1 << 20))}
    for leak in leaks:
        if leak.verdict.action != HARMLESS:
            owner = re.sub(r'\W+', '_', leak.finding.issuer or 'bot').upper()
            names |= {f'{owner}_{_ROLES[part.role]}': None for part in leak.finding.parts}
    head = '# Copy to .env, which git ignores, and fill in. This file is safe to publish as long as it holds no values.\n'
    return head + ''.join(f'{name}=\n' for name in names)


def read(plan: str) -> tuple[list[bytes], list[re.Pattern[bytes]], list[str], list[bytes]]:
    """Texts, expressions, object ids and dropped paths of a plan. Raises SourceError when it is none."""
    rows = []
    for name in (SECRETS, OBJECTS, PATHS):
        try:
            with open(os.path.join(plan, name), 'rb') as file:
                rows.append(file.read().split(b'\n'))
        except OSError as error:
            raise SourceError(
                f'{plan}: no plan of keylint publish: {name}: {error.strerror}'
            ) from None
    try:
        literals, expressions = parsed(rows[0])
    except re.error as error:
        raise SourceError(
            f'{os.path.join(plan, SECRETS)}: an expression does not compile: {error}'
        ) from None
    paths = [row for row in rows[2] if row and not row.startswith(b'#')]
    return literals, expressions, [row.decode('ascii', 'replace') for row in rows[1] if row], paths
