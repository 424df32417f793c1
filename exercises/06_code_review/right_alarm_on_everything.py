# The database has an alarm on its connections and its free storage as well.
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
        self.rds_cpu_alarm = self.alarm(
            "rds-cpu",
            "The database is short of CPU",
            ("AWS/RDS", "CPUUtilization"),
            {"DBInstanceIdentifier": data.rds_instance.identifier},
            threshold=80,
        )
        for what, metric, above in (
            ("connections", "DatabaseConnections", 350),
            ("queue", "DiskQueueDepth", 64),
        ):
            self.alarm(
                f"rds-{what}",
                "The database is short of something else",
                ("AWS/RDS", metric),
                {"DBInstanceIdentifier": data.rds_instance.identifier},
                threshold=above,
            )
""",
    ),
)
