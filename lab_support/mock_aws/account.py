"""The mock AWS account: which things exist in it, where, and under which names.

An account starts empty. A deployment adds to it; a preview works on a copy, so that it can see what is there
and leaves nothing behind.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from lab_support.mock_aws.aws_errors import AwsApiError, InvalidInput

ACCOUNT_ID: Final = "123456789012"
REGION: Final = "ap-southeast-1"
# The properties that name a resource, beside its id.
_HANDLES: Final = ("arn", "name", "identifier", "keyId", "url", "bucket", "family")
# How long a resource waits for another that it names, in seconds.
_PATIENCE: Final = 1.0


@dataclass(frozen=True)
class StoredResource:
    """Something that exists in the account: `values` are its properties by wire name.

    `generation` counts the things that had the same URN before this one.
    """

    urn: str
    type: str
    id: str
    region: str
    values: Mapping[str, Any]
    generation: int = 0

    @property
    def logical_name(self) -> str:
        return self.urn.rpartition("::")[2]

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

    `things` are what exists, by URN; while a thing is being replaced the old one is there too, under its URN and id.
    `births` counts how many things each URN has had, because AWS never gives an id twice. `stacks` keeps the engine's
    own state of each deployed stack, by stack name.

    Where `holds_everything` is false, a program may refer to what exists in somebody's real account and is not known
    here: instead of a refusal, what is missing is taken to exist, and `assumed` notes it (the URN or token that asks,
    and AWS's words). `others` are the accounts in which a program assumed a role, by id.

    Where `only_previewed` is true, nothing is ever created. `pulumi preview` does not ask AWS either, so what AWS would
    refuse is no reason to stop: `refused_later` notes it (the URN, and AWS's words). What the provider itself refuses
    in a preview stays a refusal.

    `existing` are things that nobody here has deployed, and `default_network` says whether the account still has
    the VPCs that AWS gives to a new one (existing.py). `scheduled` are things that AWS keeps for some days after
    their deletion, with their names: secrets.

    `writers` says which resource (by URN) wrote last what AWS overwrites without an error, and `overwritten` which
    resource is gone that way, and by which one (overwriting.py).
    """

    id: str = ACCOUNT_ID
    region: str = REGION
    resources: dict[str, StoredResource] = field(default_factory=dict)
    stacks: dict[str, bytes] = field(default_factory=dict)
    births: dict[str, int] = field(default_factory=dict)
    holds_everything: bool = True
    assumed: list[tuple[str, str]] = field(default_factory=list)
    only_previewed: bool = False
    refused_later: list[tuple[str, str]] = field(default_factory=list)
    existing: tuple[StoredResource, ...] = ()
    default_network: bool = True
    scheduled: dict[str, StoredResource] = field(default_factory=dict)
    others: dict[str, Account] = field(default_factory=dict)
    writers: dict[tuple[str, ...], str] = field(default_factory=dict)
    overwritten: dict[str, str] = field(default_factory=dict)
    given_up: set[tuple[str, tuple[str, ...]]] = field(default_factory=set, repr=False)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    # The same things by type, for they are asked for by type all the time.
    _by_type: dict[str, dict[str, StoredResource]] = field(default_factory=dict, repr=False, compare=False)
    # And by type, property and text of the property in lower case, for those that somebody has asked for.
    _by_text: dict[str, dict[str, dict[str, dict[str, StoredResource]]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for key, thing in self.resources.items():
            self._by_type.setdefault(thing.type, {})[key] = thing

    def copy(self) -> Account:
        """An account with the same things in it, for a preview to play with."""
        with self.lock:
            return Account(
                self.id,
                self.region,
                dict(self.resources),
                dict(self.stacks),
                dict(self.births),
                self.holds_everything,
                only_previewed=self.only_previewed,
                existing=self.existing,
                default_network=self.default_network,
                scheduled=dict(self.scheduled),
                others={id: other.copy() for id, other in self.others.items()},
                writers=dict(self.writers),
                overwritten=dict(self.overwritten),
            )

    def other(self, id: str) -> Account:
        """The account of this id, in which a program works by assuming a role: names there are names of their own.

        Nobody knows what else it holds. Without an id, or with its own, it is this account.
        """
        if id in ("", self.id):
            return self
        with self.lock:
            if id not in self.others:
                self.others[id] = Account(id, self.region, holds_everything=False)
                self.others[id].only_previewed = self.only_previewed
                self.others[id].refused_later = self.refused_later
            return self.others[id]

    def may_hold(self, asker: str, missing: str) -> bool:
        """Whether what AWS says is missing may be there all the same; if so, that is noted."""
        if not self.holds_everything:
            with self.lock:
                self.assumed.append((asker, missing))
        return not self.holds_everything

    @contextmanager
    def deferring_errors(self, urn: str) -> Iterator[None]:
        """Asks for the thing of this URN: what only its creation refuses is noted, where it is only previewed."""
        try:
            yield
        except (AwsApiError, InvalidInput) as refusal:
            if isinstance(refusal, InvalidInput):
                later = refusal.on_creation
            elif refusal.is_about_missing and self.may_hold(urn, refusal.text):
                return
            else:
                later = bool(refusal.operation)
            if not (later and self.only_previewed):
                raise
            with self.lock:
                self.refused_later.append((urn, str(refusal)))

    def add(self, thing: StoredResource) -> None:
        """A thing that was created. One that has its URN and another id stays until it is removed."""
        with self.lock:
            older = self._take(thing.urn)
            if older is not None and older.id != thing.id:
                self._put(f"{older.urn}#{older.id}", older)
            self._put(thing.urn, thing)
            self.births[thing.urn] = self.births.get(thing.urn, 0) + 1

    def change(self, thing: StoredResource) -> None:
        """A thing that was updated in place: the same URN, the same id."""
        with self.lock:
            self._put(self._key(thing.urn, thing.id), thing)

    def remove(self, urn: str, id: str | None = None) -> None:
        """The thing of this URN (and id, where an older one may still be there) is gone."""
        with self.lock:
            self._take(self._key(urn, id))

    def get(self, urn: str, id: str | None = None) -> StoredResource | None:
        """The thing of this URN, if it exists."""
        with self.lock:
            return self.resources.get(self._key(urn, id))

    def _put(self, key: str, thing: StoredResource) -> None:
        self._forget_texts(key)
        self.resources[key] = thing
        self._by_type.setdefault(thing.type, {})[key] = thing
        for name, texts in self._by_text.get(thing.type, {}).items():
            texts.setdefault(_text(thing, name), {})[key] = thing

    def _take(self, key: str) -> StoredResource | None:
        self._forget_texts(key)
        thing = self.resources.pop(key, None)
        if thing is not None:
            del self._by_type[thing.type][key]
        return thing

    def _forget_texts(self, key: str) -> None:
        thing = self.resources.get(key)
        if thing is not None:
            for name, texts in self._by_text.get(thing.type, {}).items():
                del texts[_text(thing, name)][key]

    def _key(self, urn: str, id: str | None) -> str:
        older = f"{urn}#{id}"
        return older if older in self.resources else urn

    def await_resource(self, value: Any, *types: str) -> None:
        """Waits a moment for what a plain name means: the engine may be creating both at the same time.

        Without this the order of two calls would decide whether a program is refused. AWS's own things are there.
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
        """The things of these type tokens."""
        with self.lock:
            things = [
                thing for type in dict.fromkeys(types) for thing in self._by_type.get(type, {}).values()
            ]
        return iter(things)

    def with_text(self, name: str, text: str, *types: str) -> tuple[StoredResource, ...]:
        """The things of these type tokens of which this property is this text, in capitals or not."""
        with self.lock:
            found: list[StoredResource] = []
            for type in dict.fromkeys(types):
                texts = self._by_text.setdefault(type, {})
                if name not in texts:
                    texts[name] = {}
                    for key, thing in self._by_type.get(type, {}).items():
                        texts[name].setdefault(_text(thing, name), {})[key] = thing
                found += texts[name].get(text.lower(), {}).values()
        return tuple(found)

    def find(self, value: Any, *types: str, region: str | None = None) -> StoredResource | None:
        """The thing of these types whose id, ARN or name this is (in `region`, if given), or None."""
        if not isinstance(value, str) or not value:
            return None
        described = (thing for thing in self.existing if thing.type in types)
        # The newest of that name, while two have it.
        for thing in (*reversed(list(self.of_type(*types))), *described):
            if region is not None and thing.region != region:
                continue
            if value in thing.handles:
                return thing
        return None


def _text(thing: StoredResource, name: str) -> str:
    return str(thing.values.get(name)).lower()
