"""Reviews anybody's Pulumi program: each drill as a rule over a plan.

    review = review_plan(preview(program, "dev"), other=preview(program, "prod"))
    for finding in review.findings:
        print(finding.id, finding.resource, finding.what)

A rule speaks only where it is sure. What depends on something that the plan does not know is listed in
`review.unknown`, with the reason. rules.py lists the rules; each module holds one.
"""
