"""Pages of kinds and packs."""
