"""Scan a file with all that it holds: its text, its members, what it gets wrong as a key inventory."""

from __future__ import annotations

from keylint.archives import identify_container
from keylint.core.blob import Blob
from keylint.core.errors import describe_crash
from keylint.core.report import BlobResult, Failure
from keylint.pipeline.scan import FILE, NeedsDetection, read_document, scan
from keylint.readers.document import Document

TYPE_CHECKING = False  # the hook's path imports neither
if TYPE_CHECKING:
    from keylint.core.config import Config
    from keylint.rules.load import Rules


def scan_blob(blob: Blob, rules: Rules, config: Config, may_load: bool = True) -> BlobResult:
    """Scan a file with all that it holds. What goes wrong becomes a Failure.

    Raises NeedsDetection where detection is needed, not loaded, and not to be loaded for a single file.
    """
    path = blob.origin.path
    try:
        document = read_document(path, blob.data, rules, FILE)
        result = scan(document, rules, config, FILE, may_load)
        if identify_container(path, blob.data):
            from keylint.pipeline.members import add_members  # noqa: PLC0415 - only for archives, databases, bytecode, pickles

            result = add_members(blob, result, rules, config)
        if blob.origin.commit is None and config.is_inventory(
            path
        ):  # what was committed cannot be mended
            result = _add_inventory_mistakes(result, document, config, rules)
        if path.endswith('.ipynb'):
            result = result._replace(skipped=_list_skipped_images(blob.data))
        return result
    except NeedsDetection:
        raise
    except Exception as error:  # noqa: BLE001 - one file's accident must not end the run; it is counted and named
        return BlobResult(failures=(Failure(path, 'scan', describe_crash(error)),))


def _add_inventory_mistakes(
    result: BlobResult, document: Document, config: Config, rules: Rules
) -> BlobResult:
    """Add what the file gets wrong as a key inventory."""
    from keylint.declarations.inventory_schema import find_mistakes  # noqa: PLC0415 - only for a file with an inventory's name

    failures, warnings = find_mistakes(document, bool(config.inventory), rules.pack)
    return result._replace(failures=result.failures + failures, warnings=result.warnings + warnings)


def _list_skipped_images(data: bytes) -> tuple[str, ...]:
    from keylint.readers.notebook import count_images  # noqa: PLC0415 - only for notebooks

    return ('image in a notebook',) * count_images(data)
