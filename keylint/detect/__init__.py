"""Detect credentials: fragments in, credentials out."""
