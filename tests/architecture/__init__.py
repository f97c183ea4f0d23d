"""Rules of the house that no linter knows. Each has an example that breaks it."""
