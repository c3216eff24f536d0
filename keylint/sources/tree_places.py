"""Find where files stand in their trees: the same answer from every folder and for every spelling.

A tree is a repository, the innermost one that holds the file. Outside of repositories it is the
folder that was given; a file that was given by itself has none there.
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
    """Return the place of a text that was given with a file's name: all that is known of it.

    Outside of repositories the name counts as it is: there is no folder to count from.
    """
    place = place_file(name)
    return place if place.root else TreePlace(name)


def place_in_folder(folder: str, name: str) -> TreePlace:
    """Return the place of a file of a folder that may lie in a repository."""
    top, prefix = _find_tree(folder, os.getcwd())
    return TreePlace(prefix + name, top)


def find_prefix(folder: str) -> tuple[str, str]:
    """Return the tree of a given folder, and what paths below the folder begin with there.

    A folder outside of repositories is a tree by itself.
    """
    top, prefix = _find_tree(folder, os.getcwd())
    return top or os.path.realpath(folder), prefix


def forget_trees() -> None:
    """Forget which folders are repositories: a new run asks anew."""
    _find_tree.cache_clear()


@lru_cache(maxsize=1024)
def _find_tree(folder: str, base: str) -> tuple[str, str]:
    """Return the repository around a folder, and the path from its top with `/`; empty for none.

    `base` is the working directory, from which a relative folder counts.
    """
    whole = os.path.realpath(os.path.join(base, folder))
    top = find_work_tree(whole)
    if top is None:
        return '', ''
    inner = os.path.relpath(whole, top)
    return top, '' if inner == '.' else f'{inner.replace(os.sep, "/")}/'
