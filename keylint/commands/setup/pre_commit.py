"""Add the hook to `.pre-commit-config.yaml`.

The file is parsed before and after: an edit that would change anything else is not made.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml
from yaml import Node

from keylint.commands.setup.edits import EditRefusedError, Plan, append_block, insert_block
from keylint.core.install import REPOSITORY, find_revision
from keylint.core.safe_yaml import compose_document, load_document

HOOKS_REPOSITORY = REPOSITORY
PRE_COMMIT = '.pre-commit-config.yaml'


def plan_hook(_top: str) -> Plan:
    """Plan the hook of pre-commit."""
    return PRE_COMMIT, add_hook


def add_hook(text: str | None) -> tuple[str | None, str]:
    """Add the hook to the text of `.pre-commit-config.yaml`; None where it has it.

    Raises EditRefusedError.
    """
    entry = {'repo': HOOKS_REPOSITORY, 'rev': find_revision(), 'hooks': [{'id': 'keylint'}]}
    by_hand = f'add by hand: repo {entry["repo"]}, rev {entry["rev"]}, hook id keylint'
    text = text or ''
    try:
        document = load_document(text, yaml.SafeLoader)
        root = compose_document(text)
    except yaml.YAMLError as error:
        raise EditRefusedError(
            f'is not a YAML file of one document ({_first_line(error)}); {by_hand}'
        ) from None
    if document is not None and not isinstance(document, dict):
        raise EditRefusedError(f'is not a mapping; {by_hand}')
    known = (document or {}).get('repos') or []
    if has_hook(document):
        return None, 'the hook keylint is there already'
    wanted = {**(document or {}), 'repos': [*known, entry]}
    for changed in _list_edits(text, root):
        try:
            if load_document(changed, yaml.SafeLoader) == wanted:
                return changed, 'the hook keylint'
        except (yaml.YAMLError, RecursionError):  # the last: a mapping that holds itself
            continue
    raise EditRefusedError(f'has a form that cannot be edited safely; {by_hand}')


def has_hook(document: object) -> bool:
    """Tell whether a parsed `.pre-commit-config.yaml` names a hook of ours."""
    repositories = document.get('repos') if isinstance(document, dict) else None
    if not isinstance(repositories, list):
        return False
    lists = [one.get('hooks') for one in repositories if isinstance(one, dict)]
    return any(
        isinstance(hook, dict) and str(hook.get('id', '')).startswith('keylint')
        for hooks in lists
        for hook in hooks or ()
    )


def _list_edits(text: str, root: Node | None) -> Iterator[str]:
    """List texts that may be the right one, the likeliest first."""
    pairs = {key.value: value for key, value in root.value} if root is not None else {}
    node = pairs.get('repos')
    if node is None:
        yield append_block(text, 'repos:\n' + _format_entry(2, 4, 6, 2), gap='')
        return
    if not node.value:  # nothing, null, or []
        head = text[: node.start_mark.index].rstrip(' ')
        yield insert_block(head + text[node.end_mark.index :], len(head), _format_entry(2, 4, 6, 2))
        return
    if not isinstance(node.value, list) or node.flow_style:
        return
    last = node.value[-1]
    column, item = node.start_mark.column, last.start_mark.column
    block = _format_entry(column, item, _column_of_hooks(last, column), item - column)
    yield insert_block(text, _find_end(node), block)
    yield insert_block(text, node.end_mark.index - node.end_mark.column, block)


def _column_of_hooks(entry: Node, column: int) -> int:
    """Return the column of the hooks of an entry; `column` is that of the list of repositories."""
    item = entry.start_mark.column
    for key, value in entry.value:
        if key.value == 'hooks' and _has_block_items(value):
            inner = int(value.value[0].start_mark.column) - (item - column)
            is_below = value.start_mark.line >= entry.start_mark.line
            return inner if is_below and item <= inner <= item + 8 else item + 2
    return item + 2


def _format_entry(column: int, item: int, hooks: int, gap: int) -> str:
    """Format the entry in the indentation of its neighbours."""
    dash = '-' + ' ' * max(gap - 1, 1)
    pad = ' ' * item
    return (
        f'{" " * column}{dash}repo: {HOOKS_REPOSITORY}\n'
        f'{pad}rev: {find_revision()}\n'
        f'{pad}hooks:\n'
        f'{" " * hooks}{dash}id: keylint\n'
    )


def _find_end(node: Node) -> int:
    """Find the offset behind the last scalar of a node; comments that follow are not its own."""
    while _has_block_items(node):
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)


def _has_block_items(node: Node) -> bool:
    return isinstance(node.value, list) and bool(node.value) and not getattr(node, 'flow_style', 0)


def _first_line(error: Exception) -> str:
    return str(getattr(error, 'problem', None) or error).split('\n', 1)[0]
