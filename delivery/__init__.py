"""The outside world: what leaves the engine as mail or as a document, and the road it takes."""
