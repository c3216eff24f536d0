"""Turn credentials and violations into findings: severity, suppression, redaction."""
