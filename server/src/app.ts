import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, DomainError, errorMessage, type Random } from '@anju/contract'
import type { FastifyBaseLogger } from 'fastify'
import { ulid } from 'ulid'
import { startDeadlines } from './alarms/deadlines.ts'
import { createHearing } from './alarms/hearing.ts'
import { startHousekeeping } from './alarms/housekeeping.ts'
import { createIntake } from './alarms/intake.ts'
import { startOutages } from './alarms/outages.ts'
import { packetPreview } from './alarms/packet-preview.ts'
import { createAlarmQueries } from './alarms/queries.ts'
import { createAlarmService } from './alarms/service.ts'
import { startAuditing } from './app/auditing.ts'
import { startDuty } from './app/duty.ts'
import { startReaching } from './app/reaching.ts'
import { rosterRoutes } from './app/roster.ts'
import { createStarting } from './app/starting.ts'
import { openUplink } from './app/uplink.ts'
import { createAreas } from './areas/areas.ts'
import { noteChange } from './audit/audit.ts'
import { type Config, isLoopback, variable } from './config.ts'
import { startClockWatch } from './database/clock-watch.ts'
import { openDatabase } from './database/database.ts'
import { inspect, migrate } from './database/migrate.ts'
import { escalationOf } from './escalation/view.ts'
import { gatewayOfHome } from './gateways/of-home.ts'
import { seedDemo } from './homes/demo.ts'
import { startFindable } from './homes/findable.ts'
import { createHomes } from './homes/homes.ts'
import { importHouseholds } from './homes/import/households.ts'
import { createPlacements } from './homes/placements.ts'
import { accountRoutes } from './http/account-routes.ts'
import { alarmPlanRoutes } from './http/alarm-plan-routes.ts'
import { alarmRoutes } from './http/alarm-routes.ts'
import { areaRoutes } from './http/area-routes.ts'
import { consoleRoutes } from './http/console-routes.ts'
import { homeRoutes } from './http/home-routes.ts'
import { createHttp } from './http/http.ts'
import { importRoutes } from './http/import-routes.ts'
import { ownAccountRoutes } from './http/own-account-routes.ts'
import { planRoutes } from './http/plan-routes.ts'
import { sessionCookieOf } from './http/session.ts'
import { sessionRoutes } from './http/session-routes.ts'
import { createAtConsoles } from './live/at-consoles.ts'
import { LiveHub } from './live/hub.ts'
import { startListener } from './live/listener.ts'
import { createLiveLog, createLiveStore } from './live/log.ts'
import { liveRoutes } from './live/routes.ts'
import { StatusBoard } from './live/status.ts'
import { startWatched } from './live/watched.ts'
import { createMetrics } from './metrics.ts'
import { readChannelsFile } from './notifications/channels-file.ts'
import { meansOf } from './notifications/means.ts'
import { openProviders } from './notifications/providers.ts'
import { goingOf, notificationsOf } from './notifications/queries.ts'
import { createManagedAccounts } from './people/managed-accounts.ts'
import { createOwnAccounts } from './people/own-account.ts'
import { createPeople } from './people/people.ts'
import { createProving } from './people/proving.ts'
import { keptSealingKey, sealingKeyOf } from './people/sealing.ts'
import { createSecondFactors } from './people/second-factors.ts'
import { newSecret, newSessionId } from './people/secrets.ts'
import { createHandovers } from './plans/handovers.ts'
import { createPlans } from './plans/plans.ts'
import { createPlanRuns } from './plans/runs.ts'
import { mayManage } from './policy/table.ts'
import { startEmbeddedPostgres } from './postgres/embedded.ts'
import { createPeopleAround } from './roster/around.ts'

export interface AppOptions {
  readonly config: Config
  readonly clock: Clock
  readonly random: Random
  readonly log: FastifyBaseLogger
  /** Ends a start that waits for its database; without it, it waits for ever. */
  readonly stopped?: AbortSignal
}

