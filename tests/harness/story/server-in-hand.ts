import type { AlarmId, CentreId, Clock, GatewayId, HealthMessage, HomeId, Instant, Monotonic } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { createAlarmNews } from '../../../server/src/alarms/answered.ts'
import { startDeadlines } from '../../../server/src/alarms/deadlines.ts'
import { createAlarmDesk } from '../../../server/src/alarms/desk.ts'
import { createHearing } from '../../../server/src/alarms/hearing.ts'
import { createIntake } from '../../../server/src/alarms/intake.ts'
import { startOutages } from '../../../server/src/alarms/outages.ts'
import { createAlarmQueries } from '../../../server/src/alarms/queries.ts'
import { createAlarmService } from '../../../server/src/alarms/service.ts'
import { openDatabase } from '../../../server/src/database/database.ts'
import { startAuditor } from '../../../server/src/escalation/auditor.ts'
import { startEscalator } from '../../../server/src/escalation/escalator.ts'
import { createEscalations } from '../../../server/src/escalation/runs.ts'
import { escalationOf } from '../../../server/src/escalation/view.ts'
import { DevicePresence } from '../../../server/src/gateways/device-presence.ts'
import { gatewayOfHome } from '../../../server/src/gateways/of-home.ts'
import { GatewayPresence } from '../../../server/src/gateways/presence.ts'
import { SilenceWatch } from '../../../server/src/gateways/silence.ts'
import { createHomes } from '../../../server/src/homes/homes.ts'
import type { Frame } from '../../../server/src/live/frame.ts'
import { createLiveLog } from '../../../server/src/live/log.ts'
import { createAnswers } from '../../../server/src/notifications/answers.ts'
import type { ChannelAdapter } from '../../../server/src/notifications/channel.ts'
import { createLedger } from '../../../server/src/notifications/ledger.ts'
import { createMover } from '../../../server/src/notifications/mover.ts'
import { goingOf, notificationsOf } from '../../../server/src/notifications/queries.ts'
import { createReports } from '../../../server/src/notifications/reports.ts'
import { startSender } from '../../../server/src/notifications/sender.ts'
import { takersOf } from '../../../server/src/notifications/takers.ts'
import { createWithdrawals, type RunningWithdrawals } from '../../../server/src/notifications/withdrawals.ts'
import { hashSecret, newSecret } from '../../../server/src/people/secrets.ts'
import { createHandovers } from '../../../server/src/plans/handovers.ts'
import { createPlans } from '../../../server/src/plans/plans.ts'
import { createPlanRuns } from '../../../server/src/plans/runs.ts'
import { createPeopleAround } from '../../../server/src/roster/around.ts'
import { createRoster } from '../../../server/src/roster/roster.ts'
import { peopleOf } from '../people.ts'
import type { TestDatabase } from '../postgres.ts'
import { homeOf } from './happening.ts'
import { storyUrl } from './phones.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const random = systemRandom

export type ServerInHand = ReturnType<typeof startServer>

/** What the story says of the world outside. */
export interface Outside {
  /** How much time the story let pass. */
  readonly passedMs: () => number
  /** Whether there are gateways that are expected to be heard. */
  readonly gateways: () => boolean
}

