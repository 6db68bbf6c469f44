"""The cheapest way to the next predicate, exact (reference §9): values in, ways or a reason out."""
