"""The mock AWS account that the engine previews and deploys against: no cloud, no credentials.

`Account` is what exists; `provider.serve(account)` puts it behind Pulumi's provider protocol. Where to add what:

| to add or change | where |
|---|---|
| what is known of one type: its id, default, limit, data source, ... | its entry (`grep -rn '"sqs.Queue"' services/`) |
| a rule by which a service refuses | the service's services/*_rules.py |
| another name of a type (deprecated, or of another module) | `ALIASES` in its service's file |
| what an entry may say | resource_spec.py |
| published facts: force-new inputs, combinations, error codes, limits of names | data/, by `python -m tools` |
| tables that exist only on AWS's pages: hosted zones, accounts, prefixes of ids | data/, with their `sources` |
| a value that follows from another property, or from a resource that is named | follows.py |
| what the provider refuses before it calls AWS | combinations.py, name_forms.py |
| how two requests for one thing overwrite each other | overwriting.py |
| what a plan says of what is overwritten | ../engine/overwritten.py |
| what `lab explain` shows | ../cli/explanation.py |
| what a template such as `{hex17}` may name | templates.py; identifiers themselves: identifiers.py |
| the answer for types without an entry | fallback.py, common_outputs.py, sdk_defaults.py |
| what a new account has | default_network.py |
| what the SDK says of a type | sdk_types.py (read from the installed package) |
"""

from lab_support.mock_aws.account import ACCOUNT_ID, REGION, Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError

__all__ = ["ACCOUNT_ID", "REGION", "Account", "AwsApiError", "StoredResource"]
