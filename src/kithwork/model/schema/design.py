"""The design of a study: waves, circles, roles, kinds of support, questions and when each was asked."""

from kithwork.model.schema.choices import FAMILIES, KINDS
from kithwork.model.schema.columns import Column, Table, choice, count, flag, number, ref, text, time

DESIGN = (
    Table(
        "studies",
        "The study itself; one row.",
        (
            text("title", "Title of the study.", required=True),
            text("aims", "What the study wants to learn."),
            choice("analytic_family", "Family of thematic analysis the study declares.", FAMILIES),
            choice(
                "circle_meaning",
                "What nearness to the centre stands for; never compared across studies that differ.",
                {"importance": "Importance", "closeness": "Closeness", "other": "Something else"},
            ),
            flag("is_blind", "Whether coders see only their own codings of a document until all of them have finished it."),
            flag("is_synthetic", "Whether the whole study is made up, for trying things out."),
            text("template_name", "Template the study was made from."),
            text("template_version", "Version of that template."),
            text("language", "Language of the wording, such as en."),
            text("sources", "What the template says about where its parts come from."),
            time("created_at", "When the study file was made."),
        ),
    ),
    Table(
        "waves",
        "A planned time of measurement.",
        (
            count("position", "Order of the wave, from 1.", "position", 1, required=True),
            text("label", "What the wave is called.", required=True),
            number("months", "Months since the first wave, as planned.", "months", 0),
            count("circle_version", "Which version of the circles is drawn at this wave.", "version", 1, required=True),
            text("basis", "Where it comes from; 'our default' when it is ours."),
        ),
        unique=(("position",),),
    ),
    Table(
        "circles",
        "One ring of the map, in one version; a changed circle is a new version, never compared silently.",
        (
            count("version", "Version of the set of circles.", "version", 1, required=True),
            count("position", "Order of the ring, 1 = innermost.", "position", 1, required=True),
            text("label", "What the ring is called.", required=True),
            text("prompt", "The words read out for this ring."),
            text("basis", "Where it comes from; 'our default' when it is ours."),
        ),
        unique=(("version", "position"),),
    ),
    Table(
        "roles",
        "What an alter can be to ego, by kind; editable by the study.",
        (
            text("code", "Short stable code.", required=True),
            choice("kind", "Kind of alter the role belongs to.", KINDS, required=True),
            text("label", "Words shown.", required=True),
            text("role_group", "Group the role is counted under, such as kin, chosen, weak, peer, professional."),
            count("position", "Order in lists.", "position"),
            flag("is_retired", "No longer offered; kept for what was recorded."),
            text("basis", "Where it comes from; 'our default' when it is ours."),
        ),
        unique=(("code",),),
    ),
    Table(
        "support_types",
        "Kinds of support or work asked about; editable by the study.",
        (
            text("code", "Short stable code.", required=True),
            text("label", "Words shown.", required=True),
            text("meaning", "What counts as this kind of support."),
            count("position", "Order in lists.", "position"),
            flag("is_retired", "No longer asked; kept for what was recorded."),
            text("basis", "Where it comes from; 'our default' when it is ours."),
        ),
        unique=(("code",),),
    ),
    Table(
        "questions",
        "One wording of one question: a name generator, a tie question, a topic of the guide, or one the study invented.",
        (
            text("code", "Short stable code, the same in every version.", required=True),
            count("version", "Version of the wording; a change is a new version.", "version", 1, required=True),
            choice(
                "subject",
                "What the question is asked of.",
                {
                    "name_generator": "Name generator",
                    "tie": "Tie",
                    "alter": "Alter",
                    "support": "Support",
                    "event": "Event on a tie",
                    "alter_tie": "Alter tie",
                    "map": "Map",
                    "participant": "Participant",
                    "interview": "Interview",
                    "topic": "Topic guide",
                },
                required=True,
            ),
            text("column_name", "The column of the subject's table that holds the answer; empty for a question the study invented."),
            text("wording", "The words read out or shown.", required=True),
            choice(
                "answer_kind",
                "How an invented question is answered.",
                {"text": "Words", "number": "Number", "boolean": "Yes or no", "choice": "One of", "choices": "Any of"},
            ),
            Column("options", "json", "Code and label of each answer of an invented question: a list of [code, label]."),
            count("position", "Order in which it is asked.", "position"),
            Column("kinds", "json", "Kinds of alter it is asked of, as a list; empty for all."),
            text("basis", "Where the wording comes from; 'our default' when it is ours."),
        ),
        unique=(("code", "version"),),
    ),
    Table(
        "asked",
        "That a question was asked at a wave, in this version. No row: not asked then.",
        (
            ref("question_id", "questions", "The question, in the version asked."),
            ref("wave_id", "waves", "The wave."),
        ),
        unique=(("question_id", "wave_id"),),
    ),
)
