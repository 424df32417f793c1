# The alarm looks at every minute, and pages after three of five.
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
        self.rds_cpu_alarm = aws.cloudwatch.MetricAlarm(
            f"emergency-alert-rds-cpu-alarm-{self.environment_suffix}",
            namespace="AWS/RDS",
            metric_name="CPUUtilization",
            dimensions={"DBInstanceIdentifier": data.rds_identifier},
            statistic="Average",
            period=60,
            evaluation_periods=5,
            datapoints_to_alarm=3,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=85,
            treat_missing_data="breaching",
            alarm_actions=[self.alarm_topic.arn],
            ok_actions=[self.alarm_topic.arn],
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
""",
    ),
)
