import { type CentreId, type Clock, type GatewayId, type HomeId, type PersonId, type SessionId } from '@anju/contract'
import type { Role } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { ulid } from 'ulid'
import { startDeadlines } from '../../server/src/alarms/deadlines.ts'
import { createIntake } from '../../server/src/alarms/intake.ts'
import { createAlarmQueries } from '../../server/src/alarms/queries.ts'
import { createAlarmService } from '../../server/src/alarms/service.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import { createEscalations } from '../../server/src/escalation/runs.ts'
import { escalationOf } from '../../server/src/escalation/view.ts'
import type { Frame } from '../../server/src/live/frame.ts'
import { createLiveLog, createLiveStore } from '../../server/src/live/log.ts'
import { goingOf, notificationsOf } from '../../server/src/notifications/queries.ts'
import type { Identity, PersonActor } from '../../server/src/people/people.ts'
import { createHandovers } from '../../server/src/plans/handovers.ts'
import { createPlans } from '../../server/src/plans/plans.ts'
import { createPlanRuns } from '../../server/src/plans/runs.ts'
import type { HeardEvent, Transaction } from '../../server/src/ports.ts'
import { createPeopleAround } from '../../server/src/roster/around.ts'
import type { Whom } from '../../server/src/roster/ports.ts'
import { freshDatabase, type ServerUrls, type TestDatabase } from './postgres.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
export const CENTRE = 'east' as CentreId
export const HOME = 'home-1' as HomeId
export const GATEWAY = 'gw-1' as GatewayId

export interface PressOptions {
  readonly id?: string
  readonly home?: number
  readonly placement?: string
  readonly type?: string
  readonly class?: 'life' | 'hazard' | 'technical' | 'info'
  readonly phase?: 'raised' | 'returned'
  readonly elapsedMs?: number
  readonly heardAt?: string
  readonly test?: boolean
  readonly snapshot?: Record<string, unknown>
}

/** A centre, ten homes, and whoever a test needs, in a database of its own. */
async function aFurnishedDatabase(urls?: ServerUrls): Promise<TestDatabase> {
  const store = await freshDatabase(urls)
  await store.sql(`insert into centre values ('east', 'East'), ('west', 'West')`)
  await store.sql(`insert into console_presence select 'consoles', id, '9999-01-01' from centre`)
  await store.sql(
    `insert into home (id, centre, name, address) select 'home-' || n, 'east', 'Home ' || n, 'Street ' || n from generate_series(1, 10) n`,
  )
  await store.sql(
    `insert into placement (home, id, centre, name) select id, 'bathroom-sos', centre, 'Bathroom button' from home`,
  )
  await store.sql(
    `insert into resident (id, centre, home, name, born_on, access) values ('r1', 'east', 'home-1', '王秀梅', '1944-01-01', '4711#')`,
  )
  await store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position) values ('c1', 'east', 'home-1', 'Son', 'son', '1', 1)`,
  )
  await store.sql(`insert into responder (id, centre, name, phone) values ('n1', 'east', 'Nurse', '2')`)
  return store
}

export interface CentreOptions {
  /** Where to make a database, outside vitest. */
  readonly urls?: ServerUrls
  /** The database of a centre that runs already: this is one more server on it. */
  readonly store?: TestDatabase
  /** How this server reaches it, if not directly. */
  readonly url?: string
  readonly clock?: Clock
}

/** The alarm side of a server, in this process. */
export async function anAlarmCentre(options: CentreOptions = {}) {
  const store = options.store ?? (await aFurnishedDatabase(options.urls))
  const parts = { clock: options.clock ?? systemClock, random: systemRandom }
  const database = openDatabase({ url: options.url ?? store.url, log: quiet, ...parts })
  const frames: Frame[] = []
  const handling: { readonly gateway: string; readonly message: object }[] = []
  const live = createLiveLog((_centre, told) => void frames.push(...told()))
  const downlink = {
    send: (gateway: GatewayId, _kind: string, message: object) => void handling.push({ gateway, message }),
  }
  const directory = {
    homeOf: async (gateway: GatewayId) =>
      gateway.startsWith('gw-') ? { home: `home-${gateway.slice(3)}` as HomeId, centre: CENTRE } : undefined,
  }
  const escalations = createEscalations(() => undefined)
  const intake = createIntake({ database, live, directory, downlink, escalations, ...parts })
  const buried: Whom[] = []
  const withdrawals = { bury: (_tx: Transaction, where: Whom) => void buried.push(where) }
  const alarmParts = { plans: createPlanRuns(), handovers: createHandovers(), around: createPeopleAround(withdrawals) }
  const alarms = createAlarmService({ database, live, downlink, escalations, ...alarmParts })
  // Worked off when a test says so: half a second of its own may fall between any two lines of it.
  const unhurried = { ...systemClock, every: () => ({ cancel: () => undefined }) }
  const deadlines = startDeadlines({ database, live, escalations, clock: unhurried, log: quiet })
  let seq = 0

  return {
    store,
    database,
    intake,
    alarms,
    deadlines,
    queries: createAlarmQueries(database, { escalationOf, notificationsOf, goingOf, ...alarmParts }),
    plans: createPlans(database),
    liveLog: live,
    liveStore: createLiveStore(database),
    /** What the in-process stream was told, in the order it was told. */
    frames,
    /** On which numbers nothing queued is to leave any more. */
    buried,
    /** What the homes were told. */
    handling,

    /** One event as a gateway sends it. */
    press(options: PressOptions = {}): HeardEvent {
      const gateway = `gw-${options.home ?? 1}` as GatewayId
      const now = options.heardAt ?? new Date().toISOString()
      return {
        gateway,
        message: {
          specversion: '1.0',
          id: options.id ?? ulid(),
          type: `anju.${options.type ?? 'sos-pressed'}`,
          source: `/gateways/${gateway}`,
          subject: options.placement ?? 'bathroom-sos',
          time: now,
          data: {
            boot: 1,
            lane: options.class === 'technical' || options.class === 'info' ? 'technical' : 'life',
            seq: ++seq,
            pendingFrom: 1,
            sentAt: now,
            class: options.class ?? 'life',
            device: 'sos-1',
            phase: options.phase ?? 'raised',
            heardAt: now,
            storedAt: now,
            elapsedMs: options.elapsedMs ?? 5,
            ...(options.test ? { test: true } : {}),
            ...(options.snapshot ? { snapshot: options.snapshot } : {}),
          },
        },
      }
    },
    /** A person at a seat; another `session` is another seat. */
    person: (name: string, role: Role = 'operator', session = `session-of-${name}`): PersonActor => ({
      kind: 'person',
      person: name as PersonId,
      name,
      session: session as SessionId,
      role,
      centre: CENTRE,
    }),
    async close() {
      await deadlines.stop()
      await database.close()
      if (!options.store) await store.drop()
    },
  }
}
export type AlarmCentre = Awaited<ReturnType<typeof anAlarmCentre>>

/** An actor as the HTTP layer would hand it on. */
export const identityOf = (actor: PersonActor, home: HomeId | null = null): Identity => ({
  actor,
  home,
  person: {
    personId: actor.person,
    username: actor.person,
    name: actor.name,
    role: actor.role,
    session: actor.session,
    centre: { id: actor.centre, name: actor.centre },
    demo: true,
    seat: null,
  },
})
