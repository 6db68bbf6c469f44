"""The tree of goals: its values, its faults, what a change of it breaks, its history (reference §4)."""
