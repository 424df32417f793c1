# finding: MISSING
# What is not there has no flaw; but alerts have no way in.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
        self.interface = Interface(environment_suffix, key, self.data, opts)
""",
        """\
        # the interface comes later
""",
    ),
    (
        """\
    pulumi.export("alert_submission", system.interface.api.execution_arn)
""",
        """\
    # pulumi.export("alert_submission", ...)
""",
    ),
)
