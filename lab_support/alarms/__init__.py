"""How CloudWatch alarms decide: datapoints become statistics, statistics states, and changes of state actions.

Nothing here knows of Pulumi or of plans, except definitions.py, which reads alarms from a plan.
"""
