"""WORDS AND THEIR PLACES: edits as exact span maps, anchors that hold, names found and replaced, sentences. Pure: text in, spans out."""

from kithwork.talk.anchors import Anchor, Moved, anchor_at, anchors_problem, move_all
from kithwork.talk.mentions import Mention, find_mentions
from kithwork.talk.names import Known, Proposal, Suspect, edits_of, known_names, propose, unregistered
from kithwork.talk.review import Group, Place, Reviewer, Text
from kithwork.talk.search import parse_search, places_of
from kithwork.talk.sentences import sentences
from kithwork.talk.spans import Edit, SpanMap, apply_edits, changes_between

__all__ = [
    "Anchor",
    "Edit",
    "Group",
    "Known",
    "Mention",
    "Moved",
    "Place",
    "Proposal",
    "Reviewer",
    "SpanMap",
    "Suspect",
    "Text",
    "anchor_at",
    "anchors_problem",
    "apply_edits",
    "changes_between",
    "edits_of",
    "find_mentions",
    "known_names",
    "move_all",
    "parse_search",
    "places_of",
    "propose",
    "sentences",
    "unregistered",
]
