import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import mqtt, { type MqttClient } from 'mqtt'
import { type RunningGateway, startGateway } from '../app.ts'
import { type GatewayConfig, parseConfig } from '../config.ts'
import type { Device } from '../ports.ts'
import { silentLog } from './silent-log.ts'

/** For tests: a gateway with the demo's button, on free ports and a folder of its own. */
export interface TestGateway {
  readonly config: GatewayConfig
  running: RunningGateway
  device(options?: mqtt.IClientOptions): Promise<MqttClient>
  press(device: MqttClient, action?: string): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

export const buttonTopic = 'zigbee2mqtt/bathroom button'
const button = { id: 'sos-1', placement: 'bathroom-sos', profile: 'tuya/ts0215a-sos', topic: buttonTopic }

export async function aTestGateway(
  uplinkUrl: string,
  more: { lines?: object[]; devices?: object[]; installed?: readonly Device[]; credentials?: object[] } = {},
): Promise<TestGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'anju-gateway-'))
  const parsed = parseConfig(
    {
      gatewayId: 'gw-test',
      dataDir,
      uplink: { url: uplinkUrl },
      broker: { host: '127.0.0.1', port: 0, allowLoopbackAnonymous: true, credentials: more.credentials ?? [] },
      http: { host: '127.0.0.1', port: 0 },
      telemetry: { flushEveryS: 0.2 },
      lines: more.lines ?? [],
      devices: [button, ...(more.devices ?? [])],
    },
    { allowPlaintext: false },
  )
  const config = { ...parsed, devices: [...parsed.devices, ...(more.installed ?? [])] }
  const start = () => startGateway(config, { clock: systemClock, random: systemRandom, log: silentLog })
  const clients = new Set<MqttClient>()
  const gateway: TestGateway = {
    config,
    running: await start(),
    async device(options = {}) {
      const url = `mqtt://127.0.0.1:${gateway.running.brokerPort}`
      const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...options }, false)
      client.on('error', () => undefined)
      clients.add(client)
      return client
    },
    async press(device, action = 'emergency') {
      await device.publishAsync(buttonTopic, JSON.stringify({ action, battery: 80 }), { qos: 1 })
    },
    async restart() {
      await gateway.running.stop()
      gateway.running = await start()
    },
    async stop() {
      for (const client of clients) client.end(true)
      await gateway.running.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return gateway
}
