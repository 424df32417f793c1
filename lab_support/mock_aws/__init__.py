"""The mock AWS account that the engine previews and deploys against: no cloud, no credentials.

`Account` is what exists; `serve(account)` puts it behind Pulumi's provider protocol.
"""

from lab_support.mock_aws.account import ACCOUNT_ID, REGION, Account, Thing
from lab_support.mock_aws.refusal import Refusal

__all__ = ["ACCOUNT_ID", "REGION", "Account", "Refusal", "Thing"]
