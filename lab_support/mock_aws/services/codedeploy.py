"""CodeDeploy: applications."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {
    "codedeploy.Application": ResourceSpec(
        id="{uuid}:{name}",
        arn="arn:{partition}:codedeploy:{region}:{account}:application:{name}",
        computed={"applicationId": "{uuid}", "githubAccountName": "", "linkedToGithub": False},
    ),
    "codedeploy.DeploymentConfig": ResourceSpec(
        name="deploymentConfigName", autoname=Autoname(longest=100, separator="_")
    ),
}
