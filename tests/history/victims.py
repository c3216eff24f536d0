"""Scans of repositories that are hostile or broken."""

from __future__ import annotations

from typing import Any

from tests.hiding import secret
from tests.history.reports import of


def assert_found(document: dict[str, Any], *places: str) -> None:
    assert [place for place in places if not of(document, secret(place))] == []
