"""Repair findings: one kind of file a module. They write nothing; `store` alone does."""
