"""What people see of a run: words, tables, figures. Nothing is computed here but for display."""
