"""Small programs for the people who build 首问."""
