"""The clearing office's command line: `qingqian …`, or `python starter.py …`.

The exit codes are those of `cli.ending`. With `--json` there is exactly one JSON document on standard output; people's text
and logs go to standard error.
"""

from cli.program import app
from cli.screen.console import ready_streams


def main() -> None:
    """The entry point of `qingqian`."""
    ready_streams()
    app()


if __name__ == "__main__":
    main()
