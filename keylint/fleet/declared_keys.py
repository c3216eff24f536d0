"""Read which keys the checked-out commit of a repository declares, uses and leaks.

The files are read from the objects, so that a mirror without a work tree says as much as a clone.
"""

from __future__ import annotations

import os

from keylint.core.blob import Blob, Origin, TreePlace
from keylint.core.report import Failure, Report
from keylint.findings.foreign_text import make_mask
from keylint.fleet.codec import pack
from keylint.fleet.opened import UnitContext
from keylint.policies.code_permissions import read_code_permissions
from keylint.policies.key_table import list_keys
from keylint.scanner.items import Item, make_reader, path_of_item
from keylint.scanner.keys import redact_row
from keylint.scanner.scan_items import scan_listed_items
from keylint.sources import git, max_file_bytes
from keylint.sources.commits import resolve_head_commit
from keylint.sources.objects import ObjectReader

# A checked-out commit with more bytes than this is not read for its keys: the failure names it.
_MAX_BYTES = 1 << 29
_FILES = (b'100644', b'100755')


def read_keys(context: UnitContext, report: Report) -> tuple[bytes, ...]:
    """Return a packed row for each key; what cannot be read becomes a failure of the report."""
    folder = context.parts[0][0]
    items = _list_head(folder, context, report)
    if not items:
        return ()
    config = context.config._replace(severity='low')
    found = scan_listed_items(items, Report(), context.request, config)
    report.failures += [one._replace(stage='keys') for one in found.failures]
    paths = [path_of_item(item) for item in items]
    code = read_code_permissions(paths, make_reader(items), context.rules.pack)
    rows = list_keys(
        found.records, code.needs, found.findings, context.rules.pack, context.config.day()
    )
    mask = make_mask(found.findings)
    return tuple(pack(redact_row(row, mask)) for row in rows)


def _list_head(folder: str, context: UnitContext, report: Report) -> list[Item]:
    """List the files of the commit that is checked out, none where there is no commit."""
    head = resolve_head_commit(folder)
    if head is None:
        return []
    listing = git.run_git(folder, 'ls-tree', '-r', '-l', '-z', head)
    names, total = {}, 0
    for entry in filter(None, listing.split(b'\x00')):
        meta, _, name = entry.partition(b'\t')
        mode, _, blob, size = meta.split()
        path = os.fsdecode(name)
        is_read = mode in _FILES and size.isdigit() and int(size) <= max_file_bytes(context.config)
        if is_read and not context.config.is_excluded(path):
            names[path] = blob.decode()
            total += int(size)
    if total > _MAX_BYTES:
        why = f'the files of HEAD are larger than {_MAX_BYTES >> 20} MB: keys were not looked for'
        report.failures.append(Failure('HEAD', 'keys', why))
        return []
    with ObjectReader(folder) as reader:
        contents = dict(reader.read(list(dict.fromkeys(names.values()))))
    return [
        Blob(contents[blob] or b'', Origin(path, place=TreePlace(path, context.config.base)))
        for path, blob in names.items()
        if contents.get(blob) is not None
    ]
