"""Operate a chain at least cost: columns, rows and cost terms, one family a file."""
