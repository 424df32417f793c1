"""The entry of a resource type: all that the account knows of it, in one place (services/<AWS service>.py).

    SPECS = {"sqs.Queue": ResourceSpec(id="...", arn="...", defaults={...}, unique=Unique(...), ...)}
    ALIASES = {"s3.BucketV2": "s3.Bucket"}  # another token of the SDK for the same type

`services.spec_of(type)` finds the entry; it takes a type as a program writes it (`s3.Bucket`), a token of the SDK, or
an alias of either, and returns None for a type without an entry. `services.specs()` holds them all by type, and
`services.canonical(type)` is the type behind an alias. Mechanisms (answers.py, naming.py, uniqueness.py, references.py,
replacement.py, deletion.py, data_sources.py) ask these and name no type.

Strings are templates (templates.py), also inside lists and objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.data.combinations import Combination
from lab_support.mock_aws.lookup import DataSource
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.templates import fill

# A rule of a service's API, or of the provider before it: raises CreationRefused, AwsApiError or InvalidInput.
ApiRule = Callable[[ResourceRequest, Values], None]
# A value, a template, or what follows from the request and the values so far.
Computed = str | bool | int | list[Any] | dict[str, Any] | Callable[[ResourceRequest, Values], Any]


@dataclass(frozen=True)
class ErrorTemplate:
    """An error of AWS: `call` is service and operation, `doing` how the provider begins its sentence.

    Without a `call` it is the one that creates the resource (`ResourceSpec.creation`), or for a guard the one that
    deletes it (`deletion`). `doing` and `text` are templates in the resource's properties. Without an operation the
    provider itself refuses, and `text` stands alone. `status` is the HTTP status, where the service's model does not
    say it (data/aws_errors.json).
    """

    code: str
    text: str
    status: int = 0
    call: tuple[str, str] | None = None
    doing: str = ""

    def error(self, fields: Mapping[str, Any], default: tuple[str, str, str] = ("", "", "")) -> AwsApiError:
        """The error with these fields filled in."""
        service, operation, doing = (*self.call, self.doing) if self.call else default
        text = fill(self.text, fields)
        return AwsApiError(service, operation, self.code, text, fill(doing, fields), self.status)


@dataclass(frozen=True)
class Autoname:
    """How Pulumi's provider names a resource that the program gives no name; `longest` is the limit, 0 for none.

    `digits` random characters follow the logical name and the `separator`: hexadecimal ones, or `letters`. With `lower`
    the logical name is made lower-case first; each name begins with `begins`; an input `fifo` that is true adds
    `.fifo`. Source: pulumi/pulumi-aws, provider/resource_overrides.go and provider/autonaming.go (`AutoName`).
    """

    longest: int = 255
    separator: str = "-"
    digits: int = 7
    letters: bool = False
    lower: bool = False
    begins: str = ""
    fifo: str = ""


@dataclass(frozen=True)
class NameForm:
    """A form that the whole name must match, and the sentence when it does not; `{name}` is the name.

    Without a `code` the provider says it before it calls AWS; with one it is AWS's answer to the creation. Sources:
    botocore's service models; the validators in the schemas of hashicorp/terraform-provider-aws.
    """

    pattern: str
    text: str
    code: str = ""


@dataclass(frozen=True)
class Unique(ErrorTemplate):
    """What no two resources may share, and the error for the second.

    `name` is the property that must differ between resources that are equal in all of `within`; empty, it is the one
    that names the resource. Types of one `namespace` share their names. `takes_equals` maps properties to AWS's names
    of them: then only a request that differs in one of these is refused, as `{attribute}`, and any other gets the
    resource that exists. An input `unless` that is true lets the second take over. `scheduled` is the text for a name
    that waits for its deletion. `special` may return another error for some requests.
    """

    name: str = ""
    within: tuple[str, ...] = ("region",)
    namespace: str = ""
    ignores_case: bool = False
    takes_equals: Mapping[str, str] = field(default_factory=dict)
    unless: str = ""
    scheduled: str = ""
    special: Callable[[Mapping[str, Any]], AwsApiError | None] | None = None


@dataclass(frozen=True)
class Reference(ErrorTemplate):
    """A property (or each element of it) that names a resource of type `target`, by id, ARN or name.

    `{value}` is the name that leads nowhere.
    """

    name: str = ""
    target: str = ""


@dataclass(frozen=True)
class DeletionGuard(ErrorTemplate):
    """Why AWS does not delete a resource: its `flag` has this value, or others use it.

    `users` are types with the property that names the resource; empty, every type counts that says so itself
    (`ResourceSpec.holds`). `{user}` is the first that does. An input `unless` that is true makes the provider clear
    them away first.
    """

    flag: tuple[str, Any] | None = None
    users: tuple[tuple[str, str], ...] = ()
    unless: str = ""


@dataclass(frozen=True)
class ResourceSpec:
    """All that is known of a resource type; what is left out is answered by fallback.py and common_outputs.py.

    What it looks like:
    - `id`, `arn`: without an id both follow what is published: the SDK's example, AWS's reference (fallback.py).
    - `defaults`: inputs that the program does not give. `computed`: outputs that AWS adds.
    - `computed_inside`: parts of blocks that the program gives and AWS completes, by the block's property; unknown.
    - `is_global`: the resource belongs to no region.

    What it is called:
    - `name`: the input that names it, where the type has that input; empty for none.
    - `autoname`: how Pulumi names it, where that differs from the rule (an input `name`, see naming.py).
    - `generated`: the prefix of the name that the provider gives where neither the program nor Pulumi does.
    - `name_forms`: the forms that its name must have. `unique`: what it shares with no other.

    What it needs and what may happen to it:
    - `creation`: the call that creates the resource: service, operation, and how the provider begins its sentence.
      `creation_with`: another call that does, by the input with which the provider makes it. `deletion`: the call
      that deletes it, in the same way.
    - `references`: properties that name something that must exist. `awaits`: names and types that rules look up
      themselves; a resource that is just being created is waited for.
    - `combinations`: inputs that exclude or need each other, beyond what is documented (data/combinations.json).
    - `rules`: checked before the resource is created or changed.
    - `force_new`: inputs whose change needs a new resource, where that is not published (data/force_new.json).
      `in_place`: inputs that the provider changes, although it is published otherwise, or although they name it.
    - `overwrites`: the inputs that identify it, where a second request for the same thing replaces the first without an
      error (overwriting.py); empty where the account has only one. `overwrites_as`: another type that writes the same
      things. `inline`: inputs that write what another type writes, too, with that type. The first input by which that
      type identifies what it writes names this resource; the others are fields of each item of the list.
    - `holds`: properties that name another resource, with its type: AWS does not delete that one meanwhile.
    - `guards`: what keeps it from being deleted. `on_delete`: called before it is deleted; returns what is left in the
      account, or raises. `on_write`: called after it was created or changed, with its former state; returns what the
      provider then reads back. `reads_back`: inputs for which that may be more than the program gave, which the next
      update sees as a change. `differs`: the same as a function of the state and the program's inputs. `on_read`:
      called when a refresh reads it; returns what has changed since, or None if it is gone.

    - `data_sources`: the functions of the SDK that look it up, by name (`sqs.getQueue`).
    """

    id: str | Callable[[ResourceRequest, Values], Any] = ""
    arn: str = ""
    is_global: bool = False
    name: str = "name"
    autoname: Autoname | None = None
    generated: str = ""
    name_forms: tuple[NameForm, ...] = ()
    unique: Unique | None = None
    defaults: Mapping[str, Computed] = field(default_factory=dict)
    computed: Mapping[str, Computed] = field(default_factory=dict)
    computed_inside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    creation: tuple[str, str, str] = ("", "", "")
    deletion: tuple[str, str, str] = ("", "", "")
    creation_with: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    awaits: Callable[[ResourceRequest], Iterable[tuple[Any, str]]] = lambda request: ()
    combinations: tuple[Combination, ...] = ()
    rules: tuple[ApiRule, ...] = ()
    force_new: tuple[str, ...] = ()
    in_place: tuple[str, ...] = ()
    overwrites: tuple[str, ...] | None = None
    overwrites_as: str = ""
    inline: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[str, str] = field(default_factory=dict)
    guards: tuple[DeletionGuard, ...] = ()
    on_delete: Callable[[StoredResource, Account], tuple[StoredResource, ...]] | None = None
    on_write: Callable[[StoredResource, Account, Mapping[str, Any] | None], Values] | None = None
    reads_back: tuple[str, ...] = ()
    differs: Callable[[Mapping[str, Any], Mapping[str, Any]], Iterable[str]] | None = None
    on_read: Callable[[StoredResource, Account], Values | None] | None = None
    data_sources: Mapping[str, DataSource] = field(default_factory=dict)


# Where Pulumi adds no random end: it names by words of letters.
WORD: Final = Autoname(longest=0, separator="_", digits=8, letters=True)


def name_length(spelled: str, shortest: int, longest: int) -> NameForm:
    """The provider's check of a length (validation.StringLenBetween)."""
    text = f"expected length of {spelled} to be in the range ({shortest} - {longest}), got {{name}}"
    return NameForm(rf"(?s).{{{shortest},{longest}}}", text)
