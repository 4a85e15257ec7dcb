"""``python -m coercivity.interfaces.cli``: the command without its script."""

from coercivity.interfaces.cli.app import main

if __name__ == "__main__":
    main()
