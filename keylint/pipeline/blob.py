"""Scan a file with all that it holds: its text, its members, its mistakes as a key inventory."""

from __future__ import annotations

from keylint.archives import identify_container
from keylint.core.blob import Blob
from keylint.core.errors import describe_crash
from keylint.core.report import BlobResult, Failure
from keylint.pipeline.scan import FILE, DetectionNeededError, read_document, scan

TYPE_CHECKING = False  # the hook's path imports neither
if TYPE_CHECKING:
    from keylint.core.config import Config
    from keylint.rules.load import Rules


def scan_blob(blob: Blob, rules: Rules, config: Config, may_load: bool = True) -> BlobResult:
    """Scan a file with all that it holds. What goes wrong becomes a Failure.

    Raises DetectionNeededError where detection is needed, not loaded, and not to be loaded for a
    single file.
    """
    try:
        return _scan_whole(blob, rules, config, may_load)
    except DetectionNeededError:
        raise
    except Exception as error:  # noqa: BLE001 - one file must not end the run; it is counted
        return BlobResult(failures=(Failure(blob.origin.path, 'scan', describe_crash(error)),))


def _scan_whole(blob: Blob, rules: Rules, config: Config, may_load: bool) -> BlobResult:
    path = blob.origin.path
    document = read_document(path, blob.data, rules, FILE, place=blob.origin.place)
    result = scan(document, rules, config, FILE, may_load)
    if not _is_special(blob, config):
        return result
    from keylint.pipeline.special_files import add_special_results  # noqa: PLC0415 - few files are

    return add_special_results(blob, document, result, rules, config)


def _is_special(blob: Blob, config: Config) -> bool:
    """Recognise notebooks, containers (archives, databases, bytecode, pickles) and inventories.

    An inventory that was committed cannot be mended: its mistakes do not count.
    """
    path = blob.origin.path
    return (
        path.endswith('.ipynb')
        or bool(identify_container(path, blob.data))
        or (blob.origin.commit is None and config.is_inventory(path))
    )
