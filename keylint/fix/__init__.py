"""Repairs of findings: one kind of file a module. They know bytes and spans and write nothing; `store` alone touches the disk."""
