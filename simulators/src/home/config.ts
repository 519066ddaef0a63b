import { readFileSync } from 'node:fs'
import { DomainError, errorMessage } from '@anju/contract'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

const strict = { additionalProperties: false }
const Line = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('pty'),
      socat: Type.String({ minLength: 1 }),
      path: Type.String({ minLength: 1 }),
      settings: Type.String(),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('tcp'),
      host: Type.String({ minLength: 1 }),
      port: Type.Integer({ minimum: 0, maximum: 65_535 }),
    },
    strict,
  ),
])
export type LineConfig = Static<typeof Line>

/** One simulated home: who lives there, and what its devices hang on. */
export const HomeConfig = Type.Object(
  {
    dataDir: Type.String({ minLength: 1 }),
    seed: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
    /** The gateway's broker, and the credentials of this home's zigbee2mqtt on it. */
    broker: Type.Object(
      { url: Type.String({ pattern: '^mqtt://' }), username: Type.String({ minLength: 1 }), password: Type.String() },
      strict,
    ),
    button: Type.Object({ friendlyName: Type.String({ minLength: 1, maxLength: 100 }) }, strict),
    meter: Type.Object({ address: Type.String({ pattern: '^\\d{12}$' }), line: Line }, strict),
    radar: Type.Object({ line: Line }, strict),
  },
  strict,
)
export type HomeConfig = Static<typeof HomeConfig>

const validator = Compile(HomeConfig)

/** @throws DomainError `config-malformed` that names the file and the field. */
export function parseHomeConfig(text: string, file: string): HomeConfig {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new DomainError('config-malformed', `${file} is not JSON: ${errorMessage(error)}`)
  }
  if (!validator.Check(value)) {
    const [first] = validator.Errors(value)
    const why = first?.message === 'schema is false' ? 'is not a field of it' : first?.message
    throw new DomainError('config-malformed', `${file}: ${first?.instancePath || '(root)'} ${why}`)
  }
  try {
    Intl.DateTimeFormat('en', { timeZone: value.timeZone })
  } catch {
    throw new DomainError('config-malformed', `${file}: /timeZone is no time zone: ${value.timeZone}`)
  }
  return value
}

/** @throws DomainError `config-malformed`, also for a file that cannot be read. */
export function readHomeConfig(file: string): HomeConfig {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new DomainError('config-malformed', `${file} cannot be read: ${errorMessage(error)}`)
  }
  return parseHomeConfig(text, file)
}
