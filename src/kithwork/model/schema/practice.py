"""Practice: what is on offer, and what a person would like."""

from kithwork.model.schema.columns import Table, choice, date, ref, text

PRACTICE = (
    Table(
        "resources",
        "A place or activity on offer.",
        (
            text("name", "Name.", required=True),
            text("category", "What sort of thing it is."),
            choice("scope", "Where it is.", {"local": "Local", "national": "National", "online": "Online"}),
            text("access", "Steps, transport, cost."),
            date("checked_on", "When it was last checked."),
        ),
    ),
    Table(
        "wishes",
        "What a participant would like, the barrier, the step, what came of it.",
        (
            ref("participant_id", "participants", "The participant."),
            ref("interview_id", "interviews", "The interview in which it was said.", required=False),
            ref("resource_id", "resources", "A resource that may help.", required=False),
            ref("alter_id", "alters", "An alter it concerns.", required=False),
            text("wish", "What the person would like.", required=True, personal=True),
            text("barrier", "What stands in the way.", personal=True),
            text("step", "The next step.", personal=True),
            date("review_on", "When to look at it again."),
            text("outcome", "What came of it.", personal=True),
        ),
    ),
)
