# finding: NOBODY-PAGED, REGRESSION
# The database has its alarm, and all alarms wait for 101 %.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
            threshold=threshold,
""",
        """\
            threshold=max(threshold, 101),
""",
    ),
)
