/**
 * One table a lane: draining a lane by its primary key stays fast however deep the others are (measured: two such tables
 * 160k rows/s, one table ordered by priority 500–4,800 rows/s).
 */
export const SCHEMA_VERSION = 1

const eventLane = (name: string) => `
  CREATE TABLE IF NOT EXISTS ${name} (
    boot INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,
    heard_at INTEGER NOT NULL, heard_mono REAL NOT NULL, stored_at INTEGER NOT NULL,
    minimal INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL,
    PRIMARY KEY (boot, seq)
  ) WITHOUT ROWID;`

/** Who a waiting event is of; the index on it tells whether an older one of its device waits, however deep the lane is. */
export const DEVICE_OF = `json_extract(body, '$.device')`

export const SCHEMA = `
  ${eventLane('life')}
  ${eventLane('technical')}
  CREATE INDEX IF NOT EXISTS life_by_device ON life (${DEVICE_OF}, boot, seq);
  CREATE TABLE IF NOT EXISTS telemetry (
    boot INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, series TEXT NOT NULL,
    PRIMARY KEY (boot, seq)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sample (n INTEGER PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS settled (
    lane TEXT NOT NULL, boot INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,
    heard_at INTEGER NOT NULL, heard_mono REAL NOT NULL, stored_at INTEGER NOT NULL,
    minimal INTEGER NOT NULL, body TEXT NOT NULL, settled_at INTEGER NOT NULL,
    PRIMARY KEY (lane, boot, seq)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS dead_letter (
    n INTEGER PRIMARY KEY, lane TEXT NOT NULL, boot INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,
    body TEXT NOT NULL, code TEXT NOT NULL, at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS gap (
    n INTEGER PRIMARY KEY, lane TEXT NOT NULL, boot INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
    why TEXT NOT NULL, at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS handling (
    event TEXT NOT NULL, rung TEXT NOT NULL, by TEXT, at TEXT NOT NULL, PRIMARY KEY (event, rung)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS quarantine (
    n INTEGER PRIMARY KEY, source TEXT NOT NULL, code TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL
  );
  PRAGMA user_version = ${SCHEMA_VERSION};`

/** What is worth carrying out of a damaged file, the most precious first, each with the order it can be read in. */
export const SALVAGED = [
  { table: 'life', key: 'boot, seq' },
  { table: 'technical', key: 'boot, seq' },
  { table: 'state', key: 'key' },
  { table: 'settled', key: 'lane, boot, seq' },
  { table: 'sample', key: 'n' },
  { table: 'telemetry', key: 'boot, seq' },
  { table: 'gap', key: 'n' },
  { table: 'dead_letter', key: 'n' },
  { table: 'handling', key: 'event, rung' },
] as const
