"""What makes it happen: packages, the price of doubt, who waits for whom, and what lasts."""
