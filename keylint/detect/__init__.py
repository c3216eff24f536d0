"""Fragments in, credentials out."""
