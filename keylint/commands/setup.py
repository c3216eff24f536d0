"""What `keylint init` writes beside an inventory: the hook, a configuration, a job for CI, lines of `.gitignore`.

Each step sees what is there and gives the file's next text; one that is asked again finds nothing to do. Files that exist are edited as
text, so that comments and forms stay, and are parsed before and after: an edit that would change anything else is not made.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from keylint._version import __version__
from keylint.core.config import find_config
from keylint.sources import git

HOOKS_REPOSITORY = 'https://github.com/keylint/keylint'
_DOCS = 'https://keylint.readthedocs.io'
PRE_COMMIT, WORKFLOW, GITLAB, IGNORE = (
    '.pre-commit-config.yaml',
    '.github/workflows/keylint.yml',
    '.gitlab-ci.yml',
    '.gitignore',
)
_SETTINGS = 'severity = "low"  # lowest severity shown\nfail-on = "low"  # lowest severity that makes the exit code 1\nexclude = []  # globs\n'
_OWN = f'#:schema {_DOCS}/keylint.schema.json\n# {_DOCS}/configuration/\n{_SETTINGS}'
_PROJECT = f'[tool.keylint]  # {_DOCS}/configuration/\n{_SETTINGS}'
# The commits behind v7.0.1, v7.0.0 and v4.36.2: a tag can be moved, a commit cannot.
GITHUB_JOB = f"""\
# {_DOCS}/ci/
name: keylint
on: [push, pull_request]
permissions: {{}}
jobs:
  keylint:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write  # alerts of code scanning; without it leave out the last step too
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1  # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97  # v7.0.0
        with:
          python-version: '3.12'
      - run: pip install keylint=={__version__}
      - run: keylint scan --output github:- --output sarif:keylint.sarif
      - uses: github/codeql-action/upload-sarif@8aad20d150bbac5944a9f9d289da16a4b0d87c1e  # v4.36.2
        if: ${{{{ !cancelled() && hashFiles('keylint.sarif') != '' }}}}
        with:
          sarif_file: keylint.sarif
          category: keylint
"""
GITLAB_JOB = f"""\
keylint:  # {_DOCS}/ci/
  image: python:3.12
  script:
    - pip install keylint=={__version__}
    - keylint scan --format text --output gitlab:gl-secret-detection-report.json --output codeclimate:gl-code-quality-report.json
  artifacts:
    when: always
    paths: [gl-secret-detection-report.json, gl-code-quality-report.json]
    reports:
      secret_detection: gl-secret-detection-report.json
      codequality: gl-code-quality-report.json
"""
# What is to be ignored, and a name that such a line must catch.
_SECRETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ('.env', ('.env',)),
    ('.env.keylint-sample', ('.env.*', '!.env.example', '!.env.sample', '!.env.template')),
    *(
        (f'keylint-sample{ending}', (f'*{ending}',))
        for ending in ('.pem', '.key', '.p12', '.pfx', '.jks', '.keystore')
    ),
    ('UTC--keylint-sample', ('UTC--*',)),
    ('wallet.dat', ('wallet.dat',)),
)


class Step(NamedTuple):
    """A file, its text now (None where there is none) and then (None where it stays), and what is to be said about it."""

    path: str
    before: str | None
    after: str | None
    says: str
    is_problem: bool = False


class Refused(Exception):
    """An edit cannot be made; the text says why and what to do by hand."""


def steps(folder: str, top: str | None) -> Iterator[Step]:
    """All steps for a folder; `top` is the work tree of the repository that holds it."""
    if top is None:
        yield _step(folder, _configuration(folder))
        return
    jobs = [
        job for host, job in (('github', _workflow), ('gitlab', _pipeline)) if host in _hosts(top)
    ]
    for make in (_hook, _configuration, *jobs, _ignored):
        yield _step(top, make(top))
    if not jobs:
        yield Step(
            '',
            None,
            None,
            f'no GitHub or GitLab was recognised by folders or remotes; {_DOCS}/ci/ has jobs for others',
        )


Plan = tuple[str, Callable[[str | None], tuple[str | None, str]]]


def _step(folder: str, plan: Plan) -> Step:
    """What the plan makes of a file. What cannot be read, or is a link, is left alone."""
    name, edit = plan
    path = os.path.join(folder, name)
    try:
        if os.path.islink(path) or os.path.dirname(
            os.path.relpath(os.path.realpath(path), os.path.realpath(folder))
        ) != os.path.dirname(name):
            raise Refused('is a link, or lies behind one, and is left alone')
        before = _text(path)
        after, says = edit(before)
        return Step(path, before, after, says)
    except Refused as refused:
        return Step(path, None, None, str(refused), True)


def _text(path: str) -> str | None:
    try:
        with open(path, encoding='utf-8', newline='') as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f'cannot be read: {error}') from None


def _appended(text: str, block: str, gap: str = '\n') -> str:
    """The text with a block at its end, in the text's own line ends."""
    end = '\r\n' if '\r\n' in text else '\n'
    head = text if not text or text.endswith('\n') else text + end
    return head + ((gap if text else '') + block).replace('\n', end)


