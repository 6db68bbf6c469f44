"""The pages people see: every view makes one engine call, and works without scripts."""
