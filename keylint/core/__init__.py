"""Data types, errors, configuration and small tools that every other room may import."""
