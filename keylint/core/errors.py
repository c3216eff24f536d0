"""One family of errors; the command line turns them into one line and an exit code."""


class KeylintError(Exception):
    """A mistake that the user can mend. Exit code 2.

    The message says what, where and what to do.
    """


class RuleError(KeylintError):
    """A mistake in a rule file."""


class ConfigError(KeylintError):
    """A mistake in `keylint.toml`, `pyproject.toml` or on the command line."""


class SourceError(KeylintError):
    """Bytes that were asked for cannot be had: a missing path, not a git repository."""


def suggest_word(word: str, known: list[str]) -> str:
    """Return `; did you mean 'x'?` for the closest known word, or an empty string."""
    import difflib  # noqa: PLC0415 - only on the way to an error

    close = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else ''
