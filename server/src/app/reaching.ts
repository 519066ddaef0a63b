import type { Clock, Random } from '@anju/contract'
import type { FastifyPluginAsync } from 'fastify'
import type { Registry } from 'prom-client'
import { createAlarmNews } from '../alarms/answered.ts'
import { createAlarmDesk } from '../alarms/desk.ts'
import { startEscalator } from '../escalation/escalator.ts'
import type { Escalations } from '../escalation/ports.ts'
import { createEscalations } from '../escalation/runs.ts'
import { answerRoutes } from '../http/answer-routes.ts'
import { callbackRoutes } from '../http/callback-routes.ts'
import { createAnswers } from '../notifications/answers.ts'
import type { CallbackReader, ChannelAdapter } from '../notifications/channel.ts'
import { createLedger } from '../notifications/ledger.ts'
import { exposeNotifications } from '../notifications/metrics.ts'
import { createMover } from '../notifications/mover.ts'
import { createReports } from '../notifications/reports.ts'
import { startSender } from '../notifications/sender.ts'
import { hashSecret, newSecret } from '../people/secrets.ts'
import type { Database, LiveLog } from '../ports.ts'
import { createRoster } from '../roster/roster.ts'
import type { Log } from '../uplink-ports.ts'

export interface ReachingBase {
  readonly database: Database
  readonly live: LiveLog
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly metrics: Registry
  readonly providers: { readonly adapters: readonly ChannelAdapter[]; readonly readers: readonly CallbackReader[] }
  /** Where people's browsers and providers reach this server. */
  readonly publicUrl: string
}

/** How an alarm gets to a person: who is next, how they are reached, and what they answer. */
export interface Reaching {
  readonly escalations: Escalations
  /** Mounted under `/api/v1`. */
  readonly routes: readonly FastifyPluginAsync[]
  close(): Promise<void>
}

export function openReaching(base: ReachingBase): Reaching {
  const { database, live, clock, random, log, providers } = base
  const desk = createAlarmDesk(live)
  // The three need one another: each is woken only after a commit, by when all of them are there.
  const escalations = createEscalations(() => escalator.wake())
  const ledger = createLedger({ clock, random, onQueued: () => sender.wake() })
  const mover = createMover({ signal: escalations, news: createAlarmNews(live) })
  const sender = startSender({
    database,
    mover,
    adapters: providers.adapters,
    clock,
    random,
    log,
    publicUrl: base.publicUrl,
    newSecret,
    hashSecret,
  })
  const escalator = startEscalator({ database, desk, ledger, roster: createRoster(), clock, log })
  const reports = createReports({ database, mover, clock, log })
  const answers = createAnswers({ database, mover, clock, random, hashSecret })
  exposeNotifications(base.metrics, reports)
  return {
    escalations,
    routes: [answerRoutes(answers), callbackRoutes({ readers: providers.readers, reports, publicUrl: base.publicUrl })],
    async close() {
      await escalator.stop()
      await sender.stop()
    },
  }
}
