# ---
# jupyter:
#   lab:
#     title: The auditor's afternoon
#     severity: High
#     category: Secrets
#     minutes: 20
#     config: {"emergency-alert:dbPassword": "vT4qLr9XhZ2mWc7KdP5s"}
#     ways: [right_own_secret, right_task_reads_secret, right_parameter]
#     repairs: [right_iam_authentication, wrong_require_secret, wrong_secret_export]
#     record:
#       - finding: SECRET-EXPOSED
#         title: Database password readable in state, exports and task definition
#         short: open password
#         issue: The database's password is part of a URL in the task's environment variables and in a stack output
#         impact: Everyone who can read the state, the outputs or a task definition can log in to the database
#         category: Security / Secrets Management
# ---

# %% [markdown]
# # The auditor's afternoon
#
# An auditor visits the team. They get what auditors get: they can look at everything and change nothing. At five they
# leave a note on the desk, and the team lead reads it twice. In this notebook you find out what it said.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > RDS PostgreSQL holds alert data and system state. It is encrypted with a customer managed KMS key of the system,
# > survives the loss of a zone, keeps backups for 30 days and is not public. The tasks log in to it. Auditors read
# > everything: the state, the stacks' exports and the output of `pulumi up`, and in the account they have AWS's policy
# > `ReadOnlyAccess`, but are denied `kms:Decrypt`. No password is among what they read. Every role may do what its work
# > takes, and nothing else. Every name of a resource carries the environment suffix. All of this holds in every
# > environment.

# %% tags=["setup"]
import json

import pulumi
import pulumi_aws as aws

# The stack's own configuration, as Pulumi passes it to the program: decrypted. In the repository, it is encrypted in
# Pulumi.dev.yaml, by `pulumi config set --secret`.
CONFIG = {"emergency-alert:dbPassword": "vT4qLr9XhZ2mWc7KdP5s"}

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    beyond_login,
    check,
    customer_key,
    databases,
    given_away,
    intruder,
    is_written_in,
    logins,
    preview,
    reader,
    show,
    what_changed,
)

# %% [markdown]
# ## The program
#
# An AI assistant wrote this part of the infrastructure. Each stack has a password of its own, encrypted in its
# configuration as `dbPassword`, so no file of the repository shows it. (`CONFIG`, above, stands for that configuration.)
# Read the program as a reviewer: what did it get right, and what would you ask about?


# %% tags=["exercise"]
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}
    password = pulumi.Config().require("dbPassword")

    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        tags=tags,
    )
    database = aws.rds.Instance(
        f"emergency-alert-db-{environment_suffix}",
        identifier=f"emergency-alert-db-{environment_suffix}",
        engine="postgres",
        engine_version="17",
        instance_class="db.t3.medium",
        allocated_storage=100,
        storage_encrypted=True,
        kms_key_id=key.arn,
        db_name="alerts",
        username="alert_admin",
        password=password,
        multi_az=True,
        backup_retention_period=30,
        deletion_protection=True,
        final_snapshot_identifier=f"emergency-alert-db-final-{environment_suffix}",
        tags=tags,
    )
    database_url = pulumi.Output.concat(
        "postgresql://alert_admin:", password, "@", database.endpoint, "/alerts?sslmode=require"
    )

    ecs_may_assume = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    )
    execution_role = aws.iam.Role(
        f"emergency-alert-execution-role-{environment_suffix}",
        assume_role_policy=ecs_may_assume,
        tags=tags,
    )
    aws.iam.RolePolicyAttachment(
        f"emergency-alert-execution-policy-{environment_suffix}",
        role=execution_role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    )
    task_role = aws.iam.Role(
        f"emergency-alert-task-role-{environment_suffix}",
        assume_role_policy=ecs_may_assume,
        tags=tags,
    )
    container = {
        "name": "processor",
        "image": "amazon/aws-cli",
        "essential": True,
        "environment": [{"name": "DATABASE_URL", "value": database_url}],
    }
    task = aws.ecs.TaskDefinition(
        f"emergency-alert-task-{environment_suffix}",
        family=f"emergency-alert-{environment_suffix}",
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu="512",
        memory="1024",
        execution_role_arn=execution_role.arn,
        task_role_arn=task_role.arn,
        container_definitions=pulumi.Output.json_dumps([container]),
        tags=tags,
    )
    pulumi.export("database_url", database_url)
    pulumi.export("task_definition", task.arn)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("13_open_state")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine against a mock AWS account. Nothing is created. `VERBATIM` is
# the organisation's configuration: a resource without a physical name gets its logical name.

# %% tags=["drill"]
plan = preview(program, "dev", config={**VERBATIM, **CONFIG})
show(plan)

