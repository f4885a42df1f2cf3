"""What was done to some tables, entry by entry, as the journal holds it."""

import re
from collections.abc import Callable, Iterable, Iterator

import sqlalchemy as sa

from kithwork.model.rows import Row
from kithwork.store.journal import Content, RowChange, changes_of, hash_over
from kithwork.store.sql import SQL, loaded, unpacked
from kithwork.store.study import Study

_LARGE = 2**20  # bytes of an entry, from which it is looked through for what is wanted and not read whole
_COMMITMENT = re.compile(rb'\{"c":"(.{64})"')


def changes_to(
    study: Study, tables: Iterable[str], *, but_new: Iterable[str] = (), keep: Callable[[RowChange], bool] | None = None
) -> list[tuple[Row, list[RowChange]]]:
    """Each entry that touched rows of the tables, without its contents, beside what it did to them.

    What was erased is left out, and so are rows newly made in the tables of `but_new` and the changes that `keep` does not want; an
    entry left with none is left out too.
    """
    sql, wanted, old = SQL["journal"], frozenset(tables), frozenset(but_new)
    query = sa.select(*(c for c in sql.c if c.name != "contents"), sa.type_coerce(sql.c.contents, sa.LargeBinary).label("packed"))
    found = []
    with study.reading() as connection:
        for row in connection.execute(query.order_by(sql.c.place)):
            head = dict(row._mapping)
            kept = (
                change
                for change in changes_of(_contents(head, head.pop("packed"), wanted, old))
                if change.table in wanted and not (change.table in old and change.before is None)
            )
            changes = [change for change in kept if keep is None or keep(change)]
            if changes:
                found.append((head, changes))
    return found


def _contents(head: Row, packed: bytes | None, wanted: frozenset[str], old: frozenset[str]) -> Iterable[Content]:
    """The contents of an entry; of a large one, such as an import, only those that may be wanted.

    That every place where a content seems to begin is one, is proven by the entry's own hash, which is over all their commitments.
    """
    written = unpacked(packed) or b"[]"
    if len(written) < _LARGE or hash_over(head["previous"], head, b"".join(_COMMITMENT.findall(written))) != head["hash"]:
        return loaded(written)
    return _picked(written, wanted, old)


def _picked(written: bytes, wanted: frozenset[str], old: frozenset[str]) -> Iterator[Content]:
    every, changed = ("|".join(sorted(names)) or "-" for names in (wanted - old, wanted & old))
    begins = rf'\{{"c":".{{64}}","s":".{{32}}","t":"(?:(?:{every})"|(?:{changed})","id":"[^"]*","b":\{{)'
    for match in re.finditer(begins.encode(), written):
        end = written.find(b'{"c":"', match.end())
        yield loaded(written[match.start() : end if end >= 0 else None].rstrip(b",]"))
