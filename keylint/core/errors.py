"""One family of errors; the command line turns each into one line and an exit code."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # a run without a crash needs no tracebacks
if TYPE_CHECKING:
    from types import TracebackType

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# The attribute with the result of `describe_crash` from a worker: tracebacks are not sent.
_WORKER_CRASH = 'keylint_crash'


class KeylintError(Exception):
    """A mistake that the user can fix. Exit code 2.

    The message says what is wrong, where, and what to do.
    """


class RuleError(KeylintError):
    """A mistake in a rule file."""


class ConfigError(KeylintError):
    """A mistake in `keylint.toml`, `pyproject.toml` or on the command line."""


class SourceError(KeylintError):
    """Requested bytes are not available: a missing path, not a git repository."""


def suggest_word(word: str, known: list[str]) -> str:
    """Return `; did you mean 'x'?` for the closest known word, or an empty string."""
    import difflib  # noqa: PLC0415 - only on the way to an error

    close = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else ''


# The pip packages of the modules that keylint needs, if their names differ.
_PACKAGES = {
    'yaml': 'PyYAML',
    'detect_secrets': 'detect-secrets',
    'shamir_mnemonic': 'shamir-mnemonic',
    **{name: name for name in ('base58', 'cryptography', 'libcst', 'mnemonic')},
    **{
        f'tree_sitter{name}': f'tree-sitter{name.replace("_", "-")}'
        for name in ('', '_c_sharp', '_go', '_java', '_kotlin', '_rust', '_typescript')
    },
}


def describe_crash(error: BaseException) -> str:
    """Return the type of an unforeseen exception and the place in keylint where it was raised.

    Its text is left out: libraries quote their input, and that may be a secret. The system's text
    for an error of its own (`No such file or directory`) is safe and is kept.
    """
    known: str | None = getattr(error, _WORKER_CRASH, None)
    if known:
        return known
    text = type(error).__name__
    if isinstance(error, ModuleNotFoundError) and error.name in _PACKAGES:
        package = _PACKAGES[error.name]
        return f'the package {package} is missing: pip install {package}'
    if isinstance(error, OSError) and error.strerror and error.errno:
        text += f' ({os.strerror(error.errno)})'
    place = _find_own_place(error.__traceback__)
    return f'{text} in {place}' if place else text


def remember_crash(error: BaseException) -> None:
    """Attach the place of an exception to it, for use after it has left its process."""
    setattr(error, _WORKER_CRASH, describe_crash(error))


def _find_own_place(traceback: TracebackType | None) -> str:
    """Return file, line and function of the innermost frame of keylint; empty if there is none."""
    place = ''
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename.startswith(_PACKAGE + os.sep):
            file = code.co_filename.removeprefix(os.path.dirname(_PACKAGE) + os.sep)
            place = f'{file.replace(os.sep, "/")}:{traceback.tb_lineno} ({code.co_name})'
        traceback = traceback.tb_next
    return place
