"""The lens: a theory's nodes held over the inductive codes, with the reason for each link, what has no data and what has no home."""

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.web.coded import Held, codings_held, color_of, held_by, tree
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed, request_key, text_of


def lens() -> str:
    """Each lens with its nodes, the codes seen through them and why; nodes without data; codes without a home."""
    study = desk().study
    codes = tree(study.rows("codes"))
    by_id = {row["id"]: row for _, row in codes}
    held = held_by(codings_held(study), "code_id")
    links: dict[str, list[dict[str, Any]]] = {}
    for row in study.rows("lens_links"):
        links.setdefault(row["lens_id"], []).append({**row, "code": by_id[row["code_id"]], "held": held.get(row["code_id"], Held())})
    nodes = tree(study.rows("lenses"))
    return render_template(
        "lens.html",
        lenses=[_lens(name, [one for one in nodes if one[1]["lens"] == name], links, by_id, held) for name in _names(nodes)],
        links=links,
        held=held,
        color_of=color_of,
        lines=[{"code": row, "depth": depth} for depth, row in codes],
        key=request_key(),
    )


def _names(nodes: list[tuple[int, Row]]) -> list[str]:
    return list(dict.fromkeys(row["lens"] for _, row in nodes))


def _lens(
    name: str, nodes: list[tuple[int, Row]], links: dict[str, list[dict[str, Any]]], codes: dict[str, Row], held: dict[str, Held]
) -> dict[str, Any]:
    """One lens: its nodes; those that no coded passage is seen through; codes in use that it does not see."""
    ids = {row["id"] for _, row in nodes}
    seen = {link["code_id"] for node_id in ids for link in links.get(node_id, ())}
    inner = {row["parent_id"] for _, row in nodes}
    bare = [row for _, row in nodes if row["id"] not in inner and not any(link["held"].passages for link in links.get(row["id"], ()))]
    return {
        "name": name,
        "nodes": nodes,
        "is_on": all(row["is_on"] is not False for _, row in nodes),
        "bare": bare,
        "homeless": [row for row_id, row in codes.items() if row_id in held and row_id not in seen],
        "seen": len(seen),
    }


def change_lens() -> AnyResponse:
    """POST makes one change to a lens: shows it or puts it away; links a code with a reason; adds, words or takes out a node."""
    what, node_id = needed("change"), text_of("node")
    if what == "show":
        carry_out("show lens", "Kept.", lens=needed("lens"), is_on=text_of("is_on") == "yes")
    elif what == "link":
        carry_out("link to lens", "Linked.", lens_id=needed("node"), code_id=needed("code"), rationale=text_of("rationale") or None)
    elif what == "unlink":
        carry_out("unlink from lens", "The link is taken away.", lens_id=needed("node"), code_id=needed("code"))
    elif what == "add":
        values = {name: text_of(name) or None for name in ("meaning", "parent_id", "basis")}
        entry = carry_out("add lens node", "A node is added.", lens=text_of("lens"), code=text_of("code"), label=text_of("label"), **values)
        node_id = next(iter(entry.changed.get("lenses", {})), "")
    elif what == "describe":
        values = {"label": text_of("label"), "meaning": text_of("meaning") or None}
        carry_out("describe lens node", "Kept.", lens_id=needed("node"), values=values)
    elif what == "remove":
        carry_out("remove lens node", "The node is taken out.", lens_id=needed("node"), with_links=True)
        node_id = ""
    else:
        raise SelectionError("There is no such change of a lens; reload the page.")
    return redirect(url_for("lens", _anchor=f"node-{node_id}" if node_id else None))
