"""EC2 Auto Scaling: groups, their policies and launch configurations."""

from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.resource_spec import ResourceSpec, Unique

_SCALING = "arn:{partition}:autoscaling:{region}:{account}:"

SPECS = {
    "ec2.LaunchConfiguration": ResourceSpec(
        id="{name}",
        arn=_SCALING + "launchConfiguration:{uuid}:launchConfigurationName/{name}",
        defaults={"associatePublicIpAddress": False, "ebsOptimized": False, "enableMonitoring": True},
    ),
    "autoscaling.Group": ResourceSpec(
        computed_inside={"launchTemplate": ("id", "name")},
        creation=("Auto Scaling", "CreateAutoScalingGroup", "creating Auto Scaling Group ({name})"),
        id="{name}",
        arn=_SCALING + "autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
        generated="terraform-",
        defaults={
            "capacityRebalance": False,
            "defaultCooldown": 300,
            "desiredCapacity": lambda request, values: values.get("minSize"),
            "forceDelete": False,
            "forceDeleteWarmPool": False,
            "healthCheckGracePeriod": 300,
            "healthCheckType": "EC2",
            "metricsGranularity": "1Minute",
            "protectFromScaleIn": False,
            "serviceLinkedRoleArn": (
                "arn:{partition}:iam::{account}:role/aws-service-role/autoscaling.amazonaws.com/"
                "AWSServiceRoleForAutoScaling"
            ),
            "waitForCapacityTimeout": "10m",
            "loadBalancers": [],
            "targetGroupArns": [],
        },
        computed={"predictedCapacity": 0, "warmPoolSize": 0},
        unique=Unique(
            "AlreadyExists",
            "AutoScalingGroup by this name already exists - A group with the name {name} already exists",
        ),
        data_sources={"autoscaling.getGroup": find_by("name", "Auto Scaling Group")},
    ),
    "autoscaling.Policy": ResourceSpec(
        id="{name}",
        arn=_SCALING + "scalingPolicy:{uuid}:autoScalingGroupName/{autoscalingGroupName}:policyName/{name}",
        defaults={"policyType": "SimpleScaling"},
        overwrites=("autoscalingGroupName", "name"),
    ),
    "autoscaling.Schedule": ResourceSpec(
        id="{scheduledActionName}",
        arn=_SCALING
        + (
            "scheduledUpdateGroupAction:{uuid}:autoScalingGroupName/{autoscalingGroupName}:"
            "scheduledActionName/{scheduledActionName}"
        ),
        name="scheduledActionName",
        overwrites=("autoscalingGroupName", "scheduledActionName"),
    ),
    "autoscaling.Attachment": ResourceSpec(id="{autoscalingGroupName}-{digits26}"),
    "autoscaling.LifecycleHook": ResourceSpec(
        defaults={"defaultResult": "ABANDON"}, overwrites=("autoscalingGroupName", "name")
    ),
}
