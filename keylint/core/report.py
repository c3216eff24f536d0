"""The report of a run: the result of each blob, and all of them together.

Every run of the hook loads this module, but few have a finding: types that only findings need are
in `core.model`. Annotations are evaluated here: if they were strings, each would be compiled on
import.
"""

from keylint.core.records import NamedTuple

TYPE_CHECKING = False  # a clean run has no findings
if TYPE_CHECKING:
    from keylint.core.model import DeclarationRecord, Finding


class Skipped(NamedTuple):
    """Something that was left out on purpose; the summary counts it under `why`."""

    path: str
    why: str


class Failure(NamedTuple):
    """Something that should have been scanned and could not be."""

    path: str
    stage: str
    error: str


class HiddenFinding(NamedTuple):
    """A finding that the configuration hides: the key that hides it, and its fingerprint."""

    key: str
    fingerprint: str


class ScanWarning(NamedTuple):
    """Something the user should know about their own marks or configuration.

    Never changes the exit code.
    """

    path: str
    line: int
    message: str


class BlobResult(NamedTuple):
    """The result of a worker for one blob.

    `size` is its bytes, None if nothing was read; `skipped` then says why.

    `hidden` are findings that the configuration hides. `clean` names what a later run need not scan
    again (`keylint.pipeline.clean_cache`); `is_unchanged` says that this run did not scan it again.
    """

    findings: tuple['Finding', ...] = ()
    failures: tuple[Failure, ...] = ()
    warnings: tuple[ScanWarning, ...] = ()
    size: int | None = None
    skipped: tuple[str, ...] = ()
    records: tuple['DeclarationRecord', ...] = ()
    clean: bytes = b''
    is_unchanged: bool = False
    hidden: tuple[HiddenFinding, ...] = ()


class Report:
    """The whole run, filled by the pipeline and read by the reporters. It is mutable.

    `files` counts what `unit` names: files, or objects of a history; `unchanged` counts those in
    which an earlier run found nothing. `paths` are the paths on the command line; a history has
    none. `tree_paths` has those that differ when seen from the top of their tree. `mode` is what
    was scanned, as in `scanner.request.ScanScope`; with `is_quiet`, texts contain only findings.
    `is_first_commit` says that what is staged is for a branch without commits, `is_below_top` that
    its paths are those of the repository while the command runs in a folder of it.
    """

    __slots__ = (
        'bytes',
        'failures',
        'files',
        'findings',
        'hidden',
        'is_below_top',
        'is_first_commit',
        'is_quiet',
        'mode',
        'paths',
        'records',
        'seconds',
        'skipped',
        'tree_paths',
        'unchanged',
        'unit',
        'warnings',
    )

    def __init__(self, unit: str = 'file') -> None:
        self.unit = unit
        self.mode = ''
        self.is_quiet = False
        self.is_first_commit = False
        self.is_below_top = False
        self.findings: list[Finding] = []
        self.records: list[DeclarationRecord] = []
        self.failures: list[Failure] = []
        self.warnings: list[ScanWarning] = []
        self.skipped: dict[str, int] = {}
        self.hidden: set[HiddenFinding] = set()
        self.paths: list[str] = []
        self.tree_paths: dict[str, str] = {}
        self.files = 0
        self.unchanged = 0
        self.bytes = 0
        self.seconds = 0.0

    def copy(self) -> 'Report':
        """Return another report of the same lists."""
        made = Report()
        for name in self.__slots__:
            setattr(made, name, getattr(self, name))
        return made

    def __repr__(self) -> str:
        """Return the counts of the report."""
        counts = ', '.join(
            f'{number} {what}{"s" * (number != 1)}'
            for number, what in ((len(self.failures), 'failure'), (self.files, self.unit))
        )
        total = f'{len(self.findings)} finding{"s" * (len(self.findings) != 1)}'
        return f'<Report: {len(self.open)} open of {total}, {counts}>'

    def __str__(self) -> str:
        """List the open findings and everything not scanned, each on a line, and the counts."""
        lost = [f'{failure.path}: not scanned: {failure.error}' for failure in self.failures]
        return '\n'.join([*map(str, self.open), *lost, repr(self).strip('<>')])

    @property
    def open(self) -> list['Finding']:
        """Return the findings that are not accepted.

        They are neither suppressed by a mark nor known to the baseline.
        """
        return [finding for finding in self.findings if finding.state == 'open']

    @property
    def hidden_counts(self) -> dict[str, int]:
        """Count the hidden findings by the key of the configuration that hides them."""
        counts: dict[str, int] = {}
        for key, _ in sorted(self.hidden):
            counts[key] = counts.get(key, 0) + 1
        return counts

    def skip(self, why: str, count: int = 1) -> None:
        """Count something that is left out on purpose."""
        self.skipped[why] = self.skipped.get(why, 0) + count

    def sort(self) -> None:
        """Sort everything, so that the order does not depend on the workers."""
        self.findings.sort(
            key=lambda f: (f.path, f.place.line, f.place.column, f.rule, f.fingerprint)
        )
        self.failures.sort(key=lambda f: (f.path, f.stage))
        self.warnings.sort(key=lambda w: (w.path, w.line))

    def add(self, result: BlobResult) -> None:
        """Add the result of a worker."""
        self.findings += result.findings
        self.records += result.records
        self.failures += result.failures
        self.warnings += result.warnings
        self.hidden.update(result.hidden)
        if result.size is not None:
            self.files += 1
            self.unchanged += result.is_unchanged
            self.bytes += result.size
        for why in result.skipped:
            self.skip(why)
