"""Recognize by name the kinds of files that should not be published."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keylint.core.records import NamedTuple
from keylint.publish.exposures import LOOK, STOP


class FileKind(NamedTuple):
    """Describe files by their paths: how bad they are, what they are, what ignores them.

    `ignore` holds lines for `.gitignore`, separated by blanks.
    """

    id: str
    pattern: re.Pattern[str]
    level: str
    what: str
    ignore: str


def _compile_names(text: str) -> re.Pattern[str]:
    """Compile a pattern for the end of a path: whole names, behind any folder."""
    return re.compile(rf'(?i)(?:^|/)(?:{text})$')


_EXAMPLES = re.compile(
    r'(?i)(?:^|[._-])(?:examples?|samples?|template|tmpl|dist|defaults?|schema)(?:[._-]|$)'
)
KINDS = (
    FileKind(
        'env-file',
        _compile_names(r'\.env(?:\.[^/]+)?|[^/]+\.env|\.envrc'),
        STOP,
        'an environment file: where keys are kept',
        '.env .env.* !.env.example !.env.sample !.env.template *.env .envrc',
    ),
    FileKind(
        'keystore',
        _compile_names(
            r'UTC--[^/]*|wallet\.dat|[^/]*\.(?:keystore|jks|p12|pfx|kdbx|ppk)'  # wallets
            r'|id_(?:rsa|dsa|ecdsa|ed25519)|keystores?/[^/]*\.json'  # keys of SSH, of wallets
            r'|\.netrc|\.pypirc|\.pgpass|\.git-credentials|\.aws/credentials'  # logins of tools
            r'|client_secrets?[^/]*\.json|service[-_]?account[^/]*\.json'  # Google Cloud
        ),
        STOP,
        'a key store, wallet or file of credentials',
        'UTC--* *.keystore wallet.dat',
    ),
    FileKind(
        'trades',
        _compile_names(r'tradesv3[^/]*\.(?:sqlite|db)[^/]*|[^/]*\.dryrun\.sqlite[^/]*'),
        STOP,
        'a database of a bot: your trades, stakes and profits',
        '*.sqlite*',
    ),
    FileKind(
        'database',
        _compile_names(r'[^/]*\.(?:sqlite3?|db3?|mdb|rdb)(?:-wal|-shm|-journal)?'),
        LOOK,
        'a database: nobody sees what is in it',
        '*.sqlite*',
    ),
    FileKind(
        'pickle',
        _compile_names(r'[^/]*\.(?:pkl|pickle|joblib|dill)'),
        LOOK,
        'a pickle: its contents are hidden, opening it runs code',
        '*.pkl *.pickle',
    ),
    FileKind(
        'shell-history',
        _compile_names(
            r'\.(?:bash|zsh|sh|python|psql|mysql|sqlite|node_repl|rediscli|irb)_history'
            r'|\.lesshst|fish_history'
            r'|consolehost_history\.txt|history\.sqlite'  # PowerShell, IPython
        ),
        STOP,
        'what was typed into a shell: keys among it',
        '.*_history',
    ),
    FileKind(
        'editor',
        _compile_names(
            r'[^/]*\.sw[nop]|\.viminfo|\.history/.*'  # Vim, Visual Studio Code
            r'|\.idea/(?:workspace\.xml|shelf/.*|dataSources.*|httpRequests/.*)'  # JetBrains
            r'|[^/]+~'  # Emacs
            r'|\.ipynb_checkpoints/.*|\.DS_Store'  # Jupyter, macOS
        ),
        LOOK,
        'what an editor keeps: old versions, paths, data sources',
        '*.sw? .ipynb_checkpoints/ .DS_Store',
    ),
    FileKind(
        'log',
        _compile_names(r'[^/]*\.log(?:\.\d+|\.gz)?|nohup\.out'),
        LOOK,
        'a log: requests, balances, sometimes headers with keys',
        '*.log',
    ),
    FileKind(
        'bytecode',
        _compile_names(r'__pycache__/.*|[^/]*\.py[co]'),
        LOOK,
        'compiled Python: it keeps constants that the source has lost',
        '__pycache__/',
    ),
)


def find_file_kind(path: str) -> FileKind | None:
    """Find the kind that a path tells. Examples and templates have none: they are published."""
    if _EXAMPLES.search(path.rpartition('/')[2]):
        return None
    return next((kind for kind in KINDS if kind.pattern.search(path)), None)


def list_ignore_lines(kinds: Iterable[str]) -> list[str]:
    """List the lines for `.gitignore` that keep out files of some kinds, in the table's order."""
    wanted = set(kinds)
    lines = [kind.ignore.split() for kind in KINDS if kind.id in wanted]
    return list(dict.fromkeys(line for group in lines for line in group))
