import { open } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { classOf, DomainError, definitionOf, errorMessage, plausible } from '@anju/contract'
import {
  bytesOfHex,
  type ProtocolInput,
  profileById,
  profiles,
  protocolByName,
  protocols,
  type Telling,
  tellWithProfile,
} from '@anju/device-profiles'
import type { FileProfile } from '@anju/device-profiles/profile-file/file-profile'

const USAGE =
  'decode (--profile ID | --profile FILE.json | --protocol NAME) (--hex H | --text T | --text-file F | --json J) [--topic T] [--device D] [--f-port N] [--key H --mac H] [--option NAME=VALUE]'
const HELP = `usage: npm run gateway -- ${USAGE}

  --profile ID         a device we know (npm run gateway -- profiles), or a profile file of your own
  --protocol NAME      what the protocol says by itself: ${protocols.map(({ name }) => name).join(', ')}
  --hex H              the bytes of a frame; blanks, colons and 0x may stand between them
  --text T, --json J   an MQTT payload, as it is
  --text-file F        the bytes of a file
  --topic T            of an MQTT message
  --device D           vendor/model@REGISTER for Modbus, an equipment profile for EnOcean
  --f-port N           of a LoRaWAN uplink
  --key H, --mac H     of a device that encrypts by itself (BTHome)
  --option NAME=VALUE  an option of the profile, as often as needed
`
const textFileBytesMax = 16 * 1024 * 1024
const OPTIONS = {
  profile: { type: 'string' },
  protocol: { type: 'string' },
  hex: { type: 'string' },
  text: { type: 'string' },
  'text-file': { type: 'string' },
  json: { type: 'string' },
  topic: { type: 'string' },
  device: { type: 'string' },
  'f-port': { type: 'string' },
  key: { type: 'string' },
  mac: { type: 'string' },
  option: { type: 'string', multiple: true },
} as const

/**
 * `gateway -- decode`: what a frame or payload means, as JSON lines. Exit code 0; 1 for a bad frame, with
 * `{"refused", "why"}`; 2 when the question itself is wrong.
 */
export async function decode(argv: readonly string[], print: (line: string) => void = console.log): Promise<number> {
  const say = (line: object) => print(JSON.stringify(line))
  if (argv.includes('--help')) {
    print(HELP)
    return 0
  }
  let tellings: readonly Telling[]
  try {
    const { read, topic } = await readerOf(argv)
    const input = await inputOf(argv)
    if (!input.ok) {
      say({ refused: input.error.code, why: input.error.message })
      return 1
    }
    tellings = await read({ bytes: input.bytes, topic, ...besidesOf(argv) })
  } catch (error) {
    say({ refused: 'request-malformed', why: `${errorMessage(error)}; usage: ${USAGE}` })
    return 2
  }
  for (const telling of tellings) for (const line of linesOf(telling)) say(line)
  return tellings.some(({ is }) => is === 'refused') ? 1 : 0
}

/** A frame's line first, then its points and events. */
export function linesOf(telling: Telling): readonly object[] {
  if (telling.is === 'refused') return [{ refused: telling.code, why: telling.why }]
  if (telling.is === 'skipped') return [{ skipped: telling.why }]
  const points = telling.readings.map(({ point, quantity, reading }) => {
    const judged = plausible(quantity, reading)
    return judged.is === 'value'
      ? { point, quantity, value: judged.value, unit: definitionOf(quantity).unit }
      : { point, absent: judged.why }
  })
  return [{ frame: telling.frame }, ...points, ...telling.events.map((event) => ({ event, class: classOf(event) }))]
}

function argumentsOf(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: false }).values
}

type Read = (input: ProtocolInput) => readonly Telling[] | Promise<readonly Telling[]>

async function readerOf(argv: readonly string[]): Promise<{ read: Read; topic: string }> {
  const { profile: id, protocol: name, topic = 'zigbee2mqtt/device', option = [] } = argumentsOf(argv)
  if ((id === undefined) === (name === undefined)) throw new Error('name one of --profile and --protocol')
  if (id !== undefined) {
    const profile = id.endsWith('.json') ? await ownProfile(id) : profileById(id)
    if (!profile)
      throw new Error(`--profile: unknown; \`gateway -- profiles\` lists the ${profiles.length} that are known`)
    return { read: (input) => tellWithProfile(profile, input, optionsOf(option)), topic }
  }
  const protocol = protocolByName(name ?? '')
  if (!protocol) throw new Error('--protocol: unknown; decode --help names them')
  return { read: (input) => protocol.read(input), topic }
}

/** `--option key=…`, as often as needed. */
const optionsOf = (given: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=')
      if (at < 1) throw new Error('--option: not NAME=VALUE')
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )

async function ownProfile(file: string): Promise<FileProfile> {
  const { loadProfile } = await import('@anju/device-profiles/profile-file/load')
  const loaded = await loadProfile(new TextDecoder().decode(await fileBytes(file)))
  if (loaded.is === 'profile') return loaded.profile
  const [first] = loaded.problems
  throw new Error(`${file}:${first?.line}: ${first?.why}`)
}

/** What a payload does not say of itself: its device, the LoRaWAN port, and how a device that encrypts by itself is opened. */
function besidesOf(argv: readonly string[]): Pick<ProtocolInput, 'device' | 'fPort' | 'key' | 'mac'> {
  const { device, 'f-port': port, key, mac } = argumentsOf(argv)
  if (port !== undefined && !/^\d{1,3}$/.test(port)) throw new Error('--f-port: not a number from 0 to 255')
  return {
    device,
    fPort: port === undefined ? undefined : Number(port),
    key: key === undefined ? undefined : bytesOfHex(key),
    mac: mac === undefined ? undefined : bytesOfHex(mac),
  }
}

type Input = { ok: true; bytes: Uint8Array } | { ok: false; error: DomainError }

async function inputOf(argv: readonly string[]): Promise<Input> {
  const { hex, text, 'text-file': file, json } = argumentsOf(argv)
  if ([hex, text, file, json].filter((given) => given !== undefined).length !== 1)
    throw new Error('name one of --hex, --text, --text-file and --json')
  const said = text ?? json
  if (said !== undefined) return { ok: true, bytes: new TextEncoder().encode(said) }
  if (file !== undefined) return { ok: true, bytes: await fileBytes(file) }
  try {
    return { ok: true, bytes: bytesOfHex(hex ?? '') }
  } catch (error) {
    if (error instanceof DomainError) return { ok: false, error }
    throw error
  }
}

async function fileBytes(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size > textFileBytesMax) throw new Error(`${path}: ${size} bytes, at most ${textFileBytesMax}`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}
