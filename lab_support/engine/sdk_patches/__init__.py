"""Every change that the lab makes to Pulumi's SDK in this process, one file each; apply.py has the table."""
