"""EventBridge Scheduler: schedules and their groups."""

from lab_support.mock_aws.resource_spec import ResourceSpec, Unique

SPECS = {
    "scheduler.ScheduleGroup": ResourceSpec(generated="terraform-"),
    "scheduler.Schedule": ResourceSpec(
        creation=("Scheduler", "CreateSchedule", "creating EventBridge Scheduler Schedule ({name})"),
        id="{groupName}/{name}",
        arn="arn:{partition}:scheduler:{region}:{account}:schedule/{groupName}/{name}",
        generated="terraform-",
        defaults={"groupName": "default", "state": "ENABLED"},
        unique=Unique("ConflictException", "Schedule {name} already exists.", within=("region", "groupName")),
    ),
}
