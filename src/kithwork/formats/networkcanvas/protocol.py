"""A `.netcanvas` protocol: what its codebook says of each column of an export. It is not a format by itself here."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source, unpack
from kithwork.model.errors import FormatError

DEEPEST = 60
_KINDS = {"boolean": "boolean", "number": "number", "scalar": "number", "ordinal": "choice", "categorical": "choices"}


@dataclass(frozen=True)
class Variable:
    """One variable of the codebook; `prompt` holds the words it was asked with, where a stage has them."""

    id: str
    name: str
    type: str
    options: tuple[tuple[str, str], ...] = ()
    prompt: str | None = None

    @property
    def answer_kind(self) -> str:
        return _KINDS.get(self.type, "text")


@dataclass(frozen=True)
class Entity:
    """A node or edge type, or ego (whose name is '')."""

    name: str
    variables: tuple[Variable, ...] = ()


@dataclass
class Protocol:
    """What an import needs of a protocol."""

    nodes: dict[str, Entity] = field(default_factory=dict)  # by name with all but letters, digits and _ taken out
    edges: dict[str, Entity] = field(default_factory=dict)
    ego: Entity = field(default_factory=lambda: Entity(""))
    circles: int = 0
    is_skewed: bool = False
    layout: str | None = None  # name of the layout variable placed on the circles
    circle_prompt: str | None = None
    elicited: frozenset[str] = frozenset()  # names of edge types that some stage asks for


def plain(name: str) -> str:
    """A type's name as Network Canvas puts it into a file name."""
    return re.sub(r"\W", "", name, flags=re.ASCII)


def read_protocol(source: Source, notes: Notes) -> Protocol:
    """The protocol in a `.netcanvas` file; `FormatError` where it holds none."""
    return protocol_of(open_protocol(source, notes))


def open_protocol(source: Source, notes: Notes) -> dict[str, Any]:
    """The protocol as Network Canvas wrote it, of any schema, found to have `codebook` and `stages`."""
    found = unpack(source.data, source.name, notes, only="protocol.json")
    if not found:
        raise FormatError(f"'{source.name}' holds no protocol.json; save the protocol again from Architect.")
    try:
        whole = json.loads(found[0][1].decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise FormatError(f"The protocol.json in '{source.name}' is not whole JSON; save the protocol again from Architect.") from None
    if not is_shallow(whole, DEEPEST):
        raise FormatError(f"The protocol.json in '{source.name}' is nested deeper than {DEEPEST} levels and is not read.")
    if isinstance(whole, dict) and "codebook" not in whole and "variableRegistry" in whole:
        whole["codebook"] = whole["variableRegistry"]  # what it was called before schema 2
    if not isinstance(whole, dict) or not isinstance(whole.get("codebook"), dict) or not isinstance(whole.get("stages"), list):
        raise FormatError(f"The protocol.json in '{source.name}' has no codebook and stages; save the protocol again from Architect.")
    return whole


def is_shallow(value: Any, deepest: int) -> bool:
    """Whether JSON is nested no deeper than that."""
    level = [value]
    for _ in range(deepest):
        level = [child for each in level for child in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())]
        if not level:
            return True
    return False


def dict_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text_of(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def words_of(value: Any) -> str:
    """Words shown, on one line: of a text in several languages the English, else the first; character references turned back."""
    if isinstance(value, dict):
        value = value.get("en") or next(iter(value.values()), "")
    return " ".join(html.unescape(text_of(value)).replace("\\-", "-").split()).replace("\x00", "")


def protocol_of(whole: dict[str, Any]) -> Protocol:
    """What an import needs of a protocol."""
    codebook, stages = whole["codebook"], list_of(whole["stages"])
    prompts = dict(_prompts(stages))

    def entity(name: str, spec: Any) -> Entity:
        variables = {key: dict_of(value) for key, value in dict_of(dict_of(spec).get("variables")).items()}
        return Entity(
            name, tuple(_variable(key, value, prompts.get(key)) for key, value in variables.items() if text_of(value.get("name")))
        )

    nodes, edges = (
        {key: text_of(dict_of(spec).get("name")) or key for key, spec in dict_of(codebook.get(what)).items()} for what in ("node", "edge")
    )
    protocol = Protocol(
        {plain(name): entity(name, codebook["node"][key]) for key, name in nodes.items()},
        {plain(name): entity(name, codebook["edge"][key]) for key, name in edges.items()},
        entity("", codebook.get("ego")),
        elicited=frozenset(edges[key] for key in _created(stages) if key in edges),
    )
    names = {variable.id: variable.name for each in protocol.nodes.values() for variable in each.variables}
    _circles(protocol, stages, names)
    return protocol


def _variable(key: str, spec: dict[str, Any], prompt: str | None) -> Variable:
    options = []
    for option in spec.get("options") or []:
        value = option.get("value") if isinstance(option, dict) else option
        code = str(value).lower() if isinstance(value, bool) else str(value)
        label = words_of(option.get("label")) if isinstance(option, dict) else ""
        options.append((code, label or code))
    return Variable(key, text_of(spec["name"]), text_of(spec.get("type")) or "text", tuple(options), prompt)


def _prompts(stages: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Variable id and the words it is asked with, last stage first so that a dict keeps the first."""
    for stage in reversed(stages):
        fields = list_of(dict_of(stage.get("form")).get("fields")) + list_of(stage.get("prompts"))
        for each in reversed(fields):
            words = words_of(each.get("prompt")) or words_of(each.get("text"))
            inner = (dict_of(each.get("highlight")).get("variable"), dict_of(each.get("layout")).get("layoutVariable"))
            for key in (each.get("variable"), *inner):
                if isinstance(key, str) and words:
                    yield key, words


def _created(stages: list[dict[str, Any]]) -> Iterator[str]:
    """Ids of edge types that some stage makes."""
    for stage in stages:
        for prompt in list_of(stage.get("prompts")):
            for key in (dict_of(prompt.get("edges")).get("create"), prompt.get("createEdge")):
                if isinstance(key, str):
                    yield key


def _circles(protocol: Protocol, stages: list[dict[str, Any]], names: dict[str, str]) -> None:
    """The first sociogram drawn on circles decides how many rings there are."""
    for stage in stages:
        background = dict_of(stage.get("background"))
        count = background.get("concentricCircles")
        if isinstance(count, int) and 0 < count <= 50:
            for prompt in list_of(stage.get("prompts")):
                key = dict_of(prompt.get("layout")).get("layoutVariable")
                if isinstance(key, str) and key in names:
                    protocol.circles, protocol.is_skewed = count, bool(background.get("skewedTowardCenter"))
                    protocol.layout, protocol.circle_prompt = names[key], words_of(prompt.get("text")) or None
                    return
