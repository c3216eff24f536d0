"""Add what only some kinds of files have: members, mistakes of a key inventory, skipped images."""

from __future__ import annotations

from keylint.archives import identify_container
from keylint.core.blob import Blob
from keylint.core.config import Config
from keylint.core.model import Fragment
from keylint.core.report import BlobResult
from keylint.declarations.inventory_schema import find_mistakes
from keylint.findings.build import Detected, build_findings
from keylint.pipeline.members import add_members
from keylint.policies.check_declarations import check_declarations
from keylint.readers.document import Document
from keylint.readers.notebook import count_images
from keylint.rules.load import Rules


def add_special_results(
    blob: Blob, document: Document, result: BlobResult, rules: Rules, config: Config
) -> BlobResult:
    """Add the results for each kind of file that a blob is: it may be several."""
    path = blob.origin.path
    if identify_container(path, blob.data):
        result = add_members(blob, result, rules, config)
    if blob.origin.commit is None and config.is_inventory(path):
        if not result.records:
            result = _add_silent_rows(document, result, rules, config)
        failures, warnings = find_mistakes(document, bool(config.inventory), rules.pack)
        result = result._replace(
            failures=result.failures + failures, warnings=result.warnings + warnings
        )
    if path.endswith('.ipynb'):
        result = result._replace(skipped=('image in a notebook',) * count_images(blob.data))
    return result


def _add_silent_rows(
    document: Document, result: BlobResult, rules: Rules, config: Config
) -> BlobResult:
    """Add what is to be said of an inventory in which no word of rights or addresses stands."""
    fragments = [Fragment(document.data)]
    keys = check_declarations(document, fragments, rules.pack, config)
    if not keys.declarations:
        return result
    detected = Detected(document.path, document.data, fragments, [], keys, document.place)
    rows = build_findings(detected, rules.pack, config)
    return result._replace(
        findings=(*result.findings, *rows.findings),
        records=rows.records,
        hidden=(*result.hidden, *rows.hidden),
    )
