"""The pipeline for one blob: the gate first, and only behind it everything else. What goes wrong becomes a Failure."""

from __future__ import annotations

import sys

from keylint.archives import kind_of
from keylint.core.model import Blob, BlobResult, Failure
from keylint.matcher.hyperscan import FLOODED, MOST_WAKES
from keylint.matcher.patterns import NAMING
from keylint.matcher.permissions import speaking
from keylint.matcher.prefilter import narrowed
from keylint.readers import ending
from keylint.readers.decode import is_table, to_text

_DETECTION = 'keylint.pipeline.text'
TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.core.config import Config
    from keylint.rules.load import Rules


class Awake(Exception):
    """Only detection can say what a blob holds, and this process has not loaded it."""


def scan_blob(blob: Blob, rules: Rules, config: Config, may_load: bool = True) -> BlobResult:
    """All findings of a blob. Raises Awake where detection is needed, not loaded and not to be loaded for a single file."""
    try:
        result = _scan(blob, rules, config, may_load)
        if kind_of(blob.origin.path, blob.data):
            from keylint.pipeline.members import with_members  # noqa: PLC0415 - only for archives, databases, bytecode, pickles

            result = with_members(blob, result, rules, config)
        if blob.origin.commit is None and config.is_inventory(
            blob.origin.path
        ):  # what was committed cannot be mended
            result = _held(result, blob, rules, config)
        return (
            result._replace(skipped=_left_alone(blob.data))
            if blob.origin.path.endswith('.ipynb')
            else result
        )
    except Awake:
        raise
    except Exception as error:  # noqa: BLE001 - one file's accident must not end the run; it is counted and named
        return BlobResult(
            failures=(Failure(blob.origin.path, 'scan', f'{type(error).__name__}: {error}'),)
        )


def _held(result: BlobResult, blob: Blob, rules: Rules, config: Config) -> BlobResult:
    """The result with what the file gets wrong as a key inventory."""
    from keylint.declarations.inventory_schema import find_inventory_mistakes  # noqa: PLC0415 - only for a file with an inventory's name

    failures, warnings = find_inventory_mistakes(
        blob.origin.path, blob.data, bool(config.inventory), rules.pack
    )
    return result._replace(failures=result.failures + failures, warnings=result.warnings + warnings)


def _left_alone(data: bytes) -> tuple[str, ...]:
    from keylint.readers.notebook import images  # noqa: PLC0415 - only for notebooks

    return ('image in a notebook',) * images(data)


def _scan(blob: Blob, rules: Rules, config: Config, may_load: bool) -> BlobResult:
    path = blob.origin.path
    data, is_text = to_text(blob.data)
    seen = rules.gate.scan(data)
    wakes = narrowed(data, seen)
    if is_text:
        wakes = speaking(data, ending(path), wakes, rules.first_declaration, rules.gate)
    else:
        wakes = [wake for wake in wakes if NAMING <= wake[0] < rules.first_declaration]
    if not wakes and not (is_text and (b'keylint:' in data or is_table(path, data))):
        result = BlobResult()
    elif may_load or _DETECTION in sys.modules:
        from keylint.pipeline.text import examine  # noqa: PLC0415 - most files end above, and so do most runs of the hook

        result = examine(path, data, is_text, wakes, rules.pack, config)
    else:
        raise Awake
    return (
        result._replace(failures=(*result.failures, Failure(path, 'scan', FLOODED)))
        if len(seen) >= MOST_WAKES
        else result
    )
