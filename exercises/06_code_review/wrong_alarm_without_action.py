# finding: NOBODY-PAGED
# The alarm changes its colour on a page that nobody looks at.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
        self.rds_cpu_alarm = self.alarm(
            "rds-cpu",
            "The database is short of CPU",
            ("AWS/RDS", "CPUUtilization"),
            {"DBInstanceIdentifier": data.rds_instance.identifier},
            threshold=80,
        )
""",
        """\
        aws.cloudwatch.MetricAlarm(
            f"emergency-alert-rds-cpu-alarm-{self.environment_suffix}",
            namespace="AWS/RDS",
            metric_name="CPUUtilization",
            dimensions={"DBInstanceIdentifier": data.rds_instance.identifier},
            statistic="Average",
            period=300,
            evaluation_periods=2,
            comparison_operator="GreaterThanThreshold",
            threshold=80,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
""",
    ),
)
