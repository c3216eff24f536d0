"""The lines that a finding is on."""

from __future__ import annotations

from keylint.core.model import Finding


def list_line_numbers(finding: Finding) -> set[int]:
    """List the lines of a finding's parts, or its own where it has none."""
    places = [part.place for part in finding.parts] or [finding.place]
    return {number for place in places for number in range(place.line, place.end_line + 1)}
