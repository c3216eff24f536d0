"""Tell what a path says about a file: part of the tests, or a sample.

There are three questions about tests, each with its own answer, because a wrong "yes" has a
different cost in each. They differ in the folders beside `test`, `tests`, `fixture` and `fixtures`,
the files `test_*` and the projects `Bot.Tests` and `Net.UnitTests`, which all of them recognise:

| question                   | folders of tests       | documentation                | examples |
|----------------------------|------------------------|------------------------------|----------|
| `is_test`                  | `integration`, `e2e`   | no                           | no       |
| `is_test_or_documentation` | `testdata`, `specs` …  | `doc`, `docs`, text files    | no       |
| `is_test_or_example`       | `testdata`, `specs` …  | `doc`, `docs`, no text files | yes      |
"""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.core.packages import is_dependency, is_installed_package, is_lock_file

# A test project in .NET or Java: `Bot.Tests`, `Net.UnitTests`, `IntegrationTests`.
_PROJECT = r'(?:[^/]*\.tests?|(?:[^/]*\.)?(?:unit|integration|functional|acceptance)_?tests?)/'
_TEST = defer_regex(
    rf'(?i)(?:^|/)(?:(?:tests?|fixtures?|integration|e2e)(?:/|$)|test_[^/]*$|{_PROJECT})'
)
_TEST_OR_DOCUMENTATION = defer_regex(
    rf"""(?ix)
    (?:^|/)(?:tests?|testing|testdata|test_data|fixtures?|specs?|__tests__|mocks?|testutils)(?:/|$)
    | (?:^|/)test_[^/]*$
    | (?:^|/){_PROJECT}
    | (?:^|/)(?:[a-z]+[-_.])?docs?/
    | \.(?:md|rst|mdx|adoc)$
    """
)
_TEST_OR_EXAMPLE = defer_regex(
    rf"""(?ix)
    (?:^|/)(?:tests?|testing|testdata|test_data|fixtures?|specs?|__tests__|mocks?|docs?"""
    rf"""|examples?)(?:/|$)
    | (?:^|/)test_[^/]*$
    | (?:^|/){_PROJECT}
    """
)


def is_test(path: str) -> bool:
    """Tell whether a file belongs to the tests: a key for real money has no place there.

    Narrow, because the answer makes a finding: a `spec` or `mocks` folder may hold anything.
    """
    return _TEST.search(path) is not None


def is_test_or_documentation(path: str) -> bool:
    """Tell whether an unidentified value here is more often a sample than a secret.

    The answer lowers a severity. `examples` is not among the folders: people run what is in them.
    """
    return _TEST_OR_DOCUMENTATION.search(path) is not None


def is_test_or_example(path: str) -> bool:
    """Tell whether an unidentified value here was most likely made up: harmless to publish.

    Text files outside such folders (a README) are not included: real values are pasted there.
    """
    return _TEST_OR_EXAMPLE.search(path) is not None


def describe_folders(path: str) -> tuple[bool, ...]:
    """Answer all questions above, and those about packages, at once.

    Two paths with the same answers are of one kind.
    """
    return (
        is_test(path),
        is_test_or_documentation(path),
        is_test_or_example(path),
        is_installed_package(path),
        is_dependency(path),
        is_lock_file(path),
    )
