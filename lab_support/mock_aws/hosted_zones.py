"""The Route 53 hosted zones in which AWS keeps the names of its own endpoints, by region.

AWS General Reference, "Elastic Load Balancing endpoints and quotas" and "Amazon S3 endpoints and quotas"; those of
RDS are what `describe-db-instances` answers.
"""

from __future__ import annotations

from typing import Any, Final

from lab_support.plan.values import UNKNOWN

# By region: application load balancers, network load balancers, buckets.
_ZONES: Final = {
    "ap-northeast-1": ("Z14GRHDCWA56QT", "Z31USIVHYNEOWT", "Z2M4EHUR26P7ZW"),
    "ap-northeast-2": ("ZWKZPGTI48KDX", "ZIBE1TIR4HY56", "Z3W03O7B5YMIYP"),
    "ap-northeast-3": ("Z5LXEXXYW11ES", "Z1GWIQ4HH19I5X", "Z2YQB5RD63NC85"),
    "ap-south-1": ("ZP97RAFLXTNZK", "ZVDDRBQ08TROA", "Z11RGJOFQNVJUP"),
    "ap-southeast-1": ("Z1LMS91P8CMLE5", "ZKVM4W9LS7TM", "Z3O0J2DXBE1FTB"),
    "ap-southeast-2": ("Z1GM3OXH4ZPM65", "ZCT6FZBF4DROD", "Z1WCIGYICN2BYD"),
    "ca-central-1": ("ZQSVJUPU6J1EY", "Z2EPGBW3API2WT", "Z1QDHH18159H29"),
    "eu-central-1": ("Z215JYRZR1TBD5", "Z3F0SRJ5LGBH90", "Z21DNDUVLTQW6Q"),
    "eu-north-1": ("Z23TAZ6LKFMNIO", "Z1UDT6IFJ4EJM", "Z3BAZG2TWCNX0D"),
    "eu-west-1": ("Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F", "Z1BKCTXD74EZPE"),
    "eu-west-2": ("ZHURV8PSTC4K8", "ZD4D7Y8KGAS4G", "Z3GKZC51ZF0DB4"),
    "eu-west-3": ("Z3Q77PNBQS71R4", "Z1CMS0P5QUZ6D5", "Z3R1K369G5AVDG"),
    "sa-east-1": ("Z2P70J7HTTTPLU", "ZTK26PT1VY4CU", "Z7KQH4QJS55SO"),
    "us-east-1": ("Z35SXDOTRQ7X7K", "Z26RNL4JYFTOTI", "Z3AQBSTGFYJSTF"),
    "us-east-2": ("Z3AADJGX6KTTL2", "ZLMOA37VPKANP", "Z2O1EMRO9K5GLX"),
    "us-gov-east-1": ("Z166TLBEWOO7G0", "Z1ZSMQQ6Q24QQ8", "Z2NIFVYYW2VKV1"),
    "us-gov-west-1": ("Z33AYJ8TM3BH4J", "ZMG1MZ2THAWF1", "Z31GFT0UA1I2HV"),
    "us-west-1": ("Z368ELLRRE2KJ0", "Z24FKFUX50B4VW", "Z2F56UZL2M1ACD"),
    "us-west-2": ("Z1H1FL5HABSF5", "Z18D5FSROUN65G", "Z3BJ6K6RIION7M"),
}
APPLICATION, NETWORK, S3 = ({region: zones[n] for region, zones in _ZONES.items()} for n in range(3))
RDS: Final = {
    "ap-southeast-1": "Z2G0U3KFCY8NZ5",
    "eu-west-1": "Z29XKXDKYMONMX",
    "us-east-1": "Z2R2ITUGPM61AM",
    "us-west-2": "Z1PVIF0B656C1W",
}
# CloudFront's own, everywhere (Route 53 Developer Guide, "Routing traffic to a CloudFront distribution").
CLOUDFRONT: Final = "Z2FDTNDATAQYW2"


def hosted_zone(zones: dict[str, str], region: Any) -> Any:
    """The hosted zone of a region; UNKNOWN where the table does not have it."""
    return zones.get(region, UNKNOWN)
