import { type Clock, formatInstant, hours, type Instant } from '@anju/contract'
import { CHANNELS, type Channel, type ChannelHealth } from '@anju/contract/api'
import { encodeTime } from 'ulid'
import type { Database, PersonActor } from '../ports.ts'
import type { ChannelAdapter } from './channel.ts'

export interface ChannelHealthOptions {
  readonly database: Database
  readonly adapters: readonly ChannelAdapter[]
  readonly clock: Clock
}

/** How a centre's messages fared lately, by who was to carry them. */
export interface Channels {
  health(actor: PersonActor): Promise<ChannelHealth[]>
}

export function createChannels({ database, adapters, clock }: ChannelHealthOptions): Channels {
  return {
    health: (actor) =>
      database.transaction(actor, async (tx) => {
        const rows = await tx.query<Row>(HEALTH, [actor.centre, firstIdSince(clock)], 'channel-health')
        return together(adapters, rows)
      }),
  }
}

/** Ids grow with time, so the primary key finds the last day among years; an hour more, for clocks that differ. */
const firstIdSince = (clock: Clock): string => encodeTime(Math.max(0, clock.now() - hours(25)), 10)

interface Row {
  readonly channel: Channel
  readonly provider: string | null
  readonly succeeded: number
  readonly failed: number
  readonly unknown: number
  readonly waiting: number
  readonly success_at: Instant | null
  readonly failure_at: Instant | null
}
/** A row that waits for its first try has no provider yet: it is counted where nobody is, and nobody is to blame. */
const HEALTH = `
  select channel, provider,
    count(*) filter (where state in ('sent', 'delivered', 'seen', 'accepted', 'declined')) as succeeded,
    count(*) filter (where state = 'failed') as failed,
    count(*) filter (where state = 'unknown') as unknown,
    count(*) filter (where state = 'queued') as waiting,
    max(coalesce(delivered_at, sent_at)) as success_at, max(failed_at) as failure_at
  from notification
  where centre = $1 and id >= $2 and queued_at > (select app_now()) - interval '24 hours' and channel <> 'console'
  group by channel, provider`

function together(adapters: readonly ChannelAdapter[], rows: readonly Row[]): ChannelHealth[] {
  return CHANNELS.filter((channel) => channel !== 'console').flatMap((channel) => {
    const here = adapters.filter((one) => one.channel === channel)
    const counted = rows.filter((row) => row.channel === channel)
    const gone = counted.filter(({ provider }) => !here.some((one) => one.provider === provider))
    const health = [
      ...here.map(({ provider, names = [] }) => viewOf(channel, provider, names, counted, true)),
      ...gone.map(({ provider }) => viewOf(channel, provider, [], counted, false)),
    ]
    return health.length > 0 ? health : [viewOf(channel, null, [], [], false)]
  })
}

function viewOf(
  channel: Channel,
  provider: string | null,
  names: readonly string[],
  rows: readonly Row[],
  configured: boolean,
): ChannelHealth {
  const row = rows.find((one) => one.provider === provider)
  return {
    channel,
    provider,
    configured,
    names: [...names],
    succeeded: row?.succeeded ?? 0,
    failed: row?.failed ?? 0,
    unknown: row?.unknown ?? 0,
    waiting: row?.waiting ?? 0,
    lastSuccessAt: at(row?.success_at),
    lastFailureAt: at(row?.failure_at),
  }
}

const at = (instant: Instant | null | undefined) => (instant ? formatInstant(instant) : null)
