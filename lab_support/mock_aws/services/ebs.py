"""EBS: volumes and snapshots."""

from lab_support.mock_aws.common_outputs import CREATED
from lab_support.mock_aws.find_resources import AccountSetting, FindOne
from lab_support.mock_aws.services.ec2_common import ec2_spec

SPECS = {
    "ebs.Volume": ec2_spec(
        "vol",
        "volume",
        defaults={"encrypted": False, "finalSnapshot": False, "multiAttachEnabled": False},
        computed={"createTime": CREATED},
        data_sources={
            "ebs.getVolume": FindOne(what="EC2 EBS Volume", gives={"volumeId": "id", "volumeType": "type"})
        },
    ),
    "ebs.Snapshot": ec2_spec(
        "snap",
        "snapshot",
        arn="arn:{partition}:ec2:{region}::snapshot/{id}",
    ),
}

# EBS User Guide, "Default KMS key for Amazon EBS encryption" and "Enable Amazon EBS encryption by default".
DATA_SOURCES = {
    "ebs.getDefaultKmsKey": AccountSetting(
        "ebs.DefaultKmsKey", {"keyArn": "arn:{partition}:kms:{region}:{account}:alias/aws/ebs"}
    ),
    "ebs.getEncryptionByDefault": AccountSetting("ebs.EncryptionByDefault", {"enabled": False}),
}
