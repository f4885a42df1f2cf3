"""People: participants and their names, interviews, consents, coders."""

from kithwork.model.schema.choices import MISSED
from kithwork.model.schema.columns import Table, choice, date, flag, note, number, ref, text, time

PEOPLE = (
    Table(
        "participants",
        "A person enrolled: ego of their maps, case in coding. By pseudonym; names are in `identities`.",
        (
            text("pseudonym", "Code or pseudonym in the study.", required=True),
            choice(
                "status",
                "Where the person stands in the study.",
                {"enrolled": "Enrolled", "completed": "Completed", "withdrawn": "Withdrawn", "died": "Died"},
                required=True,
            ),
            date("enrolled_on", "Date of enrolment."),
            date("withdrawn_on", "Date of withdrawal."),
            text("withdrawal_reason", "Why, as far as the person wished to say.", personal=True),
            text("site", "Site or area."),
            text("gender", "Gender, in the person's words or the study's codes."),
            text("age_band", "Age band."),
            flag("lives_alone", "Whether the person lives alone."),
            text("housing", "Housing status."),
            text("education", "Formal education."),
            text("employment", "Employment status."),
            note("notes", "Notes about taking part."),
            text("source_key", "Id in the file the person was imported from."),
        ),
        unique=(("pseudonym",),),
    ),
    Table(
        "identities",
        "A name and how to reach the person; of a participant or an alter. Never exported with research data.",
        (
            ref("participant_id", "participants", "The participant named.", required=False),
            ref("alter_id", "alters", "The alter named.", required=False),
            text("name", "Name as said.", personal=True),
            text("contact", "How to reach the person.", personal=True),
        ),
        unique=(("participant_id",), ("alter_id",)),
        exactly_one=("participant_id", "alter_id"),
        domain="identity",
    ),
    Table(
        "other_names",
        "A name known besides participants and maps: somebody, a place or a service met in the talk, with what is put for it.",
        (
            text("name", "Name as said, and further ones behind a stroke.", required=True, personal=True),
            text("pseudonym", "What is put in its place, such as Doctor A.", required=True),
            choice("what", "What it names.", {"name": "Person", "place": "Place", "organisation": "Service or group"}, required=True),
            ref("participant_id", "participants", "Whose talk it is met in; empty where it is known in everybody's.", required=False),
        ),
        domain="identity",
    ),
    Table(
        "interviews",
        "One participant at one wave: held, or missed and why.",
        (
            ref("participant_id", "participants", "The participant."),
            ref("wave_id", "waves", "The wave."),
            choice(
                "status",
                "Whether it took place.",
                {"due": "Due", "held": "Held", "missed": "Missed", "withdrawn": "Withdrawn before it"},
                required=True,
            ),
            choice("missed_reason", "Why it did not take place.", MISSED),
            date("held_on", "Date it was held."),
            choice("mode", "How it was held.", {"in_person": "In person", "phone": "By phone", "video": "By video", "post": "By post"}),
            text("place", "Where it was held, in general words."),
            ref("coder_id", "coders", "The interviewer.", required=False),
            text("others_present", "Who else was there, in general words.", personal=True),
            time("started_at", "When the interview began."),
            number("minutes", "How long it took.", "minutes", 0),
            flag("is_recorded", "Whether sound was recorded."),
            note("notes", "The interviewer's notes."),
        ),
        unique=(("participant_id", "wave_id"),),
    ),
    Table(
        "consents",
        "What a participant agreed to, by item and version, and any withdrawal.",
        (
            ref("participant_id", "participants", "The participant."),
            text("item", "What was agreed to.", required=True),
            text("version", "Version of the form."),
            flag("is_given", "Whether it was given."),
            date("given_on", "Date it was given or refused."),
            date("withdrawn_on", "Date it was withdrawn."),
            ref("coder_id", "coders", "Who took it.", required=False),
            note(),
        ),
    ),
    Table(
        "coders",
        "Someone who works on the study.",
        (text("name", "Name or initials shown in the study.", required=True, personal=True), text("color", "Colour of their codings.")),
        unique=(("name",),),
    ),
)
