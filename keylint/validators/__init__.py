"""Checks of a value by itself: checksums, placeholders, randomness."""

from keylint.validators.checksums import CHECKS

__all__ = ['CHECKS']
