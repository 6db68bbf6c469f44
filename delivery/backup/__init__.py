"""Backups of everything an installation keeps, encrypted for a key that is not on the machine."""
