"""Values for documents: what a report says, each number with where it comes from (reference §10)."""
