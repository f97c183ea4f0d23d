"""Components, theme, table and form shell."""
