"""What builds and delivers programs: CodeBuild, CodePipeline, CodeDeploy, CodeCommit, and Batch that runs jobs.

Formats: Service Authorization Reference; defaults: the provider's documentation.
"""

from __future__ import annotations

from lab_support.mock_aws.resource_spec import ResourceSpec

_BATCH = "arn:{partition}:batch:{region}:{account}:"

ROWS = {
    "codebuild.Project": ResourceSpec(
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
    "codepipeline.Pipeline": ResourceSpec(
        id="{name}",
        arn="arn:{partition}:codepipeline:{region}:{account}:{name}",
        defaults={"executionMode": "SUPERSEDED", "pipelineType": "V1"},
        computed={"triggerAlls": []},
    ),
    "codedeploy.Application": ResourceSpec(
        id="{uuid}:{name}",
        arn="arn:{partition}:codedeploy:{region}:{account}:application:{name}",
        defaults={"computePlatform": "Server"},
        computed={"applicationId": "{uuid}", "githubAccountName": "", "linkedToGithub": False},
    ),
    "codecommit.Repository": ResourceSpec(
        id="{repositoryName}",
        arn="arn:{partition}:codecommit:{region}:{account}:{repositoryName}",
        name="repositoryName",
        computed={
            "cloneUrlHttp": "https://git-codecommit.{region}.{dns_suffix}/v1/repos/{repositoryName}",
            "cloneUrlSsh": "ssh://git-codecommit.{region}.{dns_suffix}/v1/repos/{repositoryName}",
            "repositoryId": "{uuid}",
        },
    ),
    "batch.ComputeEnvironment": ResourceSpec(
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
    "batch.JobQueue": ResourceSpec(id="{arn}", arn=_BATCH + "job-queue/{name}"),
    "batch.JobDefinition": ResourceSpec(
        id="{arn}",
        arn=_BATCH + "job-definition/{name}:1",
        defaults={"deregisterOnNewRevision": True, "propagateTags": False},
        computed={"arnPrefix": _BATCH + "job-definition/{name}", "revision": 1},
    ),
}