# %% [markdown] tags=["drill"]
# ## What does the auditor read?
#
# The drill searches every place that an auditor can read for each of the program's secrets, and tries to decode what it
# finds. A lock marks a place that holds the secret without showing it.

# %% tags=["drill"]
show(reader(plan, CONFIG))

# %% [markdown] tags=["drill"]
# ## How does the task get its login?
#
# Wherever the password goes, the task must still be able to log in to the database.

# %% tags=["drill"]
show(logins(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# Follow the password from the first line. Which values contain it, and which resources and exports receive them?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# Pulumi can encrypt a value in its state. But what a resource receives, AWS knows, and shows to everyone who can
# describe that resource. Could the task definition say where the password is, instead of what it is?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# Let RDS generate the password: `manage_master_user_password=True` instead of `password`. Its secret's ARN is
# `database.master_user_secrets[0].secret_arn`. Inject it with the container's `secrets` (`name` and `valueFrom`, where
# `ARN:password::` picks one JSON key), and allow the execution role `secretsmanager:GetSecretValue` on it. If your own
# key encrypts the secret (`master_user_secret_kms_key_id`), the role needs `kms:Decrypt`, too. No export may contain
# the password.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and runs the drills in each. It judges what an auditor can
# read and whether the task can still log in, not how the program is written. A password in the program's text counts
# as read, and so does one that it prints. Its assertions are folded here; click the three dots to open them.

# %% tags=["check"] expect=["SECRET-EXPOSED"]
with check("13_open_state", program, environments=("dev", "prod")) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        report = intruder(plan)
        for there, what in (
            (databases(plan), "the database"),
            (report.task_definitions, "the task definition"),
        ):
            with verdict.finding("MISSING", what, "Could the system do without it?"):
                assert there, f"Expected {what}; found none in the plan."

        # What was right: the database, who gets in, and that no role may do more than necessary.
        for database in databases(plan):
            with verdict.finding(
                "REGRESSION", database.name, "Which key of this program encrypted it before?"
            ):
                is_encrypted = database.resource.get("storage_encrypted") is True
                assert is_encrypted, "Expected encryption; found none."
                assert customer_key(plan, database.resource), (
                    "Expected a key of this program; found another one."
                )
            with verdict.finding(
                "REGRESSION", database.name, "Who needs to reach it from the internet?"
            ):
                assert not database.is_public, "Expected a private database; found a public one."
            with verdict.finding("REGRESSION", database.name, "What does it lose with a zone?"):
                assert len(database.zones) > 1, "Expected a second zone; found one zone."
            with verdict.finding(
                "REGRESSION", database.name, "How far back must a restore be able to go?"
            ):
                assert database.backup_days >= 30, (
                    f"Expected 30 days of backups; found {database.backup_days}."
                )
        for key in plan.of_type("kms.Key"):
            with verdict.finding(
                "REGRESSION", key.name, "Who else does its policy let in, and for what?"
            ):
                given = given_away(plan, key)
                assert not given, (
                    "Expected that it lets in only the account, and services for what they do; "
                    f"found that {'; '.join(given)}."
                )
        for role in report.roles:
            with verdict.finding("REGRESSION", role.role.name, "Who else may assume it?"):
                given = given_away(plan, role.role)
                assert not given, (
                    f"Expected that only AWS services assume it; found that {'; '.join(given)}."
                )
            for policy, beyond in beyond_login(plan, role).items():
                with verdict.finding(
                    "EXCESS-PRIVILEGE", policy, "What does the login take, and on which secret?"
                ):
                    assert not beyond, (
                        f"Expected only what {role.role.name} needs for the login; found more: {beyond}."
                    )

        # No password is to be read.
        for secret in reader(plan, verdict.config).secrets:
            for where, places in secret.seen_at.items():
                with verdict.finding(
                    "SECRET-EXPOSED", where, "Who may read this value, and where is it kept?"
                ):
                    assert not places, (
                        f"Expected that read-only access does not show {secret.name}; "
                        f"found it in {places}."
                    )
            with verdict.finding("SECRET-EXPOSED", secret.owner, "Who may read the repository?"):
                assert not is_written_in(program, secret.value, plan.stack), (
                    f"Expected {secret.name} from elsewhere; found it in the program's text."
                )

        # The task can still log in.
        found = logins(plan)
        for login in () if found.works else found.tasks:
            with verdict.finding(
                "MISSING-ACCESS",
                login.task,
                "How does the task get the login, and with which role?",
            ):
                assert login.works, (
                    f"Expected that the task can log in to the database; found that {login.problem}."
                )

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# Pulumi records every input and output of a resource in the state, as plain text unless it is marked as secret. RDS's
# `password` is: Pulumi's AWS package marks it, so the preview shows `[secret]` there, and it is easy to believe that the
# password is safe. But the mark is on the resource's property, not on the program's variable. `config.require` returns
# plain text, even for a value that was set with `pulumi config set --secret`, and Pulumi's Python SDK does not warn
# about it. Everything that the program builds from it is plain, too: the URL, the task definition, the export. And
# `pulumi up` ends with the stack's outputs, so the log has the export as well.
#
# `config.require_secret` repairs half of that. It returns a secret Output, and so is everything derived from it through
# `apply`, `concat` and `json_dumps`; state and exports then hold it encrypted. But Pulumi decrypts the values that it
# sends to AWS. In the task definition it is still an environment variable, for everyone who can call
# `ecs:DescribeTaskDefinition`, which `ReadOnlyAccess` includes. Base64 is not encryption, and removing the export leaves
# the state and the task definition as they were.
#
# So the task definition must not contain the password, only say where it is:
#
# - **RDS manages it** (`manage_master_user_password`): RDS generates it, stores it in Secrets Manager and rotates it.
#   Neither the program nor the state ever holds it.
# - **A secret of your own**: `require_secret`, a `Secret` and a `SecretVersion`. Reading it takes
#   `secretsmanager:GetSecretValue`, which `ReadOnlyAccess` does not include.
# - **A `SecureString` parameter**: reading it takes `ssm:GetParameters` and access to the key. A parameter of the type
#   `String` is plain text for everyone with `ssm:GetParameter`.
# - **No password**: with IAM authentication, the task logs in with a token that it signs with its role's credentials, and
#   that is valid for 15 minutes. The role needs `rds-db:connect` on the database user that the task signs in as.
#
# ECS injects a secret when a task starts, using the execution role; after a rotation, running tasks have to be
# replaced. Code that reads the secret itself, with the task role, always gets the current value.
#
# The repair does not undo what was read. Old revisions of the task definition stay in the account, even as `INACTIVE`,
# and old copies of the state stay in its backups. So change the password, too.
#
# ### The control
#
# NIST SP 800-53 **IA-5(7)** (no embedded unencrypted static authenticators), which is in the FedRAMP High baseline: an
# authenticator that is used in the form in which it is stored counts as unencrypted. AWS Security Hub CSPM's **ECS.8**
# (High) looks for environment variables called `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `ECS_ENGINE_AUTH_DATA`;
# ours is called `DATABASE_URL`.
#
# ### What scanners would have said
#
# Nothing about it. [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) finds credentials that are written in
# the code, such as a URL with a password (**CKV_SECRET_4**); here there is a variable. It asks for IAM authentication of
# the database (**CKV_AWS_161**), whose absence is not the flaw, and accepts the task definition's variables.
#
# ### How to spot it in a review
#
# - Search for `config.require(` and `config.get(`: should what they return be a secret?
# - Follow each secret to every resource and export that receives it, not only to the first.
# - For each value in the `environment` of a container or a function, ask: may everyone with read access know it?
# - Run `pulumi stack export` and search for the value. Where it is encrypted, you find an object with `ciphertext` in it.
#
# Sources: Pulumi documentation, [secrets handling](https://www.pulumi.com/docs/iac/concepts/secrets/)
# and [stack outputs](https://www.pulumi.com/learn/building-with-pulumi/stack-outputs/);
# Amazon ECS Developer Guide, [environment variables](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/taskdef-envfiles.html),
# [sensitive data](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html)
# and [deregistering a task definition](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html);
# Amazon RDS User Guide, [passwords in Secrets Manager](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html)
# and [IAM authentication](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html);
# [ReadOnlyAccess](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ReadOnlyAccess.html);
# AWS Security Hub User Guide, [ECS controls](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# A colleague writes `database_url.apply(print)`, to see why a deployment fails. Is that a problem if the Output is
# secret?
#
# <details><summary><b>An answer</b></summary>
#
# Yes. Inside `apply`, the function gets the plain value, and Pulumi does not control what it does with it: the mark is
# on the resulting Output, not on what was printed. The password is then in the deployment's log, which in CI often has
# more readers than the state.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import reader

question = "An auditor can look at everything and decrypt nothing. Where can they read the database's password?"
answers = {
    "everywhere": "with Pulumi, and in the AWS account",
    "pulumi": "with Pulumi only: in the state, the exports or the log",
    "aws": "in the AWS account only",
    "nowhere": "nowhere",
}


def outcome(program, plan):
    places = {str(sight.place) for secret in reader(plan).secrets for sight in secret.seen}
    if not places:
        return "nowhere"
    if places == {"the AWS account"}:
        return "aws"
    return "everywhere" if "the AWS account" in places else "pulumi"
