# ---
# jupyter:
#   lab:
#     title: The brief
# ---

# %% [markdown]
# # The brief
#
# What the emergency-alert system must do. Its infrastructure was written from this page, and every exercise quotes the
# parts that concern its program. The system and its agency are fictional.
#
# ## Purpose
#
# Government sources report natural disasters and threats to public safety, thousands of events a second. The system
# takes them in, decides which become a public warning, and passes the warnings on. It runs in `ap-southeast-1` only and
# is to meet the FedRAMP High baseline.
#
# ## The parts
#
# - **Network.** A VPC with public and private subnets in several zones. Databases, cache, files and tasks are in private
#   subnets; security groups allow only the traffic that the components need from each other.
# - **Kinesis** receives the events: one stream, sized for the load (4 shards) and encrypted.
# - **ECS Fargate** processes them: 2 to 10 tasks, scaled by CPU, over several zones, with the shared files mounted. The
#   image `amazon/aws-cli` stands in for the application. A task calls `GetRecords`, `GetShardIterator`,
#   `DescribeStream`, `ListShards`, `PutRecord` and `PutRecords` on its environment's stream, and reads the database's
#   login, which RDS rotates, when it connects. It passes warnings on to the broadcasters, whom it reaches over the
#   internet, by HTTPS and IPv4. While a zone is down, every task that runs in another one still does so, without
#   manual action.
# - **RDS PostgreSQL** holds alert data and system state. It is encrypted, survives the loss of a zone without losing
#   what was committed, keeps backups for 30 days and is not public.
# - **ElastiCache Redis** correlates events and caches: replicas in several zones, encrypted at rest and in transit,
#   authenticated.
# - **EFS** holds the processing rules and the configuration that the tasks share, with a mount target in each private
#   subnet. Files that are not read for 30 days move to Infrequent Access.
# - **DynamoDB** keeps the log of the warnings that were sent.
# - **API Gateway** receives alerts from outside, authenticated by IAM.
# - **Secrets Manager** keeps the credentials of the database and of Redis.
#
# ## What holds for all of them
#
# - **Encryption.** What is stored is encrypted with a customer managed KMS key of the system, which rotates. Connections
#   use TLS 1.2 or later.
# - **Access.** Every role may do what its work takes, and nothing else. Keys and topics let in nobody from outside the
#   account, and AWS services only for what they do; the keys are managed by the account.
# - **Logs and alarms.** Every component keeps encrypted logs in CloudWatch. Alarms watch what matters, at least CPU loads
#   and the age of events in the stream, and notify the people on call, who are subscribed to an SNS topic: within 15
#   minutes after a component has reached its limit, and not while all is well.
# - **Names.** Several environments live side by side in one account. Every name of a resource carries the environment
#   suffix, logical names included: they are what previews, state and URNs show (`emergency-alert-vpc-{suffix}`). The
#   organisation runs Pulumi with `pulumi:autonaming: {mode: verbatim}`, so a resource without a physical name in the
#   program gets exactly its logical name.
# - **State.** The state of the deployments is backed up automatically. Auditors read everything: the state, the stacks'
#   exports and the output of `pulumi up`, and in the account they have AWS's policy `ReadOnlyAccess`, but are denied
#   `kms:Decrypt`. No password is among what they read.
# - **Releases.** No release and no `pulumi destroy` loses what is stored: it stays, or it can be restored as it was at
#   that moment. A release or a `pulumi destroy` of one environment changes nothing in the others. The system's source is
#   public. The workflow `release.yml` of the repository `alerts-example/emergency-alert` on GitHub deploys it from the
#   branch `main`, without a GitHub environment; no other branch, tag, pull request or repository may.
# - **Environments.** All of this holds in every environment, not in production only.
