"""Tell staff: in the product and by mail."""
