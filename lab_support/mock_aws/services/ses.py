"""SES: identities."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "ses.EmailIdentity": ResourceSpec(
        id="{email}", arn="arn:{partition}:ses:{region}:{account}:identity/{email}"
    ),
    "ses.DomainIdentity": ResourceSpec(
        id="{domain}",
        arn="arn:{partition}:ses:{region}:{account}:identity/{domain}",
        computed={"verificationToken": "{lower43}="},
    ),
}
