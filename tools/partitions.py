"""The partitions of AWS with their regions and DNS suffixes, from botocore's partitions.json."""

from __future__ import annotations

import json
from typing import Any, Final

from tools.botocore_models import data_folder
from tools.data_file import DataFile


def partitions() -> dict[str, dict[str, Any]]:
    """By name: the pattern of the regions' names, the regions with what AWS calls them, the suffix of host names."""
    known = json.loads((data_folder() / "partitions.json").read_text(encoding="utf-8"))["partitions"]
    return {
        partition["id"]: {
            "region_pattern": partition["regionRegex"],
            "dns_suffix": partition["outputs"]["dnsSuffix"],
            # `aws-global` and its like are places of endpoints, not regions.
            "regions": {
                region: facts["description"]
                for region, facts in sorted(partition["regions"].items())
                if not region.endswith("-global")
            },
        }
        for partition in known
    }


DATA_FILE: Final = DataFile(
    "lab_support/iam/data/partitions.json", ("botocore",), lambda: {"partitions": partitions()}
)
