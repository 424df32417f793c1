"""A warm process that reads and grades submissions, each in a fork of its own, with a sandbox beside it.

    python -m lab_support.safeguards.lifeline lab_support.checking.grading.warm SETTINGS

It takes a line of JSON for each submission and answers with one: `{"fate": …, "result": …}`. `do` is `read` (which
program is in a file) or `grade` (what it earns). Reading is done in a fork as well, because a file may be made to break
what reads it.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final

from lab_support.checking import judge_child
from lab_support.checking.grading.grader import grade
from lab_support.checking.grading.sandbox import Sandbox
from lab_support.checking.grading.submissions import read_submission
from lab_support.checking.judge import Ruling
from lab_support.course.exercises import EXERCISE, find_exercise
from lab_support.iam.actions import actions_of
from lab_support.mock_aws.combinations import arn_inputs
from lab_support.mock_aws.exercise_account import exercise_account
from lab_support.mock_aws.services import specs
from lab_support.safeguards import guard
from lab_support.safeguards.lifeline import Lifeline, loaded
from lab_support.toolchain.sdk_defaults import documented_defaults
from lab_support.toolchain.sdk_types import token_of

LAST_WORDS: Final = 8.0  # seconds past the limit in which the fork ends by itself


def main() -> None:
    settings = json.loads(sys.argv[1])
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sandbox = Sandbox(settings["services"], settings["isolated"])
    answers.write(b"{}\n")
    answers.flush()
    loaded()
    # What watches over a fork ends all of its own children, so the sandbox must not be one of them.
    server = os.fork()
    if server == 0:
        try:
            lifeline = Lifeline()
            learn(settings["slugs"])
            judge_child.get_ready(*settings["slugs"])
            lifeline.close()
            _serve(requests, answers, sandbox)
        finally:
            os._exit(0)
    os.waitpid(server, 0)
    sandbox.close()


def learn(slugs: Sequence[str]) -> None:
    """Loads and computes once what each fork would otherwise load and compute anew, for these exercises."""
    for module in ("_channel", "_interceptor", "_server"):  # which gRPC loads when the first of each is made
        import_module(f"grpc.{module}")
    specs()
    exercise_account()
    code = "\n".join(source for slug in slugs for source in find_exercise(slug).sources(EXERCISE))
    for name in sorted(set(re.findall(r"\baws\.(\w+\.[A-Z]\w*)\(", code))):
        if (token := token_of(name)) is not None:
            documented_defaults(token)
            arn_inputs(token)
    for service in sorted(set(re.findall(r"\b([a-z0-9-]+):(?:[A-Z]\w+|\*)", code))):
        actions_of(service)


def _serve(requests: IO[bytes], answers: IO[bytes], sandbox: Sandbox) -> None:
    for line in requests:
        with tempfile.TemporaryFile() as result:

            def run(request: bytes = line, result: Any = result) -> None:
                _quiet()
                _answer(json.loads(request), sandbox, result)

            fate = guard.supervise(run, life=requests.fileno())
            result.seek(0)
            told = json.loads(result.read() or b"null")
        answers.write(json.dumps({"fate": dataclasses.asdict(fate), "result": told}).encode() + b"\n")
        answers.flush()


def _quiet() -> None:
    with open(os.devnull, "r+b", buffering=0) as null:
        for number in (0, 1, 2):
            os.dup2(null.fileno(), number)


def _answer(request: Mapping[str, Any], sandbox: Sandbox, result: IO[bytes]) -> None:
    os.environ["PULUMI_REVIEW_LAB_PROGRESS"] = "off"
    limit = request["time_limit"]
    once = threading.Lock()

    def finish(answer: Mapping[str, Any]) -> None:
        if once.acquire(blocking=False):  # the first answer counts
            result.write(json.dumps(answer).encode())
            result.flush()
            guard.done()
            os._exit(0)
        threading.Event().wait()

    def finish_ruling(ruling: Ruling, picture: str = "") -> None:
        finish({"ruling": {**ruling.to_json(), "text": ruling.text}, "picture": picture})

    with guard.limited(limit + LAST_WORDS):
        if request["do"] == "read":
            finish(read_submission(Path(request["path"]), request["slug"]))
        exercise = find_exercise(request["slug"])
        ruling, picture = grade(
            exercise,
            request["cells"],
            sandbox.attach(),
            seed=request["seed"],
            time_limit=limit,
            when_late=finish_ruling,
        )
        finish_ruling(ruling, picture)
