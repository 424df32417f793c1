"""Elastic Beanstalk."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {"elasticbeanstalk.Environment": ResourceSpec(autoname=Autoname(longest=40))}
