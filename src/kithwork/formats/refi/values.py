"""Values as other programs write them: waves, dates, times, colours."""

import datetime
import re

from kithwork.model.rows import utc_text


def wave_of(text: str) -> int | None:
    """The number of a wave out of '2', 'T2' or 'Wave 2'."""
    match = re.fullmatch(r"\D{0,12}?(\d{1,3})(\.0+)?", text.strip())
    return int(match.group(1)) if match and 1 <= int(match.group(1)) <= 999 else None


def date_of(text: str) -> str | None:
    """A date as YYYY-MM-DD, or None."""
    try:
        return datetime.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


def moment(text: str | None) -> str | None:
    """A time in UTC; one without its zone is taken as UTC, one that cannot be read is None."""
    try:
        value = datetime.datetime.fromisoformat((text or "").strip().replace(" ", "T", 1))
        return utc_text(value if value.tzinfo else value.replace(tzinfo=datetime.UTC))
    except (ValueError, OverflowError):
        return None


def color_of(text: str | None) -> str | None:
    """A colour as #RRGGBB, or None; written `rgb(r, g, b)` or `r,g,b` as well."""
    text = (text or "").strip()
    parts = re.fullmatch(r"(?:rgba?\()?(\d{1,3})[,; ]+(\d{1,3})[,; ]+(\d{1,3})(?:[,; ]+[\d.]+)?\)?", text)
    if parts and all(int(part) < 256 for part in parts.groups()):
        return "#{:02X}{:02X}{:02X}".format(*map(int, parts.groups()))
    if re.fullmatch(r"#[0-9a-fA-F]{3}", text):
        text = "#" + "".join(2 * digit for digit in text[1:])
    return text[:7].upper() if re.fullmatch(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?", text) else None
