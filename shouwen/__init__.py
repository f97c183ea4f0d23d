"""首问 Shouwen: customer-service operations."""
