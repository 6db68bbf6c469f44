"""Figures of this installation beside a plain driver's, each a command of its own; with every part it has."""

import parts

parts.load()
