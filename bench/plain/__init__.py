"""What the product is compared with: chat the plain way, and the same server stack doing nothing."""
