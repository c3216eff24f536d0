"""Scan for keys: what the tree declares and leaks of them, and what its code needs."""

from __future__ import annotations

from collections.abc import Callable

from keylint.api_usage.other_languages import UnreadUse
from keylint.core.config import Config
from keylint.core.report import Report
from keylint.policies.code_permissions import CodePermissions, read_code_permissions
from keylint.policies.key_table import KeyRow
from keylint.policies.key_table import list_keys as list_key_rows
from keylint.policies.unread_code import doubt_unread, find_other_languages
from keylint.readers.languages.parse import language_of
from keylint.rules.load import load_rules
from keylint.scanner.items import list_items, make_reader, path_of_item
from keylint.scanner.request import ScanRequest
from keylint.scanner.scan_items import scan_requested_items

_UNPARSED = 'an exchange library in Python that cannot be parsed'


def scan_keys(request: ScanRequest, config: Config) -> tuple[Report, CodePermissions]:
    """Scan what is declared and leaked, and read which permissions the code needs."""
    report = scan_requested_items(request, config)
    items = list_items(request, config, Report())
    paths = [path_of_item(item) for item in items]
    read, pack = make_reader(items), load_rules(config.rules).pack
    code = read_code_permissions(paths, read, pack)
    known = {one.path for need in code.needs.values() for one in need.clients}
    known |= {one.path for need in code.needs.values() for one in need.calls}
    python = {path for path in code.unparsed if language_of(path) == 'python'}
    unparsed = [UnreadUse(path, _UNPARSED) for path in sorted(python - known)]
    libraries = {one.library for need in code.needs.values() for one in need.clients}
    sources = frozenset(code.read_sources)
    paths = [path for path in paths if not any(one.holds(path) for one in code.packages)]
    unread = find_other_languages(paths, read, pack, (known | python) - sources, sources, libraries)
    needs = doubt_unread(code.needs, unread, pack)
    own = [UnreadUse(one.folder, one.module) for one in code.packages]
    return report, code._replace(needs=needs, other_languages=(*unparsed, *unread, *own))


def list_keys(request: ScanRequest, config: Config) -> tuple[list[KeyRow], CodePermissions]:
    """Return a row for each key that the tree knows of, and what the code needs."""
    report, code = scan_keys(request, config)
    return build_key_rows(report, code, config), code


def build_key_rows(report: Report, code: CodePermissions, config: Config) -> list[KeyRow]:
    """Build the rows of the table of keys."""
    pack = load_rules(config.rules).pack
    return list_key_rows(report.records, code.needs, report.findings, pack, config.day())


def redact_row(row: KeyRow, mask: Callable[[str], str]) -> KeyRow:
    """Return a row with its foreign texts masked."""
    return row._replace(
        label=mask(row.label),
        source=mask(row.source),
        proofs=tuple((level, mask(proof)) for level, proof in row.proofs),
        place=mask(row.place),
        doubts=tuple(mask(doubt) for doubt in row.doubts),
        idle=tuple((level, mask(proof)) for level, proof in row.idle),
    )
