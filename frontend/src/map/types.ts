// Rows as the server sends them: plain JSON, every column there, null when empty.

export interface Row {
  id: string;
  [column: string]: unknown;
}

export interface Alter extends Row {
  participant_id: string;
  kind: string;
  role: string | null;
  pseudonym: string;
  known_since: string | null;
  met_where: string | null;
}

export interface Tie extends Row {
  map_id: string;
  alter_id: string;
  circle: number | null;
  angle: number | null;
  distance: number | null;
  via_tie_id: string | null;
}

export interface AlterTie extends Row {
  from_tie_id: string;
  to_tie_id: string;
  relation: string;
  weight: number | null;
}

export interface Fate extends Row {
  map_id: string;
  alter_id: string;
  fate: string;
  reasons: string[] | null;
  replaced_by_id: string | null;
  note: string | null;
}

export interface Question extends Row {
  code: string;
  subject: string;
  column_name: string | null;
  wording: string;
  answer_kind: string | null;
  options: [string, string][] | null;
  kinds: string[] | null;
}

export interface Circle extends Row {
  position: number;
  label: string;
  prompt: string | null;
}

export interface Role extends Row {
  code: string;
  kind: string;
  label: string;
  is_retired: boolean | null;
}

export interface SupportType extends Row {
  code: string;
  label: string;
  meaning: string | null;
  is_retired: boolean | null;
}

export type Rows<T extends Row = Row> = Record<string, T>;

export interface Tables {
  maps: Rows;
  interviews: Rows;
  alters: Rows<Alter>;
  identities: Rows;
  ties: Rows<Tie>;
  nominations: Rows;
  supports: Rows;
  alter_ties: Rows<AlterTie>;
  fates: Rows<Fate>;
  events: Rows;
  answers: Rows;
}

export type TableName = keyof Tables;

export interface ColumnSpec {
  kind: string;
  choices: [string, string][];
}

export interface KindShape {
  path: string;
  color: string;
  label: string;
}

export interface Design {
  circle_meaning: string | null;
  circles: Circle[];
  questions: Question[];
  roles: Role[];
  support_types: SupportType[];
  choices: Record<string, Record<string, ColumnSpec>>;
  kinds: Record<string, KindShape>;
  kind_order: string[];
}

export interface Before {
  map_id: string;
  wave: string;
  rings: number;
  ties: { id: string; alter_id: string; circle: number | null; angle: number | null; distance: number | null }[];
}

export interface LookAlike {
  alter_id: string;
  same_as_id: string;
  likeness: number;
  is_same: boolean;
}

export interface MapState {
  map_id: string;
  participant: { id: string; pseudonym: string };
  wave: Row & { label: string; position: number };
  design: Design;
  tables: Tables;
  is_recall: boolean;
  has_before: boolean;
  before: Before | null;
  earlier: string[];
  lookalikes: LookAlike[];
  states: { map_id: string; state: string }[];
  named_today: string[];
  undo: { done: number; undone: number };
}
