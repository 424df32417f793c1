"""What IAM would decide: reads policies, matches them against requests, and evaluates them as AWS documents it.

`principals` collects the policies of a role in a plan, `evaluate` decides one request, and `reach` lists every action
that the policies of a role allow, with the resources.
"""
