"""What would travel by accident when a repository is published: files by their names, git's own settings, CI files, submodules, identities."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from keylint.core.errors import SourceError
from keylint.history.repository import Repository
from keylint.readers.notebook import fragments
from keylint.sources import git
from keylint.sources.objects import Reader, common_folder

# Files of so many bytes are worth a look; GitHub refuses those of the second size (docs.github.com, "About large files").
LARGE, REFUSED = 5 << 20, 100 << 20
STOP, LOOK = 'stop', 'look'


class Accident(NamedTuple):
    """Something that would go along. `level` is `stop` (do not publish with it) or `look`; `seat` says where: tracked, history, untracked, git."""

    kind: str
    level: str
    path: str
    what: str
    seat: str


class Kind(NamedTuple):
    """Files that are known by their names: pattern of the path, level, what they are, and the lines that ignore them."""

    id: str
    pattern: re.Pattern[str]
    level: str
    what: str
    ignore: str


def _named(text: str) -> re.Pattern[str]:
    return re.compile(rf'(?i)(?:^|/)(?:{text})$')


_EXAMPLES = re.compile(
    r'(?i)(?:^|[._-])(?:examples?|samples?|template|tmpl|dist|defaults?|schema)(?:[._-]|$)'
)
KINDS = (
    Kind(
        'env-file',
        _named(r'\.env(?:\.[^/]+)?|[^/]+\.env|\.envrc'),
        STOP,
        'an environment file: where keys are kept',
        '.env* *.env',
    ),
    Kind(
        'keystore',
        _named(
            r'UTC--[^/]*|wallet\.dat|[^/]*\.(?:keystore|jks|p12|pfx|kdbx|ppk)|id_(?:rsa|dsa|ecdsa|ed25519)|keystores?/[^/]*\.json'
            r'|\.netrc|\.pypirc|\.pgpass|\.git-credentials|\.aws/credentials|client_secrets?[^/]*\.json|service[-_]?account[^/]*\.json'
        ),
        STOP,
        'a key store, wallet or file of credentials',
        'UTC--* *.keystore wallet.dat',
    ),
    Kind(
        'trades',
        _named(r'tradesv3[^/]*\.(?:sqlite|db)[^/]*|[^/]*\.dryrun\.sqlite[^/]*'),
        STOP,
        'a database of a bot: your trades, stakes and profits',
        '*.sqlite*',
    ),
    Kind(
        'database',
        _named(r'[^/]*\.(?:sqlite3?|db3?|mdb|rdb)(?:-wal|-shm|-journal)?'),
        LOOK,
        'a database: nobody sees what is in it',
        '*.sqlite*',
    ),
    Kind(
        'pickle',
        _named(r'[^/]*\.(?:pkl|pickle|joblib|dill)'),
        LOOK,
        'a pickle: its contents are hidden, opening it runs code',
        '*.pkl *.pickle',
    ),
    Kind(
        'shell-history',
        _named(
            r'\.(?:bash|zsh|sh|python|psql|mysql|sqlite|node_repl|rediscli|irb)_history|\.lesshst|fish_history|consolehost_history\.txt|history\.sqlite'
        ),
        STOP,
        'what was typed into a shell: keys among it',
        '.*_history',
    ),
    Kind(
        'editor',
        _named(
            r'[^/]*\.sw[nop]|\.viminfo|\.history/.*|\.idea/(?:workspace\.xml|shelf/.*|dataSources.*|httpRequests/.*)|[^/]+~'
            r'|\.ipynb_checkpoints/.*|\.DS_Store'
        ),
        LOOK,
        'what an editor keeps: old versions, paths, data sources',
        '*.sw? .ipynb_checkpoints/ .DS_Store',
    ),
    Kind(
        'log',
        _named(r'[^/]*\.log(?:\.\d+|\.gz)?|nohup\.out'),
        LOOK,
        'a log: requests, balances, sometimes headers with keys',
        '*.log',
    ),
    Kind(
        'bytecode',
        _named(r'__pycache__/.*|[^/]*\.py[co]'),
        LOOK,
        'compiled Python: it keeps constants that the source has lost',
        '__pycache__/',
    ),
)
_CI = re.compile(
    r'(?:^|/)\.(?:github/workflows|forgejo/workflows|gitea/workflows|circleci)/[^/]+\.ya?ml$'
    r'|(?:^|/)(?:\.gitlab-ci|\.travis|\.drone|azure-pipelines|bitbucket-pipelines|appveyor|\.woodpecker)\.ya?ml$|(?:^|/)Jenkinsfile$'
)
_SECRET_NAME = rb'(?:\$\{\{ *secrets\.\w+ *\}\}|\$(?:env:)?\{?\w*(?:SECRET|TOKEN|PASSW|PASSPHRASE|API_?KEY|PRIVATE_?KEY|MNEMONIC)\w*\}?)'
_SAYS = re.compile(
    rb'(?i)\b(?:echo|printf|print|cat <<<|write-host|write-output)\b[^\n>|]{0,200}'
    + _SECRET_NAME
    + rb'([^\n]*)'
)
_LONGEST_LINE = 1000
_SAFE_END = re.compile(rb'>|\| *(?!(?:base64|rev|sed|tr|xxd|od|tee|fold|cat)\b)\S')
_DUMPS = re.compile(
    rb'(?m)^\s*(?:-\s+)?(?:(?:run|script):\s*)?(?:printenv|env|export -p|Get-ChildItem env:)\s*(?:\|\s*sort\s*)?$'
    rb'|\bset -[a-w]*x|toJSON\(secrets\)'
)
_MENTIONS = re.compile(_SECRET_NAME)
_URL_SECRET = re.compile(
    r'^[a-z][a-z0-9+.-]*://[^/@:\s]*:[^/@\s]+@|^[a-z][a-z0-9+.-]*://(?:gh[pousr]_|github_pat_|glpat-|x-access-token)[^/@\s]*@'
)
_PRIVATE_HOST = re.compile(
    r'(?i)^(?:localhost|[^.]+|.*\.(?:local|internal|intranet|corp|lan|home|private|test)|10\..*|127\..*|192\.168\..*|172\.(?:1[6-9]|2\d|3[01])\..*)$'
)
_PERSON = re.compile(rb'(?m)^(?:author|committer) ([^\n<]*)<([^>\n]*)>')


def accidents(
    repository: Repository, top: str | None, is_identity: bool, is_excluded: Callable[[str], bool]
) -> list[Accident]:
    """All of them, sorted. `top` is the work tree, None for a bare repository."""
    with Reader(repository.folder) as reader:
        present = _present(repository.folder, top)
        found = [
            *_by_name(repository, present),
            *_by_size(repository),
            *_contents(repository, present, reader),
        ]
        if top is not None:
            found += _of_tree(top, present)
        found += [
            *_config(repository.folder),
            *_hooks(repository.folder),
            *_stashes(repository),
            *_submodules(repository.folder, top),
        ]
        if is_identity:
            found += _identities(repository, reader)
    kept = {
        (item.kind, item.path, item.what): item
        for item in reversed(found)
        if not is_excluded(item.path)
    }
    return sorted(
        kept.values(), key=lambda item: (item.level != STOP, item.kind, item.path, item.what)
    )


def kind_of(path: str) -> Kind | None:
    """The kind that a path's name tells; examples and templates are meant to be published."""
    if _EXAMPLES.search(path.rpartition('/')[2]):
        return None
    return next((kind for kind in KINDS if kind.pattern.search(path)), None)