# The hook


def _hook(_top: str) -> Plan:
    return PRE_COMMIT, with_hook


def with_hook(text: str | None) -> tuple[str | None, str]:
    """The text of `.pre-commit-config.yaml` with the hook, None where it has it. Raises Refused."""
    import yaml  # noqa: PLC0415

    from keylint.core.safe_yaml import compose_document, load_document  # noqa: PLC0415

    entry = {'repo': HOOKS_REPOSITORY, 'rev': f'v{__version__}', 'hooks': [{'id': 'keylint'}]}
    by_hand = f'add by hand: repo {entry["repo"]}, rev {entry["rev"]}, hook id keylint'
    text = text or ''
    try:
        document = load_document(text, yaml.SafeLoader)
        root = compose_document(text)
    except yaml.YAMLError as error:
        raise Refused(f'is no YAML of one document ({_first_line(error)}); {by_hand}') from None
    if document is not None and not isinstance(document, dict):
        raise Refused(f'is no mapping; {by_hand}')
    known = (document or {}).get('repos') or []
    if has_hook(document):
        return None, 'the hook keylint is there already'
    wanted = {**(document or {}), 'repos': [*known, entry]}
    for changed in _hooked(text, root):
        try:
            if load_document(changed, yaml.SafeLoader) == wanted:
                return changed, 'the hook keylint'
        except (yaml.YAMLError, RecursionError):  # the last: a mapping that holds itself
            continue
    raise Refused(f'has a form that cannot be edited safely; {by_hand}')


def has_hook(document: object) -> bool:
    """Whether a parsed `.pre-commit-config.yaml` names a hook of ours."""
    repositories = document.get('repos') if isinstance(document, dict) else None
    lists = (
        [one.get('hooks') for one in repositories if isinstance(one, dict)]
        if isinstance(repositories, list)
        else []
    )
    return any(
        isinstance(hook, dict) and str(hook.get('id', '')).startswith('keylint')
        for hooks in lists
        for hook in hooks or ()
    )


def _hooked(text: str, root: Any) -> Iterator[str]:
    """Texts that may be the right one, the likeliest first."""
    pairs = {key.value: value for key, value in root.value} if root is not None else {}
    node = pairs.get('repos')
    if node is None:
        yield _appended(text, 'repos:\n' + _entry(2, 4, 6, 2), gap='')
        return
    if not node.value:  # nothing, null, or []
        head = text[: node.start_mark.index].rstrip(' ')
        yield _inserted(head + text[node.end_mark.index :], len(head), _entry(2, 4, 6, 2))
        return
    if not isinstance(node.value, list) or node.flow_style:
        return
    last = node.value[-1]
    column, item = node.start_mark.column, last.start_mark.column
    hooks = next(
        (
            value
            for key, value in last.value
            if key.value == 'hooks' and value.value and not value.flow_style
        ),
        None,
    )
    inner = (
        hooks.value[0].start_mark.column - (item - column)
        if hooks and hooks.start_mark.line >= last.start_mark.line
        else -1
    )
    block = _entry(column, item, inner if item <= inner <= item + 8 else item + 2, item - column)
    yield _inserted(text, _end(node), block)
    yield _inserted(text, node.end_mark.index - node.end_mark.column, block)


def _entry(column: int, item: int, hooks: int, gap: int) -> str:
    """The entry in the indentation of its neighbours."""
    dash = '-' + ' ' * max(gap - 1, 1)
    pad = ' ' * item
    return f'{" " * column}{dash}repo: {HOOKS_REPOSITORY}\n{pad}rev: v{__version__}\n{pad}hooks:\n{" " * hooks}{dash}id: keylint\n'


def _end(node: Any) -> int:
    """Behind the last scalar below a node: comments that follow are not the node's."""
    while isinstance(node.value, list) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)


def _inserted(text: str, place: int, block: str) -> str:
    """The text with a block on lines of its own behind the line of a place."""
    end = '\r\n' if '\r\n' in text else '\n'
    if place and text[place - 1] != '\n':
        found = text.find('\n', place)
        place = found + 1 if found >= 0 else len(text)
    head = text[:place]
    return (
        head
        + ('' if not head or head.endswith('\n') else end)
        + block.replace('\n', end)
        + text[place:]
    )


def _first_line(error: Exception) -> str:
    return str(getattr(error, 'problem', None) or error).split('\n', 1)[0]


# The configuration


def _configuration(folder: str) -> Plan:
    """`[tool.keylint]` where there is a pyproject.toml that can take it, else keylint.toml."""
    found = find_config(folder)
    if found:
        return os.path.relpath(found, folder), lambda text: (None, 'configures keylint already')
    project = os.path.join(folder, 'pyproject.toml')
    if os.path.isfile(project) and not os.path.islink(project) and _takes_table(project):
        return 'pyproject.toml', lambda text: (_appended(text or '', _PROJECT), '[tool.keylint]')
    return 'keylint.toml', lambda text: (_OWN, 'a configuration')


