"""A JupyterHub for a class, on one machine: `/opt/lab/bin/jupyterhub -f hub/jupyterhub_config.py`. See docs/hub.md."""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 -- JupyterHub puts it into this file

# Each account of this machine that is in one of these groups may log in.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {"learners", "instructors"}
c.PAMAuthenticator.admin_groups = {"instructors"}

# What a learner's server runs. It writes the notebooks to emergency-alert/ in the learner's home folder when they come
# for the first time, and new notebooks after an upgrade; those that a learner has edited are kept.
c.Spawner.cmd = [str(Path(sys.prefix) / "bin" / "lab"), "start", "--hub", "emergency-alert"]
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120

# Measured: docs/hub.md.
c.Spawner.mem_limit = os.environ.get("LAB_HUB_MEMORY", "2G")
# Only SystemdSpawner enforces the limit on one machine (Kubernetes does so in Zero to JupyterHub): each learner's
# processes are in a control group of their own.
if Path("/run/systemd/system").is_dir():
    c.JupyterHub.spawner_class = "systemd"

# When everybody comes at nine o'clock, servers start a few at a time.
c.JupyterHub.concurrent_spawn_limit = 2 * (os.cpu_count() or 1)

# The folder for `lab share` and `lab room`: every learner may write there, and change only their own file.
share = Path(os.environ.get("LAB_HUB_SHARE", "/srv/class"))
share.mkdir(parents=True, exist_ok=True)
share.chmod(0o1777)
