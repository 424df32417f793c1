"""Programs for test_previews.py, in their own file: what is defined beside a program counts as part of it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pulumi
import pulumi_aws as aws


class Network(pulumi.ComponentResource):
    """A component with two levels of children."""

    def __init__(self, name: str, options: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("acme:net:Network", name, None, options)
        within = pulumi.ResourceOptions(parent=self)
        self.vpc = aws.ec2.Vpc(f"{name}-vpc", cidr_block="10.0.0.0/16", opts=within)
        below = pulumi.ResourceOptions(parent=self.vpc)
        self.subnet = aws.ec2.Subnet(
            f"{name}-a",
            vpc_id=self.vpc.id,
            cidr_block="10.0.0.0/24",
            availability_zone="ap-southeast-1a",
            opts=below,
        )
        self.register_outputs({"vpc": self.vpc.id})


def rich(environment_suffix: str) -> None:
    """A bit of everything; only one resource has the environment in its name."""
    network = Network("network")
    west = aws.Provider("west", region="us-west-2")
    there = pulumi.ResourceOptions(provider=west, depends_on=[network])
    aws.kinesis.Stream("alerts", shard_count=1, tags={"env": environment_suffix}, opts=there)
    caller = aws.get_caller_identity()
    region = aws.get_region_output(opts=pulumi.InvokeOptions(provider=west))
    secret = pulumi.Config().get_secret("token") or pulumi.Output.secret(f"secret of {pulumi.get_stack()}")
    aws.ssm.Parameter("token", type="SecureString", value=secret, description=pulumi.get_stack())
    queue = aws.sqs.Queue("queue", name=f"{pulumi.get_project()}-{environment_suffix}")
    aws.sns.Topic("topic", display_name=queue.name.apply(lambda name: f"for {name}"))
    pulumi.log.warn(f"about nothing in {environment_suffix}")
    print("in", environment_suffix)
    secret.apply(print)
    pulumi.log.info("about the queue", queue)
    pulumi.export("caller", caller.account_id)
    pulumi.export("where", region.region)
    pulumi.export("secret", secret)
    pulumi.export("queue", queue.url)
    if environment_suffix == "prod":
        aws.kinesis.Stream("archive", shard_count=2)


async def waiting(environment_suffix: str) -> None:
    await asyncio.sleep(0.01)
    queue = aws.sqs.Queue("queue", delay_seconds=len(environment_suffix))
    found = await aws.get_availability_zones()
    pulumi.export("zones", found.names)
    pulumi.export("queue", queue.name)


def entry_point(environment_suffix: str) -> None:
    async def main() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"name": aws.sqs.Queue(f"queue-{environment_suffix}").name}

    pulumi.run(main)


def one_name(environment_suffix: str) -> None:
    aws.sqs.Queue("queue", name="one-for-all")


def refused_in_prod(environment_suffix: str) -> None:
    """Two streams of one name, one of which is refused, and a queue that depends on it."""
    first = aws.kinesis.Stream("first", name="one", shard_count=1)
    name = first.name if environment_suffix == "prod" else "another"
    second = aws.kinesis.Stream("second", name=name, shard_count=1)
    aws.sqs.Queue("third", name=second.arn.apply(lambda arn: arn[-3:]))


def refused_three_times(environment_suffix: str) -> None:
    """Streams without shards are refused, and so is a policy for a role that does not exist."""
    for name in ("zulu", "alpha"):
        stream = aws.kinesis.Stream(name, shard_count=0)
    aws.iam.RolePolicy("a", role="nobody", policy="{}", opts=pulumi.ResourceOptions(depends_on=stream))


def not_taken_in_prod(environment_suffix: str) -> None:
    count: Any = "many" if environment_suffix == "prod" else 1
    aws.kinesis.Stream("alerts", shard_count=count)


def broken_in_prod(environment_suffix: str) -> None:
    aws.sqs.Queue("queue", name=aws.sns.Topic("topic").name)
    if environment_suffix == "prod":
        raise ValueError("not in prod")


def endless(environment_suffix: str) -> None:
    while environment_suffix == "prod":
        pass


def sleepy(environment_suffix: str) -> None:
    while environment_suffix == "prod":
        time.sleep(0.01)


async def waits_forever(environment_suffix: str) -> None:
    await asyncio.sleep(3600 if environment_suffix == "prod" else 0)
