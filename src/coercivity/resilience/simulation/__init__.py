"""Months of operation under disruptions, thousands of replications at once."""
