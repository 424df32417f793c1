"""AWS User Notifications."""

from __future__ import annotations

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "notifications.ChannelAssociation": ResourceSpec(composed_id="{notificationConfigurationArn}__{arn}")
}
