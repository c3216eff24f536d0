"""The tables of policies and libraries, which a scan for secrets does not need."""

from __future__ import annotations

import marshal
from functools import cached_property

from keylint.rules.ask_types import KeyQuestion
from keylint.rules.library_types import LibrarySpec
from keylint.rules.policy_types import PolicySettings
from keylint.rules.types import CompiledTables


class LazyTables:
    """Makes records from the cached rows of policies and libraries on first use."""

    def __init__(self, tables: CompiledTables) -> None:
        self._tables = tables

    @cached_property
    def policies(self) -> PolicySettings:
        """Return thresholds, addresses of third parties and texts of policies."""
        return PolicySettings.from_row(self._tables.policies)

    @cached_property
    def asks(self) -> dict[str, list[KeyQuestion]]:
        """Return the requests with which an owner asks what a key may do, by issuer."""
        return {
            issuer: [KeyQuestion._make(row) for row in rows]
            for issuer, rows in self._tables.asks.items()
        }

    @cached_property
    def libraries(self) -> list[LibrarySpec]:
        """Return the libraries in their order."""
        rows = map(marshal.loads, self._tables.libraries)
        return [LibrarySpec.from_row(row) for row in rows]
