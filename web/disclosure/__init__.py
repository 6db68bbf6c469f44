"""The reporter's zone: pages without scripts, without traces, and without a line of the staff's pages."""
