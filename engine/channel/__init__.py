"""The doors by which a reporter comes in from outside: what a region asks, drafts, sending, coming back, talking."""
