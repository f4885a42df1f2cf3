// Each change a person can make on this page: the verb sent to the server, and what shows at once.

import type { Place } from "./geometry";
import { newId } from "../saving/ids";
import { patch, type Sheet } from "./sheet";
import type { Alter, Row, Rows, Tables, Tie } from "./types";

type Values = Record<string, unknown>;

function emptyTie(mapId: string, alterId: string, id: string): Tie {
  return { id, map_id: mapId, alter_id: alterId, circle: null, angle: null, distance: null, via_tie_id: null };
}

function find<T extends Row>(rows: Rows<T>, where: Values): T | undefined {
  return Object.values(rows).find((row) => Object.entries(where).every(([key, value]) => row[key] === value));
}

export class Moves {
  constructor(private sheet: Sheet) {}

  private get mapId(): string {
    return this.sheet.state.map_id;
  }

  private get interview(): Row {
    return Object.values(this.sheet.state.tables.interviews)[0]!;
  }

  // -- naming --------------------------------------------------------------------------------------------------------

  name(name: string, kind: string, role: string | null, questionId: string | null, phase: string): string {
    const alterId = newId();
    const tieId = newId();
    const args = { map_id: this.mapId, name, kind, role, question_id: questionId, phase, alter_id: alterId, tie_id: tieId };
    this.sheet.do("name alter", args, (tables) => {
      const participant_id = this.sheet.state.participant.id;
      const alter: Alter = { id: alterId, participant_id, kind, role, pseudonym: "…", known_since: null, met_where: null };
      tables.alters[alterId] = alter;
      tables.identities[`name ${alterId}`] = { id: `name ${alterId}`, alter_id: alterId, name: name.trim() };
      tables.ties[tieId] = emptyTie(this.mapId, alterId, tieId);
      tables.nominations[`of ${tieId}`] = { id: `of ${tieId}`, tie_id: tieId, question_id: questionId, phase };
    });
    return tieId;
  }

  nameKnown(alterId: string, phase: string): string {
    const tieId = newId();
    this.sheet.do("name known alter", { map_id: this.mapId, alter_id: alterId, phase, tie_id: tieId }, (tables) => {
      tables.ties[tieId] = emptyTie(this.mapId, alterId, tieId);
    });
    return tieId;
  }

  rename(alterId: string, name: string): void {
    this.sheet.do("rename alter", { alter_id: alterId, name, map_id: this.mapId }, (tables) => {
      const identity = find(tables.identities, { alter_id: alterId });
      if (identity) patch(tables, "identities", identity.id, { name });
      else tables.identities[`name ${alterId}`] = { id: `name ${alterId}`, alter_id: alterId, name };
    });
  }

  describeAlter(alterId: string, values: Values): void {
    this.sheet.do("describe alter", { alter_id: alterId, values, map_id: this.mapId }, (tables) => patch(tables, "alters", alterId, values));
  }

  remove(tieId: string): void {
    this.sheet.do(
      "remove tie",
      { map_id: this.mapId, tie_id: tieId },
      (tables) => {
        delete tables.ties[tieId];
        for (const pair of Object.values(tables.alter_ties)) {
          if (pair.from_tie_id === tieId || pair.to_tie_id === tieId) delete tables.alter_ties[pair.id];
        }
      },
      "do",
      () => void this.sheet.reread(),
    );
  }

  // -- placing and describing ------------------------------------------------------------------------------------------

  place(tieId: string, place: Place): void {
    this.sheet.do("place tie", { map_id: this.mapId, tie_id: tieId, ...place }, (tables) => patch(tables, "ties", tieId, { ...place }));
  }

  unplace(tieId: string): void {
    const nowhere = { circle: null, angle: null, distance: null };
    this.sheet.do("unplace tie", { map_id: this.mapId, tie_id: tieId }, (tables) => patch(tables, "ties", tieId, nowhere));
  }

  describeTie(tieId: string, values: Values): void {
    this.sheet.do("describe tie", { map_id: this.mapId, tie_id: tieId, values }, (tables) => patch(tables, "ties", tieId, values));
  }

  support(tieId: string, type: string, values: Values | null): void {
    this.sheet.do("describe support", { map_id: this.mapId, tie_id: tieId, support_type: type, values }, (tables) => {
      const found = find(tables.supports, { tie_id: tieId, support_type: type });
      if (values === null) {
        if (found) delete tables.supports[found.id];
      } else if (found) patch(tables, "supports", found.id, values);
      else {
        const id = `support ${tieId} ${type}`;
        tables.supports[id] = { id, tie_id: tieId, support_type: type, direction: "to_me", amount: null, sufficiency: null, ...values };
      }
    });
  }

  note(alterId: string, values: Values, id: string = newId()): string {
    this.sheet.do("note event", { map_id: this.mapId, alter_id: alterId, values, id }, (tables) => {
      const old = tables.events[id] ?? { id, alter_id: alterId, map_id: this.mapId, interview_id: this.interview.id };
      tables.events[id] = { ...old, ...values };
    });
    return id;
  }

