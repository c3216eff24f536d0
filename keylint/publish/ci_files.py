"""Find commands of CI files that print secrets into logs, which become public as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.core.spans import Lines
from keylint.publish.exposures import LOOK, STOP, Exposure

_CI_FILE = re.compile(
    r'(?:^|/)\.(?:github/workflows|forgejo/workflows|gitea/workflows|circleci)/[^/]+\.ya?ml$'
    r'|(?:^|/)(?:\.gitlab-ci|\.travis|\.drone|azure-pipelines|bitbucket-pipelines|appveyor'
    r'|\.woodpecker)\.ya?ml$'
    r'|(?:^|/)Jenkinsfile$'
)
_SECRET = (
    rb'(?:\$\{\{ *secrets\.\w+ *\}\}'  # an expression of GitHub
    rb'|\$(?:env:)?\{?\w*'  # a variable of a shell or of PowerShell
    rb'(?:SECRET|TOKEN|PASSW|PASSPHRASE|API_?KEY|PRIVATE_?KEY|MNEMONIC)\w*\}?)'
)
_MENTION = re.compile(_SECRET)
# A command that prints, with a secret among its arguments; the group is the rest of the line.
_PRINT = re.compile(
    rb'(?i)\b(?:echo|printf|print|cat <<<|write-host|write-output)\b[^\n>|]{0,200}'
    + _SECRET
    + rb'([^\n]*)'
)
_MAX_LINE_BYTES = 1000
# Into a file or another program; not into one that only disguises the value.
_REDIRECTION = re.compile(rb'>|\| *(?!(?:base64|rev|sed|tr|xxd|od|tee|fold|cat)\b)\S')
# A command that prints all variables, or that makes the shell print every command.
_DUMP = re.compile(
    rb'(?m)^\s*(?:-\s+)?(?:(?:run|script):\s*)?'  # the key of a step
    rb'(?:printenv|env|export -p|Get-ChildItem env:)\s*(?:\|\s*sort\s*)?$'
    rb'|\bset -[a-w]*x|toJSON\(secrets\)'
)


def is_ci_file(path: str) -> bool:
    """Tell whether a CI service runs the file."""
    return _CI_FILE.search(path) is not None


def find_printed_secrets(path: str, data: bytes) -> Iterator[Exposure]:
    """Find the lines of a CI file that print a secret, or everything while secrets are set."""
    lines = Lines(data)
    for number in range(1, len(lines.starts) + 1):
        start, end = lines.bounds(number)
        if _prints_secret(data[start:end]):
            what = f'line {number} prints a secret into the log, which becomes public too'
            yield Exposure('ci-secret', STOP, path, what, 'tracked')
    if _DUMP.search(data) and _MENTION.search(data):
        what = (
            'prints the whole environment, or every command with its arguments, '
            'where secrets are set'
        )
        yield Exposure('ci-secret', LOOK, path, what, 'tracked')


def _prints_secret(line: bytes) -> bool:
    found = _PRINT.search(line, 0, _MAX_LINE_BYTES)
    if not found or line.lstrip().startswith(b'#'):
        return False
    return not _REDIRECTION.search(found[1])
