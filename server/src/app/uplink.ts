import { readFile } from 'node:fs/promises'
import { assertNever, type Clock, DomainError, errorMessage, type GatewayId, type Random } from '@anju/contract'
import type { FastifyPluginAsync } from 'fastify'
import type { Registry } from 'prom-client'
import { startEmbeddedBroker } from '../broker/embedded.ts'
import { connectExternalBroker } from '../broker/external.ts'
import type { Config } from '../config.ts'
import { telemetryWorker } from '../folder.ts'
import { ChainWatch } from '../gateways/chain-watch.ts'
import { DevicePresence } from '../gateways/device-presence.ts'
import { MemoryDirectory } from '../gateways/directory.ts'
import { GatewayPresence } from '../gateways/presence.ts'
import { GatewayRegistry } from '../gateways/registry.ts'
import { SilenceWatch } from '../gateways/silence.ts'
import { gatewayRoutes } from '../http/gateway-routes.ts'
import { measurementRoutes } from '../http/measurement-routes.ts'
import { telemetryExportRoutes } from '../http/telemetry-export-routes.ts'
import { telemetryQuestionRoutes } from '../http/telemetry-question-routes.ts'
import { IngestCounters } from '../ingest/counters.ts'
import { Gaps } from '../ingest/gaps.ts'
import { Ingest } from '../ingest/ingest.ts'
import { exposeUplink } from '../ingest/metrics.ts'
import { StoredQuarantine } from '../ingest/quarantine.ts'
import type { Database, Downlink, EventIntake, GatewayDirectory, Hearing, LiveLog } from '../ports.ts'
import { ErasedHomes } from '../telemetry/erasure/erased-homes.ts'
import { TelemetryFeed } from '../telemetry/feed.ts'
import { influxStore } from '../telemetry/influx-store.ts'
import { nullStore } from '../telemetry/null-store.ts'
import { postgresStore } from '../telemetry/postgres-store.ts'
import { startWorkerAt } from '../telemetry/start-worker.ts'
import type { TelemetryStore } from '../telemetry/store.ts'
import type { Broker, HealthListener, Log, Presence } from '../uplink-ports.ts'
import { openArchives } from './archives.ts'
import { startErasure } from './erasing.ts'
import type { TelemetryWorkerData } from './telemetry-worker.ts'

export interface UplinkBase {
  readonly config: Config
  readonly database: Database
  readonly databaseUrl: string
  /** The name of this process, and of no other. */
  readonly server: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}
export interface UplinkParts {
  readonly intake: EventIntake
  readonly hearing: Hearing
  readonly live: LiveLog
  readonly metrics: Registry
  /** 256 bits of chance, as text. */
  readonly newSecret: () => string
}

/** The broker's side of the server. It listens at once and takes connections from `start` on. */
export interface UplinkDoor {
  readonly directory: GatewayDirectory
  readonly downlink: Downlink
  readonly ready: () => boolean
  readonly mqttUrl: string
  start(parts: UplinkParts): Uplink
  close(): Promise<void>
}
export interface Uplink {
  /** Mounted under `/api/v1`. */
  readonly routes: readonly FastifyPluginAsync[]
  readonly telemetryHealthy: boolean
  onTelemetryHealth(listener: (healthy: boolean) => void): void
  /** Takes no more, and finishes what it took. The database must still be there. */
  close(): Promise<void>
}

/** Homes to server, wired: broker, ingest, telemetry, gateways. The alarms' side is handed in, because it needs the downlink first. */
export async function openUplink(base: UplinkBase): Promise<UplinkDoor> {
  const { database, clock } = base
  const directory = new MemoryDirectory(database, clock)
  const erased = new ErasedHomes(database, clock)
  try {
    // Both before the first home connects: it may come with samples that are erased.
    await Promise.all([directory.refresh(), erased.refresh()])
    const { broker, url } = await openBroker(base, directory)
    return {
      directory,
      downlink: broker,
      ready: () => broker.ready,
      mqttUrl: url,
      start: (parts) => startUplink(base, parts, broker, { directory, erased }, url),
      async close() {
        await broker.close()
        directory.close()
        erased.close()
      },
    }
  } catch (error) {
    directory.close()
    erased.close()
    throw error
  }
}

async function openBroker(
  { config: { mqtt, tls }, clock, random, log }: UplinkBase,
  directory: GatewayDirectory,
): Promise<{ broker: Broker; url: string }> {
  if (mqtt.url) {
    const { protocol, host } = new URL(mqtt.url)
    return { broker: await connectExternalBroker({ url: mqtt.url, clock, random, log }), url: `${protocol}//${host}` }
  }
  const secure = tls && {
    host: mqtt.host,
    port: mqtt.tlsPort,
    cert: await configured('ANJU_TLS_CERT', tls.certFile),
    key: await configured('ANJU_TLS_KEY', tls.keyFile),
  }
  const broker = await startEmbeddedBroker({
    host: mqtt.plainHost,
    port: mqtt.port,
    directory,
    clock,
    ...(secure ? { tls: secure } : {}),
  })
  const url =
    broker.tlsPort === undefined || mqtt.plainHost === mqtt.host
      ? `mqtt://${mqtt.plainHost}:${broker.port}`
      : `mqtts://${mqtt.host}:${broker.tlsPort}`
  return { broker, url }
}