  removeEvent(id: string): void {
    this.sheet.do("remove event", { map_id: this.mapId, event_id: id }, (tables) => {
      delete tables.events[id];
    });
  }

  /** Answer a question the study invented; undefined takes the record away. */
  answer(questionId: string, column: string, rowId: string, value: string | number | boolean | string[] | null | undefined): void {
    const onMap = column !== "interview_id" && column !== "participant_id";
    const args: Values = { question_id: questionId, [column]: rowId };
    if (onMap) args["map_id"] = this.mapId;
    if (value === undefined) args["is_cleared"] = true;
    else args["value"] = value;
    const apply = (tables: Tables) => {
      const found = find(tables.answers, { question_id: questionId, [column]: rowId });
      const id = found?.id ?? `answer ${questionId} ${rowId}`;
      if (value === undefined) delete tables.answers[id];
      else {
        tables.answers[id] = {
          id,
          question_id: questionId,
          [column]: rowId,
          text: typeof value === "string" ? value : typeof value === "boolean" ? (value ? "yes" : "no") : null,
          number: typeof value === "number" ? value : null,
          codes: Array.isArray(value) ? value : null,
        };
      }
    };
    this.sheet.do("answer question", args, apply, onMap ? "do" : "aside");
  }

  // -- between alters --------------------------------------------------------------------------------------------------

  join(from: string, to: string, relation: string | null, weight: number | null = null): void {
    const args = { map_id: this.mapId, from_tie_id: from, to_tie_id: to, relation, weight };
    this.sheet.do("join alters", args, (tables) => {
      const found = find(tables.alter_ties, { from_tie_id: from, to_tie_id: to }) ?? find(tables.alter_ties, { from_tie_id: to, to_tie_id: from });
      if (relation === null) {
        if (found) delete tables.alter_ties[found.id];
        return;
      }
      const id = found?.id ?? `pair ${from} ${to}`;
      tables.alter_ties[id] = { ...found, id, map_id: this.mapId, from_tie_id: found?.from_tie_id ?? from, to_tie_id: found?.to_tie_id ?? to, relation, weight };
      const map = tables.maps[this.mapId];
      if (map?.["alter_ties_asked"] === "no") patch(tables, "maps", this.mapId, { alter_ties_asked: "partly" });
    });
  }

  // -- looking back ----------------------------------------------------------------------------------------------------

  fate(alterId: string, fate: string | null, more: { reasons?: string[] | null; replaced_by_id?: string | null; note?: string | null } = {}): void {
    const tieId = newId();
    const args = { map_id: this.mapId, alter_id: alterId, fate, ...more, tie_id: tieId };
    const isGone = ["dormant", "suspended", "lost", "not_relevant"].includes(fate ?? "");
    this.sheet.do("reconcile alter", args, (tables) => {
      const found = find(tables.fates, { map_id: this.mapId, alter_id: alterId });
      if (fate === null) {
        if (found) delete tables.fates[found.id];
        return;
      }
      const id = found?.id ?? `fate ${alterId}`;
      const values = { fate, reasons: more.reasons ?? null, replaced_by_id: more.replaced_by_id ?? null, note: more.note ?? null };
      tables.fates[id] = { id, map_id: this.mapId, alter_id: alterId, ...values };
      if (!isGone && !find(tables.ties, { alter_id: alterId })) tables.ties[tieId] = emptyTie(this.mapId, alterId, tieId);
    });
  }

  /** Say that an alter just named is one known from before. */
  merge(alterId: string, sameAsId: string): void {
    this.sheet.do(
      "merge alters",
      { alter_id: alterId, same_as_id: sameAsId, map_id: this.mapId },
      (tables) => {
        const tie = find(tables.ties, { alter_id: alterId });
        if (tie) patch(tables, "ties", tie.id, { alter_id: sameAsId });
        delete tables.alters[alterId];
        this.sheet.state.lookalikes = this.sheet.state.lookalikes.filter((pair) => pair.alter_id !== alterId && pair.same_as_id !== sameAsId);
      },
      "do",
    );
  }

  // -- the map and the interview ---------------------------------------------------------------------------------------

  describeMap(values: Values, isRead = false): void {
    const after = isRead ? () => void this.sheet.reread() : undefined;
    this.sheet.do("describe map", { map_id: this.mapId, values }, (tables) => patch(tables, "maps", this.mapId, values), "do", after);
  }

  describeInterview(values: Values): void {
    const { id, participant_id, wave_id } = this.interview;
    this.sheet.do("describe interview", { participant_id, wave_id, values }, (tables) => patch(tables, "interviews", id, values), "aside");
  }

  startState(state: string, copyMapId: string | null, after: (mapId: string) => void): void {
    const { participant_id, wave_id } = this.interview;
    const id = newId();
    this.sheet.do("start map", { participant_id, wave_id, state, copy_map_id: copyMapId, id }, () => {}, "aside", () => after(id));
  }
}
