"""The words of the latest texts, to be found quickly: SQLite's FTS5, or PostgreSQL's tsvector with a GIN index.

Derived data: it follows the texts within each change, is no part of the journal, and is built again where it is missing or behind.
A unit is a turn, or a line of a text without turns. Words are folded before they are kept, so that both databases find the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS
from kithwork.model.terms import Near, Phrase, Search, fold, folded, folded_words
from kithwork.store.journal import RowChange
from kithwork.store.sql import SQL

MOST_WORDS = 10_000  # in one unit; a longer turn is several
MOST_BYTES = 500_000
DERIVED = ("talk_units", "talk_words", *(f"talk_words_{part}" for part in ("data", "idx", "docsize", "config")))
"""Tables of the index, on top of those of the schema."""

_UNITS = sa.Table(
    "talk_units",
    sa.MetaData(),
    sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("document_id", sa.String(36), nullable=False, index=True),
    sa.Column("revision_id", sa.String(36), nullable=False),
    sa.Column("turn_id", sa.String(36)),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("stop", sa.Integer, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),  # words in it
    sa.Column("words", sa.Text, nullable=False),  # last: what stands before it is read without it
)
_MADE_SQLITE = (
    """CREATE VIRTUAL TABLE talk_words USING fts5(
       words, content='talk_units', content_rowid='place', tokenize="ascii tokenchars '_'")""",
    "INSERT INTO talk_words(talk_words, rank) VALUES ('secure-delete', 1)",  # what is taken out is not left lying in the file
)
_MADE_SERVER = (
    "ALTER TABLE talk_units ADD COLUMN found tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED",
    "CREATE INDEX ix_talk_units_found ON talk_units USING gin (found)",
)
_OUT = "INSERT INTO talk_words(talk_words, rowid, words) SELECT 'delete', place, words FROM talk_units WHERE document_id = :d"
_IN = "INSERT INTO talk_words(rowid, words) SELECT place, words FROM talk_units WHERE document_id = :d"
_OUT_ONE = "INSERT INTO talk_words(talk_words, rowid, words) VALUES ('delete', :at, :was)"
_IN_ONE = "INSERT INTO talk_words(rowid, words) VALUES (:at, :words)"
_TEXT_COLUMNS = {"revisions": {"document_id", "number", "text"}, "turns": {"revision_id", "start", "stop"}}


@dataclass(frozen=True)
class Hit:
    """A turn (or line) in which everything looked for is said: where, by whom, and its words."""

    document_id: str
    revision_id: str
    start: int
    stop: int
    speaker: str | None
    speaker_role: str | None
    text: str


@dataclass(frozen=True)
class Hits:
    """How many turns hold what was looked for, by document, and some of them."""

    by_document: dict[str, int]
    hits: list[Hit]

    @property
    def total(self) -> int:
        return sum(self.by_document.values())


# -- keeping it ----------------------------------------------------------------------------------------------------------------


def follow(connection: sa.Connection, changes: Iterable[RowChange]) -> None:
    """Bring the index in step with what a change did to texts and turns."""
    documents: set[str] = set()
    revisions: set[str] = set()
    known: set[str] = set()
    for change in changes:
        columns = _TEXT_COLUMNS.get(change.table)
        if columns is None or not columns & {*(change.before or {}), *(change.after or {})}:
            continue
        if change.table == "revisions" and (change.before is None or change.after is None):
            documents.add((change.after or change.before or {})["document_id"])
            known.add(change.row_id)
        elif change.table == "turns" and (change.before is None or change.after is None):
            revisions.add((change.after or change.before or {})["revision_id"])
        elif change.table == "revisions":
            revisions.add(change.row_id)
        else:
            turns = SQL["turns"]
            revisions |= set(connection.execute(sa.select(turns.c.revision_id).where(turns.c.id == change.row_id)).scalars())
    sql = SQL["revisions"]
    revisions -= known
    if revisions:
        documents |= set(connection.execute(sa.select(sql.c.document_id).where(sql.c.id.in_(revisions))).scalars())
    if documents:
        _put(connection, sorted(documents))


def ensure(connection: sa.Connection) -> None:
    """Make the index where it is not there or is of an older make, and bring in what it does not hold."""
    if _is_there(connection) and not {*_UNITS.c.keys()} <= {column["name"] for column in sa.inspect(connection).get_columns(_UNITS.name)}:
        for table in ("talk_words", "talk_units"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    if not _is_there(connection):
        _UNITS.create(connection)
        for statement in _MADE_SQLITE if connection.dialect.name == "sqlite" else _MADE_SERVER:
            connection.exec_driver_sql(statement)
    indexed = connection.execute(sa.select(_UNITS.c.document_id, _UNITS.c.revision_id).distinct())
    held = {revision: document for document, revision in indexed}
    latest = {row.id: row.document_id for row in connection.execute(_latest())}
    behind = {*latest.values()} - {latest[revision] for revision in held if revision in latest}
    behind |= {document for revision, document in held.items() if revision not in latest}
    if behind:
        _put(connection, sorted(behind))


def look_again(connection: sa.Connection) -> None:
    """Let this connection see the index as it is now, before SQLite checks it.

    FTS5 keeps what it last read of an index, which only a query looks up again; 'PRAGMA integrity_check' takes parts that another
    connection has since written over for damage.
    """
    if connection.dialect.name == "sqlite" and _is_there(connection):
        connection.exec_driver_sql("SELECT 1 FROM talk_words WHERE talk_words MATCH 'a' LIMIT 1").fetchall()


def differs(connection: sa.Connection) -> bool:
    """Whether the index says something else than the texts."""
    if not _is_there(connection):
        return False  # a study opened for reading only, that no Kithwork with an index has opened yet
    held: dict[str, list[tuple[Any, ...]]] = {}
    columns = (_UNITS.c.document_id, _UNITS.c.revision_id, _UNITS.c.turn_id, _UNITS.c.start, _UNITS.c.stop, _UNITS.c.size, _UNITS.c.words)
    for document_id, *unit in connection.execute(sa.select(*columns).order_by(_UNITS.c.place)):
        held.setdefault(document_id, []).append(tuple(unit))
    for document in connection.execute(sa.select(SQL["documents"].c.id)).scalars().all():
        if held.pop(document, []) != [tuple(unit.values())[1:] for unit in _units(connection, document)]:
            return True
    return bool(held)


def _is_there(connection: sa.Connection) -> bool:
    return sa.inspect(connection).has_table(_UNITS.name)


def _latest() -> sa.Select[Any, Any]:
    sql = SQL["revisions"]
    newest = sa.select(sql.c.document_id, sa.func.max(sql.c.number).label("number")).group_by(sql.c.document_id).subquery()
    same = sa.and_(sql.c.document_id == newest.c.document_id, sql.c.number == newest.c.number)
    return sa.select(sql.c.id, sql.c.document_id).join(newest, same)


def _put(connection: sa.Connection, documents: Sequence[str]) -> None:
    for document in documents:
        held = connection.execute(sa.select(_UNITS).where(_UNITS.c.document_id == document).order_by(_UNITS.c.place)).all()
        units = list(_units(connection, document, _folded(connection, held)))
        if held and len(held) == len(units):
            _move(connection, [{"at": was.place, "was": was.words, **unit} for was, unit in zip(held, units, strict=True)])
            continue
        if connection.dialect.name == "sqlite":
            connection.execute(sa.text(_OUT), {"d": document})
        connection.execute(sa.delete(_UNITS).where(_UNITS.c.document_id == document))
        if units:
            connection.execute(sa.insert(_UNITS), units)
        if units and connection.dialect.name == "sqlite":
            connection.execute(sa.text(_IN), {"d": document})


def _move(connection: sa.Connection, units: list[Row]) -> None:
    """Units of another version of a text: each stands elsewhere, few say something else."""
    said, is_sqlite = [unit for unit in units if unit["was"] != unit["words"]], connection.dialect.name == "sqlite"
    if said and is_sqlite:
        connection.execute(sa.text(_OUT_ONE), [{"at": unit["at"], "was": unit["was"]} for unit in said])
    for rows, names in ((units, ("revision_id", "turn_id", "start", "stop")), (said, ("size", "words"))):
        query = sa.update(_UNITS).where(_UNITS.c.place == sa.bindparam("at")).values({name: sa.bindparam(f"to_{name}") for name in names})
        if rows:
            connection.execute(query, [{"at": row["at"], **{f"to_{name}": row[name] for name in names}} for row in rows])
    if said and is_sqlite:
        connection.execute(sa.text(_IN_ONE), [{"at": unit["at"], "words": unit["words"]} for unit in said])


def _folded(connection: sa.Connection, held: Sequence[Any]) -> dict[str, str]:
    """What is said in the version that was held → its words folded."""
    sql = SQL["revisions"]
    text = connection.execute(sa.select(sql.c.text).where(sql.c.id == held[0].revision_id)).scalar() if held else None
    return {text[unit.start : unit.stop]: unit.words for unit in held} if text else {}


def _units(connection: sa.Connection, document: str, known: Mapping[str, str] | None = None) -> Iterator[Row]:
    """The units of a document's latest text, as rows; `known` are turns whose words are folded already."""
    revisions, turns = SQL["revisions"], SQL["turns"]
    query = sa.select(revisions.c.id, revisions.c.text).where(revisions.c.document_id == document).order_by(revisions.c.number.desc())
    found = connection.execute(query.limit(1)).first()
    if found is None:
        return
    spoken = sa.select(turns.c.id, turns.c.start, turns.c.stop).where(turns.c.revision_id == found.id).order_by(turns.c.position)
    spans = [tuple(row) for row in connection.execute(spoken)]
    if not spans:
        spans = [(None, match.start(), match.end()) for match in re.finditer(r"[^\n]+", found.text)]
    for turn, start, stop in spans:
        said = found.text[start:stop]
        kept = known.get(said) if known else None
        for first, last, words in _parts(said) if kept is None else ((0, len(said), kept),):
            place = {"turn_id": turn, "start": start + first, "stop": start + last, "size": words.count(" ") + 1, "words": words}
            yield {"document_id": document, "revision_id": found.id, **place}


