"""CodeBuild: projects."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "codebuild.Project": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:codebuild:{region}:{account}:project/{name}",
        defaults={
            "badgeEnabled": False,
            "buildTimeout": 60,
            "encryptionKey": "arn:{partition}:kms:{region}:{account}:alias/aws/s3",
            "queuedTimeout": 480,
        },
        computed={"badgeUrl": "", "publicProjectAlias": ""},
    )
}
