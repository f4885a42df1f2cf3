"""Choices that stand in more than one column, or that pages and measures ask for by name: code → label."""

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