/** The alarms' half of a server as `app.ts` wires it, its workers in the test's hands. */
export function startServer(url: string, adapters: readonly ChannelAdapter[], outside: Outside) {
  // Nobody looks by themselves: the test says when. Waiting for a provider or a row is still real time.
  const clock: Clock = {
    ...systemClock,
    monotonic: () => (systemClock.monotonic() + outside.passedMs()) as Monotonic,
    every: () => ({ cancel: () => undefined }),
  }
  const parts = { clock, random, log: silent }
  const database = openDatabase({ url, clock: systemClock, random, log: silent })
  const frames: { readonly centre: CentreId; readonly frame: Frame }[] = []
  const live = createLiveLog((centre, told) => void frames.push(...told().map((frame) => ({ centre, frame }))))
  const downlink = { send: () => undefined }
  const directory = {
    homeOf: (gateway: GatewayId) =>
      gateway.startsWith('gw-') ? { home: homeOf(gateway) as HomeId, centre: 'east' as CentreId } : undefined,
  }
  const escalations = createEscalations(() => undefined)
  const news = createAlarmNews(live)
  const mover = createMover({
    signal: escalations,
    news,
    onBuried: (tx, where) => withdrawals.bury(tx, where),
  })
  const withdrawals: RunningWithdrawals = createWithdrawals({ database, mover, log: silent })
  const takers = takersOf(adapters)
  const ledger = createLedger({ clock, random, sends: (to) => takers(to).length > 0, onQueued: () => undefined })
  const sender = startSender({ database, mover, adapters, publicUrl: storyUrl, newSecret, hashSecret, ...parts })
  const desk = createAlarmDesk(live)
  const escalator = startEscalator({ database, desk, ledger, roster: createRoster(), ...parts })
  const deadlines = startDeadlines({ database, live, escalations, ...parts })
  const outages = startOutages({ database, live, escalations, ...parts })
  /** What the auditor has mended: in a story nobody should have to. */
  const complaints: string[] = []
  const auditLog = {
    error: (detail: object, what: string) => void complaints.push(`${what} ${JSON.stringify(detail)}`),
  }
  const auditor = startAuditor({ database, escalations, raise: () => Promise.resolve(), ...parts, log: auditLog })
  const intake = createIntake({ database, live, directory, downlink, escalations, ...parts })
  const hearing = createHearing(database, live)
  const silence = new SilenceWatch({ database, intake, hearing, live, server: newSecret(), ...parts })
  const presence = new GatewayPresence(database, live, clock, silent)
  const devices = new DevicePresence(database, clock, silent)
  const alarmParts = { plans: createPlanRuns(), handovers: createHandovers(), around: createPeopleAround(withdrawals) }
  const heard = new Map<string, number>()

  async function look(): Promise<boolean> {
    const more = await deadlines.runOnce()
    await outages.runOnce()
    if (outside.gateways()) await silence.look()
    return more
  }

  const workersEnd = () => [
    ...[deadlines, escalator, sender, outages, auditor].map((worker) => worker.stop()),
    silence.close(),
  ]

  /** When everything that is due was worked off, who looks over their shoulder has nothing to say: I3, in every story. */
  async function nothingIsLate(): Promise<void> {
    await auditor.look()
    if (complaints.length > 0) throw new Error(complaints.join('; '))
  }

  return {
    database,
    intake,
    alarms: createAlarmService({ database, live, downlink, escalations, ...alarmParts }),
    queries: createAlarmQueries(database, { escalationOf, notificationsOf, goingOf, ...alarmParts }),
    reports: createReports({ database, mover, news, onQueued: () => undefined, ...parts }),
    answers: createAnswers({ database, mover, hashSecret, ...parts }),
    homes: createHomes({
      database,
      live,
      gatewayOf: gatewayOfHome,
      newId: () => newSecret().toLowerCase(),
      testEnded: (tx, homes) => escalations.testEnded(tx, homes),
    }),
    people: peopleOf(database, clock),
    plans: createPlans(database),

    /** Works off what is due at this very moment; after each piece of it a server may die. */
    async *work(): AsyncGenerator<void> {
      for (let turn = 0; turn < turnsMax; turn++) {
        const told = frames.length
        const more = await look()
        const looked = frames.length > told
        if (looked) yield
        const escalated = await escalator.runOnce()
        if (escalated > 0) yield
        const taken = await sender.fill()
        await sender.idle()
        await withdrawals.idle()
        if (taken > 0) yield
        if (!more && !looked && escalated === 0 && taken === 0) return await nothingIsLate()
      }
      throw new Error('what is due does not come to an end')
    },
    /** A gateway's heartbeat. */
    async hears(gateway: GatewayId, message: HealthMessage): Promise<void> {
      presence.health(gateway, message)
      devices.health(gateway, message)
      await Promise.all([presence.flush(), devices.flush()])
    },
    /** Without a goodbye: what was under way is lost. */
    async kill(): Promise<void> {
      await Promise.all(workersEnd())
      await Promise.all([presence.close(), devices.close(), withdrawals.idle()])
      await database.close()
    },
    /** Like a power cut: what was under way is answered by nobody, and nothing more is saved. */
    async crash(): Promise<void> {
      await database.close()
      await Promise.allSettled(workersEnd())
      await Promise.allSettled([presence.close(), devices.close()])
    },
    told(centre: CentreId, alarm: AlarmId): string[] {
      const key = `${centre} ${alarm}`
      const causes = frames
        .filter((one) => one.centre === centre)
        .map(({ frame }) => itemIn(frame))
        .flatMap((item) => (item?.alarm?.id === alarm ? [item.cause ?? ''] : []))
      const from = heard.get(key) ?? 0
      heard.set(key, causes.length)
      return causes.slice(from)
    },
  }
}
const turnsMax = 50

function itemIn({ bytes }: Frame): { readonly alarm?: { readonly id: string }; readonly cause?: string } | undefined {
  const data = /^data: (.*)$/m.exec(bytes.toString())?.[1]
  return data === undefined ? undefined : (JSON.parse(data) as object)
}

/** The next moment at which something is due by itself. */
export async function nextDeadline(data: TestDatabase): Promise<Instant | null> {
  const [row] = await data.sql<{ due: Date | null }>(`
    select min(due) as due from (
      select due_at as due from escalation union all select due_at from notification union all
      select until from alarm where handling in ('claimed', 'in-progress', 'parked') union all
      select mode_until from home union all
      select silent_due_at from gateway union all select silent_due_at from device union all
      select held_until from alarm where handling <> 'closed'
    ) as given where due > app_now()`)
  return row?.due ? (row.due.getTime() as Instant) : null
}
