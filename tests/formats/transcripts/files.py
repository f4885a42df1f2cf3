"""Small transcripts, made by the tests, in the shapes that programs write."""

import io
import zipfile

WORD = '<w:document xmlns:w="w"><w:body>{}</w:body></w:document>'
OPEN = '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="tb"><office:body>{}</office:body></office:document-content>'


def packed(xml: str | bytes, member: str = "word/document.xml", packing: int = zipfile.ZIP_DEFLATED, **more: str) -> bytes:
    """A zip with one XML member."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        archive.writestr(member, xml)
        for name, content in more.items():
            archive.writestr(name, content)
    return stream.getvalue()


def docx(*paragraphs: str) -> bytes:
    """A Word document of plain paragraphs."""
    return packed(WORD.format("".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)))


def odt(body: str) -> bytes:
    return packed(OPEN.format(body), "content.xml")
