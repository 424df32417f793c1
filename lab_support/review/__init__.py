"""Reviews any Pulumi program: each drill as a rule over a plan.

    review = review_plan(preview(program, "dev"), other=preview(program, "prod"))
    for finding in review.findings:
        print(finding.id, finding.resource, finding.what)

A rule reports only what is certain. What depends on a value that the plan does not know is listed in `review.unknown`,
with the reason. Each rule has its own module; rules.py lists them.
"""
