"""The Pulumi packages beside `aws` that a program may use (random, tls, docker, awsx, ...), served without plugins.

Nothing of them is real: no command runs, no image is built, no cluster is reached. `packages.serve` puts every
installed package behind Pulumi's provider protocol. Packages whose values a program works with (random, tls, std)
answer with values of the right form; all others with what they were given, and the rest stays unknown, as it does
in a preview of the real ones.
"""
