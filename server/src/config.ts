import { DomainError } from '@anju/contract'
import { isLoopback } from './domain/loopback.ts'

export { isLoopback }

/** What the environment says, parsed once. Every name here is published; see the README. */
export interface Config {
  readonly http: { readonly host: string; readonly port: number }
  readonly mqtt: {
    readonly host: string
    /** Where plaintext is listened to: `host`, but only loopback when others could read along. */
    readonly plainHost: string
    readonly port: number
    readonly tlsPort: number
    /** An external broker; then none is embedded. */
    readonly url?: string
  }
  /** PEM files; both or none. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
  readonly database?: { readonly url: string; readonly ownerUrl?: string }
  readonly influx?: { readonly url: string; readonly token: string; readonly org: string; readonly bucket: string }
  /** `null` measures and discards, whatever else is set: for benchmarks only. */
  readonly telemetryStore: 'postgres' | 'null'
  readonly dataDir: string
  /** Where people's browsers and providers reach this server: an origin, without a slash at its end. */
  readonly publicUrl: string
  /** Through whom people are notified; without it by push only. */
  readonly channelsFile?: string
  /** Seals what people's authenticators share with us; without it, a key of the data folder. */
  readonly secondFactorKey?: string
  readonly demo: boolean
  readonly demoPassword?: string
  readonly logLevel: string
}

type Env = Readonly<Record<string, string | undefined>>

const loopback = '127.0.0.1'
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** @throws DomainError `config-malformed` naming the variable and what is wrong with it. */
export function loadConfig(env: Env = process.env): Config {
  const plaintextAllowed = flag(env, 'ANJU_ALLOW_PLAINTEXT')
  const mqttHost = text(env, 'ANJU_MQTT_HOST') ?? loopback
  const http = { host: text(env, 'ANJU_HTTP_HOST') ?? loopback, port: port(env, 'ANJU_HTTP_PORT', 8080) }
  const config: Config = {
    http,
    mqtt: {
      host: mqttHost,
      plainHost: plaintextAllowed || isLoopback(mqttHost) ? mqttHost : loopback,
      port: port(env, 'ANJU_MQTT_PORT', 1883),
      tlsPort: port(env, 'ANJU_MQTT_TLS_PORT', 8883),
      ...given('url', url(env, 'ANJU_MQTT_URL', ['mqtt:', 'mqtts:', 'ws:', 'wss:'])),
    },
    ...given('tls', together(env, { certFile: 'ANJU_TLS_CERT', keyFile: 'ANJU_TLS_KEY' })),
    ...given('database', database(env)),
    ...given('influx', influx(env)),
    telemetryStore: oneOf(env, 'ANJU_TELEMETRY_STORE', ['postgres', 'null'] as const) ?? 'postgres',
    dataDir: text(env, 'ANJU_DATA_DIR') ?? './var',
    publicUrl: publicUrl(env, http.port, plaintextAllowed),
    ...given('channelsFile', text(env, 'ANJU_CHANNELS_FILE')),
    ...given('secondFactorKey', key(env, 'ANJU_SECOND_FACTOR_KEY')),
    demo: flag(env, 'ANJU_DEMO'),
    ...given('demoPassword', text(env, 'ANJU_DEMO_PASSWORD')),
    logLevel: oneOf(env, 'ANJU_LOG_LEVEL', LOG_LEVELS) ?? 'info',
  }
  refusePlaintext(config, plaintextAllowed)
  if (config.demo && !config.demoPassword) throw malformed('ANJU_DEMO_PASSWORD', 'needed with ANJU_DEMO=1')
  return config
}

/** Passwords and residents' names do not cross a network in the clear. */
function refusePlaintext({ http, mqtt, tls, influx }: Config, allowed: boolean): void {
  if (allowed) return
  const how =
    'is not loopback and would be plaintext; put TLS in front and set ANJU_ALLOW_PLAINTEXT=1, or use 127.0.0.1'
  if (!isLoopback(http.host)) throw malformed('ANJU_HTTP_HOST', `${http.host} ${how}`)
  if (!mqtt.url && !tls && !isLoopback(mqtt.host))
    throw malformed('ANJU_MQTT_HOST', `${mqtt.host} ${how}, or set ANJU_TLS_CERT and ANJU_TLS_KEY`)
  if (influx && URL.parse(influx.url)?.protocol === 'http:') {
    const { hostname } = new URL(influx.url)
    if (!isLoopback(hostname)) throw malformed('INFLUX_URL', `${hostname} ${how}, or https:`)
  }
  if (mqtt.url) {
    const { protocol, hostname } = new URL(mqtt.url)
    if ((protocol === 'mqtt:' || protocol === 'ws:') && !isLoopback(hostname))
      throw malformed('ANJU_MQTT_URL', `${hostname} ${how}, or mqtts:`)
  }
}

