"""`lab preview` in a process of its own: any program, as JSON for scripts and as text for people."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.processes import environment

QUEUE = 'import pulumi_aws as aws\n\nprint("noise")\naws.sqs.Queue("jobs", tags={"stage": "x"})\n'


def preview(
    folder: Path, program: str, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Previews a script with this source."""
    path = folder / "infra.py"
    path.write_text(program, encoding="utf-8")
    return call(str(path), *arguments, **variables)


def call(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "lab_support.cli.main", "preview", *arguments],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def answer(done: subprocess.CompletedProcess[str], code: int = 0) -> Any:
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_json_holds_the_fields_of_the_contract_and_nothing_else(tmp_path: Path) -> None:
    data = answer(preview(tmp_path, QUEUE, "--json", "--stack", "pr-7"))
    assert list(data) == ["resources", "outputs", "diagnostics", "mocked_packages", "notes"]
    (queue,) = data["resources"]
    assert list(queue) == ["urn", "type", "name", "op", "inputs", "outputs", "depends_on"]
    assert queue["urn"] == "urn:pulumi:pr-7::emergency-alert::aws:sqs/queue:Queue::jobs"
    assert (queue["type"], queue["op"]) == ("aws:sqs/queue:Queue", "create")
    assert queue["outputs"]["arn"].startswith("arn:aws:sqs:ap-southeast-1:123456789012:jobs")


def test_stdout_shows_the_plan_and_the_programs_output_goes_to_stderr(tmp_path: Path) -> None:
    done = preview(tmp_path, QUEUE, "--config", "aws:region=eu-west-1")
    assert done.returncode == 0
    assert done.stdout.startswith("Environment dev: 1 to create (account 123456789012, eu-west-1)")
    assert "  + create sqs.Queue  jobs" in done.stdout
    assert "delay_seconds" not in done.stdout
    assert "noise" not in done.stdout
    assert "noise" in done.stderr


def test_full_shows_all_properties_as_python_prints_them(tmp_path: Path) -> None:
    done = preview(tmp_path, QUEUE, "--config", "aws:region=eu-west-1", "--full")
    for line in ("tags: {'stage': 'x'}", "delay_seconds: 0", "fifo_queue: False"):
        assert line in done.stdout


def test_secrets_are_masked(tmp_path: Path) -> None:
    program = (
        "import pulumi\nimport pulumi_aws as aws\n"
        'hidden = pulumi.Config().require_secret("token")\n'
        'aws.ssm.Parameter("p", type="SecureString", value=hidden)\npulumi.export("token", hidden)\n'
    )
    for form in ([], ["--json"]):
        done = preview(tmp_path, program, "--config", "token=hunter2", *form)
        assert done.returncode == 0, done.stderr
        assert "hunter2" not in done.stdout + done.stderr
        assert "[secret]" in done.stdout


