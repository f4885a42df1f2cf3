"""Each change a person can make: one transaction, one journal entry. The only way pages and commands write."""

from kithwork.actions import codebook, coding, design, kinds, lens, maps, parallel, people, roster, setup, support, talk, themes
from kithwork.actions.taking_back import take_back
from kithwork.actions.verbs import ACTIONS, act

__all__ = [
    "ACTIONS",
    "act",
    "codebook",
    "coding",
    "design",
    "kinds",
    "lens",
    "maps",
    "parallel",
    "people",
    "roster",
    "setup",
    "support",
    "take_back",
    "talk",
    "themes",
]
