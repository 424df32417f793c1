"""Scripts that write the data files of lab_support from what AWS and Pulumi publish; `python -m tools` runs them all.

The packages they read (botocore, cfn-lint) are needed for development only: at run time the lab reads the files.
"""
