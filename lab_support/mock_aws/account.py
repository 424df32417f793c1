"""The mock AWS account: which resources exist in it, where, and under which names.

An account starts empty. A deployment adds to it; a preview works on a copy, so that it can see what is there
and leaves nothing behind.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final

from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.plan.invalid_input import InvalidInput

ACCOUNT_ID: Final = "123456789012"
REGION: Final = "ap-southeast-1"
# The properties that name a resource, beside its id.
_HANDLES: Final = ("arn", "name", "identifier", "keyId", "url", "bucket", "family")
# What a copy of an account has of its own, and what the accounts of one run share with each other.
_STATE: Final = """
    id region resources stacks births holds_everything only_previewed as_pulumi existing default_network scheduled
    writers overwritten overwritten_inline attached permissions said
    """.split()
_SHARED: Final = ("only_previewed", "as_pulumi", "refused_later", "refused", "made_up", "said")
# How long a resource waits for another that it names, in seconds.
_PATIENCE: Final = 1.0
# What takes the place of secrets that are not known here: of an account, and of a project's configuration.
STAND_IN: Final = "stand-in-for-a-secret"
SECRET_STAND_INS: Final = (STAND_IN, "placeholderSecret0")


@dataclass(frozen=True)
class StoredResource:
    """Something that exists in the account: `values` are its properties by wire name.

    `generation` counts the resources that had the same URN before this one. `given` are the inputs of the program by
    wire name; empty where they are not known.
    """

    urn: str
    type: str
    id: str
    region: str
    values: Mapping[str, Any]
    generation: int = 0
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def handles(self) -> frozenset[str]:
        """Everything by which another resource or a program may name this one: its id, ARN and names."""
        named = {self.id, *(self.values.get(name) for name in _HANDLES)}
        if "family" in self.values:
            named.add(f"{self.values['family']}:{self.values.get('revision')}")
        return frozenset(name for name in named if isinstance(name, str) and name)


@dataclass
class Account:
    """One AWS account.

    What exists
        `resources`, by URN. While one is being replaced, the old one exists, too, under its URN and id. `births` counts
        how many resources a URN has had, because AWS never assigns an id twice. `stacks` keeps the engine's own state
        of each deployed stack, by stack name.
        `existing` are resources that were not deployed here; `default_network` says whether the account still has the
        default VPCs (default_network.py). `scheduled` are resources that AWS keeps, with their names, for some days
        after their deletion: secrets.

    A program whose account is not known (`holds_everything` is false)
        It may refer to what exists in a real account. Instead of being refused, what is missing is assumed to exist,
        and `assumed` notes it: the URN or token that asks, and what it asks for. `stand_ins` are ids made up for that,
        `made_up` other texts. `said` are the texts with which the program compares an attribute (`name`), and the keys
        that it reads of one (`tags[]`). `others` are the accounts in which a program assumes a role, by id.

    A program that is only previewed (`only_previewed`)
        Nothing is ever created. `pulumi preview` does not ask AWS either, so what AWS would refuse does not stop the
        run: `refused_later` notes it (the URN, and AWS's words). What the provider itself refuses in a preview fails
        the run; `refused` notes it, and the run continues, so that one run finds all of it. `wrapped` notes single
        values given where lists are expected (the URN or token, and the path). `without_region` are the URNs of
        explicit providers that name no region. With `as_pulumi`, a preview answers only what `pulumi preview` knows:
        what the program gave, and defaults.

    What requests change behind each other's back
        `writers` says which resource (by URN) was the last to write what AWS overwrites without an error,
        `overwritten` which resource is gone that way and because of which one, and `overwritten_inline` the same for
        what a resource wrote with one of its properties (overwriting.py). `attached` are the attached managed policies:
        the policy's ARN, `roles`, `users` or `groups`, and the name (services/iam_attachments.py). `permissions` are
        the rules of security groups: the group's id, `ingress` or `egress`, the protocol, the first and the last port,
        and the peer (services/ec2_permissions.py).
    """

    id: str = ACCOUNT_ID
    region: str = REGION
    resources: dict[str, StoredResource] = field(default_factory=dict)
    stacks: dict[str, bytes] = field(default_factory=dict)
    births: dict[str, int] = field(default_factory=dict)
    holds_everything: bool = True
    assumed: list[tuple[str, str]] = field(default_factory=list)
    only_previewed: bool = False
    as_pulumi: bool = False
    refused_later: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    wrapped: list[tuple[str, str]] = field(default_factory=list)
    without_region: list[str] = field(default_factory=list)
    stand_ins: set[str] = field(default_factory=set, repr=False)
    made_up: set[str] = field(default_factory=set, repr=False)
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    existing: tuple[StoredResource, ...] = ()
    default_network: bool = True
    scheduled: dict[str, StoredResource] = field(default_factory=dict)
    others: dict[str, Account] = field(default_factory=dict)
    writers: dict[tuple[str, ...], str] = field(default_factory=dict)
    overwritten: dict[str, str] = field(default_factory=dict)
    overwritten_inline: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    attached: set[tuple[str, str, str]] = field(default_factory=set)
    permissions: set[tuple[str, str, str, int, int, str]] = field(default_factory=set)
    given_up: set[tuple[str, tuple[str, ...]]] = field(default_factory=set, repr=False)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    # The same resources by type: they are looked up by type all the time.
    _by_type: dict[str, dict[str, StoredResource]] = field(default_factory=dict, repr=False, compare=False)
    # And by type, property and text of the property in lower case, for properties that were looked up.
    _by_text: dict[str, dict[str, dict[str, dict[str, StoredResource]]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for key, resource in self.resources.items():
            self._by_type.setdefault(resource.type, {})[key] = resource

    def copy(self) -> Account:
        """An account with the same resources in it, which a preview may change."""
        with self.lock:
            state = {name: copy(getattr(self, name)) for name in _STATE}
            return Account(**state, others={id: other.copy() for id, other in self.others.items()})

    def other(self, id: str) -> Account:
        """The account of this id, in which a program works by assuming a role: names there are names of their own.

        What else it holds is not known. Without an id, or with its own, it is this account.
        """
        if id in ("", self.id):
            return self
        with self.lock:
            if id not in self.others:
                shared = {name: getattr(self, name) for name in _SHARED}
                self.others[id] = Account(id, self.region, holds_everything=False, **shared)
            return self.others[id]

    def may_hold(self, asker: str, missing: str, what: str = "") -> bool:
        """Whether what AWS says is missing may still exist; if so, that is noted: `what` it is, else AWS's words."""
        if not self.holds_everything:
            with self.lock:
                if not any(identity in f"{missing} {what}" for identity in self.stand_ins):
                    self.assumed.append((asker, what or missing))
        return not self.holds_everything

    def note_stand_ins(self, ids: Iterable[Any]) -> None:
        """Notes ids that were made up for what a real account may hold: of these nothing is missing."""
        with self.lock:
            self.stand_ins.update(identity for identity in ids if isinstance(identity, str) and identity)

    def is_made_up(self, text: str) -> bool:
        """Whether a text takes the place of what is not known here, so that its form says nothing."""
        return text in self.made_up or any(mark in text for mark in SECRET_STAND_INS)

    def note_wrapped(self, asker: str, paths: Iterable[str]) -> None:
        """Notes single values (by path) that were given where lists are meant."""
        with self.lock:
            self.wrapped += [(asker, path) for path in paths]

    @contextmanager
    def deferring_errors(self, urn: str) -> Iterator[None]:
        """Where nothing is created, notes an error that only the creation of this resource raises."""
        try:
            yield
        except (AwsApiError, InvalidInput) as refusal:
            if isinstance(refusal, InvalidInput):
                later = refusal.on_creation
            elif refusal.is_about_missing and self.may_hold(urn, refusal.text, refusal.missing_thing):
                return
            else:
                later = bool(refusal.operation)
            if not (later and self.only_previewed):
                raise
            with self.lock:
                self.refused_later.append((urn, str(refusal)))

    def note_refusal(self, urn: str, text: str) -> None:
        """Notes that the provider refuses this resource in a preview, which continues without it."""
        with self.lock:
            self.refused.append((urn, text))

    def reword_refusals(self, urn: str, reword: Callable[[str], str]) -> None:
        """Changes the words in which `refused_later` notes refusals of this resource."""
        with self.lock:
            for place, (noted, text) in enumerate(self.refused_later):
                if noted == urn:
                    self.refused_later[place] = (urn, reword(text))

    def is_refused(self, urn: str) -> bool:
        """Whether `note_refusal` was called for this resource."""
        with self.lock:
            return any(refused == urn for refused, _ in self.refused)

    def add(self, resource: StoredResource) -> None:
        """Adds a resource that was created. One that has its URN and another id stays until it is removed."""
        with self.lock:
            older = self._take(resource.urn)
            if older is not None and older.id != resource.id:
                self._put(f"{older.urn}#{older.id}", older)
            self._put(resource.urn, resource)
            self.births[resource.urn] = self.births.get(resource.urn, 0) + 1

    def change(self, resource: StoredResource) -> None:
        """Puts a resource that was updated in place: the same URN, the same id."""
        with self.lock:
            self._put(self._key(resource.urn, resource.id), resource)

    def remove(self, urn: str, id: str | None = None) -> None:
        """Removes the resource of this URN (and id, where an older one may still exist)."""
        with self.lock:
            self._take(self._key(urn, id))

    def get(self, urn: str, id: str | None = None) -> StoredResource | None:
        """The resource of this URN, if it exists."""
        with self.lock:
            return self.resources.get(self._key(urn, id))

    def _put(self, key: str, resource: StoredResource) -> None:
        self._forget_texts(key)
        self.resources[key] = resource
        self._by_type.setdefault(resource.type, {})[key] = resource
        for name, texts in self._by_text.get(resource.type, {}).items():
            texts.setdefault(_text(resource, name), {})[key] = resource

    def _take(self, key: str) -> StoredResource | None:
        self._forget_texts(key)
        resource = self.resources.pop(key, None)
        if resource is not None:
            del self._by_type[resource.type][key]
        return resource

    def _forget_texts(self, key: str) -> None:
        resource = self.resources.get(key)
        if resource is not None:
            for name, texts in self._by_text.get(resource.type, {}).items():
                del texts[_text(resource, name)][key]

    def _key(self, urn: str, id: str | None) -> str:
        older = f"{urn}#{id}"
        return older if older in self.resources else urn

    def await_resource(self, value: Any, *types: str) -> None:
        """Waits a moment for what a plain name means: the engine may be creating both at the same time.

        Without this the order of two calls would decide whether a program is refused. AWS's own resources exist.
        What has not come once is not waited for again: a hundred resources may name what exists elsewhere.
        """
        ends = time.monotonic() + _PATIENCE
        while isinstance(value, str) and ":iam::aws:" not in value and self.find(value, *types) is None:
            if (value, types) in self.given_up:
                return
            if time.monotonic() > ends:
                self.given_up.add((value, types))
                return
            time.sleep(0.01)

    def of_type(self, *types: str) -> Iterator[StoredResource]:
        """The resources of these type tokens."""
        with self.lock:
            resources = [
                resource for type in dict.fromkeys(types) for resource in self._by_type.get(type, {}).values()
            ]
        return iter(resources)

    def with_text(self, name: str, text: str, *types: str) -> tuple[StoredResource, ...]:
        """The resources of these type tokens of which this property is this text, in any case."""
        with self.lock:
            found: list[StoredResource] = []
            for type in dict.fromkeys(types):
                texts = self._by_text.setdefault(type, {})
                if name not in texts:
                    texts[name] = {}
                    for key, resource in self._by_type.get(type, {}).items():
                        texts[name].setdefault(_text(resource, name), {})[key] = resource
                found += texts[name].get(text.lower(), {}).values()
        return tuple(found)

    def find(self, value: Any, *types: str, region: str | None = None) -> StoredResource | None:
        """The resource of these types whose id, ARN or name this is (in `region`, if given), or None."""
        if not isinstance(value, str) or not value:
            return None
        described = (resource for resource in self.existing if resource.type in types)
        # The newest of that name, while two have it.
        for resource in (*reversed(list(self.of_type(*types))), *described):
            if region is not None and resource.region != region:
                continue
            if value in resource.handles:
                return resource
        return None


def _text(resource: StoredResource, name: str) -> str:
    return str(resource.values.get(name)).lower()
