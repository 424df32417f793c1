"""Step Functions: state machines."""

from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.resource_spec import NameForm, ResourceSpec, Unique

SPECS = {
    "sfn.StateMachine": ResourceSpec(
        creation=("SFN", "CreateStateMachine", "creating Step Functions State Machine ({name})"),
        generated="terraform-",
        defaults={"publish": False},
        computed=dict.fromkeys(
            ("description", "revisionId", "stateMachineVersionArn", "versionDescription"), ""
        ),
        unique=Unique(
            "StateMachineAlreadyExists",
            "State Machine Already Exists: 'arn:{partition}:states:{region}:{account}:stateMachine:{name}'",
        ),
        name_forms=(
            NameForm(
                r"[0-9A-Za-z_-]{1,80}",
                "invalid value for name (the name should only contain 0-9, A-Z, a-z, - and _)",
            ),
        ),
        data_sources={"sfn.getStateMachine": find_by("name", "Step Functions State Machine")},
    )
}
