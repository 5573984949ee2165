"""`python -m toegang`: the command line."""

from toegang.cli import main

main()
