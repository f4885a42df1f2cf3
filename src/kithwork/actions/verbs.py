"""How a verb is declared and carried out: one function, one transaction, one journal entry.

A verb is a function whose first argument is the open `Change`; the rest are keywords with types, checked before it runs.
Arguments named `map_id`, `participant_id` and `interview_id` also tell the journal what the entry concerns.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import pydantic

from kithwork.actions.long_names import check_names
from kithwork.model.errors import SelectionError, StudyError, near
from kithwork.model.rows import Row, is_kept_whole
from kithwork.store import Change, Entry, Study

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Verb:
    """One change a person can make."""

    name: str
    function: Callable[..., Any]
    arguments: type[pydantic.BaseModel]

    @property
    def meaning(self) -> str:
        return inspect.getdoc(self.function) or ""


ACTIONS: dict[str, Verb] = {}


def action(function: Function) -> Function:
    """Declare a verb; its name is the function's with spaces."""
    name = function.__name__.replace("_", " ")
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(function, eval_str=True).parameters.values())[1:]:
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[parameter.name] = (parameter.annotation, default)
    arguments = pydantic.create_model(name, __config__=pydantic.ConfigDict(extra="forbid", strict=True), **fields)
    ACTIONS[name] = Verb(name, function, arguments)
    return function


def act(
    study: Study, name: str, arguments: Mapping[str, Any], *, origin: str = "command", actor: str | None = None, request: str | None = None
) -> Entry:
    """Carry out a verb. The same `request` key is carried out once; the entry then says `is_repeat`.

    Raises `SelectionError` for an unknown verb or row, `StudyError` for arguments that break a rule, `ConflictError` when
    someone changed it first. Nothing is half done.
    """
    if name not in ACTIONS:
        raise SelectionError(f"There is no action '{name}'.{near(name, ACTIONS)}")
    if not isinstance(arguments, Mapping) or not is_kept_whole(arguments):
        raise StudyError(f"'{name}' cannot be done: its arguments must have names, and texts without NUL or broken characters.")
    check_names(arguments)
    verb = ACTIONS[name]
    try:
        given = verb.arguments.model_validate(dict(arguments))
    except pydantic.ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the arguments"
        raise StudyError(f"'{name}' cannot be done: {where}: {first['msg'].lower()}.") from None
    values = {key: getattr(given, key) for key in verb.arguments.model_fields}
    participant, map_id = concerns(study, values)
    with study.change(name, origin=origin, actor=actor, participant=participant, map=map_id, request=request) as change:
        if not change.is_repeat:
            verb.function(change, **values)
    return change.entry


def concerns(study: Study, values: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The participant and the map that arguments speak of."""
    map_id = values.get("map_id")
    interview_id = values.get("interview_id")
    if values.get("participant_id"):
        return values["participant_id"], map_id
    if map_id and not interview_id:
        interview_id = study.row("maps", map_id)["interview_id"]
    if interview_id:
        return study.row("interviews", interview_id)["participant_id"], map_id
    if values.get("alter_id"):
        return study.row("alters", values["alter_id"])["participant_id"], map_id
    document_id = values.get("document_id")
    if values.get("revision_id") and not document_id:
        document_id = study.row("revisions", values["revision_id"])["document_id"]
    if document_id:
        return study.row("documents", document_id)["participant_id"], map_id
    return None, map_id


def in_map(change: Change, map_id: str, tie_id: str) -> Row:
    """The tie, which must be on the map."""
    tie = change.row("ties", tie_id)
    if tie["map_id"] != map_id:
        raise StudyError("This tie is on another map; reload the page.")
    return tie


def participant_of(change: Change, map_id: str) -> str:
    """Whose map it is."""
    return change.row("interviews", change.row("maps", map_id)["interview_id"])["participant_id"]
