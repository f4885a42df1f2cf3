"""The house's own: the journal."""

from kithwork.model.schema.columns import Column, Table, count, text, time

HOUSE = (
    Table(
        "journal",
        "One action: who, when, on which device, verb, why, rows before and after, chained by hash. `id` is the entry's.",
        (
            text("device", "Random id of the device whose chain this is.", required=True),
            count("sequence", "Place in the device's chain, from 1.", "position", 1, required=True),
            text("previous", "Hash of the entry before it on this device."),
            text("hash", "SHA-256 over previous, header and commitments.", required=True),
            time("at", "When it was committed, by this device's clock."),
            text("verb", "The action.", required=True),
            text("actor", "Id of the coder who did it, where known."),
            text("origin", "Page, command, import or migration."),
            text("participant", "Id of the participant it concerns, where it concerns one."),
            text("map", "Id of the map it concerns, where it concerns one."),
            text("request", "The client's key of the request: the same key is carried out once."),
            text("undoes", "Id of the entry this one takes back."),
            count(
                "place", "Order in which this file took the entry in, from 1; local, so not part of the hash.", "position", 1, required=True
            ),
            Column("contents", "packed", "Per row changed: commitment, salt, and the row before and after.", is_personal=True),
        ),
        unique=(("device", "sequence"), ("request",), ("place",)),
        domain="house",
    ),
)
