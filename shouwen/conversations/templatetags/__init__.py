"""Template filters of conversations."""
