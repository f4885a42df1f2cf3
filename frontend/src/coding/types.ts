// Rows as the server sends them for one text; places are Unicode code points.

import type { Row, Rows } from "../map/types";

export interface Segment extends Row { start: number; stop: number; quotation: string | null }
export interface Coding extends Row { segment_id: string; code_id: string; coder_id: string | null }
export interface Mention extends Row { segment_id: string; alter_id: string; tie_id: string | null; event_id: string | null }
export interface Memo extends Row { segment_id: string | null; document_id: string | null; text: string; memo_kind: string | null }
export interface Code extends Row {
  parent_id: string | null;
  name: string;
  definition: string | null;
  example: string | null;
  limits: string | null;
  color: string | null;
  position: number | null;
}
export interface Turn { id: string; start: number; stop: number; speaker: string | null; speaker_role: string | null; starts_at: number | null }
export interface Offer { start: number; stop: number; alter_ids: string[]; how: string }

export interface Tables {
  segments: Rows<Segment>;
  codings: Rows<Coding>;
  mentions: Rows<Mention>;
  memos: Rows<Memo>;
  codes: Rows<Code>;
}

export interface CodingState {
  document: Row & { title: string };
  revision: { id: string; number: number; text: string; is_pseudonymised: boolean | null; signed_off_at: string | null };
  turns: Turn[];
  lost: Segment[];
  about: { participant_id: string | null; pseudonym: string | null; wave: string | null; map_id: string | null; ties: Record<string, string>; events: Record<string, { id: string; label: string }[]> };
  alters: { id: string; pseudonym: string; kind: string }[];
  names: Record<string, string>;
  coders: Record<string, string>;
  coder_id: string | null;
  is_blind: boolean; // codings of others are not given out for now
  is_named: boolean; // the one coding is named for this text
  finished_at: string | null;
  tables: Tables;
}