def _parts(text: str) -> Iterator[tuple[int, int, str]]:
    """A turn as one unit, or as several where it is very long; one without words is none."""
    whole = folded(text)
    if len(whole) <= MOST_WORDS and len((words := " ".join(whole)).encode()) <= MOST_BYTES:
        if words:
            yield 0, len(text), words
        return
    held: list[str] = []
    first = last = size = 0
    for word, start, stop in folded_words(text):
        if len(held) == MOST_WORDS or size > MOST_BYTES:
            yield first, last, " ".join(held)
            held, first, size = [], start, 0
        held.append(word)
        last = stop
        size += len(word.encode()) + 1
    if held:
        yield first, len(text), " ".join(held)


# -- looking ---------------------------------------------------------------------------------------------------------------------


def find(connection: sa.Connection, search: Search, order: Sequence[str], skip: int, most: int) -> Hits:
    """How many turns hold it, by document, and those from `skip` on, at most so many; documents in the order given."""
    if not _is_there(connection):
        raise StudyError("This study has no search index yet; open it once with 'kith serve'.")
    where = [*_holds(connection, search), *_only_there(connection, search)]
    counted = sa.select(_UNITS.c.document_id, sa.func.count()).where(*where).group_by(_UNITS.c.document_id)
    by_document: dict[str, int] = {row[0]: row[1] for row in connection.execute(counted)}
    ranks = {document: rank for rank, document in enumerate(order)}
    documents = sorted(by_document, key=lambda document: (ranks.get(document, len(ranks)), document))
    hits: list[Hit] = []
    for document in documents:
        if skip >= by_document[document]:
            skip -= by_document[document]
            continue
        hits += _hits(connection, [*where, _UNITS.c.document_id == document], skip, most - len(hits))
        skip = 0
        if len(hits) >= most:
            break
    return Hits({document: by_document[document] for document in documents}, hits)


