import type { CentreId, Clock, GatewayId, HomeId, Instant, Monotonic, Random } from '@anju/contract'
import { millis } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { createAlarmNews } from '../../server/src/alarms/answered.ts'
import { startDeadlines } from '../../server/src/alarms/deadlines.ts'
import { createAlarmDesk } from '../../server/src/alarms/desk.ts'
import { createIntake } from '../../server/src/alarms/intake.ts'
import { createAlarmService } from '../../server/src/alarms/service.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import { startEscalator } from '../../server/src/escalation/escalator.ts'
import { createEscalations } from '../../server/src/escalation/runs.ts'
import type { Watching } from '../../server/src/live/hub.ts'
import { createLiveLog } from '../../server/src/live/log.ts'
import { startWatched } from '../../server/src/live/watched.ts'
import { createAnswers } from '../../server/src/notifications/answers.ts'
import type { ChannelAdapter } from '../../server/src/notifications/channel.ts'
import { createLedger } from '../../server/src/notifications/ledger.ts'
import { createMover } from '../../server/src/notifications/mover.ts'
import { createReports } from '../../server/src/notifications/reports.ts'
import { startSender } from '../../server/src/notifications/sender.ts'
import { takersOf } from '../../server/src/notifications/takers.ts'
import { createWithdrawals } from '../../server/src/notifications/withdrawals.ts'
import { hashSecret, newSecret } from '../../server/src/people/secrets.ts'
import { createHandovers } from '../../server/src/plans/handovers.ts'
import { createPlanRuns } from '../../server/src/plans/runs.ts'
import { createPeopleAround } from '../../server/src/roster/around.ts'
import { createRoster } from '../../server/src/roster/roster.ts'
import { homeOf } from '../harness/story/happening.ts'
import { storyUrl } from '../harness/story/phones.ts'
import { passing } from './passing.ts'
import { Hold } from './weather.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
/** What waits for a provider or tries once more waits this much less: simulated time stands still meanwhile. */
const hastened = 20

export interface ServerParts {
  /** Its own name, which no other process has. */
  readonly name: string
  readonly url: string
  /** What its tries go through. */
  readonly adapters: (hold: Hold) => readonly ChannelAdapter[]
  readonly now: () => Instant
  readonly random: Random
}
export type WorkingServer = ReturnType<typeof startServer>

/** The alarms' half of a server as `app.ts` wires it. Nobody in it looks by themselves: a history says when. */
export function startServer({ name, url, adapters, now, random }: ServerParts) {
  const hold = new Hold()
  const clock: Clock = {
    now,
    monotonic: () => (now() - 0) as unknown as Monotonic,
    // In a process that stands still no timer goes off.
    after: (delay, task) => systemClock.after(millis(delay / hastened), () => hold.whenGoing(task)),
    every: () => ({ cancel: () => undefined }),
  }
  const parts = { clock, random, log: silent }
  const database = openDatabase({ url, clock: systemClock, random, log: silent })
  const live = createLiveLog((_centre, told) => void told())
  const downlink = { send: () => undefined }
  const directory = {
    homeOf: (gateway: GatewayId) => ({ home: homeOf(gateway) as HomeId, centre: 'east' as CentreId }),
  }
  const escalations = createEscalations(() => undefined)
  const news = createAlarmNews(live)
  const mover = createMover({ signal: escalations, news })
  const withdrawals = createWithdrawals({ database, mover, log: silent })
  const through = adapters(hold)
  const takers = takersOf(through)
  const ledger = createLedger({ clock, random, sends: (to) => takers(to).length > 0, onQueued: () => undefined })
  const words = { publicUrl: storyUrl, newSecret, hashSecret }
  const sender = startSender({ database, mover, adapters: through, ...words, ...parts })
  const escalator = startEscalator({ database, desk: createAlarmDesk(live), ledger, roster: createRoster(), ...parts })
  const deadlines = startDeadlines({ database, live, escalations, ...parts })
  const alarmParts = { plans: createPlanRuns(), handovers: createHandovers(), around: createPeopleAround(withdrawals) }

  async function take(): Promise<void> {
    await passing(() => deadlines.runOnce())
    await passing(() => escalator.runOnce())
    await passing(() => sender.fill())
  }

  /** What is under way in it is written. */
  async function idle(): Promise<void> {
    await sender.idle()
    await withdrawals.idle()
  }

  return {
    hold,
    intake: createIntake({ database, live, directory, downlink, escalations, ...parts }),
    alarms: createAlarmService({ database, live, downlink, escalations, ...alarmParts }),
    reports: createReports({ database, mover, news, onQueued: () => undefined, ...parts }),
    answers: createAnswers({ database, mover, hashSecret, ...parts }),

    /** Once around what a server does by itself. A database that is away for a moment is asked again in the next one. */
    async turn(): Promise<void> {
      await take()
      await idle()
    },
    idle,
    /** The same, without waiting for what becomes of what it sends. */
    take,
    /** Who looks at a queue here is written down, as it is every few seconds. */
    async watches(watching: readonly Watching[]): Promise<void> {
      const watched = startWatched({ database, server: name, clock, log: silent, watching: () => watching })
      watched.write()
      await watched.stop()
    },
    /** Without a goodbye: what it was about to write is not written. */
    async die(): Promise<void> {
      hold.dies()
      await database.close()
      await Promise.all([deadlines.stop(), escalator.stop(), sender.stop()])
    },
  }
}
