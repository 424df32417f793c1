"""SageMaker."""

from __future__ import annotations

from lab_support.mock_aws.lookup import Lookup, Values


def _ecr_image(lookup: Lookup) -> Values:
    """The prebuilt images of SageMaker; the registries' accounts differ by image and region."""
    name, region = lookup.args.get("repositoryName"), lookup.region
    registry = "763104351884"
    path = f"{registry}.dkr.ecr.{region}.{lookup.partition.dns_suffix}/{name}"
    tag = lookup.args.get("imageTag")
    return {"id": registry, "registryId": registry, "registryPath": f"{path}:{tag}" if tag else path}


DATA_SOURCES = {"sagemaker.getPrebuiltEcrImage": _ecr_image}
