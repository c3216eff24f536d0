"""Hold where a plan may be written, its files, and the lines of replacements."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from keylint.publish.plan import SECRETS
from keylint.publish.replacements import REMOVED, Replacement, make_replacer, parse_replacements
from tests.conftest import Repository, Run
from tests.publish.leaks import BINANCE, made


@pytest.mark.parametrize('inside', ['plan', '.git/plan', '.'])
def test_the_plan_is_refused_inside_a_repository(
    repository: Repository, keylint: Run, inside: str
) -> None:
    done = keylint('publish', '--plan', inside, cwd=repository.folder)
    assert (done.returncode, 'must be outside any repository' in done.stderr) == (2, True)
    assert not (repository.folder / 'plan').exists()


def test_the_plan_is_refused_inside_another_repository(
    repository: Repository, keylint: Run, tmp_path: Path
) -> None:
    other = Repository(tmp_path / 'other')
    done = keylint('publish', str(repository.folder), '--plan', str(other.folder / 'deep' / 'plan'))
    assert (done.returncode, 'must be outside' in done.stderr) == (2, True)


def test_the_files_of_the_plan(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    repository.write('.gitignore', 'build/')  # no newline at the end
    repository.write('config.json', made(BINANCE))
    repository.write('old/#odd [x].env', 'A=1\n')
    repository.commit()
    repository.write('.env', 'BOT_MODE=dry\nexport OTHER=1\n')
    target = tmp_path / 'plan'
    target.mkdir()
    (tmp_path / 'precious').write_text('stays')
    (target / SECRETS).symlink_to(tmp_path / 'precious')
    done = keylint('publish', str(repository.folder), '--plan', str(target))
    assert done.returncode == 1
    assert (tmp_path / 'precious').read_text() == 'stays'
    assert sorted(path.name for path in target.iterdir()) == [
        'CHECKLIST.md',
        SECRETS,
        'drop-paths.txt',
        'env.example',
        'gitignore.patch',
        'objects.txt',
        'purge.sh',
        'strip-objects.txt',
    ]
    assert stat.S_IMODE((target / SECRETS).stat().st_mode) == 0o600
    assert (target / 'drop-paths.txt').read_text() == 'old/#odd [x].env\n'
    assert [
        line.split('=')[0] for line in (target / 'env.example').read_text().splitlines()[1:]
    ] == ['BOT_MODE', 'OTHER', 'BINANCE_API_KEY', 'BINANCE_API_SECRET']
    checklist = (target / 'CHECKLIST.md').read_text()
    assert '- [ ] Binance' in checklist
    assert '- [ ] Read purge.sh of this plan, and carry it out\n' in checklist
    assert f'sh {target}/purge.sh' in checklist
    assert 'Write the plan' not in checklist + done.stdout
    unwritten = keylint('publish', str(repository.folder)).stdout
    assert 'Write the plan outside the repository' in unwritten
    repository.git('apply', str(target / 'gitignore.patch'))
    lines = (repository.folder / '.gitignore').read_text().splitlines()
    own = ['.env', '.env.*', '!.env.example', '!.env.sample', '!.env.template']
    assert lines == ['build/', *own, '*.env']
    said = keylint('init', cwd=repository.folder).stdout.splitlines()
    added = next(line for line in said if line.startswith('.gitignore'))
    assert not any(line in added.split(', ') for line in own), 'both commands want the same lines'
    assert any('*.pem' in line for line in added.split(', '))


def test_lines_of_replacements() -> None:
    weak, odd = Replacement(b'a.b$c', b'pass = "'), Replacement(b'regex:x==>y')
    rows = [
        Replacement(b'k' * 20).format_line(),
        weak.format_line(),
        odd.format_line(),
        Replacement(b'start1', b'').format_line(),
    ]
    assert rows[0] == b'k' * 20 + b'==>' + REMOVED
    apply = make_replacer(rows)
    before = b'a.b$c pass = "a.b$c" regex:x==>y ' + b'k' * 20 + b'\nstart1 start1\n'
    after = (
        b'a.b$c pass = "'
        + REMOVED
        + b'" '
        + REMOVED
        + b' '
        + REMOVED
        + b'\n'
        + REMOVED
        + b' start1\n'
    )
    assert apply(before) == after
    literals, expressions = parse_replacements(rows)
    assert (len(literals), len(expressions)) == (2, 2)