def test_a_project_folder_is_previewed_with_its_configuration(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (tmp_path / "Pulumi.prod.yaml").write_text(
        "config:\n  shop:count: 2\n  token: {secure: v1:x}\n", encoding="utf-8"
    )
    (tmp_path / "queues.py").write_text(
        "import pulumi_aws as aws\n\ndef make(n): aws.sqs.Queue(f'q-{n}')\n", encoding="utf-8"
    )
    (tmp_path / "__main__.py").write_text(
        "import pulumi\nfrom queues import make\nfor n in range(pulumi.Config().require_int('count')): make(n)\n",
        encoding="utf-8",
    )
    done = call(str(tmp_path), "--stack", "prod")
    assert done.returncode == 0, done.stderr
    assert "2 to create" in done.stdout
    assert "The secret token in Pulumi.prod.yaml cannot be decrypted here" in done.stdout
    data = answer(call(str(tmp_path), "--stack", "prod", "--config", "count=3", "--json"))
    assert sorted(resource["name"] for resource in data["resources"]) == ["q-0", "q-1", "q-2"]


def test_a_placeholder_is_named_when_the_program_fails_on_it(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  shop:token: {secure: v1:x}\n", encoding="utf-8")
    (tmp_path / "__main__.py").write_text(
        "import pulumi\nint(pulumi.Config().require('token'))\n", encoding="utf-8"
    )
    done = call(str(tmp_path))
    assert done.returncode == 1
    assert "--config shop:token=" in done.stdout + done.stderr
    assert len(answer(call(str(tmp_path), "--json"), 1)["notes"]) == 1


def test_all_missing_configuration_is_named_at_once(tmp_path: Path) -> None:
    program = "import pulumi\nc = pulumi.Config()\nc.require('size')\nc.require_secret('token')\n"
    done = preview(tmp_path, program)
    assert done.returncode == 1
    assert "--config emergency-alert:size=… --config emergency-alert:token=…" in done.stderr


def test_the_region_follows_from_the_program(tmp_path: Path) -> None:
    program = (
        "import pulumi_aws as aws\nvpc = aws.ec2.Vpc('v', cidr_block='10.0.0.0/16')\n"
        "aws.ec2.Subnet('s', vpc_id=vpc.id, cidr_block='10.0.0.0/24', availability_zone='eu-central-1b')\n"
    )
    done = preview(tmp_path, program)
    assert done.returncode == 0, done.stderr
    assert "assuming eu-central-1, because of 'eu-central-1b' in infra.py" in done.stdout
    elsewhere = preview(tmp_path, program, "--config", "aws:region=eu-west-1")
    assert elsewhere.returncode == 0
    assert "s: A deployment would be refused: creating EC2 Subnet" in elsewhere.stdout


def test_a_refusal_by_aws_is_a_warning_and_one_by_the_provider_an_error(tmp_path: Path) -> None:
    roles = (
        "import pulumi_aws as aws\n"
        "for role in 'ab': aws.iam.Role(role, name='{name}', assume_role_policy='{{}}')\n"
    )
    data = answer(preview(tmp_path, roles.format(name="alerts"), "--json"))
    assert len(data["resources"]) == 2
    (warning,) = (
        diagnostic for diagnostic in data["diagnostics"] if "EntityAlreadyExists" in diagnostic["text"]
    )
    assert warning["severity"] == "warning"
    assert warning["text"].startswith("A deployment would be refused: creating IAM Role (alerts)")
    assert preview(tmp_path, roles.format(name="no spaces")).returncode == 1


def test_resources_outside_the_program_are_taken_to_exist(tmp_path: Path) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        "aws.iam.RolePolicyAttachment('a', role='admin', policy_arn='arn:aws:iam::aws:policy/ReadOnlyAccess')\n"
        "pulumi.export('arn', aws.iam.get_role(name='deployer').arn)\n"
    )
    data = answer(preview(tmp_path, program, "--json"))
    assert "deployer" in data["outputs"]["arn"]
    texts = " ".join(diagnostic["text"] for diagnostic in data["diagnostics"])
    assert "role with name admin: it is assumed to exist outside this program." in texts
    assert "iam.getRole(name=deployer): it is assumed to exist" in texts
    shown = preview(tmp_path, program).stdout
    assert (
        "2 things are assumed to exist outside this program: iam.getRole(name=deployer), role with name admin"
        in shown
    )


def test_what_the_program_logs_is_shown(tmp_path: Path) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        "queue = aws.sqs.Queue('q')\n"
        "pulumi.log.info('two parts')\n"
        "pulumi.log.warn('small', queue)\n"
        "pulumi.log.debug('of no interest')\n"
        "pulumi.Output.from_input('late').apply(pulumi.log.error)\n"
    )
    lines = preview(tmp_path, program, "--config", "aws:region=eu-west-1").stdout.splitlines()
    logged = [line for line in lines if line.startswith(("info", "warning", "error", "debug"))]
    assert sorted(logged) == ["error: late", "info: two parts", "warning: q: small"]


def test_the_outputs_of_another_stack_are_unknown(tmp_path: Path) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        "network = pulumi.StackReference('agency/network/prod')\n"
        "vpc = network.require_output('vpc').apply(lambda found: found['id'])\n"
        "group = aws.ec2.SecurityGroup('g', vpc_id=vpc, opts=pulumi.ResourceOptions(depends_on=[network]))\n"
        "pulumi.export('vpc', network.get_output('vpc'))\n"
    )
    data = answer(preview(tmp_path, program, "--json", "--config", "aws:region=eu-west-1"))
    assert [resource["name"] for resource in data["resources"]] == ["g"]
    assert data["outputs"] == {"vpc": "[unknown]"}
    assert data["notes"] == ["The outputs of the stack agency/network/prod are unknown here."]