/** A variable that a file names (`{"env": "NAME"}`): secrets may live here, and here only is the environment read. */
export const variable = (name: string): string | undefined => text(process.env, name)

/** It goes into links that carry an answer's secret, so in the clear only to this machine. */
function publicUrl(env: Env, port: number, plaintextAllowed: boolean): string {
  const name = 'ANJU_PUBLIC_URL'
  const given = url(env, name, ['http:', 'https:']) ?? `http://${loopback}:${port}`
  const parsed = URL.parse(given)
  if (!parsed || (parsed.href !== `${parsed.origin}/` && parsed.href !== parsed.origin))
    throw malformed(name, 'must be a scheme, a host and at most a port, like https://anju.example.org')
  if (parsed.protocol === 'http:' && !plaintextAllowed && !isLoopback(parsed.hostname))
    throw malformed(name, `${parsed.hostname} is not loopback and would be plaintext; use https://`)
  return parsed.origin
}

function database(env: Env): Config['database'] {
  const app = url(env, 'DATABASE_URL', ['postgres:', 'postgresql:'])
  const owner = url(env, 'DATABASE_OWNER_URL', ['postgres:', 'postgresql:'])
  if (!app && owner) throw malformed('DATABASE_URL', 'needed with DATABASE_OWNER_URL')
  return app ? { url: app, ...given('ownerUrl', owner) } : undefined
}

function influx(env: Env): Config['influx'] {
  const names = { url: 'INFLUX_URL', token: 'INFLUX_TOKEN', org: 'INFLUX_ORG', bucket: 'INFLUX_BUCKET' }
  const given = together(env, names)
  if (given && !URL.canParse(url(env, names.url, ['http:', 'https:']) ?? ''))
    throw malformed(names.url, 'is not a URL like https://influx.example.org:8086')
  return given
}

const malformed = (name: string, why: string) => new DomainError('config-malformed', `${name}: ${why}`)

/** An empty variable is an unset one: that is what shells and unit files make of "not given". */
const text = (env: Env, name: string): string | undefined => env[name]?.trim() || undefined

function port(env: Env, name: string, fallback: number): number {
  const given = text(env, name)
  if (given === undefined) return fallback
  const number = Number(given)
  // 0 asks the machine for a free one; tests do.
  if (!/^\d+$/.test(given) || number > 65_535) throw malformed(name, `"${given}" is not a port (0 to 65535)`)
  return number
}

function flag(env: Env, name: string): boolean {
  const given = text(env, name)
  if (given !== undefined && given !== '0' && given !== '1') throw malformed(name, `"${given}" is neither 0 nor 1`)
  return given === '1'
}

function key(env: Env, name: string): string | undefined {
  const given = text(env, name)
  if (given !== undefined && Buffer.from(given, 'base64url').length !== 32)
    throw malformed(name, 'is not a key of 32 bytes in base64url')
  return given
}

function oneOf<T extends string>(env: Env, name: string, allowed: readonly T[]): T | undefined {
  const given = text(env, name)
  if (given === undefined) return undefined
  const found = allowed.find((value) => value === given)
  if (found === undefined) throw malformed(name, `"${given}" is none of ${allowed.join(', ')}`)
  return found
}

function url(env: Env, name: string, protocols: readonly string[]): string | undefined {
  const given = text(env, name)
  if (given === undefined) return undefined
  // A database URL may carry a socket path as its host, which URL refuses; the scheme is what we can judge.
  if (!protocols.some((protocol) => given.startsWith(`${protocol}//`)))
    throw malformed(name, `must begin with one of ${protocols.map((protocol) => `${protocol}//`).join(' ')}`)
  return given
}

function together<K extends string>(env: Env, names: Readonly<Record<K, string>>): Record<K, string> | undefined {
  const entries = Object.entries<string>(names).map(([key, name]) => [key, text(env, name), name] as const)
  if (entries.every(([, value]) => value === undefined)) return undefined
  for (const [, value, name] of entries)
    if (value === undefined) throw malformed(name, `needed together with ${Object.values(names).join(', ')}`)
  return Object.fromEntries(entries.map(([key, value]) => [key, value])) as Record<K, string>
}

const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
