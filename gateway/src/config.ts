import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { deviceId, errorMessage, type GatewayId, gatewayId, placementId, SLUG_PATTERN } from '@anju/contract'
import { withIntervals } from '@anju/device-profiles/poll-intervals'
import { profileById } from '@anju/device-profiles/registry'
import { wireOf } from '@anju/device-profiles/wires'
import Type, { type Static, type TProperties } from 'typebox'
import { Compile } from 'typebox/compile'
import { isLoopback } from './domain/loopback.ts'
import { agreeOnLines, optionsOf, refuse } from './installation.ts'
import type { Device, InstalledProfile } from './ports.ts'
import type { FileProblem, ProfileFiles } from './profile-files.ts'
import { type LineUrl, parseLineUrl } from './serial-line/line-url.ts'

const object = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false })
const Slug = Type.String({ pattern: SLUG_PATTERN })
const Text = Type.String({ minLength: 1, maxLength: 500 })
const Port = Type.Integer({ minimum: 0, maximum: 65_535 })
const Credentials = object({
  username: Text,
  password: Text,
  /** Topic filters it may publish to and subscribe to; everything of the devices' when absent. */
  topics: Type.Optional(Type.Array(Text, { minItems: 1, maxItems: 32 })),
})

const ConfigFile = object({
  gatewayId: Slug,
  dataDir: Text,
  uplink: object({
    url: Text,
    username: Type.Optional(Text),
    password: Type.Optional(Text),
    /** Files in PEM: mutual TLS outside the demo. */
    tls: Type.Optional(object({ ca: Type.Optional(Text), cert: Type.Optional(Text), key: Type.Optional(Text) })),
  }),
  broker: object({
    host: Text,
    port: Port,
    allowLoopbackAnonymous: Type.Optional(Type.Boolean()),
    credentials: Type.Optional(Type.Array(Credentials, { maxItems: 256 })),
  }),
  http: object({ host: Text, port: Port }),
  telemetry: Type.Optional(object({ flushEveryS: Type.Number({ minimum: 0.1, maximum: 3_600 }) })),
  store: Type.Optional(object({ mebibytesMax: Type.Integer({ minimum: 32, maximum: 65_536 }) })),
  /** A folder of an installer's own profiles (`*.json`); relative to the configuration file. */
  profiles: Type.Optional(Text),
  lines: Type.Optional(Type.Array(object({ id: Slug, url: Text }), { maxItems: 32 })),
  devices: Type.Optional(
    Type.Array(
      object({
        id: Slug,
        placement: Slug,
        profile: Text,
        topic: Type.Optional(Text),
        line: Type.Optional(Slug),
        address: Type.Optional(Text),
        options: Type.Optional(Type.Record(Text, Type.String({ maxLength: 500 }))),
        pollEveryS: Type.Optional(Type.Record(Text, Type.Number())),
      }),
      { maxItems: 256 },
    ),
  ),
})
type ConfigFile = Static<typeof ConfigFile>
const validator = Compile(ConfigFile)

export interface GatewayConfig {
  readonly gatewayId: GatewayId
  readonly dataDir: string
  readonly uplink: ConfigFile['uplink']
  readonly broker: {
    readonly host: string
    readonly port: number
    readonly allowLoopbackAnonymous: boolean
    readonly credentials: readonly Static<typeof Credentials>[]
  }
  readonly http: { readonly host: string; readonly port: number }
  readonly flushEveryS: number
  /** Bytes of the outbox file. */
  readonly storeBytesMax: number
  readonly lines: readonly { readonly id: string; readonly url: LineUrl }[]
  readonly devices: readonly Device[]
  readonly profileProblems: readonly FileProblem[]
  /** Devices whose profile is a file that cannot be used: the others must not be silent for it. */
  readonly leftOut: readonly { readonly id: string; readonly why: string }[]
}

export interface GatewayEnvironment {
  readonly allowPlaintext: boolean
  readonly logLevel: string
  /** Where the pid file goes when the whole demo shares one folder. */
  readonly dataDir: string | undefined
}

export const readEnvironment = (env: NodeJS.ProcessEnv = process.env): GatewayEnvironment => ({
  allowPlaintext: env.ANJU_ALLOW_PLAINTEXT === '1',
  logLevel: env.ANJU_LOG_LEVEL ?? 'info',
  dataDir: env.ANJU_DATA_DIR ? resolve(env.ANJU_DATA_DIR) : undefined,
})

/** @throws DomainError `config-malformed`, naming the file or the field and what is wrong with it. */
export async function readConfig(file: string, environment: GatewayEnvironment): Promise<GatewayConfig> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw refuse(file, errorMessage(error))
  }
  const { profiles, dataDir, devices = [] } = checked(value)
  if (profiles === undefined) return parseConfig(value, environment)
  // With its libraries, only where a home has such files.
  const { loadProfileFiles } = await import('./profile-files.ts')
  const files = await loadProfileFiles(
    resolve(dirname(file), profiles),
    join(resolve(dataDir), 'profiles-accepted'),
    new Set(devices.map(({ profile }) => profile)),
  )
  return parseConfig(value, environment, files)
}

