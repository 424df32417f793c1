"""Ways to become administrator: published combinations of actions, and roles that a workload reaches in several steps.

Rhino Security Labs, "AWS IAM Privilege Escalation"; Bishop Fox, "IAM Vulnerable"; the actions' own descriptions in the
Service Authorization Reference. Each way counts only on resources that the policy does not name: a workload may manage
what is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, Policies, applies, decide
from lab_support.iam.policy import PolicyError, parse
from lab_support.iam.principals import policies_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

# Single actions, with what they do to anyone in the account.
_DIRECT: Final = {
    "iam:CreateAccessKey": "create an access key for any user",
    "iam:CreateLoginProfile": "set the first password of any user",
    "iam:UpdateLoginProfile": "change the password of any user",
    "iam:AttachUserPolicy": "attach AdministratorAccess to any user",
    "iam:AttachGroupPolicy": "attach AdministratorAccess to any group",
    "iam:AttachRolePolicy": "attach AdministratorAccess to any role, its own included",
    "iam:PutUserPolicy": "write a policy for any user",
    "iam:PutGroupPolicy": "write a policy for any group",
    "iam:PutRolePolicy": "write a policy for any role, its own included",
    "iam:AddUserToGroup": "add a user to any group",
    "iam:UpdateAssumeRolePolicy": "let itself assume any role",
    "iam:CreatePolicyVersion": "rewrite any policy of the account",
    "iam:SetDefaultPolicyVersion": "bring any old version of a policy back into force",
    "lambda:UpdateFunctionCode": "replace the code of any function, and so act as its role",
    "ssm:SendCommand": "run commands on any instance, and so act as its role",
    "ssm:StartSession": "open a shell on any instance, and so act as its role",
    "ecs:ExecuteCommand": "run commands in any container, and so act as its role",
    "glue:UpdateDevEndpoint": "put its own key on any development endpoint, and so act as its role",
    "sagemaker:CreatePresignedNotebookInstanceUrl": "open any notebook instance, and so act as its role",
    "sso:AttachManagedPolicyToPermissionSet": "give people AdministratorAccess through any permission set",
    "sso:PutInlinePolicyToPermissionSet": "write a policy for any permission set",
    "sso:CreateAccountAssignment": "give anyone any permission set in any account",
}
# Sets of actions that do so together.
_TOGETHER: Final = {
    ("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"): (
        "change the user data of any instance, which runs at the next start, and so act as its role"
    ),
    ("lambda:UpdateFunctionConfiguration", "lambda:GetLayerVersion"): (
        "add a layer with its own code to any function, and so act as its role"
    ),
}
# Sets of actions that run code or a template as a role that is passed to them.
_RUNNERS: Final = (
    ("ec2:RunInstances",),
    ("lambda:CreateFunction", "lambda:InvokeFunction"),
    ("lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    ("lambda:CreateFunction", "lambda:AddPermission"),
    ("ec2:RequestSpotInstances",),
    ("ecs:RunTask",),
    ("ecs:StartTask",),
    ("ecs:RegisterTaskDefinition", "ecs:UpdateService"),
    ("ecs:RegisterTaskDefinition", "ecs:CreateService"),
    ("cloudformation:CreateStack",),
    ("cloudformation:UpdateStack",),
    ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    ("cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"),
    ("glue:CreateJob", "glue:StartJobRun"),
    ("glue:CreateJob", "glue:CreateTrigger"),
    ("glue:UpdateJob", "glue:StartJobRun"),
    ("glue:UpdateJob", "glue:CreateTrigger"),
    ("glue:CreateSession", "glue:RunStatement"),
    ("glue:CreateDevEndpoint",),
    ("codebuild:CreateProject", "codebuild:StartBuild"),
    ("codebuild:CreateProject", "codebuild:StartBuildBatch"),
    ("codebuild:UpdateProject", "codebuild:StartBuild"),
    ("sagemaker:CreateTrainingJob",),
    ("sagemaker:CreateProcessingJob",),
    ("sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    ("states:CreateStateMachine", "states:StartExecution"),
    ("states:UpdateStateMachine", "states:StartExecution"),
    ("autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"),
    ("ec2:CreateLaunchTemplate", "autoscaling:CreateAutoScalingGroup"),
    ("batch:RegisterJobDefinition", "batch:SubmitJob"),
    ("datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"),
    ("elasticmapreduce:RunJobFlow",),
    ("emr-serverless:StartJobRun",),
    ("apprunner:CreateService",),
    ("scheduler:CreateSchedule",),
    ("ssm:StartAutomationExecution",),
    ("bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:InvokeCodeInterpreter"),
)
PASS_ROLE: Final = "iam:PassRole"
ASSUME_ROLE: Final = "sts:AssumeRole"

# Whether an action is allowed on a resource that the policy does not name, or on any resource at all.
Allows = Callable[[str], bool]


def ways(anywhere: Allows, somewhere: Allows) -> Iterator[tuple[str, str]]:
    """The ways to become administrator: each as its actions and as what they do.

    `anywhere(action)` says whether the policy allows an action on resources that it does not name; `somewhere(action)`
    whether the role may use it on any resource at all.
    """
    for action, harm in _DIRECT.items():
        if anywhere(action):
            yield action, harm
    for actions, harm in _TOGETHER.items():
        if all(map(anywhere, actions)):
            yield " and ".join(actions), harm
    if anywhere(PASS_ROLE):
        for actions in _RUNNERS:
            if all(map(somewhere, actions)):
                yield (
                    f"{PASS_ROLE} with {' and '.join(actions)}",
                    "run code as any role that the service may assume",
                )
                return


@dataclass(frozen=True)
class Step:
    """A role that another one can assume, and the names of the identity policies that allow it."""

    role: Resource
    assumed: Resource
    policies: tuple[str, ...]


def assumable(plan: Plan, role: Resource, context: Context) -> tuple[tuple[Step, ...], ...]:
    """The chains of roles of the program that a role can assume, one after the other, each role by a shortest chain."""
    chains: list[tuple[Step, ...]] = []
    seen, waiting = {role.urn}, [(role, ())]
    while waiting:
        current, before = waiting.pop(0)
        attached: Policies | None = None
        for target in plan.of_type("iam.Role"):
            if target.urn in seen or target.op == "delete" or not _trusts(target, current, context):
                continue
            attached = attached or policies_of(plan, current).policies
            decision = decide(AccessRequest(ASSUME_ROLE, str(target.get("arn")), context), attached)
            if not decision.allowed:
                continue
            seen.add(target.urn)
            own = {named.name for named in attached.identity}
            step = Step(current, target, tuple(name for name in decision.policies if name in own))
            chain: tuple[Any, ...] = (*before, step)
            chains.append(chain)
            waiting.append((target, chain))
    return tuple(chains)


def _trusts(target: Resource, role: Resource, context: Context) -> bool:
    """Whether the trust policy of a role certainly admits another role of the account."""
    arn, document = role.get("arn"), target.get("assume_role_policy")
    if not isinstance(arn, str) or document is UNKNOWN or not document:
        return False
    account = arn.split(":")[4]
    names = {"*", arn, account, f"arn:{arn.split(':')[1]}:iam::{account}:root"}
    try:
        statements = parse(document).statements
    except (PolicyError, TypeError):
        return False
    request = AccessRequest(ASSUME_ROLE, str(target.get("arn")), context)
    admitting = [
        statement
        for statement in statements
        if not statement.not_principals
        and any(kind in ("AWS", "*") and value in names for kind, value in statement.principals or ())
        and applies(statement, request)
    ]
    return bool(admitting) and all(statement.allows for statement in admitting)
