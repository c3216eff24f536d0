"""Find the place of a file in its tree: the same from every working directory and spelling.

A tree is the innermost repository around the file. Outside of repositories it is the folder that
was given on the command line; a file that was given by itself has no tree there.
"""

import os
from functools import lru_cache

from keylint.core.blob import TreePlace
from keylint.sources.git import find_work_tree


def place_file(path: str) -> TreePlace:
    """Return the place of one file, which need not exist."""
    folder, name = os.path.split(path)
    return place_in_folder(folder or '.', name)


def place_text(name: str) -> TreePlace:
    """Return the place of a text for which only a file name was given.

    Outside of repositories the name is used unchanged, because there is no folder to start from.
    """
    place = place_file(name)
    return place if place.root else TreePlace(name)


def place_in_folder(folder: str, name: str) -> TreePlace:
    """Return the place of a file in a folder that may be inside a repository."""
    top, prefix = _find_tree(folder, os.getcwd())
    return TreePlace(prefix + name, top)


def find_prefix(folder: str) -> tuple[str, str]:
    """Return the tree of a given folder, and the prefix that paths below the folder have in it.

    A folder outside of repositories is a tree of its own.
    """
    top, prefix = _find_tree(folder, os.getcwd())
    return top or os.path.realpath(folder), prefix


def forget_trees() -> None:
    """Forget which folders are repositories, so that a new run looks again."""
    _find_tree.cache_clear()


@lru_cache(maxsize=1024)
def _find_tree(folder: str, base: str) -> tuple[str, str]:
    """Return the repository around a folder, and the path from its top, ending in `/` unless empty.

    `base` is the working directory, to which a relative folder is relative.
    """
    whole = os.path.realpath(os.path.join(base, folder))
    top = find_work_tree(whole)
    if top is None:
        return '', ''
    inner = os.path.relpath(whole, top)
    return top, '' if inner == '.' else f'{inner.replace(os.sep, "/")}/'
