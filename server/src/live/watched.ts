import type { Clock } from '@anju/contract'
import { watchedEvery } from '../domain/watching.ts'
import type { Actor, Database } from '../ports.ts'
import { startRounds } from '../rounds.ts'
import type { Watching } from './hub.ts'

const PRESENCE: Actor = { kind: 'system', part: 'presence' }

export interface WatchedOptions {
  readonly database: Database
  /** Of this process and no other. */
  readonly server: string
  readonly clock: Clock
  readonly log: { error(detail: object, message: string): void }
  /** Who listens here, now. */
  readonly watching: () => readonly Watching[]
}

/**
 * Writes down which centres' queues are looked at by a console of this process, for an alarm that nobody sees does not wait there;
 * and by whom, for an alarm can be offered to who is there.
 */
export function startWatched({ database, server, clock, log, watching }: WatchedOptions): {
  /** Somebody has begun to listen: said at once, for until then nobody is known to. */
  write(): void
  stop(): Promise<void>
} {
  const write = () => {
    const now = watching()
    const given = [now.map(({ session }) => session), now.map(({ centre }) => centre), now.map(({ person }) => person)]
    return database.transaction(PRESENCE, (tx) => tx.query(WRITE, [server, ...given], 'presence-consoles'))
  }
  const trouble = 'who watches is written down in five seconds'
  const rounds = startRounds(write, { every: watchedEvery, clock, database, log, trouble })
  return { write: rounds.wake, stop: rounds.stop }
}

/** Rows of servers that are gone for an hour go, too; and whoever was at one of those. */
const WRITE = `with gone as (
    delete from console_presence where at < app_now() - interval '1 hour'
  ), given as (
    select * from unnest($2::text[], $3::text[], $4::text[]) as given (session, centre, person)
  ), went as (
    delete from console_person where (server = $1 and session <> all ($2))
      or (server <> $1 and not exists (select from console_presence where console_presence.server = console_person.server))
  ), came as (
    insert into console_person (server, session, centre, person) select $1, session, centre, person from given on conflict do nothing
  )
  insert into console_presence (server, centre, at) select $1, centre, app_now() from (select distinct centre from given) as looked_at
  on conflict (server, centre) do update set at = excluded.at`
