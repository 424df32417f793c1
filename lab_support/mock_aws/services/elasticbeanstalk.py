"""Elastic Beanstalk."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {
    "elasticbeanstalk.Environment": ResourceSpec(
        id="e-{lower10}",
        arn="arn:{partition}:elasticbeanstalk:{region}:{account}:environment/{application}/{name}",
        defaults={"tier": "WebServer", "waitForReadyTimeout": "20m"},
        autoname=Autoname(longest=40),
        # UpdateEnvironment moves an environment to another solution stack; a tier is chosen once.
        force_new=("tier",),
        in_place=("solutionStackName",),
    )
}
