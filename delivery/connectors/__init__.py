"""Connectors that reach outside: where their addresses stand, and how a call is sent there."""
