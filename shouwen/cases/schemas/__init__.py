"""What the API says and takes about cases. Import each from its module."""
