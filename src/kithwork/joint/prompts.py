"""The sixteen longitudinal questions, in our words after Saldaña, as prompts for a summary across waves."""

PROMPTS: dict[str, dict[str, str]] = {
    "To begin with": {
        "differs": "What is different from one wave to the next?",
        "when": "When does it change?",
        "conditions": "What in the surroundings goes with the change?",
        "dynamics": "How does the change move along?",
        "so_far": "What can be said so far?",
    },
    "What changes": {
        "emerges": "What increases or emerges?",
        "cumulates": "What builds up over time?",
        "surge": "What is a surge, or a turning point?",
        "ceases": "What decreases or ceases?",
        "constant": "What stays the same?",
        "idiosyncratic": "What is this person's own?",
        "missing": "What is missing?",
    },
    "What it means": {
        "interrelated": "Which changes hang together?",
        "opposed": "Which changes go against what one would expect, or fit it?",
        "rhythms": "Which rhythms or cycles are there?",
        "through_line": "What runs through all of it?",
    },
}
WORDS: dict[str, str] = {code: words for group in PROMPTS.values() for code, words in group.items()}
