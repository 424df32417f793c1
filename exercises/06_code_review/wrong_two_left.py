# finding: SINGLE-ZONE, NOBODY-PAGED
# Three of five: the zone and the alarm are still as they were.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        "multi_az=True,",
        "multi_az=False,",
    ),
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
        # still nothing watches the database
""",
    ),
)
