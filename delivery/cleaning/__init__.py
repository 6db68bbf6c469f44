"""Files of reporters, cleaned of traces by a confined process. Callers need ``clean.clean`` and ``outcome`` only."""
