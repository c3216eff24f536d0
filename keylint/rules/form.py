"""Checking the form of a document: every complaint starts with the file and the rule, and says what is allowed."""

from __future__ import annotations

import re
from typing import Any

from keylint.core.errors import RuleError, suggestion


class Form:
    """Checks one document. `where` stands at the head of every complaint."""

    def __init__(self, where: str) -> None:
        self.where = where

    def fail(self, message: str) -> RuleError:
        """The error to raise."""
        return RuleError(f'{self.where}: {message}')

    def mapping(self, value: object, key: str, allowed: dict[str, bool]) -> dict[str, Any]:
        """The value, a mapping with no key but the allowed ones; True marks those that must be there."""
        if not isinstance(value, dict):
            raise self.fail(f'{key} must be a mapping, not {type(value).__name__}')
        for name in value:
            if name not in allowed:
                hint = suggestion(str(name), list(allowed))
                raise self.fail(f"{key} has no key '{name}'{hint}; allowed: {', '.join(allowed)}")
        for name, is_required in allowed.items():
            if is_required and value.get(name) is None and not (name == 'manage' and name in value):
                raise self.fail(f"{key} lacks the key '{name}'")
        return value

    def choice(self, value: object, key: str, allowed: tuple[str, ...]) -> None:
        """Complain unless the value is one of the allowed ones."""
        if value not in allowed:
            raise self.fail(f"{key} is '{value}'; allowed: {', '.join(allowed)}")

    def texts(self, value: object, key: str) -> None:
        """Complain unless the value is a list of strings."""
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(f'{key} must be a list of strings')

    def items(self, value: object, key: str) -> list[Any]:
        """The value, a list."""
        if not isinstance(value, list):
            raise self.fail(f'{key} must be a list')
        return value

    def pattern(self, value: object, key: str) -> None:
        """Complain unless the value is a regular expression in the common dialect."""
        if not isinstance(value, str):
            raise self.fail(f'{key} must be a regular expression in quotes')
        if found := re.search(r'\(\?[=!<]|\\[1-9]|\(\?P=', value):
            raise self.fail(
                f"{key} uses '{found.group()}': look-around and back-references are not allowed"
            )
        try:
            re.compile(value.encode())
        except re.error as error:
            raise self.fail(f'{key} is not a regular expression: {error}') from None
