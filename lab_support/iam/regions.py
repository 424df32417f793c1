"""The regions of AWS's commercial partition ("AWS Regions" in the AWS documentation).

A pattern such as `arn:aws:kinesis:ap-southeast-?:...` reaches only regions that exist.
"""

from __future__ import annotations

from typing import Final

# By area and direction: the highest number that exists.
_NUMBERS: Final = {
    "af-south": 1,
    "ap-east": 2,
    "ap-northeast": 3,
    "ap-south": 2,
    "ap-southeast": 7,
    "ca-central": 1,
    "ca-west": 1,
    "eu-central": 2,
    "eu-north": 1,
    "eu-south": 2,
    "eu-west": 3,
    "il-central": 1,
    "me-central": 1,
    "me-south": 1,
    "mx-central": 1,
    "sa-east": 1,
    "us-east": 2,
    "us-west": 2,
}
REGIONS: Final = tuple(
    f"{area}-{number}" for area, count in _NUMBERS.items() for number in range(1, count + 1)
)
