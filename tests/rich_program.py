"""Programs that use much of the SDK, and what comes out of them, to compare two ways in which the SDK may work.

`python -m tests.rich_program` prints `outcomes()` as JSON.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

import grpc
import pulumi
import pulumi_aws as aws
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import resource_pb2_grpc

from lab_support.engine.operations import preview
from lab_support.errors import PreviewFailed, ProgramError, is_user_code
from lab_support.mock_aws.account import Account
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource


class Storage(pulumi.ComponentResource):
    """A bucket and its key, with an output of the component's own."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lab:test:Storage", name, {}, opts)
        self.key = aws.kms.Key(
            f"{name}-key",
            description="the bucket's",
            enable_key_rotation=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.bucket = aws.s3.Bucket(
            f"{name}-bucket",
            tags={"of": name, "key": self.key.arn},
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.address = pulumi.Output.format("s3://{0}/", self.bucket.bucket)
        self.register_outputs({"address": self.address, "bucket": self.bucket})


def rich(environment_suffix: str) -> None:
    """Components, dependencies of every kind, outputs, secrets, nested and computed values, data sources, providers."""
    storage = Storage(f"files-{environment_suffix}")
    zones = aws.get_availability_zones(state="available").names
    caller = aws.get_caller_identity_output()
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", tags={"account": caller.account_id})
    subnets = [
        aws.ec2.Subnet(f"subnet-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{n}.0/24", availability_zone=zone)
        for n, zone in enumerate(zones)
    ]
    found = aws.ec2.get_vpc_output(id=vpc.id)
    group = aws.ec2.SecurityGroup(
        "group",
        vpc_id=found.id,
        ingress=[
            aws.ec2.SecurityGroupIngressArgs(protocol="tcp", from_port=5432, to_port=5432, self=True),
            {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": [vpc.cidr_block]},
        ],
        opts=pulumi.ResourceOptions(depends_on=subnets, ignore_changes=["description"]),
    )
    password = pulumi.Output.secret("correct-horse-battery")
    database = aws.rds.Instance(
        "database",
        engine="postgres",
        instance_class="db.t4g.medium",
        allocated_storage=20,
        username="alerts",
        password=password,
        db_subnet_group_name=aws.rds.SubnetGroup("places", subnet_ids=[subnet.id for subnet in subnets]).name,
        vpc_security_group_ids=[group.id],
        skip_final_snapshot=True,
        opts=pulumi.ResourceOptions(depends_on=[storage], custom_timeouts=pulumi.CustomTimeouts(create="1h")),
    )
    aws.ssm.Parameter(
        "url",
        type="SecureString",
        value=pulumi.Output.all(database.endpoint, password).apply(
            lambda both: f"postgres://{both[1]}@{both[0]}"
        ),
        opts=pulumi.ResourceOptions(
            additional_secret_outputs=["value"], aliases=[pulumi.Alias(name="old-url")]
        ),
    )
    role = aws.iam.Role(
        "role",
        assume_role_policy=aws.iam.get_policy_document_output(
            statements=[
                aws.iam.GetPolicyDocumentStatementArgs(
                    actions=["sts:AssumeRole"],
                    principals=[
                        aws.iam.GetPolicyDocumentStatementPrincipalArgs(
                            type="Service", identifiers=["ecs-tasks.amazonaws.com"]
                        )
                    ],
                )
            ]
        ).json,
    )
    aws.iam.RolePolicy(
        "policy",
        role=role.name,
        policy=pulumi.Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": storage.bucket.arn}],
            }
        ),
    )
    europe = aws.Provider("europe", region="eu-central-1")
    topic = aws.sns.Topic("topic", opts=pulumi.ResourceOptions(provider=europe))
    aws.sqs.Queue("queue", redrive_policy=topic.arn.apply(lambda arn: json.dumps({"of": arn})))
    aws.s3.Bucket.get("existing", "a-bucket-of-somebody")
    topic.name.apply(lambda name: aws.cloudwatch.LogGroup("made-in-apply", name=f"/lab/{name}"))
    aws.s3.BucketObject(
        "text",
        bucket=storage.bucket.id,
        key="a.txt",
        source=pulumi.StringAsset("text"),
        content_type="text/plain",
    )
    aws.lambda_.Function(
        "function",
        role=role.arn,
        runtime=aws.lambda_.Runtime.PYTHON3D12,
        handler="a.b",
        code=pulumi.AssetArchive({"a.py": pulumi.StringAsset("b = 1")}),
    )
    pulumi.log.warn("a warning of the program", vpc)
    pulumi.log.info("an information")
    pulumi.log.debug("nobody reads this")
    pulumi.export("address", storage.address)
    pulumi.export("password", password)
    pulumi.export("bucket", storage.bucket)
    pulumi.export("subnets", [subnet.id for subnet in subnets])
    pulumi.export("lifted", database.endpoint.apply(lambda endpoint: endpoint.split(":"))[0])


def transformed(environment_suffix: str) -> None:
    """Every resource gets a tag: the engine calls the program back."""

    def tagged(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult({**args.props, "tags": {"seen": "yes"}}, args.opts)

    pulumi.runtime.register_resource_transform(tagged)
    aws.sqs.Queue("queue")
    aws.sns.Topic("topic", name=f"topic-{environment_suffix}")


async def awaited(environment_suffix: str) -> None:
    """A program that is a coroutine."""
    queue = aws.sqs.Queue("queue")
    await asyncio.sleep(0.01)
    aws.sns.Topic("topic", display_name=queue.name)


def fails_at_once(environment_suffix: str) -> None:
    aws.sqs.Queue("queue")
    raise KeyError(environment_suffix)


def fails_in_apply(environment_suffix: str) -> None:
    queue = aws.sqs.Queue("queue")
    aws.sns.Topic("topic", display_name=queue.arn.apply(lambda arn: arn.no_such_method()))


def fails_in_an_input(environment_suffix: str) -> None:
    aws.sqs.Queue("queue", tags={"number": 1j})  # type: ignore[dict-item]


def is_refused(environment_suffix: str) -> None:
    first = aws.kinesis.Stream("first", name="one-name", shard_count=1)
    aws.kinesis.Stream(
        "second", name="one-name", shard_count=1, opts=pulumi.ResourceOptions(depends_on=[first])
    )
    aws.sns.Topic("topic", display_name=first.name)


def is_made_twice(environment_suffix: str) -> None:
    aws.sqs.Queue("queue")
    aws.sqs.Queue("queue")


def looks_up_what_is_missing(environment_suffix: str) -> None:
    queue = aws.sqs.Queue("queue")
    aws.sns.Topic("topic", display_name=aws.ec2.get_vpc_output(id="vpc-0123456789abcdef0").arn)
    aws.sqs.Queue("another", policy=queue.arn)


def waits_for_itself(environment_suffix: str) -> None:
    aws.sqs.Queue("queue")
    waiting: Any = asyncio.get_event_loop().create_task(asyncio.sleep(0.05, "a late name"))
    aws.sns.Topic("topic", display_name=waiting)


PROGRAMS: dict[str, Callable[[str], Any]] = {
    kind.__name__: kind
    for kind in (
        rich,
        transformed,
        awaited,
        fails_at_once,
        fails_in_apply,
        fails_in_an_input,
        is_refused,
        is_made_twice,
        looks_up_what_is_missing,
        waits_for_itself,
    )
}


class _Recorded(resource_pb2_grpc.ResourceMonitorStub):
    """The engine as the SDK sees it; records its requests."""

    requests: ClassVar[list[Any]] = []

    def __init__(self, channel: grpc.Channel) -> None:
        super().__init__(channel)
        for name in ("RegisterResource", "RegisterResourceOutputs", "ReadResource", "Invoke", "Call"):
            setattr(self, name, self._recorded(getattr(self, name)))

    def _recorded(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(request: Any, *arguments: Any, **options: Any) -> Any:
            self.requests.append(_request(request))
            return call(request, *arguments, **options)

        return recorded


def _request(request: Any) -> list[Any]:
    said = MessageToDict(request)
    calls = [frame["pc"] for frame in said.pop("stackTrace", {}).get("frames", ()) if "pc" in frame]
    said["sourcePosition"] = [
        call for call in calls if is_user_code(url2pathname(urlsplit(call["uri"]).path))
    ]
    said["dependencies"] = sorted(said.get("dependencies") or ())
    for dependency in (said.get("propertyDependencies") or {}).values():
        dependency["urns"] = sorted(dependency.get("urns") or ())
    return [type(request).__name__, said]


def outcomes() -> dict[str, Any]:
    """Each program's requests to the engine and its plan or error, as JSON; unordered parts are sorted."""
    resource_pb2_grpc.ResourceMonitorStub = _Recorded  # type: ignore[misc]
    return {name: _outcome(program) for name, program in PROGRAMS.items()}


def _outcome(program: Callable[[str], Any]) -> Any:
    _Recorded.requests.clear()
    try:
        # `rich` reads a bucket that is somebody's; the others work in an account of which everything is known.
        plan = preview(program, "dev", account=Account(holds_everything=program is not rich))
    except (ProgramError, PreviewFailed) as error:  # what is still asked after an error is a matter of timing
        return [type(error).__name__, str(error).splitlines()]
    return {"requests": sorted(_Recorded.requests, key=json.dumps), "plan": _plan(plan)}


def _plan(plan: Plan) -> dict[str, Any]:
    said = sorted((d.severity, d.text, d.urn) for d in plan.diagnostics)
    resources = sorted((_resource(resource) for resource in plan), key=lambda resource: str(resource["urn"]))
    shown = {"resources": resources, "diagnostics": said, "outputs": dict(plan.outputs)}
    return dict(json.loads(json.dumps(shown, default=str)))


def _resource(resource: Resource) -> dict[str, Any]:
    values = {field.name: getattr(resource, field.name) for field in dataclasses.fields(resource)}
    return {
        **values,
        "inputs": dict(resource.inputs),
        "outputs": dict(resource.outputs),
        "secrets": sorted(resource.secrets),
        "defaults": sorted(resource.defaults),
        "depends_on": sorted(resource.depends_on),
        "properties_from": {name: sorted(urns) for name, urns in resource.properties_from.items()},
        "source": str(resource.source),
    }


if __name__ == "__main__":
    print(json.dumps(outcomes()))
