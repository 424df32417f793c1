# finding: NOBODY-PAGED
# In pulumi-aws 7, the id of an instance is its resource id; CloudWatch does not know it.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        '{"DBInstanceIdentifier": data.rds_instance.identifier}',
        '{"DBInstanceIdentifier": data.rds_instance.id}',
    ),
)
