"""Find the names of files, folders and branches that a range of commits adds."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence

from keylint.history.ranges import AddedBlob
from keylint.pipeline.names import NamedValue
from keylint.sources import git
from keylint.sources.commits import Commit


def list_new_paths(added: Iterable[AddedBlob]) -> list[str]:
    """List the paths at which a commit puts a file where none of its parents has one."""
    return list(dict.fromkeys(one.path for one in added if one.blob and not one.before))


def select_new_names(
    folder: str, commits: Sequence[Commit], named: Iterable[NamedValue]
) -> list[NamedValue]:
    """Select the values in names that no commit before the range has.

    A new file in an old folder does not make the folder's name a new one.
    """
    inner = {commit.id for commit in commits}
    before = {parent for commit in commits for parent in commit.parents if parent not in inner}
    return [one for one in named if not _has_path(folder, before, one.prefix)]


def _has_path(folder: str, commits: Collection[str], path: str) -> bool:
    """Tell whether any of the commits has a file or a folder at a path."""
    return any(
        git.try_git(folder, 'ls-tree', '-z', commit, '--', path).output for commit in commits
    )


def name_branches(folder: str, revision: str) -> tuple[str, ...]:
    """Return the full name of the branch that a revision names; empty for a commit id."""
    options = ('--verify', '--quiet', '--symbolic-full-name', '--end-of-options')
    answer = git.try_git(folder, 'rev-parse', *options, revision)
    name = os.fsdecode(answer.output).strip()
    return (name,) if answer.is_whole and name.startswith('refs/') else ()