/** @throws DomainError `config-malformed`: no waiting brings a file that somebody has named wrongly. */
const configured = (variable: string, file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: unknown) => {
    throw new DomainError('config-malformed', `${variable}: ${errorMessage(error)}`)
  })

function startUplink(
  { config, database, databaseUrl, server, clock, random, log }: UplinkBase,
  { intake, hearing, live, metrics, newSecret }: UplinkParts,
  broker: Broker,
  { directory, erased }: { readonly directory: MemoryDirectory; readonly erased: ErasedHomes },
  mqttUrl: string,
): Uplink {
  const counters = new IngestCounters()
  const quarantine = new StoredQuarantine({
    database,
    directory,
    counters,
    wasErased: (home) => erased.has(home),
    clock,
    log,
  })
  const presence = new GatewayPresence(database, live, clock, log)
  const devices = new DevicePresence(database, clock, log)
  const chain = new ChainWatch(database, clock, log)
  const silence = new SilenceWatch({ database, intake, hearing, live, server, clock, log, hears: () => broker.ready })
  const gaps = new Gaps({ database, directory, downlink: broker, clock, random, log }, counters)
  const storeIs = storeFor(config, databaseUrl)
  const telemetry = new TelemetryFeed({
    startWorker: startWorkerAt(telemetryWorker, storeIs),
    scopeOf: (gateway) => scopeOf(directory, gateway),
    sendReceipt: (gateway, json) => broker.sendText(gateway, 'receipt', json),
    onRefused(gateway, code, why, sample) {
      counters.refuse(code)
      quarantine.put(gateway, `anju/v1/${gateway}/up/telemetry`, code, why, sample)
    },
    onGap: (gateway, boot, run) => gaps.suspect(gateway, boot, 'telemetry', run),
    onPoints(points) {
      counters.telemetryPoints += points
    },
    clock,
    log,
  })
  erased.onErased((homes) => telemetry.drop(homes))
  const ingest = new Ingest({
    downlink: broker,
    intake,
    telemetry,
    presence: withListeners(presence, [devices, chain]),
    quarantine,
    gaps,
    counters,
  })
  broker.onUplink((uplink) => ingest.handle(uplink))
  exposeUplink(metrics, {
    counters,
    broker: () => broker.figures,
    waitingEvents: () => ingest.waitingEvents,
    telemetryWaitingBytes: () => telemetry.waitingBytes,
    telemetryHealthy: () => telemetry.healthy,
  })
  const registry = new GatewayRegistry(database, clock, random, newSecret)
  const store = storeToAsk(storeIs, database, clock)
  const archives = openArchives(config.influx, database, clock)
  const erasure = startErasure({ database, archives, erased, clock, random, log })
  return {
    routes: [
      gatewayRoutes({
        registry,
        mqttUrl,
        async onCredentials(gateway) {
          await directory.refresh()
          broker.disconnect(gateway)
        },
      }),
      measurementRoutes(store, database, clock),
      telemetryExportRoutes({ archive: archives.current, database, clock }),
      ...erasure.routes,
      telemetryQuestionRoutes(store, database, clock),
    ],
    get telemetryHealthy() {
      return telemetry.healthy
    },
    onTelemetryHealth: (listener) => telemetry.onHealth(listener),
    async close() {
      erasure.stop()
      await Promise.all([ingest.close(), telemetry.close(), silence.close()])
      await Promise.all([gaps.close(), presence.close(), devices.close(), chain.close(), quarantine.close()])
      await Promise.all([store.close(), archives.close()])
    },
  }
}

/** What a gateway says of itself is heard by several, each of which writes down its own part. */
const withListeners = (presence: Presence, others: readonly HealthListener[]): Presence => ({
  heard: (gateway) => presence.heard(gateway),
  lost: (gateway, will) => presence.lost(gateway, will),
  health(gateway, message) {
    presence.health(gateway, message)
    for (const other of others) other.health(gateway, message)
  },
})
/** Where measurements are kept: said here once, for the worker that writes them and the routes that ask for them. */
function storeFor({ telemetryStore, influx }: Config, databaseUrl: string): TelemetryWorkerData {
  if (telemetryStore === 'null') return { store: 'null' }
  return influx ? { store: 'influx', address: influx } : { store: 'postgres', databaseUrl }
}

function storeToAsk(data: TelemetryWorkerData, database: Database, clock: Clock): TelemetryStore {
  switch (data.store) {
    case 'null':
      return nullStore()
    case 'influx':
      return influxStore(data.address, clock)
    case 'postgres':
      return postgresStore(database)
    default:
      return assertNever(data)
  }
}

/** From memory; one that is not known yet is asked for, and its next message finds it. */
function scopeOf(directory: MemoryDirectory, gateway: GatewayId) {
  const known = directory.known(gateway)
  if (!known) Promise.resolve(directory.homeOf(gateway)).catch(() => undefined)
  return known
}
