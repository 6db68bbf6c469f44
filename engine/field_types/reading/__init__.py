"""How what people type becomes a value: numbers, days, words. Ambiguity is refused, never guessed."""
