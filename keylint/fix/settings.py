"""Find the setting of a document whose value is a secret."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.core.model import Setting
from keylint.fix.edits import SecretSpan, UnfixableError


def find_setting(settings: Sequence[Setting], span: SecretSpan) -> Setting:
    """Return the setting whose value holds the secret. Raises UnfixableError if there is none."""
    for setting in settings:
        if setting.start <= span.start and span.end <= setting.end:
            return setting
    raise UnfixableError('it is in no value of the document; delete it there')