def _present(folder: str, top: str | None) -> dict[str, str]:
    """Path and blob of what the next commit would hold; of HEAD where there is no work tree."""
    if top is not None:
        rows = (
            entry.partition(b'\t')
            for entry in git.run(top, 'ls-files', '--stage', '-z', '--full-name').split(b'\x00')
            if entry
        )
        return {
            os.fsdecode(path): meta.split(b' ')[1].decode()
            for meta, _, path in rows
            if meta.startswith(b'100')
        }
    try:
        listing = git.run(folder, 'ls-tree', '-r', '-z', '--full-tree', 'HEAD')
    except SourceError:
        return {}
    rows = (entry.partition(b'\t') for entry in listing.split(b'\x00') if entry)
    return {
        os.fsdecode(path): meta.split(b' ')[2].decode()
        for meta, _, path in rows
        if meta.startswith(b'100')
    }


def _by_name(repository: Repository, present: dict[str, str]) -> Iterator[Accident]:
    """Files that are known by their names, tracked or in the history."""
    paths = {path for _, path in repository.changes.named()} | set(present)
    for path in paths:
        kind = kind_of(path)
        if kind is not None:
            yield Accident(
                kind.id, kind.level, path, kind.what, 'tracked' if path in present else 'history'
            )


def _by_size(repository: Repository) -> Iterator[Accident]:
    """The largest version of each large file."""
    largest: dict[str, int] = {}
    for blob, path in repository.changes.named():
        item = repository.objects.get(blob.decode())
        if item is not None and item.size >= LARGE:
            largest[path] = max(item.size, largest.get(path, 0))
    for path, size in largest.items():
        text = f'{size / (1 << 20):.0f} MB' + (
            ': GitHub refuses files above 100 MB' if size >= REFUSED else ' in every clone'
        )
        yield Accident('large-file', STOP if size >= REFUSED else LOOK, path, text, 'history')


