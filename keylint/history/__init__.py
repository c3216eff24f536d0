"""Scan every object of a repository and say how long its history has held a finding."""
