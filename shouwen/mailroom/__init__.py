"""收发室: the two ledgers and the carriers; all that crosses the company's border."""
