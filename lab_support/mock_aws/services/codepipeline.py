"""CodePipeline: pipelines."""

from lab_support.mock_aws.resource_spec import ResourceSpec, Unique

SPECS = {
    "codepipeline.Pipeline": ResourceSpec(
        creation=("CodePipeline", "CreatePipeline", "creating CodePipeline Pipeline ({name})"),
        defaults={"executionMode": "SUPERSEDED"},
        computed={"triggerAlls": []},
        unique=Unique(
            "PipelineNameInUseException",
            "A pipeline with the name '{name}' already exists in account '{account}'",
        ),
    )
}
