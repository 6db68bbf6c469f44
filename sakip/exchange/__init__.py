"""Spreadsheets in, spreadsheets and CSV out: what other systems and people's own files hold (reference §12)."""
