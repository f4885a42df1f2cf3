"""The text as a source file holds it: line feeds alone, no byte order mark, and where each position of ours lands in it."""

from bisect import bisect_left

from kithwork.formats.offsets import BOM


def plain_text(text: str) -> str:
    """The text with each line end one line feed and no byte order mark before it."""
    return text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")


class Plain:
    """One text, and its positions moved to the plain text."""

    def __init__(self, text: str) -> None:
        self.text = plain_text(text)
        self._shift = int(text.startswith(BOM))
        self._pairs: list[int] = []
        at = text.find("\r\n")
        while at >= 0:
            self._pairs.append(at)
            at = text.find("\r\n", at + 1)

    def place(self, position: int) -> int:
        """Where a position of the text lands in the plain text; between the two characters of a line end: after it begins."""
        return max(0, position - self._shift) - bisect_left(self._pairs, position)
