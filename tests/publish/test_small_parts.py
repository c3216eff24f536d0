"""Lines of the plan's files, commands of the script, and names of variables, one at a time."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from keylint.core.errors import SourceError
from keylint.core.model import NO_RANGE, Finding, FindingPart, SourceRange
from keylint.core.report import Report
from keylint.core.spans import Lines
from keylint.core.terms import PartKind
from keylint.history.repository import open_repository
from keylint.publish.assess import ACTIONS, Leak, LocationContext, Verdict
from keylint.publish.assess_repository import _find_context
from keylint.publish.ci_files import find_printed_secrets, is_ci_file
from keylint.publish.env_example import format_env_example
from keylint.publish.exposed_files import find_notebook_outputs, has_outputs
from keylint.publish.exposures import LOOK, STOP
from keylint.publish.files import OBJECTS, PlanPlace, prepare_output_dir, read_plan, write_plan
from keylint.publish.identities import find_identities
from keylint.publish.plan import SECRETS, PublishReport
from keylint.publish.purge import Purge, list_replacements
from keylint.publish.purge_script import PATHS, format_script
from keylint.publish.replacements import Replacement
from keylint.rules.recipes import expand_recipes
from keylint.sources.objects import ObjectReader
from tests.conftest import Repository

LONG = expand_recipes('{alnum:40}', 'long').encode()
SHORT = expand_recipes('{alnum:9}', 'short').encode()


def find(data: bytes, *values: bytes, role: PartKind = 'secret', **fields: Any) -> Finding:
    """Make a finding of values where they stand in a text; what stands nowhere is on line 1."""
    parts = []
    for value in values:
        at = data.find(value)
        place = Lines(data).place(at, at + len(value)) if at >= 0 else SourceRange(1, 1, 1, 2)
        parts.append(FindingPart(role, place, '…', value=value.decode('latin-1')))
    found = Finding(
        *('a.py', NO_RANGE, 'generic-credential', 'high', 'high', None, (), 't', 'm', ()),
        *(tuple(parts), '0' * 32, ''),
    )
    return found._replace(**fields)


@pytest.mark.parametrize(
    ('data', 'values', 'want'),
    [
        pytest.param(b'a = 1', (), [], id='nothing'),
        pytest.param(b'key = ' + LONG, (LONG,), [Replacement(LONG)], id='a strong value'),
        pytest.param(b'key=' + SHORT, (SHORT,), [Replacement(SHORT, b'key=')], id='a weak value'),
        pytest.param(
            b'x\nkey=' + SHORT, (SHORT,), [Replacement(SHORT, b'key=')], id='of its own line'
        ),
        pytest.param(
            b'y' * 30 + SHORT, (SHORT,), [Replacement(SHORT, b'y' * 24)], id='24 bytes before it'
        ),
        pytest.param(
            b'a=' + LONG + b' b=' + SHORT,
            (LONG, SHORT),
            [Replacement(LONG), Replacement(SHORT, b' b=')],
            id='behind another value',
        ),
        pytest.param(b'key = 1', (LONG,), [], id='gone'),
        pytest.param(b'\0\1\2' + LONG, (LONG,), [Replacement(LONG)], id='in a binary file'),
    ],
)
def test_what_is_replaced(data: bytes, values: tuple[bytes, ...], want: list[Replacement]) -> None:
    found = list_replacements(data, [find(data, *values)])
    assert [one for one in found if one.text in (LONG, SHORT)] == want


def test_lines_of_a_key_are_replaced_one_by_one() -> None:
    for end in (b'\n', b'\r\n'):
        block = end.join([b'-----BEGIN KEY-----', LONG, b'short', LONG[:8], b'-----END KEY-----'])
        found = list_replacements(block, [find(block, block)])
        assert found == [Replacement(LONG), Replacement(LONG[:8])]


def test_places_in_archives_are_none_of_the_file() -> None:
    data = b'key = ' + LONG
    for container, is_found in (
        (None, True),
        ('a.py', False),
        ('base64', True),
        ('a.zip!/b.py', False),
    ):
        found = list_replacements(data, [find(data, LONG, container=container)])
        assert bool(found) is is_found, container


PURGE = Purge((), (), (), (), (), ())
NOTHING = PublishReport('', (), (), (), Report(), ('', ''))


@pytest.mark.parametrize(
    ('path', 'line'),
    [
        ('a b/[c].env', b'a b/[c].env'),
        ('a#b', b'a#b'),
        ('#a', rb'regex:^\#a$'),
        ('glob:a', b'regex:^glob:a$'),
        ('literal:a', b'regex:^literal:a$'),
        ('regex:a', b'regex:^regex:a$'),
        (' a', rb'regex:^\ a$'),
        ('a ', rb'regex:^a\ $'),
        ('a\nb', rb'regex:^a\nb$'),
        ('a==>b', b'regex:^a=[=]>b$'),
    ],
)
def test_paths_are_written_as_filter_repo_reads_them(
    tmp_path: Path, path: str, line: bytes
) -> None:
    wanted = PURGE._replace(paths=(path,), maybe=(path,), objects=('1' * 40,))
    plan = prepare_output_dir(str(tmp_path / 'repo'), str(tmp_path / 'plan'), None)
    names = write_plan(plan, wanted, NOTHING, PlanPlace('/repo', None, 'é'))
    assert sorted(names) == sorted(os.listdir(plan))
    assert (tmp_path / 'plan' / PATHS).read_bytes() == line + b'\n# perhaps: ' + line + b'\n'
    found = read_plan(plan)
    assert found == ([], [], ['1' * 40], [line])


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        plan = prepare_output_dir(str(tmp_path / 'repo'), str(tmp_path / 'plan'), None)
        write_plan(plan, PURGE, NOTHING, PlanPlace('/repo', None, ''))
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat(plan).st_mode) == 0o700
    assert {stat.S_IMODE(os.stat(path).st_mode) for path in Path(plan).iterdir()} == {0o600}


@pytest.mark.parametrize('name', ['plan\n', 'pl\x07an'])
def test_names_that_no_script_can_hold(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match='cannot contain'):
        prepare_output_dir(str(tmp_path / 'repo'), str(tmp_path / name), None)


def test_where_a_plan_may_lie(tmp_path: Path) -> None:
    repo = str(tmp_path / 'repo')
    for plan, is_refused in (
        ('repo', True),
        ('repo/plan', True),
        ('repository', False),
        ('plan', False),
    ):
        for folder, top in ((repo, None), (str(tmp_path / 'git'), repo)):
            if is_refused:
                with pytest.raises(SourceError, match='outside any repository'):
                    prepare_output_dir(folder, str(tmp_path / plan), top)
            else:
                made = prepare_output_dir(folder, str(tmp_path / plan), top)
                assert made == os.path.realpath(tmp_path / plan)


@pytest.mark.parametrize(
    ('name', 'data', 'message'),
    [
        (SECRETS, b'regex:(==>x\n', 'does not compile'),
        (OBJECTS, None, 'no plan of keylint publish'),
    ],
)
def test_broken_plans(tmp_path: Path, name: str, data: bytes | None, message: str) -> None:
    write_plan(str(tmp_path), PURGE, NOTHING, PlanPlace('/repo', None, ''))
    if data is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=message):
        read_plan(str(tmp_path))


def test_the_command_has_only_options_that_do_something() -> None:
    def command(**fields: Any) -> str:
        return format_script('/plan', PURGE._replace(**fields), '/repo')

    nothing = command()
    assert 'The history contains nothing to remove.' in nothing
    assert 'filter-repo \\\n' not in nothing
    for fields, option in (
        ({'spots': (Replacement(LONG),)}, '--replace-text'),
        ({'stripped': ('1' * 40,)}, '--strip-blobs-with-ids'),
        ({'paths': ('a.env',)}, '--invert-paths --paths-from-file'),
    ):
        script = command(**fields)
        assert 'nothing to remove' not in script
        for other in ('--replace-text', '--strip-blobs-with-ids', '--invert-paths'):
            assert (other in script) is option.startswith(other), (option, other)


def test_names_for_bfg_stay_in_their_comment() -> None:
    def options(*paths: str) -> list[str]:
        script = format_script('/plan', PURGE._replace(paths=paths), '/repo')
        return [
            line.partition('--delete-files ')[2].split(' ')[0]
            for line in script.splitlines()
            if '--delete-files' in line
        ]

    assert options() == []
    assert options('x/a.env') == ['a.env']
    assert options('x/a.env', 'y/b.env', 'z/a.env') == ["'{a.env,b.env}'"]
    assert options('x/a[1].env') == [r"'a\[1\].env'"]
    assert options('a\nrm -rf x') == []


ENVIRONMENT = 'A=1\n export B_2 = x\n#C=1\nd=\n1E=2\nA=3\n'


def leak(action: str, issuer: str | None, *roles: PartKind) -> Leak:
    parts = tuple(FindingPart(role, NO_RANGE, '…') for role in roles)
    return Leak(
        find(b'')._replace(issuer=issuer, parts=parts), Verdict(action, ()), LocationContext()
    )


def test_names_of_variables(tmp_path: Path) -> None:
    def names(*leaks: Leak, top: str | None = str(tmp_path)) -> list[str]:
        return format_env_example(leaks, top).split('\n')[1:-1]

    assert names() == []
    (tmp_path / '.env').write_text(ENVIRONMENT)
    assert names() == ['A=', 'B_2=', 'd=']
    assert names(top=None) == []
    found = leak('rotate', 'gate-io', 'api-key', 'secret')
    assert names(found) == ['A=', 'B_2=', 'd=', 'GATE_IO_API_KEY=', 'GATE_IO_API_SECRET=']
    assert names(leak('rotate', None, 'token'), top=None) == ['BOT_TOKEN=']
    wallet = leak('rotate', 'evm-private-key', 'private-key')
    assert names(wallet, top=None) == ['EVM_PRIVATE_KEY='], 'no word twice'
    stopping = [action for action in ACTIONS if names(leak(action, 'okx', 'url'), top=None)]
    assert stopping == ['rotate-now', 'rotate', 'purge']


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / 'other').write_text(ENVIRONMENT)
    (tmp_path / '.env').symlink_to('other')
    assert 'A=' not in format_env_example((), str(tmp_path))


CELL = '{"cell_type": "code", "source": ["a"], "outputs": %s}'


@pytest.mark.parametrize(
    ('outputs', 'want'),
    [
        pytest.param('[]', False, id='none'),
        pytest.param('[{"output_type": "stream", "text": ["1"]}]', True, id='one'),
    ],
)
def test_outputs_of_notebooks(outputs: str, want: bool) -> None:
    data = '{"cells": [%s], "nbformat": 4, "metadata": {}}' % (CELL % outputs)
    assert has_outputs(data.encode()) is want
    assert has_outputs(data.replace('"outputs"', '"x"').encode()) is False
    assert has_outputs(b'"outputs" 1') is False


@pytest.mark.parametrize(
    ('path', 'want'),
    [
        ('.github/workflows/a.yml', True),
        ('x/.github/workflows/a.yaml', True),
        ('.github/workflows/x/a.yml', False),
        ('.github/a.yml', False),
        ('.gitlab-ci.yml', True),
        ('x.gitlab-ci.yml', False),
        ('deep/Jenkinsfile', True),
        ('Jenkinsfile.md', False),
    ],
)
def test_files_of_ci(path: str, want: bool) -> None:
    assert is_ci_file(path) is want


@pytest.mark.parametrize(
    ('line', 'levels'),
    [
        ('echo hello', []),
        ('deploy $API_KEY', []),
        ('echo $API_KEY', [STOP]),
        ('  # echo $API_KEY', []),
        ('echo ${{ secrets.KEY }}', [STOP]),
        ('echo $API_KEY > file', []),
        ('echo $API_KEY | docker login', []),
        ('echo $API_KEY | base64', [STOP]),
        ('echo hello > $API_KEY', []),
        ('env', []),
        ('env\nrun $API_TOKEN', [LOOK]),
        ('set -ex\nrun $API_TOKEN', [LOOK]),
        ('echo $A_TOKEN\necho $B_TOKEN', [STOP, STOP]),
        (f'echo {"x" * 190} $API_KEY', [STOP]),
        (f'echo {"x" * 210} $API_KEY', []),
    ],
)
def test_what_ci_prints(line: str, levels: list[str]) -> None:
    found = list(find_printed_secrets('a.yml', f'a:\n{line}\n'.encode()))
    assert [one.level for one in found] == levels
    if levels == [STOP]:
        assert found[0].what.startswith('line 2 prints')


@pytest.mark.parametrize('is_bare', [False, True])
@pytest.mark.parametrize('has_remote', [False, True])
def test_a_bare_copy_of_a_remote_is_a_mirror(
    repository: Repository, is_bare: bool, has_remote: bool
) -> None:
    top = str(repository.folder)
    folder = str(repository.folder / '.git')
    if is_bare:
        repository.git('config', 'core.bare', 'true')
    if has_remote:
        repository.git('remote', 'add', 'origin', 'https://example.org/bot.git')
    context = _find_context(folder, None if is_bare else top)
    assert context == LocationContext(has_remote=has_remote, is_mirror=has_remote and is_bare)
    assert not _find_context(folder, top).is_mirror


def commit_as(repository: Repository, name: str, mail: str) -> None:
    repository.git(
        *('-c', f'user.name={name}', 'commit', '-q', '--allow-empty', '-m', 'a'),
        f'--author={name} <{mail}>',
    )


def test_people(repository: Repository) -> None:
    """Authors and committers, each commit once; addresses that hide one are left out."""
    commit_as(repository, 'Ann', 'ann@example.org')
    commit_as(repository, 'Ann', 'ann@example.org')
    commit_as(repository, 'Bob', '1+bob@users.noreply.github.com')
    commit_as(repository, 'GitHub', 'noreply@github.com')
    commit_as(repository, 'Eve', 'eve@example.org')
    found = open_repository(str(repository.folder / '.git'), Report())
    with ObjectReader(found.folder) as reader:
        people = {one.path: one.what for one in find_identities(found, reader)}
    assert people == {
        'Ann <ann@example.org>': 'the author of 2 commits',
        'Eve <eve@example.org>': 'the author of 1 commit',
        'name@example.org <email@example.org>': 'the author of 5 commits',
    }


def test_notebooks_with_outputs_in_any_version(repository: Repository) -> None:
    whole = '{"cells": [%s], "nbformat": 4, "metadata": {}}'
    empty = whole % (CELL % '[]')
    shown = whole % (CELL % '[{"output_type": "stream", "text": ["1"]}]')
    for name, text in (('empty', empty), ('now', shown), ('then', shown)):
        repository.write(f'{name}.ipynb', text)
    repository.write('no.txt', shown)
    repository.commit()
    repository.write('then.ipynb', empty)
    repository.commit()
    found = open_repository(str(repository.folder / '.git'), Report())
    names = ('empty.ipynb', 'now.ipynb', 'then.ipynb', 'no.txt')
    present = {name: repository.git('rev-parse', f'HEAD:{name}').strip() for name in names}
    with ObjectReader(found.folder) as reader:
        exposed = {one.path: one.seat for one in find_notebook_outputs(found, present, reader)}
    assert exposed == {'now.ipynb': 'tracked', 'then.ipynb': 'history'}
