import { resolve } from 'node:path'
import { DomainError } from '@anju/contract'

/** What the environment says to `npm start` and to the commands of a second shell. Names and defaults are published. */
export interface DemoConfig {
  /** Absolute. */
  readonly dataDir: string
  readonly http: { readonly host: string; readonly port: number }
  /** Undefined when the broker is somebody else's (`ANJU_MQTT_URL`). */
  readonly mqtt: { readonly host: string; readonly port: number } | undefined
  readonly gatewayMqttPort: number
  readonly gatewayHttpPort: number
  readonly password: string | undefined
  /** Whether somebody configured how telephones are reached. */
  readonly hasChannels: boolean
  readonly path: string | undefined
  /** Started by npm: then npm's end is ours. */
  readonly underNpm: boolean
}

type Env = Readonly<Record<string, string | undefined>>

/** @throws DomainError `config-malformed` naming the variable. */
export function loadDemoConfig(env: Env = process.env): DemoConfig {
  const text = (name: string) => env[name]?.trim() || undefined
  const port = (name: string, fallback: number) => {
    const given = text(name)
    if (given === undefined) return fallback
    const number = Number(given)
    if (!/^\d+$/.test(given) || number < 1 || number > 65_535)
      throw new DomainError('config-malformed', `${name}: "${given}" is not a port (1 to 65535)`)
    return number
  }
  return {
    dataDir: resolve(text('ANJU_DATA_DIR') ?? './var'),
    http: { host: text('ANJU_HTTP_HOST') ?? '127.0.0.1', port: port('ANJU_HTTP_PORT', 8_080) },
    mqtt: text('ANJU_MQTT_URL')
      ? undefined
      : { host: text('ANJU_MQTT_HOST') ?? '127.0.0.1', port: port('ANJU_MQTT_PORT', 1_883) },
    gatewayMqttPort: port('ANJU_GATEWAY_MQTT_PORT', 1_884),
    gatewayHttpPort: port('ANJU_GATEWAY_HTTP_PORT', 8_081),
    password: text('ANJU_DEMO_PASSWORD'),
    hasChannels: text('ANJU_CHANNELS_FILE') !== undefined,
    path: env['PATH'],
    underNpm: text('npm_lifecycle_event') !== undefined,
  }
}

/** Where this machine reaches what listens on `host`: a program that listens everywhere is also here. */
export const reachableHost = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host

/** The parts inherit the environment, so that every published variable works for them too. */
export const partEnvironment = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...more,
})