/** @throws DomainError `config-malformed`, naming the field. */
function checked(value: unknown): ConfigFile {
  if (!validator.Check(value)) {
    const [first] = validator.Errors(value)
    const required = (first?.params as { requiredProperties?: string[] } | undefined)?.requiredProperties?.[0]
    const field = fieldOf(`${first?.instancePath ?? ''}${required === undefined ? '' : `/${required}`}`)
    if (required !== undefined) throw refuse(field, 'is missing')
    // What `additionalProperties: false` comes out as: a schema that nothing satisfies, at the unknown field.
    throw refuse(
      field,
      first?.message === 'schema is false' ? 'is not a setting' : (first?.message ?? 'is not as agreed'),
    )
  }
  return value
}

const noFiles: ProfileFiles = { profiles: new Map(), problems: [] }

/** @throws DomainError `config-malformed`, naming the field. */
export function parseConfig(
  value: unknown,
  environment: Pick<GatewayEnvironment, 'allowPlaintext'>,
  files: ProfileFiles = noFiles,
): GatewayConfig {
  const file = checked(value)
  const lines = (file.lines ?? []).map((line, i) => ({ id: line.id, url: parseLineUrl(line.url, `lines[${i}].url`) }))
  unique(
    lines.map(({ id }) => id),
    'lines',
  )
  const leftOut: { id: string; why: string }[] = []
  const devices = (file.devices ?? []).flatMap((given, i) => {
    const profile = profileById(given.profile) ?? files.profiles.get(given.profile)
    if (profile) return [parseDevice(given, profile, `devices[${i}]`, lines)]
    if (files.problems.length === 0)
      throw refuse(`devices[${i}].profile`, `no profile ${given.profile}; \`gateway -- profiles\` lists them`)
    leftOut.push({ id: given.id, why: `no profile ${given.profile}, and not every file of profiles is good` })
    return []
  })
  unique(
    devices.map(({ id }) => id),
    'devices',
  )
  agreeOnLines(devices)
  if (!environment.allowPlaintext) refusePlaintext(file)
  checkUrl(file.uplink.url)
  return {
    gatewayId: gatewayId(file.gatewayId),
    dataDir: resolve(file.dataDir),
    uplink: file.uplink,
    broker: {
      host: file.broker.host,
      port: file.broker.port,
      allowLoopbackAnonymous: file.broker.allowLoopbackAnonymous ?? false,
      credentials: file.broker.credentials ?? [],
    },
    http: file.http,
    flushEveryS: file.telemetry?.flushEveryS ?? 5,
    storeBytesMax: (file.store?.mebibytesMax ?? 512) * 1_048_576,
    lines,
    devices,
    profileProblems: files.problems,
    leftOut,
  }
}

type DeviceFile = NonNullable<ConfigFile['devices']>[number]

function parseDevice(
  given: DeviceFile,
  profile: InstalledProfile,
  field: string,
  lines: readonly { readonly id: string }[],
): Device {
  const wire = wireOf(profile.driver)
  if (!wire && given.topic === undefined)
    throw refuse(`${field}.topic`, `an MQTT device needs its topic, like ${profile.topic ?? '…'}`)
  if (wire && !lines.some(({ id }) => id === given.line))
    throw refuse(`${field}.line`, given.line === undefined ? 'a serial device needs its line' : `no line ${given.line}`)
  const wrongAddress = wire?.addressProblem(given.address)
  if (wrongAddress !== undefined)
    throw refuse(
      `${field}.address`,
      wire?.addressExample === undefined ? wrongAddress : `${wrongAddress}, like ${wire.addressExample}`,
    )
  const options = optionsOf(profile, given.options ?? {}, field)
  if (given.pollEveryS) {
    try {
      withIntervals(profile.polls ?? [], given.pollEveryS)
    } catch (error) {
      throw refuse(field, errorMessage(error))
    }
  }
  return {
    id: deviceId(given.id),
    placement: placementId(given.placement),
    profile,
    options,
    ...(given.topic !== undefined && { topic: given.topic }),
    // What publishes hangs on no line: named there, it would be taken for whoever says what is spoken on it.
    ...(wire && given.line !== undefined && { line: given.line }),
    ...(given.address !== undefined && { address: given.address }),
    ...(given.pollEveryS && { pollEveryS: given.pollEveryS }),
  }
}

function refusePlaintext(file: ConfigFile): void {
  const hint = 'off loopback is refused unless ANJU_ALLOW_PLAINTEXT=1'
  if (!isLoopback(file.broker.host)) throw refuse('broker.host', `plaintext MQTT ${hint}`)
  if (!isLoopback(file.http.host)) throw refuse('http.host', `plaintext HTTP ${hint}`)
  const { protocol, hostname } = checkUrl(file.uplink.url)
  if (protocol === 'mqtt:' && !isLoopback(hostname)) throw refuse('uplink.url', `plaintext MQTT ${hint}; use mqtts://`)
}

function checkUrl(text: string): URL {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'mqtt:' && url.protocol !== 'mqtts:'))
    throw refuse('uplink.url', 'not an mqtt:// or mqtts:// address')
  return url
}

function unique(ids: readonly string[], field: string): void {
  const twice = ids.findIndex((id, i) => ids.indexOf(id) !== i)
  if (twice >= 0) throw refuse(`${field}[${twice}].id`, `${ids[twice]} is already taken`)
}

/** `/devices/0/id` as people write it: `devices[0].id`. */
const fieldOf = (path: string): string =>
  path
    .slice(1)
    .split('/')
    .reduce((name, part) => (/^\d+$/.test(part) ? `${name}[${part}]` : name ? `${name}.${part}` : part), '') || '(file)'
