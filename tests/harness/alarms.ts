import { type CentreId, type GatewayId, type HomeId, type PersonId, type SessionId } from '@anju/contract'
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
import type { HeardEvent } from '../../server/src/ports.ts'
import { freshDatabase } from './postgres.ts'

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

/** The alarm side of a server, in this process, on a database of its own: a centre, ten homes, and whoever a test needs. */
export async function anAlarmCentre() {
  const store = await freshDatabase()
  await store.sql(`insert into centre values ('east', 'East'), ('west', 'West')`)
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
  const parts = { clock: systemClock, random: systemRandom }
  const database = openDatabase({ url: store.url, log: quiet, ...parts })
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
  const alarms = createAlarmService({ database, live, downlink, escalations })
  const deadlines = startDeadlines({ database, live, escalations, clock: systemClock, log: quiet })
  let seq = 0

  return {
    store,
    database,
    intake,
    alarms,
    deadlines,
    queries: createAlarmQueries(database, { escalationOf, notificationsOf, goingOf }),
    liveLog: live,
    liveStore: createLiveStore(database),
    /** What the in-process stream was told, in the order it was told. */
    frames,
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
      await store.drop()
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
  },
})
