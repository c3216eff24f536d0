"""Repair findings, with one module for each kind of file. Only `store` writes files."""
