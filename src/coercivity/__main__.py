"""Run the command line with ``python -m coercivity``."""

from coercivity.interfaces.cli.app import main

if __name__ == "__main__":
    main()
