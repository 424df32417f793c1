"""The SDK loads what a program uses, and what the program gets is what it got before."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import textwrap
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.engine.operations import preview
from lab_support.engine.sdk_patches import on_demand
from lab_support.engine.sdk_patches.apply import AS_IS, load_on_demand
from lab_support.mock_aws.sdk_source import package_folder
from tests.processes import environment


def told_by(code: str, **more: str) -> Any:
    """What a fresh process prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=environment(**{AS_IS: "", **more}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# Services with every kind of declaration in them: enums, types of other services, files with many nested types.
ALL_OF_IT = """
    import inspect, json
    import pulumi
    import pulumi_aws as aws
    import lab_support.engine.operations
    from pulumi import _types

    def described(thing):
        if not inspect.isclass(thing):
            return str(inspect.signature(thing)) if inspect.isfunction(thing) else type(thing).__name__
        types = {}
        if _types.is_input_type(thing) or _types.is_output_type(thing):
            types = _types._types_from_py_properties(thing)
        elif issubclass(thing, pulumi.Resource):
            types = _types.resource_types(thing)
        bases = [base.__name__ for base in thing.__mro__]
        members = [each.value for each in thing] if hasattr(thing, "__members__") else []
        return [thing.__module__, thing.__doc__, bases, members, {name: repr(each) for name, each in types.items()}]

    found = {}
    for service in ("cloudwatch", "iam", "kinesis", "kms", "rds", "sqs"):
        module = getattr(aws, service)
        for place in (module, module.outputs) if hasattr(module, "outputs") else (module,):
            names = [name for name in dir(place) if not name.startswith("_") and name[0].isupper()]
            names += [name for name in dir(place) if name.startswith("get_")]
            for name in names:
                if getattr(place, name).__module__.startswith(place.__name__):  # and is not only imported there
                    found[f"{place.__name__}.{name}"] = described(getattr(place, name))
    print(json.dumps(found))
"""


@pytest.mark.slow
def test_it_is_the_same_sdk() -> None:
    as_is, as_here = told_by(ALL_OF_IT, **{AS_IS: "1"}), told_by(ALL_OF_IT)
    assert as_here.keys() == as_is.keys()
    assert len(as_here) > 500
    assert {name: each for name, each in as_here.items() if each != as_is[name]} == {}


def test_only_what_is_used_is_loaded() -> None:
    loaded = told_by("""
        import json, sys
        import pulumi_aws as aws
        import lab_support.engine.operations
        aws.ec2.Vpc, aws.rds.InstanceBlueGreenUpdateArgs
        print(json.dumps([name for name in sys.modules if name.startswith(("pulumi_aws.ec2.", "pulumi_aws.rds."))]))
    """)
    assert "pulumi_aws.ec2.vpc" in loaded
    assert "pulumi_aws.ec2.instance" not in loaded
    assert "pulumi_aws.rds.instance" not in loaded


def test_threads_that_ask_at_once_get_the_same() -> None:
    """As they come without any module loaded: the SDK's own lazy modules do not stand this."""
    assert told_by("""
        import json, sys, threading
        import pulumi_aws as aws
        import lab_support.engine.operations
        sys.setswitchinterval(1e-5)
        names = "ec2.Vpc ec2.SecurityGroupIngressArgs ec2.InstanceType rds.Instance iam.get_policy_document ecs.Service"
        got, start = [], threading.Barrier(8)
        def ask():
            start.wait()
            got.append([getattr(getattr(aws, s), n) for s, n in (each.split(".") for each in names.split())])
        threads = [threading.Thread(target=ask) for _ in range(8)]
        [each.start() for each in threads]
        [each.join() for each in threads]
        print(json.dumps([len(got), all(each == got[0] for each in got), all(map(callable, got[0]))]))
    """) == [8, True, True]


def test_a_function_is_not_hidden_by_the_file_of_its_name() -> None:
    assert told_by("""
        import json
        import pulumi_aws as aws
        import lab_support.engine.operations
        import pulumi_aws.ec2.get_vpc
        from pulumi_aws.ec2 import get_ami, vpc
        from pulumi_aws.sqs import *
        print(json.dumps([aws.ec2.get_vpc.__name__, get_ami.__name__, vpc.__name__, Queue is aws.sqs.Queue]))
    """) == ["get_vpc", "get_ami", "pulumi_aws.ec2.vpc", True]


@pytest.mark.parametrize("off", [{AS_IS: "1"}, {"CHANGED": "1"}], ids=["exercise to", "another version"])
def test_off(off: dict[str, str]) -> None:
    kind = told_by(
        """
        import json, os
        import pulumi_aws as aws
        if os.environ.get("CHANGED"):
            aws._utilities._version_str = "7.51.2"
        import lab_support.engine.operations
        aws.sqs.Queue
        print(json.dumps(type(aws.sqs).__name__))
        """,
        **off,
    )
    assert kind == "module"


def test_a_name_that_is_not_there() -> None:
    assert not hasattr(aws.glacier, "Basket")
    with pytest.raises(AttributeError, match=r"'pulumi_aws\.glacier' has no attribute 'Basket'"):
        _ = aws.glacier.Basket
    with pytest.raises(AttributeError, match="no attribute 'BasketArgs'"):
        _ = aws.glacier.outputs.BasketArgs


def test_a_nested_type_knows_its_place_in_the_file() -> None:
    made = aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs
    source, line = inspect.getsourcelines(made.__init__)
    assert source[0].strip() == "def __init__(__self__, *,"
    assert line == made.__init__.__code__.co_firstlineno
    assert inspect.getsource(made).startswith("@pulumi.input_type\nclass ReplicationGroupLogDelivery")


def test_a_class_of_the_learners_own_has_nested_types_too() -> None:
    class Files(aws.s3.Bucket):
        """Made in the learner's module, with properties of the SDK's."""

    def program(environment_suffix: str) -> None:
        rule = aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled")
        files = Files(f"files-{environment_suffix}")
        aws.s3.BucketVersioning("versions", bucket=files.id, versioning_configuration=rule)
        pulumi.export("region", files.region)

    versions = preview(program).named("versions")
    assert versions["versioning_configuration"] == {"status": "Enabled"}


def test_asking_twice_changes_nothing() -> None:
    before = list(sys.meta_path)
    assert load_on_demand()
    assert sys.meta_path == before


SERVICES = [
    each.parent for each in sorted(package_folder().glob("*/__init__.py")) if each.parent.name != "config"
]
_OPENS = re.compile(r"^class (\w+)[(:]", re.MULTILINE)


def test_the_installed_sdk_has_the_shape_that_is_known() -> None:
    """Every service imports its files with a star and nothing else, and files of nested types declare classes only."""
    assert len(SERVICES) > 200
    for folder in SERVICES:
        files = on_demand._files_of(folder)
        here = {each.stem for each in folder.glob("*.py")} - {"__init__"}
        assert set(files) == here, folder.name
        offered = [name for file in files for name in on_demand._offered_by(folder, file)]
        assert not {name for name in offered if name[0].isupper() and offered.count(name) > 1}, folder.name
        for file in set(on_demand._DECLARATIONS) & here:
            text = (folder / f"{file}.py").read_text(encoding="utf-8")
            assert on_demand._names_in(folder / f"{file}.py") == set(_OPENS.findall(text)), (
                folder.name,
                file,
            )
