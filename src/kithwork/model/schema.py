"""Every table and column of a study, declared once.

SQL, frames, forms, the data dictionary and export headers are derived from `TABLES`. What Kithwork understands is a
column here; what one study invented is a row in `questions`. Every table has an `id` (UUIDv7) that is not repeated below.

Missing has three faces and none is zero: not asked at this wave (`asked` has no row), asked and not answered (the value
is empty), and answered "none" (a value that says so).
"""

from dataclasses import dataclass, field
from typing import Literal

ColumnKind = Literal["id", "reference", "text", "integer", "number", "boolean", "date", "time", "choice", "choices", "json", "packed"]
Domain = Literal["research", "identity", "house"]


@dataclass(frozen=True)
class Column:
    """One column: `kind` decides its type in SQL, in frames and in forms ("packed" is compressed JSON)."""

    name: str
    kind: ColumnKind
    meaning: str
    choices: dict[str, str] = field(default_factory=dict)  # code -> label, for "choice" and "choices"
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    is_required: bool = False
    is_personal: bool = False  # may hold words that point to a living person
    table: str | None = None  # the table a reference points to


@dataclass(frozen=True)
class Table:
    """One table. `identity` tables hold names, apart from research data; `house` tables are Kithwork's own."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    exactly_one: tuple[str, ...] = ()  # of these references exactly one is filled
    domain: Domain = "research"

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def _by_name(self) -> dict[str, Column]:
        return _INDEX[self.name]

    @property
    def names(self) -> list[str]:
        """Column names, `id` first."""
        return [column.name for column in self.columns]


# -- shorthand ---------------------------------------------------------------------------------------------------------


def _text(name: str, meaning: str, *, required: bool = False, personal: bool = False) -> Column:
    return Column(name, "text", meaning, is_required=required, is_personal=personal)


def _choice(name: str, meaning: str, choices: dict[str, str], *, required: bool = False) -> Column:
    return Column(name, "choice", meaning, choices, is_required=required)


def _choices(name: str, meaning: str, choices: dict[str, str]) -> Column:
    return Column(name, "choices", meaning, choices)


def _scale(name: str, meaning: str, labels: tuple[str, ...]) -> Column:
    """An ordered scale 0..len(labels)−1 whose labels are in `choices`."""
    codes = {str(step): label for step, label in enumerate(labels)}
    return Column(name, "integer", meaning, codes, unit=f"scale 0–{len(labels) - 1}", low=0, high=len(labels) - 1)


def _number(name: str, meaning: str, unit: str, low: float | None = None, high: float | None = None) -> Column:
    return Column(name, "number", meaning, unit=unit, low=low, high=high)


def _count(name: str, meaning: str, unit: str, low: float = 0, high: float | None = None, required: bool = False) -> Column:
    return Column(name, "integer", meaning, unit=unit, low=low, high=high, is_required=required)


def _flag(name: str, meaning: str) -> Column:
    return Column(name, "boolean", meaning)


def _date(name: str, meaning: str) -> Column:
    return Column(name, "date", meaning)


def _time(name: str, meaning: str) -> Column:
    return Column(name, "time", meaning, unit="UTC")


def _ref(name: str, table: str, meaning: str, *, required: bool = True) -> Column:
    return Column(name, "reference", meaning, is_required=required, table=table)


def _note(name: str = "note", meaning: str = "Free note.") -> Column:
    return _text(name, meaning, personal=True)


# -- choices used in more than one place ---------------------------------------------------------------------------------

KINDS = {
    "person": "Person",
    "animal": "Animal",
    "group": "Group",
    "place": "Place",
    "object": "Object",
    "activity": "Activity",
    "digital": "Digital",
}
MAP_STATES = {"everyday": "Everyday", "crisis": "In a crisis", "wished_for": "Wished for", "retrospective": "Looking back"}
DIRECTIONS = {"to_me": "To me", "from_me": "From me", "both": "Both ways"}
CONDITIONS = {
    "my_health": "How I am",
    "their_health": "How they are",
    "third_person": "Someone else",
    "time": "Time",
    "money": "Money",
    "transport": "Transport",
    "place": "A certain place",
    "other": "Something else",
}
REASONS = {
    "death": "Death",
    "moved": "Moved away",
    "service_ended": "Service ended or staff changed",
    "illness": "Admission or illness",
    "conflict": "Conflict",
    "stigma": "Stigma or disclosure",
    "drift": "Drifted apart",
    "life_event": "Life event",
    "cost": "Cost",
    "transport": "Transport",
    "their_health": "Their health",
    "i_ended": "I ended it",
    "they_ended": "They ended it",
    "closed": "Place or activity closed",
    "thing_gone": "Thing lost or sold",
    "replaced": "Replaced by another tie",
    "other": "Other",
}
FATES = {
    "kept": "Still there",
    "new_true": "Truly new",
    "new_reactivated": "An old tie back",
    "new_forgotten": "Was there before, not mentioned then",
    "returned": "Came back after being away",
    "forgotten": "Still there, forgotten just now",
    "dormant": "Resting for now",
    "suspended": "Set aside in a crisis",
    "lost": "Lost",
    "not_relevant": "No longer matters",
}
SUFFICIENCY = {"enough": "Enough", "some": "Some, not quite enough", "not_enough": "Not enough"}
FAMILIES = {"reflexive": "Reflexive thematic analysis", "codebook": "Codebook or framework", "reliability": "Coding reliability"}
MISSED = {
    "too_unwell": "Too unwell",
    "in_hospital": "In hospital",
    "not_contactable": "Could not be reached",
    "declined": "Did not want to this time",
    "moved_away": "Moved away",
    "no_time": "No time that worked",
    "withdrawn": "Withdrew from the study",
    "died": "Died",
    "study_reason": "The study could not offer it",
    "other": "Other",
}

# -- design of the study ----------------------------------------------------------------------------------------------

_DESIGN = (
    Table(
        "studies",
        "The study itself; one row.",
        (
            _text("title", "Title of the study.", required=True),
            _text("aims", "What the study wants to learn."),
            _choice("analytic_family", "Family of thematic analysis the study declares.", FAMILIES),
            _choice(
                "circle_meaning",
                "What nearness to the centre stands for; never compared across studies that differ.",
                {"importance": "Importance", "closeness": "Closeness", "other": "Something else"},
            ),
            _flag("is_synthetic", "Whether the whole study is made up, for trying things out."),
            _text("template_name", "Template the study was made from."),
            _text("template_version", "Version of that template."),
            _text("language", "Language of the wording, such as en."),
            _text("sources", "What the template says about where its parts come from."),
            _time("created_at", "When the study file was made."),
        ),
    ),
    Table(
        "waves",
        "A planned time of measurement.",
        (
            _count("position", "Order of the wave, from 1.", "position", 1, required=True),
            _text("label", "What the wave is called.", required=True),
            _number("months", "Months since the first wave, as planned.", "months", 0),
            _count("circle_version", "Which version of the circles is drawn at this wave.", "version", 1, required=True),
            _text("basis", "Where it comes from; 'our default' when it is ours."),
        ),
        unique=(("position",),),
    ),
    Table(
        "circles",
        "One ring of the map, in one version; a changed circle is a new version, never compared silently.",
        (
            _count("version", "Version of the set of circles.", "version", 1, required=True),
            _count("position", "Order of the ring, 1 = innermost.", "position", 1, required=True),
            _text("label", "What the ring is called.", required=True),
            _text("prompt", "The words read out for this ring."),
            _text("basis", "Where it comes from; 'our default' when it is ours."),
        ),
        unique=(("version", "position"),),
    ),
    Table(
        "roles",
        "What an alter can be to ego, by kind; editable by the study.",
        (
            _text("code", "Short stable code.", required=True),
            _choice("kind", "Kind of alter the role belongs to.", KINDS, required=True),
            _text("label", "Words shown.", required=True),
            _text("role_group", "Group the role is counted under, such as kin, chosen, weak, peer, professional."),
            _count("position", "Order in lists.", "position"),
            _flag("is_retired", "No longer offered; kept for what was recorded."),
            _text("basis", "Where it comes from; 'our default' when it is ours."),
        ),
        unique=(("code",),),
    ),
    Table(
        "support_types",
        "Kinds of support or work asked about; editable by the study.",
        (
            _text("code", "Short stable code.", required=True),
            _text("label", "Words shown.", required=True),
            _text("meaning", "What counts as this kind of support."),
            _count("position", "Order in lists.", "position"),
            _flag("is_retired", "No longer asked; kept for what was recorded."),
            _text("basis", "Where it comes from; 'our default' when it is ours."),
        ),
        unique=(("code",),),
    ),
    Table(
        "questions",
        "One wording of one question: a name generator, a tie question, a topic of the guide, or one the study invented.",
        (
            _text("code", "Short stable code, the same in every version.", required=True),
            _count("version", "Version of the wording; a change is a new version.", "version", 1, required=True),
            _choice(
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
            _text("column_name", "The column of the subject's table that holds the answer; empty for a question the study invented."),
            _text("wording", "The words read out or shown.", required=True),
            _choice(
                "answer_kind",
                "How an invented question is answered.",
                {"text": "Words", "number": "Number", "boolean": "Yes or no", "choice": "One of", "choices": "Any of"},
            ),
            Column("options", "json", "Code and label of each answer of an invented question: a list of [code, label]."),
            _count("position", "Order in which it is asked.", "position"),
            Column("kinds", "json", "Kinds of alter it is asked of, as a list; empty for all."),
            _text("basis", "Where the wording comes from; 'our default' when it is ours."),
        ),
        unique=(("code", "version"),),
    ),
    Table(
        "asked",
        "That a question was asked at a wave, in this version. No row: not asked then.",
        (
            _ref("question_id", "questions", "The question, in the version asked."),
            _ref("wave_id", "waves", "The wave."),
        ),
        unique=(("question_id", "wave_id"),),
    ),
)

# -- people and interviews --------------------------------------------------------------------------------------------

_PEOPLE = (
    Table(
        "participants",
        "A person enrolled: ego of their maps, case in coding. By pseudonym; names are in `identities`.",
        (
            _text("pseudonym", "Code or pseudonym in the study.", required=True),
            _choice(
                "status",
                "Where the person stands in the study.",
                {"enrolled": "Enrolled", "completed": "Completed", "withdrawn": "Withdrawn", "died": "Died"},
                required=True,
            ),
            _date("enrolled_on", "Date of enrolment."),
            _date("withdrawn_on", "Date of withdrawal."),
            _text("withdrawal_reason", "Why, as far as the person wished to say.", personal=True),
            _text("site", "Site or area."),
            _text("gender", "Gender, in the person's words or the study's codes."),
            _text("age_band", "Age band."),
            _flag("lives_alone", "Whether the person lives alone."),
            _text("housing", "Housing status."),
            _text("education", "Formal education."),
            _text("employment", "Employment status."),
            _note("notes", "Notes about taking part."),
            _text("source_key", "Id in the file the person was imported from."),
        ),
        unique=(("pseudonym",),),
    ),
    Table(
        "identities",
        "A name and how to reach the person; of a participant or an alter. Never exported with research data.",
        (
            _ref("participant_id", "participants", "The participant named.", required=False),
            _ref("alter_id", "alters", "The alter named.", required=False),
            _text("name", "Name as said.", personal=True),
            _text("contact", "How to reach the person.", personal=True),
        ),
        unique=(("participant_id",), ("alter_id",)),
        exactly_one=("participant_id", "alter_id"),
        domain="identity",
    ),
    Table(
        "interviews",
        "One participant at one wave: held, or missed and why.",
        (
            _ref("participant_id", "participants", "The participant."),
            _ref("wave_id", "waves", "The wave."),
            _choice(
                "status",
                "Whether it took place.",
                {"due": "Due", "held": "Held", "missed": "Missed", "withdrawn": "Withdrawn before it"},
                required=True,
            ),
            _choice("missed_reason", "Why it did not take place.", MISSED),
            _date("held_on", "Date it was held."),
            _choice("mode", "How it was held.", {"in_person": "In person", "phone": "By phone", "video": "By video", "post": "By post"}),
            _text("place", "Where it was held, in general words."),
            _ref("coder_id", "coders", "The interviewer.", required=False),
            _text("others_present", "Who else was there, in general words.", personal=True),
            _time("started_at", "When the interview began."),
            _number("minutes", "How long it took.", "minutes", 0),
            _flag("is_recorded", "Whether sound was recorded."),
            _note("notes", "The interviewer's notes."),
        ),
        unique=(("participant_id", "wave_id"),),
    ),
    Table(
        "consents",
        "What a participant agreed to, by item and version, and any withdrawal.",
        (
            _ref("participant_id", "participants", "The participant."),
            _text("item", "What was agreed to.", required=True),
            _text("version", "Version of the form."),
            _flag("is_given", "Whether it was given."),
            _date("given_on", "Date it was given or refused."),
            _date("withdrawn_on", "Date it was withdrawn."),
            _ref("coder_id", "coders", "Who took it.", required=False),
            _note(),
        ),
    ),
    Table(
        "coders",
        "Someone who works on the study.",
        (_text("name", "Name or initials shown in the study.", required=True, personal=True), _text("color", "Colour of their codings.")),
        unique=(("name",),),
    ),
)

# -- maps and ties ----------------------------------------------------------------------------------------------------

_MAPS = (
    Table(
        "maps",
        "One network drawn in an interview.",
        (
            _ref("interview_id", "interviews", "The interview."),
            _choice("state", "Which state of the network it shows.", MAP_STATES, required=True),
            _choice(
                "stage",
                "How far the drawing has come; the earlier map is shown only after recall.",
                {"recall": "Free recall", "reconcile": "Looking back", "details": "About each tie", "finished": "Finished"},
                required=True,
            ),
            _time("recall_finished_at", "When free recall ended."),
            _choice(
                "alter_ties_asked",
                "Whether ties between alters were asked about.",
                {"no": "Not asked", "partly": "Partly", "yes": "Asked"},
                required=True,
            ),
            _text("boundary_rule", "Who and what could be named."),
            _note("notes", "Notes on the drawing and the reaction to the picture."),
            _text("source_key", "Id in the file the map was imported from."),
        ),
        unique=(("interview_id", "state"),),
    ),
    Table(
        "alters",
        "Someone or something a participant named: the same row across waves. By pseudonym; names are in `identities`.",
        (
            _ref("participant_id", "participants", "Whose alter it is."),
            _choice("kind", "What it is.", KINDS, required=True),
            _text("role", "What it is to ego: the code of a row in `roles`."),
            _text("pseudonym", "What it is called in the study.", required=True),
            _text("known_since", "Since when it has been known, in ego's words.", personal=True),
            _text("met_where", "Where or how they met, in ego's words.", personal=True),
            _text("source_key", "Id in the file it was imported from."),
        ),
    ),
    Table(
        "ties",
        "Ego–alter tie on one map. A tie exists because the person named it.",
        (
            _ref("map_id", "maps", "The map."),
            _ref("alter_id", "alters", "The alter."),
            _count("circle", "Position of the circle, 1 = innermost; empty when named but in no circle.", "position", 1),
            _number("angle", "Direction from the centre, clockwise from twelve o'clock.", "degrees", 0, 360),
            _number("distance", "Distance from the centre as a share of the outermost circle's radius.", "share", 0, 1),
            _choice(
                "contact",
                "How often there is contact.",
                {"daily": "Daily", "weekly": "Weekly", "monthly": "Monthly", "yearly": "A few times a year", "never": "Hardly ever"},
            ),
            _choices(
                "contact_mode",
                "How contact happens.",
                {
                    "in_person": "In person",
                    "phone": "Phone",
                    "messages": "Messages",
                    "online": "Online",
                    "through_others": "Through others",
                },
            ),
            _flag("is_local", "Whether it can be visited and be home again within half a day."),
            _choice(
                "trust",
                "State of trust.",
                {
                    "absent": "No trust",
                    "tentative": "Tentative",
                    "present": "Trust",
                    "strong": "Strong trust",
                    "breached": "Broken",
                    "rebuilding": "Being rebuilt",
                    "not_applicable": "Not a matter of trust",
                },
            ),
            _choices(
                "trust_basis",
                "What trust rests on.",
                {
                    "being_there": "Being there",
                    "acceptance": "Acceptance without judgement",
                    "confidentiality": "Keeping things private",
                    "competence": "Knowing what they do",
                    "shared_experience": "Shared experience",
                    "history": "History together",
                    "institution": "Their role",
                    "outsider": "An outsider's neutrality",
                },
            ),
            _scale("reliability", "How far it can be relied on to be there.", ("Never", "Rarely", "Sometimes", "Mostly", "Always")),
            _scale("security", "How safe and steady it makes one feel.", ("Not at all", "A little", "Somewhat", "A lot", "Completely")),
            _choice(
                "valence", "Whether it helps or hinders.", {"helps": "Helps", "both": "Both", "hinders": "Hinders", "neither": "Neither"}
            ),
            _scale("effort", "What it takes from ego to keep up.", ("None", "A little", "Some", "A lot", "Too much")),
            _choice(
                "reciprocity",
                "Which way giving and taking lean.",
                {"to_me": "More to me", "balanced": "About even", "from_me": "More from me", "not_applicable": "Does not apply"},
            ),
            _choices("conditional_on", "What support over this tie depends on.", CONDITIONS),
            _text("condition", "The condition in ego's words.", personal=True),
            _ref("via_tie_id", "ties", "The tie through which this one is reached.", required=False),
            _text("meaning", "Why it is there, in ego's words.", personal=True),
        ),
        unique=(("map_id", "alter_id"),),
    ),
    Table(
        "nominations",
        "Which name generator elicited the tie, and in what order.",
        (
            _ref("tie_id", "ties", "The tie."),
            _ref("question_id", "questions", "The name generator.", required=False),
            _count("position", "Order of naming on the map, from 1.", "position", 1),
            _choice(
                "phase",
                "When it was named.",
                {"recall": "Free recall", "reconcile": "When looking back at the earlier map", "later": "Later"},
                required=True,
            ),
        ),
        unique=(("tie_id",),),
    ),
    Table(
        "fates",
        "What became of an alter between the last map and this one, as ego says.",
        (
            _ref("map_id", "maps", "The map at which it was asked."),
            _ref("alter_id", "alters", "The alter."),
            _choice("fate", "What became of it.", FATES, required=True),
            _choices("reasons", "Why.", REASONS),
            _ref("replaced_by_id", "alters", "The alter that took its place.", required=False),
            _note(),
        ),
        unique=(("map_id", "alter_id"),),
    ),
    Table(
        "supports",
        "One kind of support over one tie.",
        (
            _ref("tie_id", "ties", "The tie."),
            _text("support_type", "The code of a row in `support_types`.", required=True),
            _choice("direction", "Which way it goes.", DIRECTIONS, required=True),
            _scale("amount", "How much.", ("None", "A little", "Some", "A lot")),
            _choice("sufficiency", "Whether it is enough.", SUFFICIENCY),
            _choices("conditional_on", "What it depends on.", CONDITIONS),
            _note("condition", "The condition in ego's words."),
            _ref("via_tie_id", "ties", "The tie through which it comes.", required=False),
        ),
        unique=(("tie_id", "support_type"),),
    ),
    Table(
        "alter_ties",
        "Alter–alter tie on one map, as ego says. Weight 0 is a recorded non-tie: asked, and there is none.",
        (
            _ref("map_id", "maps", "The map."),
            _ref("from_tie_id", "ties", "One tie."),
            _ref("to_tie_id", "ties", "The other tie."),
            _choice(
                "relation",
                "What joins them.",
                {
                    "knows": "Know each other",
                    "supports": "One supports the other",
                    "conflict": "Conflict",
                    "happens_at": "Happens at",
                    "done_with": "Done with",
                    "uses": "Uses",
                    "other": "Other",
                },
                required=True,
            ),
            _text("relation_label", "Name of the relation where the study or an import has its own."),
            _number("weight", "Strength as recorded; 0 is a recorded non-tie, empty is a tie without strength.", "as recorded", 0),
            _flag("is_directed", "Whether it goes one way only."),
        ),
    ),
    Table(
        "events",
        "Something that happened to a tie: asked, refused, disclosed, stigma, loss, return.",
        (
            _ref("alter_id", "alters", "The alter."),
            _ref("interview_id", "interviews", "The interview in which it was told.", required=False),
            _ref("map_id", "maps", "The map it was noted on.", required=False),
            _choice(
                "event",
                "What happened.",
                {
                    "asked": "Asked for support",
                    "offered": "Was offered support",
                    "accepted": "Accepted support",
                    "refused": "Was refused",
                    "declined": "Declined support",
                    "disclosed": "Told about their mental health",
                    "hid": "Hid their mental health",
                    "withdrew": "Withdrew",
                    "set_boundary": "Set a boundary",
                    "substituted": "Turned to another instead",
                    "trust_broken": "Trust was broken",
                    "repaired": "Repaired",
                    "lost": "Lost",
                    "returned": "Returned",
                    "felt_stigma": "Felt stigma",
                    "enacted_stigma": "Enacted stigma",
                    "other": "Other",
                },
                required=True,
            ),
            _date("happened_on", "When it happened, if known."),
            _choices("reasons", "Why.", REASONS),
            _choice(
                "response",
                "What ego did.",
                {
                    "told": "Told",
                    "hid": "Hid",
                    "withdrew": "Withdrew",
                    "confronted": "Confronted",
                    "avoided": "Avoided asking",
                    "none": "Nothing",
                },
            ),
            _choice(
                "effect",
                "What it did to the tie.",
                {"none": "Nothing", "strengthened": "Strengthened it", "cooled": "Cooled it", "lost": "Ended it"},
            ),
            _ref("segment_id", "segments", "The passage it rests on.", required=False),
            _note(),
        ),
    ),
    Table(
        "answers",
        "The answer to a question the study invented. A row without a value: asked and not answered.",
        (
            _ref("question_id", "questions", "The question, in the version asked."),
            _ref("participant_id", "participants", "Asked of the participant.", required=False),
            _ref("interview_id", "interviews", "Asked of the interview, or the topic's note.", required=False),
            _ref("map_id", "maps", "Asked of the map.", required=False),
            _ref("alter_id", "alters", "Asked of the alter.", required=False),
            _ref("tie_id", "ties", "Asked of the tie.", required=False),
            _ref("alter_tie_id", "alter_ties", "Asked of the alter tie.", required=False),
            _text("text", "The answer in words, or the code chosen.", personal=True),
            _number("number", "The answer as a number.", "as asked"),
            Column("codes", "json", "The codes chosen, as a list."),
        ),
        exactly_one=("participant_id", "interview_id", "map_id", "alter_id", "tie_id", "alter_tie_id"),
    ),
)

# -- talk ---------------------------------------------------------------------------------------------------------------

_TALK = (
    Table(
        "documents",
        "A transcript or other text.",
        (
            _ref("interview_id", "interviews", "The interview it records.", required=False),
            _ref("participant_id", "participants", "The participant it belongs to.", required=False),
            _text("title", "What it is called.", required=True),
            _choice("document_kind", "What it is.", {"transcript": "Transcript", "field_notes": "Field notes", "other": "Other"}),
            _text("source_key", "Id in the file it was imported from."),
        ),
    ),
    Table(
        "revisions",
        "One version of a document's text; a text once coded is never edited in place.",
        (
            _ref("document_id", "documents", "The document."),
            _count("number", "Version, from 1.", "version", 1, required=True),
            _text("text", "The text, exactly.", required=True, personal=True),
            _text("digest", "SHA-256 of the text."),
            _time("made_at", "When it was made."),
            _text("reason", "Why there is a new version."),
            _flag("is_pseudonymised", "Whether names have been replaced in it."),
            _time("signed_off_at", "When somebody signed off that it may leave the study; what is not signed off is not exported."),
            _ref("coder_id", "coders", "Who signed it off.", required=False),
        ),
        unique=(("document_id", "number"),),
    ),
    Table(
        "turns",
        "One turn of talk in a revision: who speaks, from where to where.",
        (
            _ref("revision_id", "revisions", "The revision."),
            _count("position", "Order of the turn, from 1.", "position", 1, required=True),
            _count("start", "First code point of the words spoken, from 0.", "code points", 0, required=True),
            _count("stop", "One past the last code point.", "code points", 0, required=True),
            _text("speaker", "Label of the speaker as in the file.", personal=True),
            _choice(
                "speaker_role",
                "Who the speaker is to the study.",
                {"participant": "Participant", "interviewer": "Interviewer", "other": "Someone else"},
            ),
            _number("starts_at", "When the turn begins in the recording.", "seconds", 0),
            _number("stops_at", "When it ends.", "seconds", 0),
        ),
        unique=(("revision_id", "position"),),
    ),
    Table(
        "replacements",
        "One replacement on the way from a revision to the next: an exact old span, its words, and what stands there now.",
        (
            _ref("revision_id", "revisions", "The revision that holds the replacement."),
            _count("start", "First code point in the revision before.", "code points", 0, required=True),
            _count("stop", "One past the last code point in the revision before.", "code points", 0, required=True),
            _text("original", "The words that stood there.", personal=True),
            _text("replacement", "The words that stand there now."),
            _choice(
                "what",
                "What sort of words they were.",
                {
                    "name": "Name",
                    "place": "Place",
                    "organisation": "Organisation",
                    "phone": "Telephone",
                    "mail": "Mail",
                    "postcode": "Postcode",
                    "date": "Date",
                    "edit": "Correction",
                    "other": "Other",
                },
            ),
            _ref("participant_id", "participants", "The participant it names.", required=False),
            _ref("alter_id", "alters", "The alter it names.", required=False),
            _ref("coder_id", "coders", "Who decided it.", required=False),
        ),
        domain="identity",
    ),
    Table(
        "segments",
        "A span of a revision in Unicode code points, with the quotation beside it.",
        (
            _ref("revision_id", "revisions", "The revision."),
            _count("start", "First code point, from 0.", "code points", 0, required=True),
            _count("stop", "One past the last code point.", "code points", 0, required=True),
            _text("quotation", "The words themselves.", personal=True),
            _text("before", "The words just before, to find the place again.", personal=True),
            _text("after", "The words just after, to find the place again.", personal=True),
            _flag("is_lost", "Whether it lost its place when the text changed; listed, never dropped."),
        ),
    ),
    Table(
        "codes",
        "One code of the codebook tree.",
        (
            _ref("parent_id", "codes", "The code it stands under.", required=False),
            _text("name", "Name of the code.", required=True),
            _text("definition", "What it covers."),
            _text("example", "A typical example."),
            _text("limits", "What it does not cover."),
            _text("color", "Colour shown."),
            _count("position", "Order among its siblings.", "position"),
            _flag("is_starter", "Came with the template, as something to edit."),
            _text("basis", "Where it comes from; 'our default' when it is ours."),
        ),
    ),
    Table(
        "themes",
        "A named grouping of codes with a central idea.",
        (
            _text("name", "Name of the theme.", required=True),
            _text("central_idea", "The idea that unites it."),
            _count("position", "Order in lists.", "position"),
        ),
    ),
    Table(
        "theme_codes",
        "That a code belongs to a theme.",
        (_ref("theme_id", "themes", "The theme."), _ref("code_id", "codes", "The code.")),
        unique=(("theme_id", "code_id"),),
    ),
    Table(
        "lenses",
        "One node of a theory held over the inductive codes; never a codebook.",
        (
            _text("lens", "Name of the theory.", required=True),
            _text("code", "Short code of the node.", required=True),
            _text("label", "Name of the node.", required=True),
            _text("meaning", "What it stands for."),
            _ref("parent_id", "lenses", "The node it stands under.", required=False),
            _count("position", "Order among its siblings.", "position"),
            _flag("is_on", "Whether the lens is shown."),
            _text("basis", "Where it comes from; 'our default' when it is ours."),
        ),
        unique=(("lens", "code"),),
    ),
    Table(
        "lens_links",
        "Why a code is seen through a lens node.",
        (_ref("lens_id", "lenses", "The node."), _ref("code_id", "codes", "The code."), _note("rationale", "Why they belong together.")),
        unique=(("lens_id", "code_id"),),
    ),
    Table(
        "codings",
        "A coder put a code on a segment.",
        (
            _ref("segment_id", "segments", "The segment."),
            _ref("code_id", "codes", "The code."),
            _ref("coder_id", "coders", "The coder.", required=False),
            _time("coded_at", "When."),
        ),
        unique=(("segment_id", "code_id", "coder_id"),),
    ),
    Table(
        "mentions",
        "A segment speaks of an alter: the joint between the map and the talk.",
        (
            _ref("segment_id", "segments", "The segment."),
            _ref("alter_id", "alters", "The alter spoken of."),
            _ref("tie_id", "ties", "The tie at that wave.", required=False),
            _ref("event_id", "events", "The event told of.", required=False),
            _ref("coder_id", "coders", "Who saw it.", required=False),
        ),
        unique=(("segment_id", "alter_id"),),
    ),
    Table(
        "decisions",
        "What was decided where coders differed: both codings stay, the decision says which holds and why.",
        (
            _ref("segment_id", "segments", "The passage."),
            _ref("code_id", "codes", "The code in question."),
            _flag("is_kept", "Whether the code holds for the passage."),
            _ref("coder_id", "coders", "Who decided.", required=False),
            _text("reason", "Why.", required=True, personal=True),
            _time("decided_at", "When."),
        ),
        unique=(("segment_id", "code_id"),),
    ),
    Table(
        "summaries",
        "The analyst's words in one cell of a framework matrix: a participant, a theme and, where told, a wave.",
        (
            _ref("participant_id", "participants", "The case."),
            _ref("theme_id", "themes", "The theme.", required=False),
            _ref("code_id", "codes", "The code, where the column is a code.", required=False),
            _ref("wave_id", "waves", "The wave.", required=False),
            _ref("coder_id", "coders", "Who wrote it.", required=False),
            _text("prompt", "Which longitudinal question it answers, where it answers one."),
            _text("text", "The summary.", required=True, personal=True),
        ),
    ),
    Table(
        "views",
        "A saved, repeatable view: measures chosen and their scope, or a question across ties and talk.",
        (
            _text("name", "What it is called.", required=True),
            _choice("view_kind", "What it shows.", {"measures": "Measures", "talk": "Talk and ties"}, required=True),
            Column("definition", "json", "What was chosen, as the page and the command line read it."),
        ),
        unique=(("name",),),
    ),
    Table(
        "memos",
        "A note on exactly one thing.",
        (
            _choice(
                "memo_kind",
                "What sort of memo.",
                {"reflexive": "Reflexive", "analytic": "Analytic", "methodological": "Methodological", "case": "Case"},
            ),
            _ref("participant_id", "participants", "On a participant.", required=False),
            _ref("map_id", "maps", "On a map.", required=False),
            _ref("alter_id", "alters", "On an alter.", required=False),
            _ref("document_id", "documents", "On a document.", required=False),
            _ref("segment_id", "segments", "On a segment.", required=False),
            _ref("code_id", "codes", "On a code.", required=False),
            _ref("theme_id", "themes", "On a theme.", required=False),
            _ref("coder_id", "coders", "Who wrote it.", required=False),
            _text("text", "The memo.", required=True, personal=True),
            _time("written_at", "When."),
        ),
        exactly_one=("participant_id", "map_id", "alter_id", "document_id", "segment_id", "code_id", "theme_id"),
    ),
)

# -- practice -----------------------------------------------------------------------------------------------------------

_PRACTICE = (
    Table(
        "resources",
        "A place or activity on offer.",
        (
            _text("name", "Name.", required=True),
            _text("category", "What sort of thing it is."),
            _choice("scope", "Where it is.", {"local": "Local", "national": "National", "online": "Online"}),
            _text("access", "Steps, transport, cost."),
            _date("checked_on", "When it was last checked."),
        ),
    ),
    Table(
        "wishes",
        "What a participant would like, the barrier, the step, what came of it.",
        (
            _ref("participant_id", "participants", "The participant."),
            _ref("interview_id", "interviews", "The interview in which it was said.", required=False),
            _ref("resource_id", "resources", "A resource that may help.", required=False),
            _ref("alter_id", "alters", "An alter it concerns.", required=False),
            _text("wish", "What the person would like.", required=True, personal=True),
            _text("barrier", "What stands in the way.", personal=True),
            _text("step", "The next step.", personal=True),
            _date("review_on", "When to look at it again."),
            _text("outcome", "What came of it.", personal=True),
        ),
    ),
)

# -- the house's own ----------------------------------------------------------------------------------------------------

_HOUSE = (
    Table(
        "journal",
        "One action: who, when, on which device, verb, why, rows before and after, chained by hash. `id` is the entry's.",
        (
            _text("device", "Random id of the device whose chain this is.", required=True),
            _count("sequence", "Place in the device's chain, from 1.", "position", 1, required=True),
            _text("previous", "Hash of the entry before it on this device."),
            _text("hash", "SHA-256 over previous, header and commitments.", required=True),
            _time("at", "When it was committed, by this device's clock."),
            _text("verb", "The action.", required=True),
            _text("actor", "Id of the coder who did it, where known."),
            _text("origin", "Page, command, import or migration."),
            _text("participant", "Id of the participant it concerns, where it concerns one."),
            _text("map", "Id of the map it concerns, where it concerns one."),
            _text("request", "The client's key of the request: the same key is carried out once."),
            _text("undoes", "Id of the entry this one takes back."),
            _count(
                "place", "Order in which this file took the entry in, from 1; local, so not part of the hash.", "position", 1, required=True
            ),
            Column("contents", "packed", "Per row changed: commitment, salt, and the row before and after.", is_personal=True),
        ),
        unique=(("device", "sequence"), ("request",), ("place",)),
        domain="house",
    ),
)

_ID = Column("id", "id", "Row id (UUIDv7).", is_required=True)


def _with_id(table: Table) -> Table:
    return Table(table.name, table.meaning, (_ID, *table.columns), table.unique, table.exactly_one, table.domain)


TABLES: dict[str, Table] = {t.name: _with_id(t) for t in (*_DESIGN, *_PEOPLE, *_MAPS, *_TALK, *_PRACTICE, *_HOUSE)}
_INDEX: dict[str, dict[str, Column]] = {t.name: {c.name: c for c in t.columns} for t in TABLES.values()}
LIVE: tuple[str, ...] = tuple(name for name, table in TABLES.items() if table.domain != "house")
"""Tables that actions change and the journal replays to."""
