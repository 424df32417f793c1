"""What builds and delivers programs: CodeBuild, CodePipeline, CodeDeploy, CodeCommit, and Batch that runs jobs.

Formats: Service Authorization Reference; defaults: the provider's documentation.
"""

from __future__ import annotations

from lab_support.mock_aws.answers import Answer

_BATCH = "arn:{partition}:batch:{region}:{account}:"

ROWS = {
    "codebuild.Project": Answer(
        id="{arn}",
        arn="arn:{partition}:codebuild:{region}:{account}:project/{name}",
        defaults={
            "badgeEnabled": False,
            "buildTimeout": 60,
            "encryptionKey": "arn:{partition}:kms:{region}:{account}:alias/aws/s3",
            "projectVisibility": "PRIVATE",
            "queuedTimeout": 480,
        },
        computed={"badgeUrl": "", "publicProjectAlias": ""},
    ),
    "codepipeline.Pipeline": Answer(
        id="{name}",
        arn="arn:{partition}:codepipeline:{region}:{account}:{name}",
        defaults={"executionMode": "SUPERSEDED", "pipelineType": "V1"},
        computed={"triggerAlls": []},
    ),
    "codedeploy.Application": Answer(
        id="{uuid}:{name}",
        arn="arn:{partition}:codedeploy:{region}:{account}:application:{name}",
        defaults={"computePlatform": "Server"},
        computed={"applicationId": "{uuid}", "githubAccountName": "", "linkedToGithub": False},
    ),
    "codecommit.Repository": Answer(
        id="{repositoryName}",
        arn="arn:{partition}:codecommit:{region}:{account}:{repositoryName}",
        name="repositoryName",
        computed={
            "cloneUrlHttp": "https://git-codecommit.{region}.{dns_suffix}/v1/repos/{repositoryName}",
            "cloneUrlSsh": "ssh://git-codecommit.{region}.{dns_suffix}/v1/repos/{repositoryName}",
            "repositoryId": "{uuid}",
        },
    ),
    "batch.ComputeEnvironment": Answer(
        id="{name}",
        arn=_BATCH + "compute-environment/{name}",
        generated="terraform-",
        defaults={"state": "ENABLED"},
        computed={
            "ecsClusterArn": "arn:{partition}:ecs:{region}:{account}:cluster/AWSBatch-{name}-{uuid}",
            "status": "VALID",
            "statusReason": "ComputeEnvironment Healthy",
        },
    ),
    "batch.JobQueue": Answer(id="{arn}", arn=_BATCH + "job-queue/{name}"),
    "batch.JobDefinition": Answer(
        id="{arn}",
        arn=_BATCH + "job-definition/{name}:1",
        defaults={"deregisterOnNewRevision": True, "propagateTags": False},
        computed={"arnPrefix": _BATCH + "job-definition/{name}", "revision": 1},
    ),
}
