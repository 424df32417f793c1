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
        force_new=("catalogId",),
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
        id="{catalogId}:{name}",
        arn=_GLUE + "connection/{name}",
        defaults={"catalogId": "{account}"},
    ),
    "glue.Crawler": ResourceSpec(id="{name}", arn=_GLUE + "crawler/{name}"),
    "glue.Job": ResourceSpec(
        id="{name}",
        arn=_GLUE + "job/{name}",
        defaults={"executionClass": "STANDARD", "jobMode": "SCRIPT", "maxRetries": 0, "timeout": 2880},
    ),
    "glue.Trigger": ResourceSpec(id="{name}", arn=_GLUE + "trigger/{name}", computed={"state": "CREATED"}),
    "glue.Workflow": ResourceSpec(id="{name}", arn=_GLUE + "workflow/{name}"),
    "glue.SecurityConfiguration": ResourceSpec(id="{name}"),
    "glue.CatalogTableOptimizer": ResourceSpec(
        composed_id="{catalogId}__{databaseName}__{tableName}__{type}"
    ),
}
