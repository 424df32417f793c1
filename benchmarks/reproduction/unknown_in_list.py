"""Pulumi's Python SDK overlooks an unknown value that is an item of a list: python unknown_in_list.py

Needs the package `pulumi` (written for 3.259.0) and nothing else.
"""

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

if __name__ == "__main__":
    for values in (
        {"resource": rpc.UNKNOWN},
        {"resources": [{"arn": rpc.UNKNOWN}]},
        {"resources": [rpc.UNKNOWN]},
    ):
        arguments = struct_pb2.Struct()
        arguments.update(values)
        print(rpc.struct_contains_unknowns(arguments), values)
