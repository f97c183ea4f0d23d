"""Template filters of deadlines."""
