"""Each change a person can make: one transaction, one journal entry. The only way pages and commands write."""

from kithwork.actions import design, maps, people, setup, support
from kithwork.actions.verbs import ACTIONS, act

__all__ = ["ACTIONS", "act", "design", "maps", "people", "setup", "support"]
