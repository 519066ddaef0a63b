import { type CentreId, type Clock, seconds } from '@anju/contract'
import type { Actor, Database } from '../ports.ts'
import { startRounds } from '../rounds.ts'

const PRESENCE: Actor = { kind: 'system', part: 'presence' }
const renewEvery = seconds(5)

export interface WatchedOptions {
  readonly database: Database
  /** Of this process and no other. */
  readonly server: string
  readonly clock: Clock
  readonly log: { error(detail: object, message: string): void }
  /** The centres somebody listens to here, now. */
  readonly centres: () => readonly CentreId[]
}

/** Writes down which centres' queues are looked at by a console of this process: an alarm that nobody sees does not wait there. */
export function startWatched({ database, server, clock, log, centres }: WatchedOptions): {
  /** Somebody has begun to listen: said at once, for until then nobody is known to. */
  write(): void
  stop(): Promise<void>
} {
  const write = () => database.transaction(PRESENCE, (tx) => tx.query(WRITE, [server, centres()], 'presence-consoles'))
  const trouble = 'who watches is written down in five seconds'
  const rounds = startRounds(write, { every: renewEvery, clock, database, log, trouble })
  return { write: rounds.wake, stop: rounds.stop }
}

/** Rows of servers that are gone for an hour go, too. */
const WRITE = `with gone as (
    delete from console_presence where at < app_now() - interval '1 hour'
  )
  insert into console_presence (server, centre, at) select $1, centre, app_now() from unnest($2::text[]) as given (centre)
  on conflict (server, centre) do update set at = excluded.at`
