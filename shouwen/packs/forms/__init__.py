"""What people type about kinds of cases."""
