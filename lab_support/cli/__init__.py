"""The `lab` command: main.py finds a subcommand, the other files hold them."""
