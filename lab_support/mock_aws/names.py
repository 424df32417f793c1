"""Physical names: what a thing is called in AWS when the program gives no name, and which property carries it.

The provider makes a name of the logical name, a dash and seven hexadecimal digits, unless the engine's autonaming
configuration says otherwise. What differs by type stands in a table (pulumi/pulumi-aws, provider/resource_overrides.go
and provider/autonaming.go, the fields with `AutoName`); how the engine's proposal is taken is the bridge's rule
(pulumi/pulumi-terraform-bridge, ComputeAutoNameDefault).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.aws_errors import InvalidInput
from lab_support.mock_aws.sdk_types import ResourceType
from lab_support.plan.resource import kind_of


@dataclass(frozen=True)
class Autoname:
    """How the provider names things of a type: `property` carries the name, `longest` is its limit.

    `digits` random characters follow the logical name and the `separator`: hexadecimal ones, or `letters`. `lower`
    says that the logical name is made lower-case first, `begins` what every name begins with, `fifo` which input
    makes it end in `.fifo`.
    """

    property: str = "name"
    longest: int = 255
    separator: str = "-"
    digits: int = 7
    letters: bool = False
    lower: bool = False
    begins: str = ""
    fifo: str = ""


@dataclass(frozen=True)
class Proposal:
    """The engine's autonaming configuration for one resource: `mode` is propose, enforce or disable."""

    mode: str = "propose"
    name: str = ""


_WORD: Final = Autoname(longest=0, separator="_", digits=8, letters=True)

# The types that differ from the rule: an input `name`, 255 characters, a dash, seven digits.
AUTONAMES: Final[Mapping[str, Autoname | None]] = {
    "appsync.DataSource": Autoname(separator="_"),
    "appsync.Function": Autoname(separator="_"),
    "athena.Database": Autoname(separator="_"),
    "backup.RestoreTestingPlan": Autoname(separator="_"),
    "cloudwatch.EventRule": Autoname(longest=64),
    "cloudwatch.EventTarget": Autoname("targetId"),
    "codedeploy.DeploymentConfig": Autoname("deploymentConfigName", longest=100, separator="_"),
    "directoryservice.Directory": None,
    "ec2.KeyPair": Autoname("keyName"),
    "efs.FileSystem": Autoname("creationToken"),
    "eks.FargateProfile": Autoname("fargateProfileName"),
    "eks.NodeGroup": Autoname("nodeGroupName"),
    "elasticache.Cluster": Autoname("clusterId", longest=50, lower=True),
    "elasticache.ReplicationGroup": Autoname("replicationGroupId", longest=40, lower=True),
    "elasticbeanstalk.Environment": Autoname(longest=40),
    "elasticsearch.Domain": Autoname("domainName", longest=28, lower=True),
    "glue.CatalogDatabase": Autoname(longest=0, separator="_", digits=8, letters=True, lower=True),
    "glue.CatalogTable": Autoname(longest=0, separator="_", digits=8, letters=True, lower=True),
    "iam.Role": Autoname(longest=64),
    "iot.TopicRule": Autoname(longest=0, separator="_", digits=0),
    "kms.Alias": Autoname(longest=238, begins="alias/"),
    "lambda.Function": Autoname(longest=64),
    "lambda.Permission": Autoname("statementId", longest=100),
    "lex.Bot": _WORD,
    "lex.BotAlias": _WORD,
    "lex.Intent": _WORD,
    "lex.SlotType": _WORD,
    "mq.Broker": Autoname("brokerName", longest=55),
    "msk.Cluster": Autoname("clusterName"),
    "msk.ServerlessCluster": Autoname("clusterName"),
    "opensearch.Domain": Autoname("domainName"),
    "rds.Instance": Autoname("identifier", separator=""),
    "route53.Record": None,
    "s3.Bucket": Autoname("bucket", longest=63, lower=True),
    "s3.BucketObject": Autoname("key", longest=0, digits=0),
    "s3.BucketObjectv2": Autoname("key", longest=0, digits=0),
    "sns.Topic": Autoname(longest=80, fifo="fifoTopic"),
    "sqs.Queue": Autoname(longest=80, fifo="fifoQueue"),
}
# SQL Server takes no longer identifiers.
_SQL_SERVER: Final = Autoname("identifier", longest=15, separator="", digits=3)


def autoname_of(type: str, described: ResourceType | None) -> Autoname | None:
    """How things of this type token are named; None for those that the provider gives no name."""
    kind = kind_of(type)
    if kind in AUTONAMES:
        return AUTONAMES[kind]
    return Autoname() if described is not None and "name" in described.inputs else None


def physical_name(
    type: str,
    urn: str,
    inputs: Mapping[str, Any],
    described: ResourceType | None,
    seed: str,
    proposal: Proposal | None = None,
) -> dict[str, str]:
    """The name input that the provider adds when the program gives none, or nothing.

    Raises InvalidInput where the name would be too long for the type, or where automatic naming is switched off.
    """
    rule = autoname_of(type, described)
    if (
        rule is None
        or inputs.get(rule.property) is not None
        or inputs.get(f"{rule.property}Prefix") is not None
    ):
        return {}
    if rule.property == "identifier" and "sqlserver" in str(inputs.get("engine", "")).lower():
        rule = _SQL_SERVER
    proposal = proposal or Proposal()
    if proposal.mode == "disable":
        reason = "automatic naming is disabled but no explicit name was provided"
        raise InvalidInput(rule.property, reason)
    if proposal.mode == "enforce":
        return {rule.property: proposal.name}
    logical = urn.rpartition("::")[2]
    name = _proposed(rule, proposal.name) if proposal.name else _random(rule, logical, seed)
    if rule.begins and not name.startswith(rule.begins):
        name = rule.begins + name
    if rule.fifo and inputs.get(rule.fifo) is True:
        name += ".fifo"
    return {rule.property: name}


def _proposed(rule: Autoname, proposed: str) -> str:
    name = proposed.lower() if rule.lower else proposed
    if rule.longest and len(name) > rule.longest:
        raise InvalidInput(
            rule.property, f"calculated name '{name}' exceeds maximum length of {rule.longest}"
        )
    return name


def _random(rule: Autoname, logical: str, seed: str) -> str:
    name = logical.lower() if rule.lower else logical
    if not rule.digits:
        return name
    name += rule.separator
    if rule.longest and len(name) + rule.digits > rule.longest:
        reason = f"name '{name}' plus {rule.digits} random chars is longer than maximum length {rule.longest}"
        raise InvalidInput(rule.property, reason)
    make = identifiers.letters if rule.letters else identifiers.hexadecimal
    return name + make(f"{seed}:name", rule.digits)


def name_with_prefix(prefix: str, seed: str) -> str:
    """The name that the provider makes of `name_prefix`: a time of 18 digits and a counter of eight behind it.

    hashicorp/terraform-plugin-sdk, helper/id.PrefixedUniqueId. The time follows from the seed.
    """
    number = int(identifiers.hexadecimal(seed, 16), 16)
    time = datetime(2025, 1, 1) + timedelta(seconds=number % (365 * 24 * 3600))
    return f"{prefix}{time:%Y%m%d%H%M%S}{number // 7 % 10_000:04}{1:08x}"
