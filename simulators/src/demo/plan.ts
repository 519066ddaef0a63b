import { join } from 'node:path'
import type { GatewayAnswer } from '@anju/contract/api'
import type { HomeConfig, LineConfig } from '../home/config.ts'
import { type DemoConfig, reachableHost } from './config.ts'
import type { Kept } from './kept.ts'

export const demoHomeId = 'home-1'
export const demoGatewaySerial = 'DEMO-0001'
export const demoAccounts = ['operator', 'operator2', 'supervisor', 'installer', 'family', 'admin'] as const
const meterAddress = '000000000161'
const meterSettings = 'baud=2400&parity=even'
const bridgeName = 'z2m'
export const buttonName = 'bathroom button'

/** How the simulated home hangs on its gateway: the meter on a pseudo-terminal where there is one, the radar behind TCP. */
export interface Lines {
  readonly meter: LineConfig
  readonly radar: LineConfig
}

const tcp = (port: number): LineConfig => ({ kind: 'tcp', host: '127.0.0.1', port })

export function linesOf(dataDir: string, socat: string | undefined, ports: { meter: number; radar: number }): Lines {
  const path = join(dataDir, 'run', 'rs485-1')
  // The path becomes part of an address: one that an address would read differently takes the other way.
  const usable = socat !== undefined && /^[\w./ @+-]+$/.test(path)
  return {
    meter: usable ? { kind: 'pty', socat, path, settings: meterSettings } : tcp(ports.meter),
    radar: tcp(ports.radar),
  }
}

const urlOf = (line: LineConfig): string =>
  line.kind === 'pty' ? `serial:${line.path}?${line.settings}` : `tcp://${line.host}:${line.port}`

export function gatewayFile(config: DemoConfig, kept: Kept, lines: Lines, provisioned: GatewayAnswer): object {
  // Ports may be others than at the start it was provisioned at.
  const url = config.mqtt ? `mqtt://${reachableHost(config.mqtt.host)}:${config.mqtt.port}` : provisioned.mqtt.url
  return {
    gatewayId: provisioned.id,
    dataDir: join(config.dataDir, 'gateway'),
    uplink: { ...provisioned.mqtt, url },
    broker: {
      host: '127.0.0.1',
      port: config.gatewayMqttPort,
      allowLoopbackAnonymous: true,
      credentials: [{ username: bridgeName, password: kept.bridgePassword }],
    },
    http: { host: '127.0.0.1', port: config.gatewayHttpPort },
    telemetry: { flushEveryS: 5 },
    lines: [
      { id: 'rs485-1', url: urlOf(lines.meter) },
      { id: 'radar-1', url: urlOf(lines.radar) },
    ],
    devices: [
      { id: 'sos-1', placement: 'bathroom-sos', profile: 'tuya/ts0215a-sos', topic: `zigbee2mqtt/${buttonName}` },
      { id: 'radar-1', placement: 'living-radar', profile: 'seeed/mr60fda2', line: 'radar-1' },
      {
        id: 'meter-1',
        placement: 'meter',
        profile: 'dlt645/single-phase',
        line: 'rs485-1',
        address: meterAddress,
        // One home has the line to itself: a chart that moves tells a visitor more than one a minute.
        pollEveryS: { '02030000': 5, '02010100': 10, '02020100': 10, '02060000': 60, '02800002': 60, '00010000': 30 },
      },
    ],
  }
}

export function homeFile(config: DemoConfig, kept: Kept, lines: Lines): HomeConfig {
  return {
    dataDir: config.dataDir,
    seed: 82,
    timeZone: 'Asia/Shanghai',
    broker: {
      url: `mqtt://127.0.0.1:${config.gatewayMqttPort}`,
      username: bridgeName,
      password: kept.bridgePassword,
    },
    button: { friendlyName: buttonName },
    meter: { address: meterAddress, line: lines.meter },
    radar: { line: lines.radar },
  }
}

/** What a newcomer needs, and nothing else. The last line of a start is `ready`, and is not part of it. */
export function greeting(config: DemoConfig, password: string): string[] {
  const web = `http://${reachableHost(config.http.host)}:${config.http.port}`
  const press = JSON.stringify({ action: 'emergency', battery: 80 })
  return [
    `console          ${web}/`,
    `API              ${web}/api/docs`,
    `gateway's page   http://127.0.0.1:${config.gatewayHttpPort}/`,
    `data and logs    ${config.dataDir}`,
    ...demoAccounts.map((name) => `account ${name} ${password}`),
    `press the button: mosquitto_pub -p ${config.gatewayMqttPort} -t 'zigbee2mqtt/${buttonName}' -m '${press}'`,
    '              or: npm run simulate -- press-sos',
    ...(config.hasChannels ? [] : ['telephones       have no provider yet, and are not reached: docs/channels.md']),
  ]
}
