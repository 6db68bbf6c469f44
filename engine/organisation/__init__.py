"""Regions, units, positions, people, groups, mandates; accounts and sign-in."""

from engine.organisation import revision as revision  # its listener must hear every session that writes these tables
