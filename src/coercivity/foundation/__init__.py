"""The ground floor: errors, problems, periods, units and identifiers. Needs nothing else."""
