"""Check which tests of a JUnit report fail."""

from __future__ import annotations

from xml.etree import ElementTree

from keylint.core.config import Config
from keylint.core.report import Report
from tests.reporters.hostile import finding
from tests.reporters.sound import written


def test_junit_fails_from_the_threshold_up() -> None:
    report = Report()
    report.files = 1
    report.findings = [
        finding(severity='low'),
        finding(severity='high'),
        finding(severity='critical', state='suppressed', reason='a test'),
    ]
    text = written('junit', report, Config(fail_on='medium'))
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    assert [[child.tag for child in case] for case in root.iter('testcase')] == [
        ['system-out'],
        ['system-out'],
        ['failure'],
        ['skipped'],
    ]
    suite = root.find('testsuite')
    assert suite is not None
    assert {name: suite.get(name) for name in ('tests', 'failures', 'errors', 'skipped')} == {
        'tests': '4',
        'failures': '1',
        'errors': '0',
        'skipped': '1',
    }
    assert len({case.get('name') for case in root.iter('testcase')}) == 4
