#!/bin/sh
# Installs the lab for a JupyterHub into a new Python environment: sh hub/install.sh /opt/lab
#
# The Containerfile runs it, and so do machines without containers. WHOLE=1 installs the course with its solutions.
set -eu
cd "$(dirname "$0")/.."
target=${1:?usage: sh hub/install.sh FOLDER}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset PYTHONPATH PULUMI_REVIEW_LAB_ROOT PYTHONDONTWRITEBYTECODE

"${PYTHON:-python3}" -m venv --clear "$target"
python=$target/bin/python
"$python" -m pip install --quiet --require-hashes --requirement requirements.lock
# JupyterHub may not change the version of anything that the lab uses.
"$python" -m pip freeze --quiet >"$scratch/constraints"
"$python" -m pip install --quiet --constraint "$scratch/constraints" --requirement hub/requirements.txt

course=$PWD
if [ -z "${WHOLE:-}" ]; then
    course=$scratch/course
    PYTHONPATH=$PWD "$python" -m lab_support build --learner "$course" >/dev/null
fi
(cd "$course" && "$python" -m hatchling build --target wheel --directory "$scratch/wheel" >/dev/null)
"$python" -m pip install --quiet --no-deps --no-index "$scratch"/wheel/*.whl

# What the first learner would wait for, and what only the owner of the environment may write.
cd "$scratch"
"$python" -m lab_support.toolchain
"$python" -c 'from lab_support.jupyter.server import write_overrides; write_overrides()'
# Learners cannot follow a symbolic link into the cache of the user who installs.
pulumi=$target/bin/pulumi
[ ! -L "$pulumi" ] || cp --remove-destination "$(readlink -f "$pulumi")" "$pulumi"
