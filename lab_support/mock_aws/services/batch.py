"""AWS Batch: compute environments, queues and jobs."""

from lab_support.mock_aws.resource_spec import ResourceSpec

_BATCH = "arn:{partition}:batch:{region}:{account}:"

SPECS = {
    "batch.ComputeEnvironment": ResourceSpec(
        generated="terraform-",
        computed={
            "ecsClusterArn": "arn:{partition}:ecs:{region}:{account}:cluster/AWSBatch-{name}-{uuid}",
            "status": "VALID",
            "statusReason": "ComputeEnvironment Healthy",
        },
    ),
    "batch.JobDefinition": ResourceSpec(
        id="{arn}",
        arn=_BATCH + "job-definition/{name}:1",
        computed={"arnPrefix": _BATCH + "job-definition/{name}"},
    ),
}
