# finding: SINGLE-ZONE
# A read replica follows late and is promoted by hand; it is no standby.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        "multi_az=True,",
        "multi_az=False,",
    ),
    (
        """\
        # Made once, at the first deployment; no later one changes it.
""",
        """\
        aws.rds.Instance(
            f"emergency-alert-db-replica-{self.environment_suffix}",
            identifier=f"emergency-alert-db-replica-{self.environment_suffix}",
            replicate_source_db=self.rds_instance.identifier,
            instance_class="db.t3.medium",
            availability_zone="ap-southeast-1b",
            storage_encrypted=True,
            kms_key_id=key.arn,
            publicly_accessible=False,
            skip_final_snapshot=True,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        # Made once, at the first deployment; no later one changes it.
""",
    ),
)
