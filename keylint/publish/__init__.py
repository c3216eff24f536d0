"""Decide whether a repository can be published, and plan what must be done first."""