def sizes(connection: sa.Connection) -> dict[str, int]:
    """How many words the latest text of each document has, in what is said."""
    if not _is_there(connection):
        return {}
    counted = sa.select(_UNITS.c.document_id, sa.func.sum(_UNITS.c.size)).group_by(_UNITS.c.document_id)
    return {document: int(size) for document, size in connection.execute(counted)}


def _hits(connection: sa.Connection, where: list[Any], skip: int, most: int) -> Iterator[Hit]:
    turns, revisions = SQL["turns"], SQL["revisions"]
    columns = (_UNITS.c.document_id, _UNITS.c.revision_id, _UNITS.c.start, _UNITS.c.stop, turns.c.speaker, turns.c.speaker_role)
    words = sa.func.substr(revisions.c.text, _UNITS.c.start + 1, _UNITS.c.stop - _UNITS.c.start)
    joined = _UNITS.join(revisions, revisions.c.id == _UNITS.c.revision_id).outerjoin(turns, turns.c.id == _UNITS.c.turn_id)
    query = sa.select(*columns, words).select_from(joined).where(*where).order_by(_UNITS.c.start, _UNITS.c.place)
    yield from (Hit(*row) for row in connection.execute(query.offset(skip).limit(most)))


def _holds(connection: sa.Connection, search: Search) -> list[Any]:
    if connection.dialect.name == "sqlite":
        matches = sa.text("place IN (SELECT rowid FROM talk_words WHERE talk_words MATCH :looked_for)").bindparams(looked_for=fts5(search))
        near = [term for term in search.terms if isinstance(term, Near)]
        return [matches, *(_UNITS.c.words.regexp_match(_pattern(term)) for term in near if _may_meet(term))]
    found = sa.column("found")
    conditions: list[Any] = []
    for term in search.terms:
        conditions += _server_term(found, term)
    return conditions + [sa.not_(sa.and_(*_server_term(found, phrase))) for phrase in search.without]