def _takes_table(path: str) -> bool:
    """Whether a table at the end leaves all else as it is."""
    import tomllib  # noqa: PLC0415

    try:
        text = _text(path) or ''
        before, after = tomllib.loads(text), tomllib.loads(_appended(text, _PROJECT))
    except (Refused, tomllib.TOMLDecodeError):
        return False
    added = after['tool'].pop('keylint')
    return bool(added) and (after == before or after == {**before, 'tool': {}})


# The job of CI


def _hosts(top: str) -> set[str]:
    """Who runs this repository's pipelines, by its files and by the hosts of its remotes. The addresses are not shown: they may hold tokens."""
    found = {
        host
        for host, name in (('github', '.github'), ('gitlab', GITLAB))
        if os.path.exists(os.path.join(top, name))
    }
    urls = (
        git.ask(top, 'config', '--get-regexp', r'^remote\..*\.url$')
        .output.decode('utf-8', 'replace')
        .splitlines()
    )
    names = [re.sub(r'^[a-z+]+://', '', url.partition(' ')[2]).rpartition('@')[2] for url in urls]
    return found | {
        host for name in names for host in ('github', 'gitlab') if re.match(rf'[^/:]*{host}', name)
    }


def _workflow(top: str) -> Plan:
    folder = os.path.join(top, os.path.dirname(WORKFLOW))
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        try:
            if name.endswith(('.yml', '.yaml')) and 'keylint' in (
                _text(os.path.join(folder, name)) or ''
            ):
                return f'{os.path.dirname(WORKFLOW)}/{name}', lambda text: (
                    None,
                    'runs keylint already',
                )
        except Refused:
            continue
    return WORKFLOW, lambda text: (GITHUB_JOB, 'a workflow')


def _pipeline(_top: str) -> Plan:
    return GITLAB, with_job


def with_job(text: str | None) -> tuple[str | None, str]:
    """The text of `.gitlab-ci.yml` with our job behind all others. Raises Refused."""
    import yaml  # noqa: PLC0415

    from keylint.core.safe_yaml import compose_document  # noqa: PLC0415

    if not text:
        return GITLAB_JOB, 'a job'
    if 'keylint' in text:
        return None, 'names keylint already'
    try:
        before = compose_document(text)
        stages = (
            next(
                (
                    [one.value for one in value.value]
                    for key, value in before.value
                    if key.value == 'stages'
                ),
                ['test'],
            )
            if before
            else ['test']
        )
        job = (
            GITLAB_JOB
            if 'test' in stages or not stages
            else GITLAB_JOB.replace('\n', f'\n  stage: {stages[0]}\n', 1)
        )
        after = _appended(text, job)
        if _plain(compose_document(after))[1][:-1] == (_plain(before)[1] if before else []):
            return after, 'a job'
    except (yaml.YAMLError, AttributeError, TypeError, RecursionError):
        pass
    raise Refused(f'has a form that cannot be edited safely; {_DOCS}/ci/ has the job')


def _plain(node: Any) -> Any:
    """Tags and values of a document without their places; tags that only GitLab knows are kept."""
    if isinstance(node, tuple):
        return tuple(_plain(one) for one in node)
    return (
        (node.tag, [_plain(one) for one in node.value])
        if isinstance(node.value, list)
        else (node.tag, node.value)
    )


# .gitignore


def _ignored(top: str) -> Plan:
    return IGNORE, lambda text: _with_patterns(top, text)


def _with_patterns(top: str, text: str | None) -> tuple[str | None, str]:
    """`.gitignore` with what the repository does not ignore yet; what matches a tracked file is left out, but for `.env`."""
    given = b'\0'.join(sample.encode() for sample, _ in _SECRETS) + b'\0'
    fields = (
        git.ask(top, 'check-ignore', '-v', '-z', '--no-index', '--stdin', given=given)
        .output.decode('utf-8', 'replace')
        .split('\0')
    )
    known = {
        fields[number + 3]
        for number in range(0, len(fields) - 3, 4)
        if fields[number].endswith(IGNORE)
        and not os.path.isabs(fields[number])
        and not fields[number + 2].startswith('!')
    }
    tracked = [
        os.path.basename(os.fsdecode(name)) for name in git.run(top, 'ls-files', '-z').split(b'\0')
    ]
    missing = [lines for sample, lines in _SECRETS if sample not in known]
    taken = [
        lines[0]
        for lines in missing
        if not lines[0].startswith('.env') and any(fnmatchcase(name, lines[0]) for name in tracked)
    ]
    lines = [line for lines in missing if lines[0] not in taken for line in lines]
    note = f'; not {", ".join(taken)}: tracked files have such names' if taken else ''
    if not lines:
        return None, f'ignores files of secrets already{note}'
    return _appended(
        text or '', '# files that hold secrets\n' + '\n'.join(lines) + '\n'
    ), f'{", ".join(lines)}{note}'
