"""ECR: image repositories, and what signs in to them."""

from __future__ import annotations

import base64

from lab_support.mock_aws.account import STAND_IN
from lab_support.mock_aws.find_resources import FindAll, find_by
from lab_support.mock_aws.lookup import Lookup, Values
from lab_support.mock_aws.resource_spec import NameForm, ResourceSpec, Unique


def _registry_token(lookup: Lookup) -> Values:
    """What `docker login` would be given."""
    registry = lookup.args.get("registryId") or lookup.account.id
    return {
        "authorizationToken": base64.b64encode(f"AWS:{STAND_IN}".encode()).decode(),
        "expiresAt": "2099-01-01T00:00:00Z",
        "password": STAND_IN,
        "userName": "AWS",
        "proxyEndpoint": f"https://{registry}.dkr.ecr.{lookup.region}.{lookup.partition.dns_suffix}",
    }


SPECS = {
    "ecr.Repository": ResourceSpec(
        creation=("ECR", "CreateRepository", "creating ECR Repository ({name})"),
        defaults={
            "encryptionConfigurations": [{"encryptionType": "AES256", "kmsKey": ""}],
            "imageScanningConfiguration": {"scanOnPush": False},
        },
        computed={"repositoryUrl": "{account}.dkr.ecr.{region}.{dns_suffix}/{name}"},
        unique=Unique(
            "RepositoryAlreadyExistsException",
            "The repository with name '{name}' already exists in the registry with id '{account}'",
        ),
        name_forms=(
            NameForm(
                r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*",
                "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression "
                r"'(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''",
                "InvalidParameterException",
            ),
        ),
        data_sources={
            "ecr.getRepository": find_by("name", "ECR Repository"),
            "ecr.getRepositories": FindAll({"names": "name"}),
        },
    ),
    "ecr.LifecyclePolicy": ResourceSpec(overwrites=("repository",)),
    "ecr.RepositoryPolicy": ResourceSpec(overwrites=("repository",)),
    "ecrpublic.Repository": ResourceSpec(
        id="{repositoryName}",
        arn="arn:{partition}:ecr-public::{account}:repository/{repositoryName}",
        defaults={"forceDestroy": False},
        computed={"repositoryUri": "public.ecr.aws/{home8}/{repositoryName}"},
        name="repositoryName",
    ),
    "ecr.RegistryPolicy": ResourceSpec(overwrites=()),
}
DATA_SOURCES = {
    "ecr.getAuthorizationToken": _registry_token,
    "ecr.getCredentials": _registry_token,
    "ecrpublic.getAuthorizationToken": _registry_token,
}
