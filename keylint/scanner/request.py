"""What is asked of a scan, whoever asks.

Annotations are evaluated here: as texts each field's would be compiled on import.
"""

from keylint.core.lazy_typing import Literal
from keylint.core.records import NamedTuple

ScanMode = Literal[
    'paths', 'staged', 'stdin', 'files-from', 'history', 'since', 'range', 'pre-push', 'diff'
]
_OBJECT_MODES = ('history', 'since', 'range', 'pre-push')


class ScanScope(NamedTuple):
    """Say what is scanned: files, the index, standard input, or objects of a repository.

    `revision` is what `since` and `diff` compare with (empty for `diff`: everything is new), and
    the `A..B` of `range`. `files_from` is a file that lists files, `listed` what was read of it,
    `stdin_name` the path to report for standard input.
    """

    mode: ScanMode = 'paths'
    paths: tuple[str, ...] = ()
    revision: str = ''
    files_from: str = ''
    listed: tuple[str, ...] = ()
    stdin_name: str = ''
    includes_ignored: bool = False

    @property
    def reads_objects(self) -> bool:
        """True if objects of a repository are scanned instead of files."""
        return self.mode in _OBJECT_MODES


class ConfigOverrides(NamedTuple):
    """Settings that win over the environment and the configuration file; empty ones change nothing.

    `file` is a configuration file instead of the nearest one, `isolated` means none at all. A text
    of `select`, `ignore` or `exclude` may hold several entries, separated by commas. `limits` are
    texts `NAME=VALUE`, `today` is YYYY-MM-DD.
    """

    file: str = ''
    isolated: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    severity: str = ''
    confidence: str = ''
    pedantic: bool = False
    fail_on: str = ''
    rules: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    show_secrets: bool = False
    today: str = ''

    @property
    def is_narrowing(self) -> bool:
        """True if the findings are fewer than those of a whole scan."""
        return any((self.select, self.ignore, self.severity, self.confidence, self.exclude))


class BaselineOptions(NamedTuple):
    """Say which known findings count: those of the file `path`, or of the one that is found.

    `is_strict` leaves findings open that nobody has reviewed or whose verdict has expired.
    """

    path: str = ''
    is_off: bool = False
    is_strict: bool = False


class ScanRequest(NamedTuple):
    """Describe a scan: what is scanned, by which settings, and against which baseline."""

    scope: ScanScope = ScanScope()
    overrides: ConfigOverrides = ConfigOverrides()
    baseline: BaselineOptions = BaselineOptions()
    uses_cache: bool = True
    shows_progress: bool = False


def make_scope(paths: tuple[str, ...], includes_ignored: bool = False) -> ScanScope:
    """Return the scope that paths alone describe: files and folders, or `-` for standard input."""
    mode: ScanMode = 'stdin' if paths == ('-',) else 'paths'
    return ScanScope(mode, paths, includes_ignored=includes_ignored)
