"""Turn dossiers (YAML text) into the rule pack that detection reads, and cache the pack."""