def fts5(search: Search) -> str:
    """The terms as an expression of FTS5; every word is quoted, so nothing typed is read as a command."""
    parts = [_near_fts5(term) if isinstance(term, Near) else _phrase_fts5(term) for term in search.terms]
    whole = " AND ".join(parts)
    return " NOT ".join([f"({whole})" if search.without else whole, *map(_phrase_fts5, search.without)])


def _phrase_fts5(phrase: Phrase) -> str:
    return '"' + " ".join(phrase.words) + '"' + (" *" if phrase.is_start else "")


def _near_fts5(near: Near) -> str:
    return f"NEAR({_phrase_fts5(near.first)} {_phrase_fts5(near.second)}, {near.apart})"


def _may_meet(near: Near) -> bool:
    """Whether one word could be taken for both phrases, which FTS5 would allow."""
    one, other = near.first, near.second
    starts = [phrase.words[-1] for phrase in (one, other) if phrase.is_start]
    return bool(set(one.words) & set(other.words)) or any(word.startswith(start) for start in starts for word in (*one.words, *other.words))


def _server_term(found: Any, term: Phrase | Near) -> list[Any]:
    phrases = (term.first, term.second) if isinstance(term, Near) else (term,)
    lexemes = " & ".join(part for phrase in phrases for part in _lexemes(phrase))
    conditions: list[Any] = [found.op("@@")(sa.cast(lexemes, _TsQuery))]
    if isinstance(term, Near) or len(term.words) > 1:
        conditions.append(_UNITS.c.words.regexp_match(_pattern(term)))
    return conditions


