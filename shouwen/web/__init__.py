"""Shell, home, menu and workspace page."""
