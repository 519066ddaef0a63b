import type { TestDatabase } from '../harness/postgres.ts'

/**
 * Every version of every alarm, every entry of a timeline and every event, in the order in which they were committed: each
 * alarm's rows are written under its lock. An end of what is not open belongs to no alarm, and yet turns what overtook it: it is
 * here, too. What a transaction wrote that was then rolled back is gone from here as well.
 */
const RECORDER = `
  create table committed (
    seq bigint generated always as identity primary key, alarm text not null,
    xact text not null default pg_current_xact_id()::text, what text not null, said jsonb not null);
  create function record_commit() returns trigger language plpgsql security definer as $$
  begin
    if tg_table_name = 'alarm' then
      insert into public.committed (alarm, what, said) values (new.id, 'alarm', to_jsonb(new));
    else
      insert into public.committed (alarm, what, said) values (coalesce(new.alarm, ''), tg_table_name, to_jsonb(new));
    end if;
    return null;
  end $$;
  create trigger record_commit after insert or update on alarm for each row execute function record_commit();
  create trigger record_commit after insert on timeline for each row execute function record_commit();
  create trigger record_commit after insert on event for each row execute function record_commit();`

/** A connection that dies of its own statement, in the middle of its transaction: what a crash between two statements is. */
const CRASHES = `
  create table crash (chance float8 not null);
  insert into crash values (0);
  create sequence crashes;
  create function maybe_crash() returns trigger language plpgsql security definer as $$
  begin
    if random() < (select chance from public.crash) then
      perform nextval('public.crashes');
      perform pg_terminate_backend(pg_backend_pid());
    end if;
    return null;
  end $$;
  ${['alarm', 'timeline', 'event', 'idempotency', 'live_head', 'live_block']
    .map(
      (table) =>
        `create trigger maybe_crash after insert or update on ${table} for each statement execute function maybe_crash();`,
    )
    .join('\n')}`

export interface Written {
  readonly seq: number
  /** Empty for an event that is no alarm's. */
  readonly alarm: string
  readonly xact: string
  readonly what: 'alarm' | 'timeline' | 'event'
  readonly said: Readonly<Record<string, unknown>>
}

export async function aRecorder(store: TestDatabase) {
  await store.sql(RECORDER)
  await store.sql(CRASHES)
  return {
    crashes: (chance: number) => store.sql('update crash set chance = $1', [chance]),
    crashed: async (): Promise<number> => {
      const [row] = await store.sql<{ n: string }>('select last_value as n from crashes where is_called')
      return Number(row?.n ?? 0)
    },
    written: async (): Promise<Written[]> => {
      const rows = await store.sql<Written>('select seq::integer, alarm, xact, what, said from committed order by seq')
      return rows.map((row) => ({ ...row, said: inMs(row.said) }))
    },
  }
}
export type Recorder = Awaited<ReturnType<typeof aRecorder>>

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d$/
/** As the server reads a row: instants in milliseconds. */
export const inMs = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : value,
    ]),
  )
