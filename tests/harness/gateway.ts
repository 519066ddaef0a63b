import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GatewayAnswer } from '@anju/contract/api'
import mqtt, { type MqttClient } from 'mqtt'
import { compileCache, type Part, ready, startPart } from './child.ts'
import { freePort } from './ports.ts'
import { temporaryFolder } from './server.ts'
import { within } from './wait.ts'

/** The real gateway as a process of its own, with the demo home's button and radar-free wiring unless told otherwise. */
export interface RunningGateway {
  readonly id: string
  readonly devicePort: number
  readonly statusUrl: string
  readonly dataDir: string
  readonly part: Part
  /** A client of the gateway's own broker, as a bridge in the home has it. */
  device(): Promise<MqttClient>
  /** One press of the demo's button; resolves at the PUBACK. */
  press(device: MqttClient): Promise<void>
  status(): Promise<GatewayLocalStatus>
  kill(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
  end(): Promise<void>
}
/** What the tests read of `/api/status`; the page shows more. */
export interface GatewayLocalStatus {
  readonly queue: { readonly life: number; readonly technical: number; readonly telemetry: number }
  readonly links: readonly { readonly id: string; readonly state: string }[]
}
export interface GatewayOptions {
  readonly provisioned: GatewayAnswer
  /** Where the uplink goes when it is not the server itself (a line the test can cut). */
  readonly uplinkUrl?: string
  readonly lines?: readonly object[]
  readonly devices?: readonly object[]
  readonly flushEveryS?: number
}

export const buttonTopic = 'zigbee2mqtt/bathroom button'
const button = { id: 'sos-1', placement: 'bathroom-sos', profile: 'tuya/ts0215a-sos', topic: buttonTopic }
export const pressPayload = JSON.stringify({ action: 'emergency', battery: 80, linkquality: 120 })

export async function aGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { id, mqtt: uplink } = options.provisioned
  const folder = temporaryFolder('anju-gateway')
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  const configFile = join(folder, 'gateway.json')
  const [devicePort, httpPort] = [await freePort(), await freePort()]
  writeFileSync(
    configFile,
    JSON.stringify({
      gatewayId: id,
      dataDir,
      uplink: { ...uplink, url: options.uplinkUrl ?? uplink.url },
      broker: { host: '127.0.0.1', port: devicePort, allowLoopbackAnonymous: true, credentials: [] },
      http: { host: '127.0.0.1', port: httpPort },
      telemetry: { flushEveryS: options.flushEveryS ?? 1 },
      lines: options.lines ?? [],
      devices: [button, ...(options.devices ?? [])],
    }),
  )
  const statusUrl = `http://127.0.0.1:${httpPort}/api/status`
  const status = async () => {
    const answer = await fetch(statusUrl, { signal: AbortSignal.timeout(2_000) })
    return (await answer.json()) as GatewayLocalStatus
  }
  let part: Part | undefined
  const gateway: RunningGateway = {
    id,
    devicePort,
    statusUrl,
    dataDir,
    get part() {
      if (!part) throw new Error('the gateway was never started')
      return part
    },
    status,
    async device() {
      const client = mqtt.connect(`mqtt://127.0.0.1:${devicePort}`, { reconnectPeriod: 0, connectTimeout: 5_000 })
      client.on('error', () => undefined)
      await within('a device connecting', 10_000, new Promise((resolve) => void client.once('connect', resolve)))
      return client
    },
    async press(device) {
      await device.publishAsync(buttonTopic, pressPayload, { qos: 1 })
    },
    kill: () => gateway.part.kill(),
    stop: () => gateway.part.stop(5_000),
    async start() {
      part = startPart('gateway', 'gateway/src/cli/main.ts', {
        args: ['--config', configFile],
        // Its own lies in its data folder, which is a fresh one here.
        env: { NODE_COMPILE_CACHE: compileCache },
        // As `npm run gateway` does: a small young heap keeps a small machine's memory free.
        nodeArgs: ['--max-semi-space-size=1'],
      })
      await ready(part, 'its local page', async () => Boolean(await status()), 15_000)
    },
    async end() {
      try {
        if (part?.alive) await gateway.stop()
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
  await gateway.start()
  return gateway
}
