"""What was aimed at, reached, proved and scored: facts drawn from cases, and the results computed from them."""