def _contents(
    repository: Repository, present: dict[str, str], reader: Reader
) -> Iterator[Accident]:
    """Notebooks with outputs, in all versions, and CI files as they are now."""
    notebooks: dict[str, set[str]] = {}
    for blob, path in repository.changes.named():
        if path.endswith('.ipynb') and blob.decode() in repository.objects:
            notebooks.setdefault(path, set()).add(blob.decode())
    for path, name in present.items():
        if path.endswith('.ipynb'):
            notebooks.setdefault(path, set()).add(name)
    for path, names in notebooks.items():
        holding = [name for name, data in reader.read(sorted(names)) if data and has_outputs(data)]
        if holding:
            seat = 'tracked' if present.get(path) in holding else 'history'
            yield Accident(
                'notebook-output',
                LOOK,
                path,
                'a notebook with outputs: balances, orders and answers of the exchange',
                seat,
            )
    for path, name in present.items():
        if _CI.search(path):
            for _, data in reader.read([name]):
                yield from printed(path, data or b'')


def has_outputs(data: bytes) -> bool:
    """Whether a notebook holds outputs of its cells."""
    return b'"outputs"' in data and any(
        part.cell is not None and part.cell.part == 'output' for part in fragments(data) or ()
    )


def printed(path: str, data: bytes) -> Iterator[Accident]:
    """Lines of a CI file that print secrets into logs, which become public with the repository."""
    for number, line in enumerate(data.split(b'\n'), 1):
        said = _SAYS.search(line, 0, _LONGEST_LINE)
        if said and not line.lstrip().startswith(b'#') and not _SAFE_END.search(said[1]):
            yield Accident(
                'ci-secret',
                STOP,
                path,
                f'line {number} prints a secret into the log, which becomes public too',
                'tracked',
            )
    if _DUMPS.search(data) and _MENTIONS.search(data):
        yield Accident(
            'ci-secret',
            LOOK,
            path,
            'prints the whole environment, or every command with its arguments, where secrets are set',
            'tracked',
        )


def _of_tree(top: str, present: dict[str, str]) -> Iterator[Accident]:
    """What .gitignore says against what is there."""
    for path in listed(top, '--cached', '--ignored', '--exclude-standard'):
        yield Accident(
            'ignored-but-tracked',
            LOOK,
            path,
            'ignored, and tracked all the same: every commit takes it along',
            'tracked',
        )
    for path in listed(top, '--others', '--exclude-per-directory=.gitignore'):
        kind = kind_of(path)
        if path in present:
            continue
        if kind is not None:
            yield Accident(
                kind.id, kind.level, path, f'{kind.what}; .gitignore does not cover it', 'untracked'
            )
        else:
            yield Accident(
                'untracked',
                LOOK,
                path,
                'not tracked, and .gitignore does not cover it: `git add .` takes it along',
                'untracked',
            )


def listed(top: str, *which: str) -> list[str]:
    """Paths of the work tree as `git ls-files` lists them."""
    return [
        os.fsdecode(name) for name in git.run(top, 'ls-files', '-z', *which).split(b'\x00') if name
    ]


def settings(folder: str, *source: str) -> list[tuple[str, str]]:
    """Name and value of each entry of a git configuration file, without what it includes."""
    try:
        listing = git.run(folder, 'config', *source, '--no-includes', '--null', '--list')
    except SourceError:
        return []
    rows = (os.fsdecode(entry).partition('\n') for entry in listing.split(b'\x00') if entry)
    return [(name, value) for name, _, value in rows]


