// 接口类型 The shapes of the API that the pages read. The whole interface is at /openapi.json.

export interface Label {
  zh: string
  en: string
}

export interface Session {
  user: {
    name: string
    shown: string
    role: 'administrator' | 'district' | 'department' | 'town' | 'enterprise' | 'verifier'
    reach: { department?: string; town?: string; enterprises: string[] }
  }
  csrf: string
  until: string
}

export interface Run {
  id: number
  calculation: string
  document: { id: string; version: string; digest: string }
  as_of: string
  by: string
  began: string
  ended?: string
  state: 'running' | 'done' | 'refused' | 'stopped'
  current: boolean
  message?: Label
}

export interface Row {
  keys: string[]
  number: number | null
  text: string
}

export interface Table {
  run: number
  output: string
  label: string
  unit: string
  indexes: string[]
  rows: Row[]
  count: number
}

export interface District {
  district: { name: string; notice?: string }
  towns: { id: string; name: string; tile: [number, number] }[]
  sectors: { id: string; name: string }[]
  calculations: { id: string; name: Label; document: string; schedule: string; current?: Run }[]
}

export interface Enterprise {
  id: string
  credit_code: string
  name: string
  town: string
  sector: string
  industry_code: string
  industry_name: string
  above_scale: boolean
  land_mu: number | null
  contact: string | null
  edition: number
}

export interface Meter {
  id: string
  carrier: string
  unit: string
  serves: string
}

/** A node of a derivation, as `tanliu explain --json` prints it. */
export interface TraceNode {
  name: string
  label: string | null
  key: Record<string, string>
  value: number | string | boolean | null
  unit: string | null
  lack: Label | null
  declared: { file: string; line?: number }
  formula: string | null
  rests_on: {
    kind: 'formula' | 'cell' | 'set' | 'default' | 'lacking' | 'parameter' | 'factor'
    file?: string
    sheet?: string
    row?: number
    column?: number
    text?: string
    unit_seen?: string
    set?: string
    explanation?: Label
    source?: string
    page?: string
    standing?: string
  }
  attributes: { kind: string; text: string }[]
  operands: TraceNode[]
  more: number
  cut: boolean
}

export interface Explained {
  run: Run
  tree: TraceNode
  clause: { heading: string; html: string }
  reviewers: { step: string; by: string; at: string; reason: string }[]
}

export interface Dataset {
  id: string
  name: Label
  subject: 'enterprise' | 'town' | 'district'
  way: 'collected' | 'gathered' | 'entered'
  refresh: string
  source_system: string
  department: string
  document: string
  inputs: string[]
  note: string
}

export interface Submission {
  id: number
  dataset: string
  subject: string
  period: string
  state: 'draft' | 'submitted' | 'reviewed' | 'approved' | 'withdrawn'
  by: string
  at: string
  file: string
  count: number
  edition: number
}

export interface Value {
  id: number
  dataset: string
  input: string
  subject: string
  keys: string
  period: string
  original: string
  original_unit: string
  number: number | null
  unit: string
  standing: string
  submission: number
}

export interface SubmissionWhole extends Submission {
  reviews: { step: string; by: string; at: string; reason: string }[]
  values: Value[]
  values_count: number
}

export interface Warning {
  id: number
  address: string
  enterprise: string
  town: string
  period: string
  level: number
  rule: string
  text: string
  at: string
  state: 'found' | 'noticed' | 'replied' | 'on-site' | 'closed'
  edition: number
}

export interface MethodSummary {
  id: string
  version: string
  title: Label
  kind: string
  status: string
  examples: number
}

/** What is wrong with a document or a table, with its places. */
export interface Finding {
  code: string
  severity: 'error' | 'warning'
  message?: Label
  zh?: string
  en?: string
  places?: { file?: string; line?: number; column?: number; sheet?: string; row?: number }[]
  hint?: Label | null
}
