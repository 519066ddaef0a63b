import {
  type Clock,
  formatInstant,
  type GatewayId,
  type HealthMessage,
  type LastWill,
  type Monotonic,
} from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { ulid } from 'ulid'
import { anAlarmCentre, CENTRE, HOME } from '../../../tests/harness/alarms.ts'
import { createHearing } from '../alarms/hearing.ts'
import { createIntake } from '../alarms/intake.ts'
import { openDatabase } from '../database/database.ts'
import { createEscalations } from '../escalation/runs.ts'
import { ChainWatch } from './chain-watch.ts'
import { DevicePresence } from './device-presence.ts'
import { GatewayPresence } from './presence.ts'
import { SilenceWatch } from './silence.ts'

/** Nothing here may go wrong unseen. */
const complaints: unknown[] = []
const complain = (detail: object) => void complaints.push(detail)
const quiet = { info: () => undefined, warn: complain, error: complain }

type Said = Partial<Pick<HealthMessage, 'boot' | 'session' | 'sentAt' | 'uptimeS' | 'clock' | 'links'>> & {
  readonly devices?: readonly SaidDevice[]
}
export type SaidDevice = { readonly placement: string } & Partial<HealthMessage['devices'][number]>

/** A centre with what supervises its gateways, driven by hand; `anotherServer` is a second process on the same database. */
export async function aSupervisedCentre() {
  const centre = await anAlarmCentre()
  const closers: (() => Promise<void>)[] = []
  let passedMs = 0
  const monotonic = () => (systemClock.monotonic() + passedMs) as Monotonic
  /** Only asked by hand: its own clock never strikes. */
  const still: Clock = { ...systemClock, monotonic, every: () => ({ cancel: () => undefined }) }

  function aServer(database = centre.database, clock = still) {
    let hears = true
    const parts = { database, live: centre.liveLog, clock: systemClock, random: systemRandom }
    const intake = createIntake({
      ...parts,
      escalations: createEscalations(() => undefined),
      directory: { homeOf: async () => ({ home: HOME, centre: CENTRE }) },
      downlink: { send: () => undefined },
    })
    const watch = new SilenceWatch({
      ...parts,
      intake,
      hearing: createHearing(database, centre.liveLog),
      server: ulid(),
      clock,
      log: quiet,
      hears: () => hears,
    })
    const presence = new GatewayPresence(database, centre.liveLog, still, quiet)
    const devices = new DevicePresence(database, still, quiet)
    const chain = new ChainWatch(database, still, quiet)
    closers.push(async () => {
      await watch.close()
      await Promise.all([presence.close(), devices.close(), chain.close()])
    })
    /** Heard, and not written down yet. */
    function says(id: string, said: Said = {}): void {
      const message = heartbeat({ uptimeS: Math.floor(monotonic() / 1_000), ...said })
      presence.health(id as GatewayId, message)
      devices.health(id as GatewayId, message)
      chain.health(id as GatewayId, message)
    }

    return {
      intake,
      watch,
      devices,
      hearsAgain: (now: boolean) => {
        hears = now
      },
      says,
      async beat(id: string, said: Said = {}): Promise<void> {
        says(id, said)
        await presence.flush()
        await devices.flush()
        await chain.flush()
      },
      /** Its broker says that this connection of the gateway's died. */
      async lost(id: string, will: Omit<LastWill, 'lost'>): Promise<void> {
        presence.lost(id as GatewayId, { ...will, lost: true })
        await presence.flush()
      },
    }
  }

  return {
    ...centre,
    ...aServer(),
    anotherServer(clock = still) {
      const database = openDatabase({ url: centre.store.url, log: quiet, clock: systemClock, random: systemRandom })
      closers.push(() => database.close())
      return aServer(database, clock)
    },
    /** For PostgreSQL and for this process alike. */
    async passes(ms: number): Promise<void> {
      passedMs += ms
      await centre.store.passes(ms)
    },
    /** A gateway that is registered and has never been heard, as the registry makes one. */
    register: (id: string, home = 'home-1') =>
      centre.store.sql(
        `insert into gateway (id, centre, home, serial, credential_hash, registered_at, changed_at, silent_due_at)
         select $1, 'east', $2, $1, '', now, now, now + interval '15 minutes' from app_now() as now`,
        [id, home],
      ),
    /** What is open, as `placement type condition xN`. */
    open: async (type?: string) =>
      (
        await centre.store.sql<{ text: string }>(
          `select placement || ' ' || type || ' ' || condition || case when occurrences > 1 then ' x' || occurrences else '' end as text
           from alarm where handling <> 'closed' and ($1::text is null or type = $1) order by 1`,
          [type ?? null],
        )
      ).map(({ text }) => text),
    async clear(): Promise<void> {
      if (complaints.length > 0) throw new Error('a part complained', { cause: complaints.splice(0) })
      // What this process remembers of the gateways before is too old to count.
      passedMs += 600_000
      await centre.store.sql(
        'truncate alarm, event, timeline, live_block, gateway, device, gateway_fault, outage, hearing cascade',
      )
    },
    async close() {
      for (const close of closers.reverse()) await close()
      await centre.close()
    },
  }
}
export type SupervisedCentre = Awaited<ReturnType<typeof aSupervisedCentre>>

function heartbeat({ devices = [], ...said }: Said): HealthMessage {
  return {
    id: ulid(),
    boot: 1,
    seq: 1,
    sentAt: formatInstant(systemClock.now()),
    uptimeS: 60,
    queue: { life: 0, technical: 0, telemetry: 0 },
    clock: { synced: true, offsetMs: 0 },
    power: 'unknown',
    links: [],
    devices: devices.map((device) => ({
      id: device.placement,
      profile: 'acme/button',
      state: 'heard',
      lastHeardAt: formatInstant(systemClock.now()),
      ...device,
    })),
    ...said,
  }
}
