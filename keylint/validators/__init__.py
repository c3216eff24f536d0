"""Checks of a value by itself: checksums, placeholders, randomness."""
