"""Write the shell script of a plan: a new clone, git filter-repo in it, and the verification."""

from __future__ import annotations

import os
import re
import shlex

from keylint.publish.plan import SECRETS
from keylint.publish.purge import Purge

OBJECTS_TO_STRIP, PATHS = 'strip-objects.txt', 'drop-paths.txt'
_SCRIPT = """\
#!/bin/sh
# Written by keylint publish. Revoke the keys first: this only cleans up behind them.
# A new clone leaves stashes, reflogs and unreachable objects behind, and branches that only a \
remote has: check those out first.
# The source is not changed. Install: pip install git-filter-repo
set -eu
source={source}
clean="${{1:-$source-clean}}"
{check}git clone --no-local "$source" "$clean"
{headers}{filter_repo}keylint publish "$clean" --verify --plan {plan}

# In place, without a clone (look at `git stash list` first: stashes are lost):
#   git -C "$source" stash clear
#   git -C "$source" for-each-ref --format='delete %(refname)' refs/original | \
git -C "$source" update-ref --stdin
#   git -C "$source" filter-repo --force …the same options
#   git -C "$source" reflog expire --expire=now --all && git -C "$source" gc --prune=now
# With BFG instead of git filter-repo (it leaves messages of commits alone, and the files of HEAD: \
fix those first):
#   git clone --mirror "$source" "$clean.git"
#   java -jar bfg.jar {bfg} "$clean.git"
#   git -C "$clean.git" reflog expire --expire=now --all && git -C "$clean.git" gc --prune=now
"""

# Without it the script would stop behind the clone, which then stands in the way of the next run.
_CHECK = (
    'git filter-repo --version > /dev/null || '
    "{ echo 'first: pip install git-filter-repo' >&2; exit 1; }\n"
)


def format_script(plan: str, wanted: Purge, source: str) -> str:
    """Return the script. `plan` is the folder with the other files, `source` the repository."""
    headers = ''
    if wanted.headers:
        headers = (
            f'# {len(wanted.headers)} commits or tags have a value in a name or address: '
            'give git filter-repo a --mailmap too.\n'
        )
    command = _format_filter_repo(plan, wanted)
    return _SCRIPT.format(
        source=shlex.quote(source),
        check='' if command.startswith('#') else _CHECK,
        headers=headers,
        filter_repo=command,
        plan=shlex.quote(plan),
        bfg=_format_bfg_options(plan, wanted),
    )


def _quote_file(plan: str, name: str) -> str:
    return shlex.quote(os.path.join(plan, name))


def _format_filter_repo(plan: str, wanted: Purge) -> str:
    """Return the command of git filter-repo, or a comment if it has nothing to do."""
    secrets = _quote_file(plan, SECRETS)
    options = []
    if wanted.spots:
        options.append(f'--replace-text {secrets} --replace-message {secrets}')
    if wanted.stripped:
        options.append(f'--strip-blobs-with-ids {_quote_file(plan, OBJECTS_TO_STRIP)}')
    if wanted.paths:
        options.append(f'--invert-paths --paths-from-file {_quote_file(plan, PATHS)}')
    if not options:
        return '# The history contains nothing to remove.\n'
    lines = ' \\\n  '.join(options)
    return f'git -C "$clean" filter-repo \\\n  {lines}\n'


def _format_bfg_options(plan: str, wanted: Purge) -> str:
    """Return the options of BFG, which stand in a comment.

    A name with a line break would end the comment and be run, so such names are left out.
    """
    options = []
    if wanted.spots:
        options.append(f'--replace-text {_quote_file(plan, SECRETS)}')
    if wanted.stripped:
        options.append(f'--strip-blobs-with-ids {_quote_file(plan, OBJECTS_TO_STRIP)}')
    plain = {path.rpartition('/')[2] for path in wanted.paths if path.isprintable()}
    names = sorted(re.sub(r'([\[\]{}*?,\\])', r'\\\1', name) for name in plain)
    if names:
        pattern = '{' + ','.join(names) + '}' if len(names) > 1 else names[0]
        options.append(f'--delete-files {shlex.quote(pattern)}')
    return ' '.join(options)
