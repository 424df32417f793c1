"""How CloudWatch alarms decide: datapoints become statistics, statistics become states, state changes trigger actions.

Only definitions.py, which reads the alarms of a plan, depends on plans.
"""
