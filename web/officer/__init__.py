"""Pages for officials: the queue, a case, search, one's own settings."""
