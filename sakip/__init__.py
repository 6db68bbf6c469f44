"""Performance accountability (SAKIP) on top of the engine, which never imports it."""
