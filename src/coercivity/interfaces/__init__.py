"""Where people come in: command line, Python, workbench. They do not know each other."""
