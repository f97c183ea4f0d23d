"""More than one process, more than one machine: restarts nobody notices, hosts that see each other."""
