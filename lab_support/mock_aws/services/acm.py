"""AWS Certificate Manager: certificates and their validation.

Validation records: AWS Certificate Manager User Guide, "DNS validation".
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.find_resources import FindOne
from lab_support.mock_aws.follows import when
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.plan.values import UNKNOWN


def _validation_options(request: ResourceRequest, values: Values) -> Any:
    """A CNAME record for each domain of a certificate that is validated by DNS; `*.x` shares the one of `x`."""
    if values.get("validationMethod") != "DNS":
        return [] if values.get("validationMethod") is not UNKNOWN else UNKNOWN
    others = values.get("subjectAlternativeNames") or []
    names = list(dict.fromkeys([values.get("domainName"), *others]))
    if not all(isinstance(name, str) for name in names):
        return UNKNOWN
    return [_validation_of(request, str(name)) for name in names]


def _validation_of(request: ResourceRequest, domain: str) -> dict[str, str]:
    base = domain.removeprefix("*.")
    owner, value = (
        identifiers.hexadecimal(f"{request.account.id}:{base}:{part}", 32) for part in ("name", "value")
    )
    zone = identifiers.letters(f"{base}:acm", 10)
    return {
        "domainName": domain,
        "resourceRecordName": f"_{owner}.{base}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{value}.{zone}.acm-validations.aws.",
    }


SPECS = {
    "acm.Certificate": ResourceSpec(
        defaults={
            "keyAlgorithm": "RSA_2048",
            "subjectAlternativeNames": ["{domainName}"],
            "validationMethod": when("certificateBody", None, "EMAIL", "NONE"),
        },
        computed={
            "domainValidationOptions": _validation_options,
            "notAfter": "",
            "notBefore": "",
            "pendingRenewal": False,
            "renewalEligibility": "INELIGIBLE",
            "renewalSummaries": [],
            "status": when("certificateBody", None, "PENDING_VALIDATION", "ISSUED"),
            "type": when("certificateBody", None, "AMAZON_ISSUED", "IMPORTED"),
            "validationEmails": [],
        },
        data_sources={
            "acm.getCertificate": FindOne(
                {"domain": "domainName"}, "no ACM Certificate matching domain ({domain})", gives={"id": "arn"}
            )
        },
        force_new=("validationMethod",),
    ),
    "acm.CertificateValidation": ResourceSpec(
        id="2025-01-01 00:00:00 +0000 UTC", force_new=("certificateArn", "validationRecordFqdns")
    ),
}
