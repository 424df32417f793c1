"""AWS IoT Core."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {"iot.TopicRule": ResourceSpec(autoname=Autoname(longest=0, separator="_", digits=0))}
