"""Hostile transcripts: one plain sentence or plain text, in bounded time and memory."""

import struct
import zipfile

import pytest
from formats.transcripts.files import OPEN, WORD, docx, packed

from kithwork.formats.transcripts import read_transcript
from kithwork.model.errors import FormatError


def refused(data: bytes, name: str) -> str:
    with pytest.raises(FormatError) as told:
        read_transcript(data, name)
    assert "\n" not in str(told.value)
    assert str(told.value).endswith(".")
    return str(told.value)


def test_entities_of_a_document_type_are_never_looked_at():
    inside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + WORD.format("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")
    assert "document type" in refused(packed(inside), "a.docx")
    assert "document type" in refused(packed('<!DOCTYPE a [<!ENTITY a "ha">]>' + OPEN.format("&a;"), "content.xml"), "a.odt")


def test_two_hundred_thousand_elements_deep_is_too_deep():
    deep = WORD.format("<w:p>" * 200_000 + "</w:p>" * 200_000)
    assert "nested deeper" in refused(packed(deep, packing=zipfile.ZIP_STORED), "a.docx")
    assert "nested deeper" in refused(b"<div>" * 200_000 + b"x", "a.html")


def test_a_bomb_is_not_unpacked():
    assert "times its size" in refused(packed(WORD.format("a" * 60_000_000)), "a.docx")


def test_a_size_that_lies_is_found_out():
    for told in (10, 2**31 - 5):
        data = bytearray(docx("some words of an interview, said one after another"))
        struct.pack_into("<I", data, data.find(b"PK\x01\x02") + 24, told)
        refused(bytes(data), "a.docx")


@pytest.mark.parametrize("more", ["../x", "/x", "a/../../x"])
def test_a_member_that_points_outside_is_refused(more: str):
    assert "points outside" in refused(packed(WORD.format(""), **{more: "y"}), "a.docx")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", b"hello"),
        ("a.docx", docx("x")[:-30]),
        ("a.docx", packed("x", "other.xml")),
        ("a.docx", packed("<w:document><w:body>")),
        ("a.docx", packed(b'<?xml version="1.0" encoding="utf-7"?><a/>')),
        ("a.docx", docx()),
        ("a.rtf", b"hello"),
        ("a.rtf", b"{\\rtf1 \\uc1000000000\\u9999999999999? \\ansicpg99999 x}"),
        ("a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 100),
        ("a.txt", b"\x81\x8d\x8f\x90"),
        ("a.txt", b"a\x00b"),
        ("a.txt", b""),
        ("a.txt", b" \n "),
        ("a.txt", b"x" * 10_000_001),
        ("a.vtt", b"WEBVTT\n" + b"-->\n" * 300_000),
        ("a.vtt", b"WEBVTT\n"),
        ("a.html", b"<p>a" * 400_000),
        ("a.html", b"<script>x</script>"),
        ("a.csv", b'text,speaker\n"abc'),
        ("a.exe", b"MZ"),
        ("noending", b"x"),
    ],
)
def test_what_is_no_transcript_is_refused_in_one_sentence(name: str, data: bytes):
    refused(data, name)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.vtt", b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na" + b" " * 2_000_000 + b"b"),
        ("a.vtt", b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n" + b"<v " * 500_000),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000" + b" " * 2_000_000 + b"\nx"),
        ("a.txt", b"A: " + b"[00:00:01] " * 200_000),
        ("a.txt", b" " * 2_000_000 + b"x"),
        ("a.txt", (b"a b c d e f g h i j k l m:" * 4 + b"\n") * 5_000),
        ("a.rtf", b"{\\rtf1 " + b"{" * 100_000 + b"x" + b"}" * 100_000 + b"}"),
        ("a.html", b"<p a='" + b"x" * 5_000_000 + b"'>hello"),
    ],
)
def test_patterns_do_not_run_away(name: str, data: bytes):
    """Each of these would take minutes in a pattern that looks back; the suite's own patience is the bound."""
    assert read_transcript(data, name).text.strip()


def test_a_name_with_folders_in_it_loses_them():
    assert read_transcript(b"hello there", "../../etc/evil.txt").name == "evil.txt"
    assert read_transcript(b"hello there", "C:\\Texts\\x\\evil.txt").name == "evil.txt"


def test_scripts_are_words_and_nothing_else():
    text = "I: <script>alert(1)</script> <img src=x onerror=alert(1)>"
    assert read_transcript(text.encode(), "a.txt").text == text
