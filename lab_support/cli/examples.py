"""Examples for `lab COMMAND --help`."""

from __future__ import annotations

from typing import Final

EXAMPLES: Final = {
    "build": ("lab build", "lab build --check", "lab build --learner ../emergency-alert-class"),
    "changes": ("lab changes 02", "lab changes 02 --stack prod"),
    "check": ("lab check 02", "lab check 2 --with my_repair.py", "lab check 02 --json"),
    "completion": (
        'eval "$(lab completion bash)"',
        "lab completion fish > ~/.config/fish/completions/lab.fish",
    ),
    "dataset": ("lab dataset reviews --seeds 1-100",),
    "doctor": ("lab doctor", "lab doctor --json"),
    "explain": (
        "lab explain rds.Instance",
        "lab explain aws.rds.Instance endpoint",
        "lab explain --coverage",
    ),
    "fix": ("lab fix list 02", "lab fix edit 02 wrong_only_prod", "lab fix rebase 02"),
    "grade": ("lab grade submissions --out grades", "lab grade moodle.zip --out grades --timeout 60"),
    "hint": ("lab hint 02", "lab hint 02 1"),
    "key": ("lab key 42", "lab key review_42_5f_3d"),
    "list": ("lab list", "lab list --json"),
    "new": ("lab new 15_public_bucket",),
    "notes": ("lab notes 06",),
    "debrief": ("lab debrief 02",),
    "drill": ("lab drill 02",),
    "predict": ("lab predict 02", "lab predict 02 b"),
    "preview": (
        "lab preview infra",
        "lab preview infra --stack prod --config dbSize=100",
        "lab preview component.py --full",
    ),
    "repairs": ("lab repairs 02", "lab repairs 02 B"),
    "reset": ("lab reset 02", "lab reset 02 --yes"),
    "review": (
        "lab review infra",
        "lab review infra --stack prod --sarif review.sarif",
        "pulumi stack export | lab review -",
    ),
    "review-exercise": (
        "lab review-exercise new",
        "lab review-exercise new --seed 42 --flaws 3 --distractors 5",
    ),
    "room": ("lab room /srv/class", "lab room /srv/class --page room.html"),
    "share": ("lab share /srv/class --as Ada", "lab share", "lab share --stop"),
    "solution": ("lab solution 02", "lab solution 02 --yes --whole"),
    "start": ("lab start", "lab start emergency-alert", "lab start 02 --port 8899 --no-browser"),
    "update": ("lab update",),
    "validate": ("lab validate 02", "lab validate --json"),
    "watch": ("lab watch", "lab watch 02", "lab watch 02 --with my_repair.py"),
}


def epilog(command: str) -> str:
    r"""The examples as the end of a command's help; `\b` keeps click from wrapping them."""
    lines = "\n".join(f"  {example}" for example in EXAMPLES[command])
    return f"\b\nExample{'s' if len(EXAMPLES[command]) > 1 else ''}:\n{lines}"
