"""The analysts' own words on the demo study: memos, and cells of a framework matrix that agree with the maps."""

from collections import Counter

from kithwork.formats.demo.chance import Chance
from kithwork.formats.demo.coding import CODEBOOK
from kithwork.formats.demo.transcripts import Around
from kithwork.model.rows import Row
from kithwork.model.schema import FATES, KINDS, REASONS, TABLES

_CASES = 8
_EVENT_LABELS = TABLES["events"]["event"].choices
_SUMMED_UP = (0, 1, 3, 4)  # themes, by their place in the codebook, that the maps say enough about
Rows = dict[str, list[Row]]
_MANY = {"person": "people", "activity": "activities", "digital": "digital"}


def memo_rows(rows: Rows, coders: list[Row], chance: Chance) -> list[Row]:
    """Memos of every kind, on all that can hold one."""
    targets = {name: rows[str(TABLES["memos"][f"{name}_id"].table)] for name in CODEBOOK["memos"]}
    targets["code"] = [row for row in rows["codes"] if not row["is_starter"]]
    targets["map"] = [row for row in rows["maps"] if row["state"] == "everyday"]
    last = max((row["coded_at"] for row in rows["codings"]), default=None)
    found = []
    for name, memos in CODEBOOK["memos"].items():
        chosen = targets[name] * len(memos) if name == "study" else chance.sample(targets[name], min(len(memos), len(targets[name])))
        for target, (kind, text) in zip(chosen, memos, strict=False):
            row: Row = {"id": chance.id(), "memo_kind": kind, f"{name}_id": target["id"], "coder_id": chance.one(coders)["id"]}
            found.append({**row, "text": text, "written_at": last})
    return found


def summary_rows(arounds: dict[str, list[Around]], themes: list[Row], coders: list[Row], chance: Chance) -> list[Row]:
    """Framework cells: some participants seen more than once, each theme at each wave."""
    followed = [person for person, interviews in arounds.items() if len(interviews) > 1]
    found = []
    for person in sorted(chance.sample(followed, min(_CASES, len(followed)))):
        for around in arounds[person]:
            for place, words in zip(_SUMMED_UP, (_trust(around), _steady(around), _known(around), _moves(around)), strict=True):
                row: Row = {"id": chance.id(), "participant_id": person, "theme_id": themes[place]["id"], "text": words}
                found.append({**row, "wave_id": around.interview["wave_id"], "coder_id": coders[0]["id"]})
    return found


def _named(alters: list[Row]) -> str:
    return ", ".join(alter["pseudonym"] for alter in alters[:3])


def _trust(around: Around) -> str:
    strong = [alter for tie, alter in around.ties if tie.get("trust") == "strong"]
    hurt = [alter for tie, alter in around.ties if tie.get("trust") in ("breached", "rebuilding")]
    words = f"Strong trust in {_named(strong)}." if strong else "No tie is called one of strong trust."
    return f"{words} Hurt, or being mended, with {_named(hurt)}." if hurt else words


def _steady(around: Around) -> str:
    kinds = Counter(alter["kind"] for _, alter in around.ties)
    always = [alter for tie, alter in around.ties if tie.get("reliability") == 4]
    told = (
        f"{kinds[kind]} {label.lower() if kinds[kind] == 1 else _MANY.get(kind, label.lower() + 's')}"
        for kind, label in KINDS.items()
        if kinds[kind]
    )
    words = f"{len(around.ties)} ties: {', '.join(told)}."
    return f"{words} Always to be relied on: {_named(always)}." if always else f"{words} Nothing is called always reliable."


def _known(around: Around) -> str:
    kinds = ("disclosed", "hid", "felt_stigma", "enacted_stigma")
    told = [(row, around.alters[row["alter_id"]]) for row in around.events if row["event"] in kinds]
    if not told:
        return "No moment of telling, hiding or stigma was told this time."
    return "; ".join(f"{_EVENT_LABELS[row['event']]} ({alter['pseudonym']})" for row, alter in told) + "."


def _moves(around: Around) -> str:
    if around.is_first:
        nearest = sum(tie.get("circle") == 1 for tie, _ in around.ties)
        return f"First map: {len(around.ties)} ties, {nearest} in the nearest circle."
    counts = Counter(row["fate"] for row in around.fates)
    reasons = Counter(reason for row in around.fates for reason in row.get("reasons") or ())
    words = "Since the last map: " + ", ".join(f"{counts[fate]} {label.lower()}" for fate, label in FATES.items() if counts[fate]) + "."
    return words + (" Reasons: " + ", ".join(REASONS[reason].lower() for reason in reasons) + "." if reasons else "")
