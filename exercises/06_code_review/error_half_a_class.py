# Half a class: the file ends in the middle of a call.
class DataStores(Part):
    def __init__(self, environment_suffix: str, key: aws.kms.Key) -> None:
        self.kinesis_stream = aws.kinesis.Stream(
            f"emergency-alert-stream-{environment_suffix}",
