"""Template filters of exports."""
