"""Lists taken out of the system as a spreadsheet."""
