"""What IAM would answer: policies read, matched against concrete requests, and evaluated as AWS publishes it.

Nothing here knows of exercises. `principals` reads what is attached to a role of a Plan, `evaluate` decides one
request, `reach` lists everything that the policies of a role let it do, and to what.
"""
