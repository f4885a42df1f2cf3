"""Plain YAML that remembers its lines: texts, numbers, true and false, lists and mappings, and nothing else.

Anchors, aliases, tags, repeated keys and several documents are refused: a template needs none of them, and they are how a
small file becomes a large or a dangerous one. `no`, `on` and dates stay the words they are.
"""

import re
from typing import Any

import yaml

from kithwork.model.errors import FormatError

LARGEST = 2_000_000
DEEPEST = 24
Path = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?\d{1,15}")
_FLOAT = re.compile(r"[-+]?\d{1,15}\.\d{0,30}([eE][-+]?\d{1,3})?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


def read_yaml(text: str) -> tuple[Any, dict[Path, int]]:
    """The content as plain values, and the line (from 1) at which each path begins.

    Raises `FormatError` with the line for anything that is not plain YAML.
    """
    if len(text) > LARGEST:
        raise FormatError(f"The template is longer than {LARGEST:,} characters; a template is a short file, so choose another.")
    try:
        _refuse_what_is_not_plain(text)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise FormatError(
            f"{where}this is not readable YAML ({error.problem or error.context}); check indentation, quotes and colons."
        ) from None
    except (yaml.YAMLError, UnicodeError):
        raise FormatError("The template holds characters that YAML does not allow; save it again as plain UTF-8 text.") from None
    lines: dict[Path, int] = {}
    return (None if node is None else _value(node, (), lines)), lines


def _refuse_what_is_not_plain(text: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FormatError(f"line {line}: anchors and aliases (& and *) are not used in templates; write the text out.")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in (None, "!"):
            raise FormatError(f"line {line}: tags (words that start with !) are not used in templates; put the text in quotes.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > DEEPEST:
            raise FormatError(f"line {line}: lists lie more than {DEEPEST} deep in each other; check the indentation and brackets.")
        if documents > 1:
            raise FormatError(f"line {line}: a second document begins; keep one template in a file.")


def _value(node: Any, path: Path, lines: dict[Path, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise FormatError(f"line {line}: the name of a field must be a word; check brackets and braces.")
            if key.value in mapping:
                raise FormatError(f"line {line}: '{key.value[:40]}' stands here twice; keep one.")
            lines[(*path, key.value)] = line
            mapping[key.value] = _value(item, (*path, key.value), lines)
        return mapping
    return _scalar(node)


def _scalar(node: Any) -> Any:
    text = node.value
    if node.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
