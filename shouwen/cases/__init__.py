"""Cases (工单): work for a customer that must reach an end."""
