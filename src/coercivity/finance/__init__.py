"""Would anyone fund it: prices, contracts, cash, acceptance."""