def test_existing_resources_can_be_read_and_imported(tmp_path: Path) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        "vpc = aws.ec2.Vpc.get('v', 'vpc-0123456789abcdef0')\n"
        "taken = pulumi.ResourceOptions(import_='alerts-archive')\n"
        "bucket = aws.s3.Bucket('b', bucket='alerts-archive', opts=taken)\n"
        "pulumi.export('arns', [vpc.arn, bucket.arn])\n"
    )
    data = answer(preview(tmp_path, program, "--json"))
    assert {resource["name"]: resource["op"] for resource in data["resources"]} == {
        "v": "read",
        "b": "import",
    }
    vpc, bucket = data["outputs"]["arns"]
    assert vpc.endswith(":vpc/vpc-0123456789abcdef0")
    assert bucket == "arn:aws:s3:::alerts-archive"
    assert "do not match" not in json.dumps(data["diagnostics"])


def test_a_missing_package_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    done = preview(tmp_path, "import pulumi_pebble as pebble\n")
    assert done.returncode == 1
    assert (
        "The Pulumi package pulumi-pebble is not installed where the lab runs. Install it with:"
        in done.stderr
    )
    assert "-m pip install pulumi-pebble" in done.stderr


def test_a_missing_package_is_installed_where_the_project_has_its_own(tmp_path: Path) -> None:
    (tmp_path / ".venv/lib/python3.11/site-packages").mkdir(parents=True)
    for module in ("pulumi_pebble", "shop_parts"):
        done = preview(tmp_path, f"import {module}\n")
        assert done.returncode == 1
        name = module.replace("_", "-")
        assert f".venv/bin/python -m pip install {name}. The lab finds what is" in done.stderr


def test_any_value_will_do_for_a_configured_password(tmp_path: Path) -> None:
    program = (
        "import pulumi, pulumi_aws as aws\n"
        "password = pulumi.Config().require_secret('password')\n"
        "aws.rds.Instance('d', engine='postgres', instance_class='db.t3.micro', allocated_storage=20,\n"
        "    username='u', password=password, skip_final_snapshot=True)\n"
    )
    data = answer(preview(tmp_path, program, "--config", "password=x", "--json"))
    assert data["resources"][0]["inputs"]["password"] == "[secret]"


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("def program(suffix): undefined_name\n", "NameError: name 'undefined_name' is not defined"),
        ("1 +\n", "SyntaxError"),
        ("import sys\nsys.exit(1)\n", "called sys.exit()"),
        (
            "import pulumi_aws as aws\naws.kinesis.Stream('s', shard_count=1, retention_period=1)\n",
            "expected retention_period to be in the range",
        ),
    ],
    ids=["error", "syntax", "leaves", "refused"],
)
def test_a_program_that_fails_is_exit_code_1(tmp_path: Path, program: str, words: str) -> None:
    done = preview(tmp_path, program)
    assert done.returncode == 1
    assert done.stdout == ""
    assert words in " ".join(done.stderr.split())
    assert "lab_support" not in done.stderr
    assert words in answer(preview(tmp_path, program, "--json"), 1)["error"].replace("\n    ", " ")


@pytest.mark.parametrize(
    "arguments",
    [["/nowhere"], ["/nowhere.py"], ["."], [".", "--config", "no-sign"]],
    ids=lambda arguments: " ".join(arguments),
)
def test_a_usage_error_is_exit_code_2(tmp_path: Path, arguments: list[str]) -> None:
    resolved = [str(tmp_path) if argument == "." else argument for argument in arguments]
    assert list(answer(call(*resolved, "--json"), 2)) == ["error"]
    assert call(*resolved).returncode == 2


def test_an_invalid_stack_name_is_exit_code_2(tmp_path: Path) -> None:
    assert preview(tmp_path, QUEUE, "--stack", "no spaces").returncode == 2


