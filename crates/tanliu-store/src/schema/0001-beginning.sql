-- The schema's first edition. Written once for SQLite and PostgreSQL; src/schema.rs substitutes the
-- words that differ: TEXT becomes TEXT COLLATE "C" in PostgreSQL, so that both sort by bytes, and
-- WITHOUT ROWID, SQLite's way of keeping rows in the order of their key, is left out there.
-- Moments are milliseconds since 1970 in UTC, truth values 0 and 1, lists JSON arrays.
-- This text is never changed once it has been published: a change is a further file.

-- 审计链: the lock that every change takes first, with number and seal of the last entry.
CREATE TABLE trail_head (
  single BIGINT NOT NULL PRIMARY KEY CHECK (single = 1),
  number BIGINT NOT NULL,
  seal TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO trail_head (single, number, seal)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE trail (
  number BIGINT NOT NULL PRIMARY KEY,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  verb TEXT NOT NULL,
  object TEXT NOT NULL,
  facts TEXT NOT NULL,
  seal_before TEXT NOT NULL,
  seal TEXT NOT NULL
) WITHOUT ROWID;

-- 名录
CREATE TABLE district (
  single BIGINT NOT NULL PRIMARY KEY CHECK (single = 1),
  name TEXT NOT NULL,
  notice TEXT
) WITHOUT ROWID;
CREATE TABLE town (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  tile_column BIGINT NOT NULL,
  tile_row BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE sector (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  place BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE enterprise (
  id TEXT NOT NULL PRIMARY KEY,
  credit_code TEXT NOT NULL,
  name TEXT NOT NULL,
  town TEXT NOT NULL REFERENCES town (id),
  sector TEXT NOT NULL REFERENCES sector (id),
  industry_code TEXT NOT NULL,
  industry_name TEXT NOT NULL,
  above_scale BIGINT NOT NULL,
  land_mu DOUBLE PRECISION,
  longitude DOUBLE PRECISION,
  latitude DOUBLE PRECISION,
  contact TEXT,
  edition BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX enterprise_of_town ON enterprise (town, sector);
CREATE INDEX enterprise_of_sector ON enterprise (sector);
CREATE TABLE meter (
  id TEXT NOT NULL PRIMARY KEY,
  enterprise TEXT NOT NULL REFERENCES enterprise (id),
  carrier TEXT NOT NULL,
  unit TEXT NOT NULL,
  serves TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX meter_of_enterprise ON meter (enterprise, id);

-- 账户
CREATE TABLE account (
  name TEXT NOT NULL PRIMARY KEY,
  shown TEXT NOT NULL,
  role TEXT NOT NULL,
  department TEXT,
  town TEXT,
  enterprises TEXT NOT NULL,
  password TEXT,
  subject TEXT UNIQUE,
  disabled BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE session (
  digest TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (name),
  csrf TEXT NOT NULL,
  begins_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_by_end ON session (ends_at);
CREATE INDEX session_of_account ON session (account);
CREATE TABLE token (
  digest TEXT NOT NULL PRIMARY KEY,
  label TEXT NOT NULL,
  account TEXT NOT NULL REFERENCES account (name),
  scope TEXT NOT NULL,
  ends_at BIGINT
) WITHOUT ROWID;
CREATE INDEX token_of_account ON token (account);

-- 报送
CREATE TABLE dataset (
  id TEXT NOT NULL PRIMARY KEY,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  subject TEXT NOT NULL,
  way TEXT NOT NULL,
  refresh TEXT NOT NULL,
  source_system TEXT NOT NULL,
  department TEXT NOT NULL,
  document TEXT NOT NULL,
  inputs TEXT NOT NULL,
  note TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE submission (
  id BIGINT NOT NULL PRIMARY KEY,
  dataset TEXT NOT NULL REFERENCES dataset (id),
  subject TEXT NOT NULL,
  period TEXT NOT NULL,
  state TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  evidence TEXT NOT NULL,
  file TEXT NOT NULL,
  held BIGINT NOT NULL,
  edition BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX submission_of_dataset ON submission (dataset, state, id);
CREATE INDEX submission_of_subject ON submission (subject, id);
CREATE TABLE review (
  submission BIGINT NOT NULL REFERENCES submission (id),
  place BIGINT NOT NULL,
  step TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (submission, place)
) WITHOUT ROWID;

-- 数据值: a value's key is document, input, subject, keys and period. `handed_at`, `counts_from` and
-- `ended_at` are the moments that answer how it stood at any moment.
CREATE TABLE reported (
  id BIGINT NOT NULL PRIMARY KEY,
  dataset TEXT NOT NULL REFERENCES dataset (id),
  document TEXT NOT NULL,
  input TEXT NOT NULL,
  subject TEXT NOT NULL,
  keys TEXT NOT NULL,
  period TEXT NOT NULL,
  original TEXT NOT NULL,
  original_unit TEXT NOT NULL,
  number DOUBLE PRECISION,
  unit TEXT NOT NULL,
  evidence TEXT NOT NULL,
  file TEXT NOT NULL,
  sheet TEXT NOT NULL,
  cell TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  submission BIGINT NOT NULL REFERENCES submission (id),
  standing TEXT NOT NULL,
  handed_at BIGINT NOT NULL,
  counts_from BIGINT,
  ended_at BIGINT
) WITHOUT ROWID;
-- At every moment one value counts at a key, whatever the program does.
CREATE UNIQUE INDEX reported_counts
  ON reported (document, input, subject, keys, period) WHERE standing = 'approved';
CREATE UNIQUE INDEX reported_of_submission
  ON reported (submission, input, subject, keys, period);
CREATE INDEX reported_asked ON reported (dataset, input, subject, period, standing);
CREATE INDEX reported_of_subject ON reported (subject, period);
CREATE TABLE conflict (
  id BIGINT NOT NULL PRIMARY KEY,
  standing BIGINT NOT NULL REFERENCES reported (id),
  other BIGINT NOT NULL REFERENCES reported (id),
  chosen BIGINT REFERENCES reported (id),
  reason TEXT,
  made_by TEXT,
  made_at BIGINT
) WITHOUT ROWID;
CREATE INDEX conflict_open ON conflict (standing) WHERE chosen IS NULL;
CREATE INDEX conflict_of_standing ON conflict (standing);
CREATE INDEX conflict_of_other ON conflict (other);

-- 数与运行
CREATE TABLE calculation (
  id TEXT NOT NULL PRIMARY KEY,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  document TEXT NOT NULL,
  settings TEXT NOT NULL,
  schedule TEXT NOT NULL,
    feeds TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE run (
  id BIGINT NOT NULL PRIMARY KEY,
  calculation TEXT NOT NULL REFERENCES calculation (id),
  document TEXT NOT NULL,
  version TEXT NOT NULL,
  document_digest TEXT NOT NULL,
  as_of BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  began BIGINT NOT NULL,
  ended BIGINT,
  state TEXT NOT NULL,
  manifest TEXT NOT NULL,
  folder TEXT NOT NULL,
  is_current BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX run_of_calculation ON run (calculation, id);
CREATE UNIQUE INDEX run_current ON run (calculation) WHERE is_current = 1;
CREATE TABLE outcome (
  run BIGINT NOT NULL REFERENCES run (id),
  place BIGINT NOT NULL,
  output TEXT NOT NULL,
  label TEXT NOT NULL,
  unit TEXT NOT NULL,
  indexes TEXT NOT NULL,
  PRIMARY KEY (run, place)
) WITHOUT ROWID;
CREATE UNIQUE INDEX outcome_of_output ON outcome (run, output);
-- `keys` has all keys; three of them stand apart for the indexes below.
CREATE TABLE figure (
  run BIGINT NOT NULL,
  place BIGINT NOT NULL,
  line BIGINT NOT NULL,
  keys TEXT NOT NULL,
  number DOUBLE PRECISION,
  words TEXT NOT NULL,
  enterprise TEXT,
  town TEXT,
  year TEXT,
  PRIMARY KEY (run, place, line),
  FOREIGN KEY (run, place) REFERENCES outcome (run, place)
) WITHOUT ROWID;
CREATE INDEX figure_of_enterprise
  ON figure (run, place, enterprise, year) WHERE enterprise IS NOT NULL;
CREATE INDEX figure_of_town ON figure (run, place, town, year) WHERE town IS NOT NULL;
CREATE TABLE finding (
  id BIGINT NOT NULL PRIMARY KEY,
  address TEXT NOT NULL,
  enterprise TEXT NOT NULL,
  words TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  answer TEXT NOT NULL,
  edition BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX finding_of_address ON finding (address, id);

-- 预警与工单
CREATE TABLE warning (
  id BIGINT NOT NULL PRIMARY KEY,
  address TEXT NOT NULL,
  enterprise TEXT NOT NULL,
  town TEXT NOT NULL,
  period TEXT NOT NULL,
  level BIGINT NOT NULL,
  rule TEXT NOT NULL,
  words TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  edition BIGINT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX warning_known ON warning (address, rule);
CREATE INDEX warning_of_enterprise ON warning (enterprise);
CREATE INDEX warning_by_gravity ON warning (level, made_at, id);
CREATE TABLE order_step (
  warning BIGINT NOT NULL REFERENCES warning (id),
  place BIGINT NOT NULL,
  led_to TEXT NOT NULL,
  words TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (warning, place)
) WITHOUT ROWID;

-- 证据: the bytes are files named by their digest.
CREATE TABLE evidence (
  digest TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  length BIGINT NOT NULL,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL
) WITHOUT ROWID;
