"""The text of a PDF, read in a process of its own: what a broken or hostile file does there, it does to nobody else."""

import json
import subprocess
import sys

from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.formats.transcripts.shape import LONGEST, Turn, tidy
from kithwork.formats.transcripts.turns import find_turns
from kithwork.model.errors import FormatError

SECONDS = 60
MEMORY = 2 * 2**30
MOST_PAGES = 2_000


def read(source: Source, notes: Notes) -> tuple[str, list[Turn]]:
    """Text and turns of a .pdf that holds text; a scanned page has none."""
    try:
        done = subprocess.run(  # noqa: S603 - this program itself, given bytes and nothing else
            [sys.executable, "-I", "-c", _READER, *map(str, (MEMORY, MOST_PAGES, LONGEST))],
            input=source.data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FormatError(f"'{source.name}' takes longer than {SECONDS} seconds to read; save its text as .txt or .docx.") from None
    if done.returncode != 0:
        raise FormatError(f"'{source.name}' cannot be read as a PDF: damaged, or protected by a password; save its text as .docx.")
    pages: list[str] = json.loads(done.stdout)
    if len(pages) > MOST_PAGES:
        raise FormatError(f"'{source.name}' has more than {MOST_PAGES:,} pages; split it.")
    if not any(page.strip() for page in pages):
        raise FormatError(f"'{source.name}' holds pictures of pages and no text; have its text recognised first.")
    if any(not page.strip() for page in pages):
        notes.meet("empty_page", "At least one page holds no text; it may be a picture.", source.name)
    notes.lose("Pictures, type faces and the places of words on the page are left out; lines end where the page ends them.")
    text = tidy("\n".join(page.rstrip("\r\n") for page in pages) + "\n", source, notes)
    return text, find_turns(text)


_READER = """
import json, sys
memory, most, longest = map(int, sys.argv[1:])
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
except (ImportError, ValueError, OSError):
    pass
import pypdfium2
pages, held = [], 0
document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
for page in list(range(min(len(document), most + 1))):
    words = document[page].get_textpage().get_text_bounded().replace("\\ufffe", "\\u00ad").replace("\\x00", "")
    held += len(words)
    pages.append(words)
    if held > longest:
        break
sys.stdout.write(json.dumps(pages))
"""
