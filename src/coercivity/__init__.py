"""Design, finance and stress-test a domestic mine-to-magnet supply chain."""
