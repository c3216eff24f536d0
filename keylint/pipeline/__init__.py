"""Scan one blob from bytes to findings."""
