"""The mock AWS account that the engine previews and deploys against: no cloud, no credentials.

`Account` is what exists; `provider.serve(account)` puts it behind Pulumi's provider protocol. Where to add what:

| to add | where |
|---|---|
| a default, the form of an id or an ARN, an endpoint | the type's row in services/ (`grep -rn sqs.Queue services/`) |
| what a template such as `{hex17}` may name | templates.py; identifiers themselves: identifiers.py |
| how a type is named when the program gives no name | names.py |
| the answer for types without a row | unlisted.py, common_outputs.py, composed_ids.py, sdk_defaults.py |
| a name that is taken, a name of the wrong form | unique_names.py, name_rules.py |
| a property that names something that must exist | references.py |
| another refusal | services/*_rules.py |
| what makes a new thing, what cannot be deleted | replaced_by.py, deletion.py |
| a data source | one line in lookups/holdings.py, or a function in lookups/ |
| what an account has before anything is deployed | existing.py |
| what the SDK says of a type | sdk_types.py (read from the installed package) |
"""

from lab_support.mock_aws.account import ACCOUNT_ID, REGION, Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError

__all__ = ["ACCOUNT_ID", "REGION", "Account", "AwsApiError", "StoredResource"]
