"""Glue: the data catalogue and its jobs."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec, Unique

_GLUE = "arn:{partition}:glue:{region}:{account}:"

SPECS = {
    "glue.CatalogDatabase": ResourceSpec(
        creation=("Glue", "CreateDatabase", "creating Glue Catalog Database ({name})"),
        id="{catalogId}:{name}",
        arn=_GLUE + "database/{name}",
        defaults={"catalogId": "{account}", "locationUri": ""},
        autoname=Autoname(longest=0, separator="_", digits=8, letters=True, lower=True),
        unique=Unique("AlreadyExistsException", "Database already exists."),
    ),
    "glue.CatalogTable": ResourceSpec(
        creation=("Glue", "CreateTable", "creating Glue Catalog Table ({name})"),
        id="{catalogId}:{databaseName}:{name}",
        arn=_GLUE + "table/{databaseName}/{name}",
        defaults={"catalogId": "{account}"},
        autoname=Autoname(longest=0, separator="_", digits=8, letters=True, lower=True),
        unique=Unique("AlreadyExistsException", "Table already exists.", within=("region", "databaseName")),
    ),
    "glue.Connection": ResourceSpec(
        id="{catalogId}:{name}", arn=_GLUE + "connection/{name}", defaults={"catalogId": "{account}"}
    ),
    "glue.Job": ResourceSpec(
        defaults={"executionClass": "STANDARD", "jobMode": "SCRIPT", "maxRetries": 0, "timeout": 2880}
    ),
    "glue.Trigger": ResourceSpec(computed={"state": "CREATED"}),
}
