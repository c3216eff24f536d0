"""Integrations with other tools and services: the data that keylint reads and writes for them."""
