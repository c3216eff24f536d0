"""From dossiers (YAML text) to the rule pack that detection reads, with its cache."""