class _TsQuery(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "tsquery"


def _lexemes(phrase: Phrase) -> list[str]:
    parts = [f"'{word}'" for word in phrase.words]  # a folded word holds no quotation mark
    return [*parts[:-1], parts[-1] + ":*"] if phrase.is_start else parts


def _pattern(term: Phrase | Near) -> str:
    """A regular expression, the same in Python and PostgreSQL, over words with one space between."""
    if isinstance(term, Phrase):
        return f"(^| ){_words_pattern(term)}( |$)"
    first, second = _words_pattern(term.first), _words_pattern(term.second)
    between = f"( [^ ]+){{0,{term.apart}}} "
    return f"(^| )({first}{between}{second}|{second}{between}{first})( |$)"


def _words_pattern(phrase: Phrase) -> str:
    return " ".join(phrase.words) + ("[^ ]*" if phrase.is_start else "")


# -- where to look ---------------------------------------------------------------------------------------------------------------------


def _only_there(connection: sa.Connection, search: Search) -> Iterator[Any]:
    if search.waves or search.participants:
        yield _UNITS.c.document_id.in_(_documents(connection, search))
    if search.speakers:
        yield _UNITS.c.turn_id.in_(_said_by(connection, search.speakers))
    if search.kinds:
        yield _speaks_of(search.kinds)


def _documents(connection: sa.Connection, search: Search) -> sa.Select[Any]:
    documents, interviews = SQL["documents"], SQL["interviews"]
    owner = sa.func.coalesce(interviews.c.participant_id, documents.c.participant_id)
    query = sa.select(documents.c.id).outerjoin(interviews, interviews.c.id == documents.c.interview_id)
    if search.waves:
        waves = SQL["waves"]
        wanted = _wanted(search.waves)
        rows = connection.execute(sa.select(waves.c.id, waves.c.position, waves.c.label))
        chosen = [row.id for row in rows if {str(row.position), fold(row.label or "")} & wanted]
        if not chosen:
            raise StudyError("No wave is called so; choose one of the study's waves.")
        query = query.where(interviews.c.wave_id.in_(chosen))
    if search.participants:
        people = SQL["participants"]
        wanted = _wanted(search.participants)
        chosen = [row.id for row in connection.execute(sa.select(people.c.id, people.c.pseudonym)) if fold(row.pseudonym) in wanted]
        if not chosen:
            raise StudyError("No participant has this pseudonym; choose one of the register.")
        query = query.where(owner.in_(chosen))
    return query


def _said_by(connection: sa.Connection, speakers: Sequence[str]) -> sa.Select[Any]:
    """Ids of turns by who speaks: a role, or a label as the transcript has it."""
    turns = SQL["turns"]
    wanted = _wanted(speakers)
    rows = connection.execute(sa.select(turns.c.speaker, turns.c.speaker_role).distinct())
    pairs = [row for row in rows if {fold(row.speaker or ""), fold(row.speaker_role or "")} & wanted]
    by_pair = [
        sa.and_(turns.c.speaker.is_not_distinct_from(label), turns.c.speaker_role.is_not_distinct_from(role)) for label, role in pairs
    ]
    return sa.select(turns.c.id).where(sa.or_(sa.false(), *by_pair))


def _speaks_of(kinds: Sequence[str]) -> Any:
    """Turns that hold a part of a passage which is tied to an alter of one of the kinds."""
    wanted = _wanted(kinds)
    chosen = [code for code, label in KINDS.items() if {fold(code), fold(label)} & wanted]
    if not chosen:
        raise StudyError(f"There is no such kind of alter; the kinds are {', '.join(KINDS)}.")
    segments, mentions, alters = SQL["segments"], SQL["mentions"], SQL["alters"]
    joined = segments.join(mentions, mentions.c.segment_id == segments.c.id).join(alters, alters.c.id == mentions.c.alter_id)
    overlaps = (segments.c.revision_id == _UNITS.c.revision_id, segments.c.start < _UNITS.c.stop, segments.c.stop > _UNITS.c.start)
    query = sa.select(sa.literal(1)).select_from(joined).where(*overlaps, segments.c.is_lost.is_not(True), alters.c.kind.in_(chosen))
    return query.correlate(_UNITS).exists()


def _wanted(typed: Iterable[str]) -> set[str]:
    return {fold(one).strip() for one in typed} - {""}
