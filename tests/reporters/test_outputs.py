"""Check where reports go, and what happens to older ones."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from keylint.core.config import Config
from keylint.core.report import Report
from tests.conftest import Run
from tests.reporters.bots import CLEAN_ENVIRONMENT, FILES, GOLDEN, SCAN, steady

pytestmark = pytest.mark.slow


def test_several_reports_in_one_run(keylint: Run, tree: Path) -> None:
    done = keylint(
        *SCAN,
        '--output',
        'sarif:out.sarif',
        '--output',
        'github:-',
        '--output',
        'junit:out.xml',
        **CLEAN_ENVIRONMENT,
    )
    assert (done.returncode, done.stderr) == (1, '')
    assert steady((tree / 'out.sarif').read_text()) == (GOLDEN / 'report.sarif').read_text()
    assert done.stdout == (GOLDEN / 'report.github').read_text()
    assert ElementTree.parse(tree / 'out.xml').getroot().tag == 'testsuites'  # noqa: S314 - our own


@pytest.mark.parametrize(
    ('arguments', 'files', 'first'),
    [
        pytest.param((), {}, '.env', id='text by default'),
        pytest.param(
            ('--output', 'a'), {'a': '.env'}, '', id='a plain file takes the default format'
        ),
        pytest.param(
            ('--format', 'json', '--output', 'a'),
            {'a': '{'},
            '',
            id='a plain file takes the format',
        ),
        pytest.param(('--output', 'json:a'), {'a': '{'}, '', id='only what is listed'),
        pytest.param(
            ('--format', 'csv', '--output', 'json:a'),
            {'a': '{'},
            'state,',
            id='a format that is asked for is printed',
        ),
        pytest.param(('--format', 'csv', '--output', 'csv:-'), {}, 'state,', id='asked for twice'),
        pytest.param(
            ('--output', 'json:a', '--output', '-'), {'a': '{'}, '.env', id='text and a file'
        ),
        pytest.param(('--output', './json:a'), {'json:a': '.env'}, '', id='a file with a colon'),
    ],
)
def test_where_reports_go(
    keylint: Run, tmp_path: Path, arguments: tuple[str, ...], files: dict[str, str], first: str
) -> None:
    (tmp_path / '.env').write_text(FILES['conf/.env'])
    done = keylint('scan', '.env', '--isolated', *arguments)
    assert done.stdout.startswith(first)
    assert bool(done.stdout) == bool(first)
    assert {
        name: (tmp_path / name).read_text()[: len(start)] for name, start in files.items()
    } == files
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(['.env', *files])


@pytest.mark.parametrize(
    ('arguments', 'complaint'),
    [
        (('--output', 'sarf:x'), "unknown format 'sarf'; did you mean 'sarif'?"),
        (('--output', 'sarf:x'), 'a file of that name is ./sarf:x'),
        (('--output', 'json:-', '--output', 'csv:-'), 'standard output can take one report only'),
        (('--output', 'json:a', '--output', 'csv:a'), 'a can take one report only'),
        (('--output', 'json:no/such/folder/a'), 'no/such/folder/a: cannot write the report'),
    ],
)
def test_mistakes_with_outputs(
    keylint: Run, tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    (tmp_path / 'a.env').write_text('x=1\n')
    done = keylint('scan', 'a.env', '--isolated', *arguments)
    assert (done.returncode, done.stdout) == (2, '')
    assert complaint in done.stderr
    assert done.stderr.count('\n') == 1


@pytest.mark.skipif(
    os.name == 'nt' or os.geteuid() == 0, reason='needs folders that cannot be written'
)
def test_an_older_report_stays_when_the_new_one_cannot_be_written(keylint: Run, tree: Path) -> None:
    (tree / 'out').mkdir()
    (tree / 'out' / 'report').write_text('older')
    (tree / 'out').chmod(0o500)
    assert keylint(*SCAN, '--output', 'json:out/report').returncode == 2
    assert (tree / 'out' / 'report').read_text() == 'older'


def test_an_older_report_stays_when_the_new_one_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keylint.core.errors import SourceError
    from keylint.reporters.outputs import Output, write_reports

    def full(*_: object) -> None:
        raise OSError(28, 'No space left on device')

    target = tmp_path / 'report'
    target.write_text('older')
    monkeypatch.setattr(os, 'replace', full)
    with pytest.raises(SourceError, match='No space left on device'):
        write_reports(Report(), Report(), Config(), [Output('json', str(target))])
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [('report', 'older')]


@pytest.mark.skipif(os.name == 'nt', reason='modes of POSIX')
def test_the_modes_and_links_of_report_files(keylint: Run, tree: Path) -> None:
    (tree / 'kept').write_text('older')
    (tree / 'kept').chmod(0o640)
    (tree / 'link').symlink_to('kept')
    keylint(*SCAN, '--output', 'json:link', '--output', 'csv:/dev/null')
    assert (tree / 'link').is_symlink()
    assert json.loads((tree / 'kept').read_text())['findings']
    assert (tree / 'kept').stat().st_mode & 0o777 == 0o640
    keylint(*SCAN, '--output', 'json:values', '--show-secrets')
    assert (tree / 'values').stat().st_mode & 0o777 == 0o600
    assert Path('/dev/null').is_char_device()
