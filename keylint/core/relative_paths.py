"""Show a path relative to a root folder instead of the folder that it was named from."""

from __future__ import annotations

import os


def path_from_root(path: str, root: str, base: str) -> str:
    """Return `path`, relative to `base`, as seen from `root`; absolute if it lies outside."""
    whole = os.path.normpath(os.path.join(base, path))
    folder, name = os.path.split(whole)
    inner = path_below(root, whole)
    if inner is None:
        inner = path_below(os.path.realpath(root), os.path.join(os.path.realpath(folder), name))
    return (whole if inner is None else inner).replace(os.sep, '/')


def path_below(root: str, path: str) -> str | None:
    """Return an absolute path relative to `root`, None if it lies outside."""
    if path == root:
        return '.'
    prefix = root if root.endswith(os.sep) else root + os.sep
    return path[len(prefix) :] if path.startswith(prefix) else None
