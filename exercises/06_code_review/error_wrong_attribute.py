# The part has another name for its stream.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        '{"name": "STREAM", "value": data.kinesis_stream.name}',
        '{"name": "STREAM", "value": data.stream.name}',
    ),
)
