"""Cash of a project year by year and path by path, from revenue down to the owners."""
