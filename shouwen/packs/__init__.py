"""Industry packs (行业包): load, check, install, upgrade, export. What they hold is in /packs."""
