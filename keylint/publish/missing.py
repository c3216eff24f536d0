"""Say how to get what could not be scanned; if anything is missing, that is a plan's first step."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence

from keylint.core.report import Failure
from keylint.publish.git_settings import read_git_config
from keylint.publish.plan import PlanAction
from keylint.sources.objects import find_common_folder

_MAX_SHOWN = 4
_LFS = 'LFS'


def plan_missing(folder: str, shown: str, failures: Sequence[Failure]) -> tuple[PlanAction, ...]:
    """List what to do about failures; nothing where there are none.

    `folder` holds the objects of the repository, `shown` is what commands shall call it.
    """
    if not failures:
        return ()
    where = shlex.quote(shown)
    found = []
    if os.path.exists(os.path.join(find_common_folder(folder), 'shallow')):
        what = 'This is a shallow clone: fetch the rest of the history'
        found.append(PlanAction(what, '', (), (f'git -C {where} fetch --unshallow --tags',)))
    remotes = _list_partial_remotes(folder)
    if remotes:
        what = 'This is a partial clone: fetch the objects that were left out'
        commands = tuple(
            command
            for remote in remotes
            for command in (
                f'git -C {where} config --unset remote.{remote}.partialclonefilter',
                f'git -C {where} fetch --refetch {remote}',
            )
        )
        found.append(PlanAction(what, '', (), commands))
    if any(_LFS in failure.error for failure in failures):
        what = 'Get the files that Git LFS keeps elsewhere'
        found.append(PlanAction(what, '', (), (f'git -C {where} lfs fetch --all',)))
    if not found:
        found.append(_plan_look(failures))
    ask = PlanAction('Ask again', '', (), (f'keylint publish {where}',))
    return (*found, ask)


def _list_partial_remotes(folder: str) -> list[str]:
    """List the remotes from which objects would be fetched one by one."""
    rows = read_git_config(folder, '--file', os.path.join(find_common_folder(folder), 'config'))
    return [
        shlex.quote(name.removeprefix('remote.').removesuffix('.partialclonefilter'))
        for name, _ in rows
        if name.startswith('remote.') and name.endswith('.partialclonefilter')
    ]


def _plan_look(failures: Sequence[Failure]) -> PlanAction:
    rows = [f'{failure.path}: {failure.error}' for failure in failures[:_MAX_SHOWN]]
    more = len(failures) - len(rows)
    if more:
        rows.append(f'and {more} more')
    return PlanAction('Make readable what could not be looked at', '', tuple(rows))
