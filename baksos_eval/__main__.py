"""``python -m baksos_eval``: the command ``baksos``."""

from baksos_eval.cli import main

if __name__ == "__main__":
    main()
