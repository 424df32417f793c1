"""What the `kubernetes` provider adds to an object before it is created: a name, where the program gives none."""

from __future__ import annotations

import hashlib

from google.protobuf import struct_pb2


def name(inputs: struct_pb2.Struct, urn: str) -> None:
    """Adds `metadata.name`: the logical name, a dash and eight hexadecimal digits, as the real provider does.

    Lists and Helm releases carry their names elsewhere and have no `metadata`.
    """
    if "apiVersion" not in inputs.fields:
        return
    metadata = inputs.fields["metadata"]
    if metadata.WhichOneof("kind") not in (None, "struct_value"):
        return  # unknown
    fields = metadata.struct_value.fields
    if "name" not in fields and "generateName" not in fields:
        logical = urn.rpartition("::")[2]
        fields["name"].string_value = f"{logical}-{hashlib.sha256(urn.encode()).hexdigest()[:8]}"
