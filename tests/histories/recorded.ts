import type { TestDatabase } from '../harness/postgres.ts'
import { inMs } from '../model/committed.ts'

/** Something that was written, in the order in which it was: rows of one alarm are written under its lock. */
export interface Recorded {
  readonly seq: number
  /** The database's time. */
  readonly at: number
  readonly xact: string
  readonly what: string
  readonly fresh: boolean
  readonly alarm: string
  readonly said: Readonly<Record<string, unknown>>
}

const RECORDED = ['alarm', 'notification', 'escalation', 'escalation_policy', 'event', 'timeline', 'way', 'shift']
  .concat('console_presence', 'centre')
  .map((table) => ({ table, alarm: alarmIn(table) }))
function alarmIn(table: string): string {
  if (table === 'alarm') return 'new.id'
  return ['notification', 'escalation', 'event', 'timeline'].includes(table) ? `coalesce(new.alarm, '')` : `''`
}

/**
 * Every version of every row that matters. What was rolled back is gone from here, too. `mark` is what a history itself has to
 * say: that all that was due is done, that no server was there for a while.
 */
const RECORDER = `
  create table recorded (
    seq bigint generated always as identity primary key, at timestamptz not null default app_now(),
    xact text not null default pg_current_xact_id()::text, what text not null, fresh boolean not null default true,
    alarm text not null default '', said jsonb not null default '{}');
  ${RECORDED.map(
    ({ table, alarm }) => `
    create function record_${table}() returns trigger language plpgsql security definer as $$
    begin
      insert into public.recorded (what, fresh, alarm, said) values ('${table}', tg_op = 'INSERT', ${alarm}, to_jsonb(new));
      return null;
    end $$;
    create trigger recorded after insert or update on ${table} for each row execute function record_${table}();`,
  ).join('\n')}`

/**
 * A connection dies of its own statement, in the middle of its transaction, at the n-th statement from now; and every statement
 * may take a moment, so that what happens at once overlaps.
 */
const CRASHES = `
  create table trouble (crash_at bigint, pause_ms float8 not null);
  insert into trouble values (null, 0);
  create sequence statements;
  create function be_in_trouble() returns trigger language plpgsql security definer as $$
  declare now_in public.trouble%rowtype;
  begin
    select * into now_in from public.trouble;
    if now_in.pause_ms > 0 then perform pg_sleep(random() * now_in.pause_ms / 1000); end if;
    if now_in.crash_at is not null and nextval('public.statements') = now_in.crash_at then
      perform pg_terminate_backend(pg_backend_pid());
    end if;
    return null;
  end $$;
  ${[
    'alarm',
    'timeline',
    'event',
    'notification',
    'escalation',
    'answer_link',
    'idempotency',
    'live_head',
    'live_block',
  ]
    .map(
      (table) =>
        `create trigger in_trouble after insert or update on ${table} for each statement execute function be_in_trouble();`,
    )
    .join('\n')}`

export async function aRecorder(data: TestDatabase) {
  await data.sql(RECORDER)
  await data.sql(CRASHES)
  return {
    mark: (what: 'settled' | 'down' | 'up') => data.sql('insert into recorded (what) values ($1)', [what]),
    crashAfter: (statements: number) =>
      data.sql('update trouble set crash_at = (select last_value from statements) + $1', [statements]),
    pauses: (ms: number) => data.sql('update trouble set pause_ms = $1', [ms]),
    calm: () => data.sql('update trouble set crash_at = null, pause_ms = 0'),
    async rows(): Promise<Recorded[]> {
      const rows = await data.sql<Omit<Recorded, 'at'> & { at: Date }>(
        'select seq::integer, at, xact, what, fresh, alarm, said from recorded order by seq',
      )
      return rows.map((row) => ({ ...row, at: row.at.getTime(), said: inMs(row.said) }))
    },
  }
}
export type Recorder = Awaited<ReturnType<typeof aRecorder>>
