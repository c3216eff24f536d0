"""Checks of a single value: checksums, placeholders, randomness."""
