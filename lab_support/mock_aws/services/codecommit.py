"""CodeCommit: repositories."""

from lab_support.mock_aws.resource_spec import ResourceSpec, Unique

SPECS = {
    "codecommit.Repository": ResourceSpec(
        creation=("CodeCommit", "CreateRepository", "creating CodeCommit Repository ({repositoryName})"),
        computed={
            "cloneUrlHttp": "https://git-codecommit.{region}.{dns_suffix}/v1/repos/{repositoryName}",
            "cloneUrlSsh": "ssh://git-codecommit.{region}.{dns_suffix}/v1/repos/{repositoryName}",
            "repositoryId": "{uuid}",
        },
        name="repositoryName",
        unique=Unique("RepositoryNameExistsException", "Repository named {repositoryName} already exists"),
    )
}
