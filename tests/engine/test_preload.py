"""Services of pulumi_aws are loaded before several threads can touch them, and a program sees what Pulumi shows it."""

from __future__ import annotations

from lab_support.engine.preload import services_in
from tests.processes import python


def output_of(code: str) -> str:
    """What a fresh process prints."""
    with python(code) as process:
        out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return out.strip()


def test_names_that_the_sdks_files_import_from_each_other_can_be_imported() -> None:
    code = """
        import lab_support.engine.operations as engine
        from pulumi_aws.s3.bucket import Bucket, BucketWebsiteArgs

        def program(suffix):
            Bucket("site", website=BucketWebsiteArgs(index_document="index.html"))

        print(engine.preview(program).named("site").inputs["website"])
    """
    assert output_of(code) == "{'index_document': 'index.html'}"


def test_the_engine_leaves_pulumi_aws_as_it_is() -> None:
    code = """
        import sys
        import pulumi_aws as aws
        before = type(sys.modules["pulumi_aws.sqs"]).__name__, list(sys.meta_path)
        import lab_support.engine.operations as engine
        after = type(sys.modules["pulumi_aws.sqs"]).__name__, list(sys.meta_path)
        print(before == after, type(aws.sqs.Queue.__init__), type(aws.sqs).__name__)
    """
    assert output_of(code) == "True <class 'function'> module"


def test_a_program_and_what_is_defined_beside_it_have_their_services_loaded() -> None:
    code = """
        import sys
        import pulumi_aws as aws
        from lab_support.engine.preload import preload

        class Files:
            def __init__(self, name):
                aws.efs.FileSystem(name)

        def program(suffix):
            aws.sqs.Queue(suffix)
            Files(suffix)

        preload(program)
        loaded = {name for name in ("efs", "sqs", "sns") if f"pulumi_aws.{name}._inputs" in sys.modules}
        print(sorted(loaded))
    """
    assert output_of(code) == "['efs', 'sqs']"


def test_previews_on_several_threads_see_whole_services() -> None:
    code = """
        from concurrent.futures import ThreadPoolExecutor
        import pulumi_aws as aws
        from lab_support import preview

        def program(suffix):
            aws.ec2.Vpc(f"vpc-{suffix}", cidr_block="10.0.0.0/16")

        with ThreadPoolExecutor(4) as threads:
            plans = list(threads.map(lambda number: preview(program, f"env{number}"), range(4)))
        print([len(plan) for plan in plans])
    """
    assert output_of(code) == "[1, 1, 1, 1]"


def test_a_service_that_source_code_does_not_name_is_not_loaded() -> None:
    assert services_in(["import pulumi_aws as aws", "aws.no_such_service.Thing()"]) == []


def test_a_fresh_process_previews_several_environments() -> None:
    code = """
        import pulumi
        import pulumi_aws as aws
        from lab_support import Plan, preview_all

        class Files(pulumi.ComponentResource):
            def __init__(self, name):
                super().__init__("lab:tests:Files", name)
                aws.efs.FileSystem(name, opts=pulumi.ResourceOptions(parent=self))

        def program(suffix):
            aws.ec2.Vpc(f"vpc-{suffix}", cidr_block="10.0.0.0/16")
            Files(f"files-{suffix}")

        found = preview_all(program, [f"env{n}" for n in range(6)])
        print(*(len(plan) if isinstance(plan, Plan) else plan for plan in found.values()))
    """
    assert output_of(code) == "3 3 3 3 3 3"