def test_an_endless_loop_is_ended_at_the_time_limit(tmp_path: Path) -> None:
    done = preview(tmp_path, "def program(suffix):\n    while True: pass\n", "--timeout", "3")
    assert done.returncode == 1
    assert "time limit" in done.stderr
    assert "line 2:  while True: pass" in done.stderr


def test_a_sleeping_program_is_ended_at_the_time_limit(tmp_path: Path) -> None:
    path = tmp_path / "infra.py"
    path.write_text("import time\n\ndef program(suffix):\n    time.sleep(600)\n", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "lab_support.cli.main", "preview", str(path), "--timeout", "3"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line == "The program did not run.\n"
        assert process.wait(timeout=5) == 1
    finally:
        process.kill()
        process.communicate()


def project(folder: Path, settings: str = "name: shop\nruntime: python\n", **modules: str) -> Path:
    """A project folder with these modules; `main` is its program."""
    (folder / "Pulumi.yaml").write_text(settings, encoding="utf-8")
    for name, text in modules.items():
        path = folder / f"{name.replace('main', '__main__').replace('_in_', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            "name: shop/platform\nruntime: python\n",
            "project names may only contain alphanumerics, hyphens, underscores, and periods",
        ),
        (
            "name: shop\nruntime: python\nconfig:\n  'a:b:c': 3\n",
            "configuration keys should be of the form `<namespace>:<name>`",
        ),
    ],
    ids=["name", "key"],
)
def test_what_is_wrong_in_the_projects_file_is_the_users(tmp_path: Path, settings: str, words: str) -> None:
    data = answer(call(str(project(tmp_path, settings, main="")), "--json"), 1)
    assert words in " ".join(data["error"].split())


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("def make():\n    raise ValueError('the file is missing')\n", 2),
        ("import pulumi\ndef make():\n    pulumi.Output.from_input(0).apply(lambda n: 1 / n)\n", 3),
        ("import json, pulumi\ndef make():\n    pulumi.Output.from_input('x').apply(json.loads)\n", 3),
    ],
    ids=["module", "apply", "a function of a package in apply"],
)
def test_an_error_is_located_in_its_own_file(tmp_path: Path, module: str, line: int) -> None:
    done = call(str(project(tmp_path, main="from parts import net\nnet.make()\n", parts_in_net=module)))
    assert done.returncode == 1
    assert f"  parts/net.py, line {line}:  " in done.stderr


def test_a_failing_apply_is_an_advice(tmp_path: Path) -> None:
    program = (
        "import pulumi\nimport pulumi_aws as aws\n"
        "pulumi.export('x', aws.s3.Bucket('b').arn.apply(lambda arn: {}[arn]))\n"
    )
    done = preview(tmp_path, program)
    assert done.returncode == 0, done.stderr
    assert "a function in apply (infra.py, line 3), which fails" in done.stdout
    assert "x: [unknown]" in done.stdout


def test_as_pulumi_leaves_unknown_what_pulumi_would_not_know(tmp_path: Path) -> None:
    program = (
        "import pulumi\nimport pulumi_aws as aws\npulumi.export('x', aws.s3.Bucket('b', bucket='shop').arn)\n"
    )
    assert answer(preview(tmp_path, program, "--json"))["outputs"] == {"x": "arn:aws:s3:::shop"}
    assert answer(preview(tmp_path, program, "--json", "--as-pulumi"))["outputs"] == {"x": "[unknown]"}


def test_a_module_of_the_program_shadows_pythons(tmp_path: Path) -> None:
    module = "import pulumi_aws as aws\ndef make(): aws.sqs.Queue('own')\n"
    data = answer(
        call(str(project(tmp_path, main="import secrets\nsecrets.make()\n", secrets=module)), "--json")
    )
    assert [resource["name"] for resource in data["resources"]] == ["own"]


def test_a_region_that_nothing_names_is_said(tmp_path: Path) -> None:
    (note,) = answer(preview(tmp_path, QUEUE, "--json"))["notes"]
    assert "assuming ap-southeast-1" in note
    assert answer(preview(tmp_path, QUEUE, "--json", "--config", "aws:region=eu-west-1"))["notes"] == []
