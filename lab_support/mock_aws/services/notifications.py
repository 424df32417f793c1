"""AWS User Notifications."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "notifications.ChannelAssociation": ResourceSpec(composed_id="{notificationConfigurationArn}__{arn}")
}
