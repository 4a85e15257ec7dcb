"""How concentrated, reliant and exposed a chain is, and from whom one may buy."""
