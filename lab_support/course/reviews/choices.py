"""Lines of the sound system that a review may write in another way that is just as right.

Without these, two reviews would differ in names, order, flaws and distractors, and nothing else: comparing them would
show the flaws without any knowledge of AWS. With them, a different value or a missing argument is usually no flaw.

No alternative changes what the brief asks for, or what notes are told about the system. Sources of the defaults that a
program may leave out: Pulumi Registry, the resource of each line; Amazon ECS API Reference, ContainerDefinition
(`essential`); Amazon VPC User Guide, "DNS attributes for your VPC".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

# Each line with what may stand in its place: one line, several, or none. Indentation is left out.
CHOICES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    'self.tags = {"Project": "emergency-alert", "Environment": environment_suffix}': (
        ('self.tags = {"System": "emergency-alert", "Environment": environment_suffix}',),
        ('self.tags = {"Application": "emergency-alert", "Stage": environment_suffix}',),
    ),
    "retention_in_days=365,": (("retention_in_days=400,",), ("retention_in_days=731,",)),
    "enable_dns_support=True,": ((),),
    # the stream and the database
    "retention_period=24,": ((),),
    'stream_mode_details={"stream_mode": "PROVISIONED"},': ((),),
    'instance_class="db.t3.medium",': (('instance_class="db.t3.large",',),),
    "allocated_storage=100,": (("allocated_storage=150,",), ("allocated_storage=200,",)),
    'db_name="alerts",': (('db_name="events",',), ('db_name="warnings",',)),
    'username="alert_admin",': (('username="db_owner",',), ('username="alerts_owner",',)),
    "publicly_accessible=False,": ((),),
    "backup_retention_period=30,": (("backup_retention_period=35,",),),
    "copy_tags_to_snapshot=True,": (
        (),
        ("auto_minor_version_upgrade=True,",),
        ("copy_tags_to_snapshot=True,", 'maintenance_window="sun:18:30-sun:19:30",'),
        ("copy_tags_to_snapshot=True,", 'backup_window="16:00-17:00",'),
    ),
    # the cache and the files
    'description="AUTH token of the Redis replication group",': (
        ('description="What the tasks log in to Redis with",',),
    ),
    'description="Correlation and caching of events",': (
        ('description="Events of the last minutes",', 'maintenance_window="sun:18:30-sun:19:30",'),
        ('description="Correlation and caching of events",', "auto_minor_version_upgrade=True,"),
    ),
    'node_type="cache.t3.medium",': (('node_type="cache.t4g.medium",',),),
    "port=6379,": ((),),
    'performance_mode="generalPurpose",': ((),),
    # the tasks
    'memory="1024",': (('memory="2048",',), ('memory="3072",',)),
    '"essential": True,': ((),),
    '"awslogs-stream-prefix": "processor",': (('"awslogs-stream-prefix": "task",',),),
    '"assign_public_ip": False,': ((),),
    '"target_value": 60,': (('"target_value": 50,',), ('"target_value": 65,',)),
    '"Action": ["ecs:DescribeServices", "ecs:UpdateService"],': (
        ('"Action": ["ecs:UpdateService", "ecs:DescribeServices"],',),
    ),
    # the API
    'description="Submission of alerts",': (('description="The way in for alerts",',), ()),
    'stage_name="live",': (('stage_name="v1",',), ('stage_name="main",',)),
    '"throttling_rate_limit": 2000,': (
        ('"throttling_rate_limit": 1000,',),
        ('"throttling_rate_limit": 1500,',),
    ),
    '"throttling_burst_limit": 4000,': (
        ('"throttling_burst_limit": 3000,',),
        ('"throttling_burst_limit": 5000,',),
    ),
    # alarms, and the key
    "threshold=80,": (("threshold=75,",), ("threshold=78,",)),
    "evaluation_periods=5,": (("evaluation_periods=3,",), ("evaluation_periods=4,",)),
    'endpoint="on-call@alerts.example",': (('endpoint="duty@alerts.example",',),),
    "deletion_window_in_days=30,": ((), ("deletion_window_in_days=21,",)),
}
_NETWORK: Final = '"10.0.'
_NETWORKS: Final = ("0", "20", "42", "64")


def chosen(source: str, choose: Callable[[Sequence[str], str], str]) -> str:
    """A cell with the alternatives that `choose` takes; it is given their labels and the line that they belong to."""
    lines: list[str] = []
    for line in source.split("\n"):
        plain = line.strip()
        options = ((plain,), *CHOICES[plain]) if plain in CHOICES else ((plain,),)
        taken = options[int(choose([str(number) for number in range(len(options))], plain))]
        indent = line[: len(line) - len(line.lstrip())]
        lines += [line] if taken == (plain,) else [f"{indent}{other}" for other in taken]
    return "\n".join(lines).replace(_NETWORK, f'"10.{choose(_NETWORKS, "network")}.')