export interface App {
  /** Where the page and the API are. */
  readonly url: string
  readonly mqttUrl: string
  readonly databaseUrl: string
  readonly ownerUrl: string | undefined
  close(): Promise<void>
}

/**
 * The whole server, wired: the only place that constructs adapters. What is opened last is closed first. A database that is away
 * or slow is waited for.
 */
export async function startApp({ config, clock, random, log, stopped }: AppOptions): Promise<App> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse())
      await closer().catch((error: unknown) => log.error({ why: errorMessage(error) }, 'a part did not close cleanly'))
  }
  try {
    await mkdir(join(config.dataDir, 'run'), { recursive: true })

    const starting = createStarting({ http: config.http, clock, log, stopped })
    closers.push(() => starting.end())
    const { url: databaseUrl, ownerUrl } = config.database ?? (await starting.step('its PostgreSQL', embedded))
    if (ownerUrl) await starting.step('the database and its migrations', () => migrate(ownerUrl, roleOf(databaseUrl)))
    await starting.step('the database', () => inspect(databaseUrl))
    const database = openDatabase({ url: databaseUrl, clock, random, log })
    closers.push(() => database.close())
    const clockWatch = startClockWatch({ database, clock, log })
    closers.push(() => clockWatch.stop())

    const { demo, demoPassword: password, http: where } = config
    if (demo && password)
      await starting.step('the database', () =>
        seedDemo(database, { password, secondFactorExempt: isLoopback(where.host) }),
      )

    const metrics = createMetrics()
    const status = new StatusBoard(clock)
    database.onHealth((healthy) => status.set('store', healthy ? 'ok' : 'degraded'))
    const server = newSessionId()
    const store = createLiveStore(database)
    const hub = new LiveHub({ store, status, clock })
    closers.push(async () => hub.stop())
    const watched = startWatched({ database, server, clock, log, watching: () => hub.watching })
    closers.push(() => watched.stop())
    hub.onFirst(() => watched.write())
    const listener = startListener(databaseUrl, clock, newSessionId(), (centre) => hub.grew(centre))
    closers.push(() => listener.stop())
    const live = createLiveLog((centre, frames, last) => {
      store.reached(centre, last)
      hub.announce(centre, frames)
      listener.announce(centre)
    })

    const door = await starting.step('the database', () =>
      openUplink({ config, database, databaseUrl, server, clock, random, log }),
    )
    closers.push(() => door.close())
    const { downlink, directory } = door
    const { dataDir, publicUrl } = config
    const file = await readChannelsFile(config.channelsFile, variable)
    const providers = await openProviders(file, { clock, random, dataDir, publicUrl, log })
    const reaching = startReaching({ database, live, ...providers, publicUrl, metrics, clock, random, log })
    closers.push(() => reaching.stop())
    const { escalations, withdrawals } = reaching
    const deadlines = startDeadlines({ database, live, escalations, clock, log })
    closers.push(() => deadlines.stop())
    const outages = startOutages({ database, live, escalations, clock, random, log })
    closers.push(() => outages.stop())
    const housekeeping = startHousekeeping(database, clock, log)
    closers.push(() => housekeeping.stop())
    const intake = createIntake({ database, live, directory, downlink, escalations, clock, random })
    const auditor = startAuditing({ database, escalations, intake, clock, log })
    closers.push(() => auditor.stop())
    const means = meansOf(providers.adapters)
    const duty = startDuty({ database, means, intake, clock, log })
    closers.push(() => duty.stop())
    const uplink = door.start({ intake, hearing: createHearing(database, live), live, metrics, newSecret })
    closers.push(() => uplink.close())
    uplink.onTelemetryHealth((healthy) => status.set('telemetry', healthy ? 'ok' : 'degraded'))

    const newId = () => ulid(clock.now(), () => random.uniform()).toLowerCase()
    const findable = startFindable(database, clock, log)
    closers.push(() => findable.stop())
    const secondFactors = createSecondFactors(
      config.secondFactorKey
        ? sealingKeyOf(config.secondFactorKey, 'ANJU_SECOND_FACTOR_KEY')
        : await keptSealingKey(config.dataDir),
    )
    void tellForeignKeys().catch((error: unknown) =>
      log.error({ why: errorMessage(error) }, 'second factors could not be looked at'),
    )
    async function tellForeignKeys(): Promise<void> {
      const accounts = await secondFactors.sealedByOthers(database)
      if (accounts > 0) log.error({ accounts }, 'second factors sealed under another key: these cannot log in here')
    }
    const proving = createProving(database, clock)
    const people = createPeople({ database, clock, proving, secondFactors, note: noteChange })
    const cookie = sessionCookieOf(publicUrl)
    const alarmParts = {
      plans: createPlanRuns(),
      handovers: createHandovers(),
      around: createPeopleAround(withdrawals),
    }
    const alarms = createAlarmService({ database, live, downlink, escalations, ...alarmParts })
    const http = await createHttp({
      log,
      database,
      people,
      cookie,
      metrics,
      readiness: [
        { name: 'database', ready: () => database.healthy },
        { name: 'broker', ready: () => door.ready() },
        { name: 'clock', beside: true, ready: () => clockWatch.agrees },
        { name: 'telemetry', beside: true, ready: () => uplink.telemetryHealthy },
      ],
      routes: [
        sessionRoutes(people, cookie),
        ownAccountRoutes(createOwnAccounts({ database, people, proving, secondFactors, note: noteChange })),
        accountRoutes(createManagedAccounts({ database, clock, random, people, mayManage })),
        alarmRoutes(alarms, createAlarmQueries(database, { escalationOf, notificationsOf, goingOf, ...alarmParts })),
        alarmPlanRoutes(alarms, packetPreview(database, alarmParts.handovers)),
        planRoutes(createPlans(database)),
        liveRoutes(hub, database, people),
        consoleRoutes(createAtConsoles(database), people),
        ...reaching.routes,
        ...rosterRoutes({ database, clock, random, withdrawals, means }, reaching.notices, providers),
        homeRoutes(
          createHomes({
            database,
            live,
            gatewayOf: gatewayOfHome,
            newId,
            testEnded: (tx, homes) => escalations.testEnded(tx, homes),
          }),
          createPlacements(database),
        ),
        areaRoutes(createAreas(database)),
        importRoutes((given) => importHouseholds({ database, clock, newId }, given)),
        ...uplink.routes,
      ],
    })
    closers.push(async () => {
      hub.stop()
      await http.close()
    })
    await starting.end()
    const url = await http.listen({ host: config.http.host, port: config.http.port }).catch((error: unknown) => {
      throw portProblem(error, 'ANJU_HTTP_PORT', config.http.port)
    })
    return { url, mqttUrl: door.mqttUrl, databaseUrl, ownerUrl, close }
  } catch (error) {
    await close()
    throw error
  }

  async function embedded(): Promise<{ url: string; ownerUrl: string }> {
    const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, clock, log })
    const pidFile = join(config.dataDir, 'run', 'postgres.pid')
    const note = (pid: number) => writeFile(pidFile, `${pid}\n`)
    closers.push(async () => {
      await postgres.stop()
      await rm(pidFile, { force: true })
    })
    await note(postgres.pid)
    postgres.onRestart((pid) => void note(pid).catch(() => undefined))
    return postgres
  }
}

function roleOf(databaseUrl: string): string {
  const user = /^postgres(?:ql)?:\/\/([^:@/]+)/.exec(databaseUrl)?.[1]
  if (!user) throw new DomainError('config-malformed', 'DATABASE_URL: names no role')
  return decodeURIComponent(user)
}

/** @returns a sentence that names the port and the variable that moves it. */
export function portProblem(error: unknown, variable: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EADDRINUSE' || code === 'EACCES'
    ? new DomainError('port-unavailable', `port ${port} cannot be used (${code}); set ${variable} to another`)
    : error
}