def _config(folder: str) -> Iterator[Accident]:
    for name, value in settings(folder, '--file', os.path.join(common_folder(folder), 'config')):
        section, _, key = name.rpartition('.')
        where = section if key.lower() in ('url', 'pushurl') else name
        text = ''
        if _URL_SECRET.search(value) or _URL_SECRET.search(section.partition('.')[2]):
            text = f'{_subject(where)} has a password or token in its address'
        elif key.lower() == 'extraheader' and re.search(r'(?i)authorization|token', value):
            text = f'{_subject(where)} sends a token'
        elif re.fullmatch(r'(?i).*(?:token|passw(?:or)?d|secret|apikey)', key) and len(value) > 7:
            text = f'{_subject(where)} looks like a credential'
        if text:
            yield Accident('git-config', STOP, '.git/config', text, 'git')


def _subject(name: str) -> str:
    """The name of a setting; an address within it may hold a password and is cut off."""
    first, _, rest = name.partition('.')
    return f'{first} (address)' if '://' in rest else f'{first} {rest}'.strip()


def _hooks(folder: str) -> Iterator[Accident]:
    root = os.path.join(common_folder(folder), 'hooks')
    for name in sorted(os.listdir(root)) if os.path.isdir(root) else ():
        if not name.endswith('.sample'):
            yield Accident(
                'hook',
                LOOK,
                f'.git/hooks/{name}',
                'a hook of yours: no push takes it along, a copy of the folder does',
                'git',
            )


def _stashes(repository: Repository) -> Iterator[Accident]:
    if any(name.name == 'refs/stash' for name in repository.history.names):
        count = sum(name.name == 'reflog of refs/stash' for name in repository.history.names) + 1
        text = f'{count if count > 1 else "a"} stash{"es" * (count > 1)}: no push takes them along, a copy of the folder does'
        yield Accident('stash', LOOK, 'refs/stash', text, 'git')


def _submodules(folder: str, top: str | None) -> Iterator[Accident]:
    source = (
        ('--file', os.path.join(top, '.gitmodules'))
        if top is not None
        else ('--blob', 'HEAD:.gitmodules')
    )
    if top is not None and (not os.path.isfile(source[1]) or os.path.islink(source[1])):
        return
    for name, value in settings(folder, *source):
        if not name.endswith('.url'):
            continue
        label = name.removeprefix('submodule.').removesuffix('.url')
        if _URL_SECRET.search(value):
            yield Accident(
                'submodule',
                STOP,
                '.gitmodules',
                f'submodule {label} has a password or token in its address',
                'tracked',
            )
        elif is_private(value):
            yield Accident(
                'submodule',
                LOOK,
                '.gitmodules',
                f'submodule {label} points to a host that others cannot reach',
                'tracked',
            )


def is_private(url: str) -> bool:
    """Whether an address is a path or a host that only you can reach. Relative addresses stay with the repository."""
    if url.startswith(('./', '../')):
        return False
    found = re.match(
        r'(?i)(?:[a-z][a-z0-9+.-]*://)(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)', url
    ) or re.match(r'(?:[^/@:]*@)?([^/:]+):', url)
    return found is None or url.startswith('file:') or bool(_PRIVATE_HOST.match(found[1]))


def _identities(repository: Repository, reader: Reader) -> Iterator[Accident]:
    counts: dict[tuple[str, str], int] = {}
    for _, data in reader.read([commit.id for commit in repository.history.commits]):
        people = {
            (name.decode('utf-8', 'replace').strip(), mail.decode('utf-8', 'replace'))
            for name, mail in _PERSON.findall((data or b'').partition(b'\n\n')[0])
        }
        for person in people:
            counts[person] = counts.get(person, 0) + 1
    for (name, mail), count in counts.items():
        if not mail.endswith('users.noreply.github.com') and mail != 'noreply@github.com':
            yield Accident(
                'identity',
                LOOK,
                f'{name} <{mail}>',
                f'the author of {count} commit{"s" * (count != 1)}',
                'history',
            )


def ignored_by(kinds: Iterable[str]) -> Sequence[str]:
    """The lines for `.gitignore` that keep out files of these kinds, in the order of the table."""
    wanted = set(kinds)
    return list(
        dict.fromkeys(line for kind in KINDS if kind.id in wanted for line in kind.ignore.split())
    )
