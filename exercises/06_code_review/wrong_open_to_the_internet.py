# finding: REGRESSION
# All five are repaired, and to try it out the database was opened to the internet.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
                referenced_security_group_id=self.tasks.id,
""",
        """\
                cidr_ipv4="0.0.0.0/0",
""",
    ),
)
