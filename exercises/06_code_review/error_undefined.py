# A name that is not there.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        "kms_master_key_id=key.id,",
        "kms_master_key_id=kms_key.id,",
    ),
)
