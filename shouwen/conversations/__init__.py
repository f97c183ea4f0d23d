"""Talk with customers, whatever the channel."""
