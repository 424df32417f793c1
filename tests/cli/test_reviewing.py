"""`lab review` in a process of its own: what it prints, and its exit codes."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation as auto

from lab_support.engine.cli_run import cli_path
from lab_support.engine.operations import PROJECT, deploy
from lab_support.engine.workspace import Cli, Runs, Workspace
from lab_support.mock_aws import Account
from lab_support.reporting import null_reporter
from lab_support.safeguards.folders import temporary_folder
from tests.processes import environment
from tests.review.flawed import CULPRITS, FLAWS, source_with

QUEUE = "import pulumi_aws as aws\naws.sqs.Queue('jobs')\n"
FILES = "import pulumi, pulumi_aws as aws\naws.efs.FileSystem('files', opts=pulumi.ResourceOptions(protect=True))\n"
FIELDS = ["id", "severity", "category", "resource", "urn", "what", "control", "repair", "file", "line"]

# Findings that are shown at an argument, not at the line of the resource.
SHOWN_AT = {"SINGLE-ZONE": "multi_az=False", "EXCESS-PRIVILEGE": "policy=", "NAME-COLLISION": "name="}


def review(*arguments: str, stdin: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "lab_support.cli.main", "review", *arguments],
        input=stdin,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def answer(done: subprocess.CompletedProcess[str], code: int) -> Any:
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def program(tmp_path: Path) -> Any:
    """Writes a script and returns its path."""

    def write(text: str, name: str = "infra.py") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_the_five_flaws_of_a_whole_system_are_found(program: Any, tmp_path: Path) -> None:
    log = tmp_path / "review.sarif"
    data = answer(review(program(source_with(FLAWS)), "--json", "--sarif", str(log)), 1)
    assert {finding["id"]: finding["resource"] for finding in data["findings"]} == CULPRITS
    assert all(list(finding) == FIELDS for finding in data["findings"])
    assert (data["resources"], data["mocked_packages"]) == (74, [])  # one alarm is missing
    (run,) = json.loads(log.read_text(encoding="utf-8"))["runs"]
    assert sorted(result["ruleId"] for result in run["results"]) == sorted(CULPRITS)
    lines = Path(tmp_path / "infra.py").read_text(encoding="utf-8").splitlines()
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"].endswith("/infra.py")
        line = lines[place["region"]["startLine"] - 1]
        assert "aws." in line or SHOWN_AT.get(result["ruleId"], "nowhere") in line


def exported(path: Path) -> dict[str, Any]:
    """What `pulumi stack export` writes of this program, deployed by the engine."""
    account = Account()
    names = runpy.run_path(str(path))
    deploy(names["program"], "dev", account=account)
    with temporary_folder() as folder:
        workspace = Workspace(
            folder,
            project=PROJECT,
            stack="dev",
            config={},
            cli=Cli(cli_path(null_reporter), Runs(60), lambda: None),
            env={},
            program_folder=folder,
            state=account.stacks["dev"],
        )
        deployment = auto.Stack.select("dev", workspace).export_stack()
    return {"version": deployment.version, "deployment": deployment.deployment}


def test_the_flaws_of_a_deployed_system_are_found_in_its_export(program: Any, tmp_path: Path) -> None:
    source = Path(program(source_with(FLAWS)))
    state = tmp_path / "state.json"
    state.write_text(json.dumps(exported(source), indent=4), encoding="utf-8")
    log, quality = tmp_path / "review.sarif", tmp_path / "quality.json"
    data = answer(review(str(state), "--json", "--sarif", str(log), "--codequality", str(quality)), 1)
    expected = {id: name for id, name in CULPRITS.items() if id != "NAME-COLLISION"}
    assert {finding["id"]: finding["resource"] for finding in data["findings"]} == expected
    assert all((finding["file"], finding["line"]) == (None, None) for finding in data["findings"])
    names = [(undecided["id"], undecided["resource"]) for undecided in data["unknown"]]
    assert ("NAME-COLLISION", CULPRITS["NAME-COLLISION"]) in names
    assert data["resources"] == 74
    lines = state.read_text(encoding="utf-8").splitlines()
    results = json.loads(log.read_text(encoding="utf-8"))["runs"][0]["results"]
    for result in results:
        place = result["locations"][0]
        line = lines[place["physicalLocation"]["region"]["startLine"] - 1]
        assert place["logicalLocations"][0]["fullyQualifiedName"] in line
    entries = json.loads(quality.read_text(encoding="utf-8"))
    assert sorted(entry["check_name"] for entry in entries) == sorted(expected)
    assert "correct-horse-battery" not in json.dumps([data, results, entries])


def test_an_export_may_come_from_standard_input() -> None:
    urn = "urn:pulumi:dev::shop::aws:efs/fileSystem:FileSystem::files"
    files = {
        "urn": urn,
        "custom": True,
        "id": "fs-1",
        "type": "aws:efs/fileSystem:FileSystem",
        "provider": "p::1",
    }
    text = json.dumps({"version": 3, "deployment": {"resources": [files]}})
    done = review("-", "--json", stdin=text)
    assert {(found["id"], found["urn"]) for found in answer(done, 1)["findings"]} == {
        ("UNENCRYPTED-AT-REST", urn),
        ("DATA-LOST", urn),
    }


@pytest.mark.parametrize("arguments", [[], ["--stack", "prod"]])
def test_other_json_is_a_usage_error(tmp_path: Path, arguments: list[str]) -> None:
    path = tmp_path / "state.txt"
    path.write_text("{}", encoding="utf-8")
    assert list(answer(review(str(path), *arguments, "--json"), 2)) == ["error"]


def test_an_export_that_is_too_large_is_a_usage_error(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.touch()
    os.truncate(path, 100_000_001)
    assert "larger than 100 MB" in answer(review(str(path), "--json"), 2)["error"]


KEYS = """
import json
import pulumi_aws as aws
aws.sns.Topic("notices")
role = aws.iam.Role("r", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}))
aws.iam.RolePolicy("six", role=role.name, policy=json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Resource": "*", "Action": ["kinesis:PutRecord", "kinesis:ListStreams", "ec2:DescribeVpcs"]}]}))
"""


def test_strict_adds_notes_and_does_not_change_the_exit_code(program: Any) -> None:
    path = program(KEYS)
    assert answer(review(path, "--json"), 0)["findings"] == []
    found = answer(review(path, "--json", "--strict"), 0)["findings"]
    assert [(finding["id"], finding["severity"], finding["resource"]) for finding in found] == [
        ("AWS-MANAGED-KEY", "Note", "notices"),
        ("ANY-RESOURCE", "Note", "six"),
    ]
    assert "1 action " in found[1]["what"]  # the two others only accept *


def test_a_review_says_what_a_preview_says(program: Any) -> None:
    done = review(
        program(
            "import pulumi\nimport pulumi_aws as aws\n"
            "pulumi.export('x', aws.s3.Bucket('b').arn.apply(lambda arn: {}[arn]))\n"
            "for name in 'ab': aws.cloudwatch.EventRule(name, name='same', schedule_expression='rate(1 day)')\n"
            "aws.iam.RolePolicyAttachment('a', role='admin', policy_arn='arn:aws:iam::aws:policy/ReadOnlyAccess')\n"
        )
    )
    for words in ("a function in apply", "Overwritten without an error", "1 thing is assumed to exist"):
        assert words in done.stdout


def test_a_sound_system_is_exit_code_0(program: Any) -> None:
    done = review(program(source_with([])))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("No findings in 75 resources")


def test_the_text_says_what_where_and_how_to_repair_it(program: Any) -> None:
    done = review(program(FILES))
    assert done.returncode == 1
    head, _, rest = done.stdout.partition("\n")
    assert head == "1 finding in 1 resource: 1 Critical"
    assert "\nCRITICAL\nUNENCRYPTED-AT-REST  files  (" in rest
    assert "infra.py:2)" in rest
    assert "Repair: Set encrypted=True" in rest


SUBNET = (
    "import pulumi_aws as aws\nvpc = aws.ec2.Vpc('v', cidr_block='10.0.0.0/16')\n"
    "aws.ec2.Subnet('s', vpc_id=vpc.id, cidr_block='10.0.0.0/24', availability_zone='eu-central-1b')\n"
)


def test_what_aws_would_refuse_is_a_finding_in_text_json_and_sarif(program: Any, tmp_path: Path) -> None:
    log = tmp_path / "review.sarif"
    (tmp_path / ".git").mkdir()
    path = program(SUBNET, "infra/main.py")
    data = answer(review(path, "--json", "--sarif", str(log), "--config", "aws:region=eu-west-1"), 1)
    (found,) = data["findings"]
    assert (found["id"], found["resource"]) == ("REFUSED", "s")
    assert (found["file"], found["line"]) == ("infra/main.py", 3)
    assert "creating EC2 Subnet" in found["what"]
    (result,) = json.loads(log.read_text(encoding="utf-8"))["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("REFUSED", "warning")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "infra/main.py"


def test_an_accepted_finding_is_exit_code_0_and_a_useless_acceptance_is_noted(
    program: Any, tmp_path: Path
) -> None:
    (tmp_path / ".lab-review.yaml").write_text(
        "accepted:\n"
        "  - {id: UNENCRYPTED-AT-REST, resource: files, reason: Nothing is in it., until: 2999-12-31}\n"
        "  - {id: SINGLE-ZONE, resource: db, reason: A toy., until: 2999-12-31}\n",
        encoding="utf-8",
    )
    data = answer(review(program(FILES), "--json"), 0)
    assert data["findings"] == []
    assert [accepted["reason"] for accepted in data["accepted"]] == ["Nothing is in it."]
    assert [note for note in data["notes"] if "SINGLE-ZONE" in note and "matches no finding" in note]


COMPONENT = """
import pulumi
import pulumi_aws as aws
NETWORK

class StackArgs:
    def __init__(self, environment_suffix: str = "dev"):
        self.environment_suffix = environment_suffix

class AlertStack(pulumi.ComponentResource):
    def __init__(self, name: str, args: StackArgs, opts=None):
        super().__init__("alert:Stack", name, None, opts)
        make(args.environment_suffix)
        aws.kinesis.Stream(f"events-{args.environment_suffix}", name="events", shard_count=1, encryption_type="KMS",
                           kms_key_id="alias/aws/kinesis", opts=pulumi.ResourceOptions(parent=self))
"""
MAKE = "def make(suffix):\n    aws.sqs.Queue(f'jobs-{suffix}')\n"


def test_a_component_class_is_reviewed(program: Any) -> None:
    data = answer(review(program(COMPONENT.replace("NETWORK", MAKE)), "--json"), 1)
    assert [(finding["id"], finding["resource"]) for finding in data["findings"]] == [
        ("NAME-COLLISION", "events-dev")
    ]


def test_a_project_whose_modules_and_variables_know_the_environment(program: Any, tmp_path: Path) -> None:
    """Modules stay loaded in a process, which also has only one environment: so there are two processes."""
    program("name: shop\nruntime: python\n", "Pulumi.yaml")
    program(
        "import pulumi_aws as aws\nfrom settings import suffix\n" + MAKE + "make(suffix)\n", "__main__.py"
    )
    program("import os\nsuffix = os.getenv('ENVIRONMENT_SUFFIX', 'dev')\nimport pulumi\n", "settings.py")
    text = (tmp_path / "__main__.py").read_text(encoding="utf-8")
    program(text + "aws.iam.Role('fixed', name='fixed', assume_role_policy='{}')\n", "__main__.py")
    trust = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    trust += '"Principal": {"Service": "ec2.amazonaws.com"}}]}'
    text = (tmp_path / "__main__.py").read_text(encoding="utf-8").replace("'{}'", repr(trust))
    program(text, "__main__.py")
    data = answer(review(str(tmp_path), "--json"), 1)
    assert [(finding["id"], finding["resource"]) for finding in data["findings"]] == [
        ("NAME-COLLISION", "fixed")
    ]


def test_a_program_that_knows_one_environment_only_leaves_names_undecided(program: Any) -> None:
    text = QUEUE + "import pulumi\nassert pulumi.get_stack() == 'dev', 'only dev'\n"
    data = answer(review(program(text), "--json"), 0)
    (unknown,) = data["unknown"]
    assert unknown["id"] == "NAME-COLLISION"
    assert "could not be previewed for another environment; tried: staging (" in unknown["why"]
    assert "only dev" in unknown["why"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import pulumi\npulumi.Config().require('size')\n", "--config emergency-alert:size=…"),
        ("import pulumi_pebble\n", "The Pulumi package pulumi-pebble is not installed"),
        ("undefined_name\n", "NameError"),
        (
            "import pulumi_aws as aws\naws.kinesis.Stream('s', shard_count=1, retention_period=1)\n",
            "in the range",
        ),
    ],
    ids=["configuration", "package", "error", "refused"],
)
def test_a_program_that_cannot_be_previewed_is_exit_code_3(program: Any, text: str, words: str) -> None:
    done = review(program(text))
    assert (done.returncode, done.stdout) == (3, "")
    assert words in " ".join(done.stderr.split())
    told = answer(review(program(text), "--json"), 3)
    assert words in " ".join([told["error"].replace("\n    ", " "), *told["notes"]])


@pytest.mark.parametrize("arguments", [["/nowhere"], ["."], [".", "--config", "no-sign"]])
def test_a_usage_error_is_exit_code_2(tmp_path: Path, arguments: list[str]) -> None:
    resolved = [str(tmp_path) if argument == "." else argument for argument in arguments]
    assert list(answer(review(*resolved, "--json"), 2)) == ["error"]


def test_an_unreadable_list_of_acceptances_is_exit_code_2(program: Any, tmp_path: Path) -> None:
    (tmp_path / ".lab-review.yaml").write_text("accepted: 3\n", encoding="utf-8")
    done = review(program(QUEUE))
    assert done.returncode == 2
    assert "must contain a list under `accepted`" in done.stderr
