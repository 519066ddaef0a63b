import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { Telegram } from '../protocols/esp3/telegram.ts'
import type { Radar5359Frame } from '../protocols/radar-5359/framing.ts'
import type { Ev1527Code } from '../protocols/rf433-portisch/ev1527.ts'
import type { RfxcomPacket } from '../protocols/rfxcom/framing.ts'
import { checkOf } from '../protocols/tinyframe/framing.ts'
import type { TinyMessage } from '../protocols/tinyframe/wire.ts'
import { bytesOfHex } from './byte-reader.ts'
import { crc8 } from './crc.ts'
import { decodeWith } from './decode-with.ts'
import { scanAll } from './frame-scanner.ts'
import type { DriverMessages, Example } from './profile.ts'
import { type AnyProfile, profiles } from './registry.ts'
import { type HeardWire } from './wire.ts'
import { wireOf, wires } from './wires.ts'

const words = (number: number): readonly [number, number] => [number >> 8, number & 0xff]
const bytesOf = (hex: string): number[] => [...bytesOfHex(hex)]
const inverseXor = (bytes: readonly number[]): number => checkOf(Uint8Array.from(bytes))

/** A message as the device puts it on the wire, by the makers' documents; what its own wire must find in it again. */
const ON_THE_WIRE: { readonly [D in keyof DriverMessages]?: (message: DriverMessages[D]) => readonly number[] } = {
  'radar-5359': ({ control, command, data }: Radar5359Frame) => {
    const frame = [0x53, 0x59, control, command, ...words(data.length), ...data]
    return [...frame, frame.reduce((sum, byte) => sum + byte, 0) & 0xff, 0x54, 0x43]
  },
  ld2410: ({ mode, target }) => [
    ...bytesOf('F4 F3 F2 F1'),
    target.length + 4,
    0,
    mode === 'basic' ? 2 : 1,
    0xaa,
    ...target,
    ...bytesOf('55 00 F8 F7 F6 F5'),
  ],
  tinyframe: tiny,
  'tinyframe-long': tiny,
  'rf433-portisch': ({ id, key, shortUs, longUs, syncUs }: Ev1527Code) => [
    0xaa,
    0xa4,
    ...[syncUs, shortUs, longUs].flatMap(words),
    ...bytesOf(`${id}${key.toString(16)}`),
    0x55,
  ],
  rfxcom: ({ type, subtype, sequence, data }: RfxcomPacket) => [data.length + 3, type, subtype, sequence, ...data],
  esp3: ({ rorg, payload, sender, status, dbm, destination }: Telegram) => {
    const data = [rorg, ...payload, ...bytesOf(sender), status]
    const optional = dbm === undefined ? [] : [1, ...bytesOf(destination ?? 'FFFFFFFF'), -dbm, 0]
    const head = [...words(data.length), optional.length, 1]
    const rest = [...data, ...optional]
    return [0x55, ...head, crc8(Uint8Array.from(head)), ...rest, crc8(Uint8Array.from(rest))]
  },
}
function tiny({ type, data }: TinyMessage): readonly number[] {
  const head = [1, 0, 7, ...words(data.length), ...words(type)]
  return [...head, inverseXor(head), ...data, inverseXor([...data])]
}
/** Drivers whose frames have a check that any one turned bit breaks. */
const CHECKED: ReadonlySet<string> = new Set(['radar-5359', 'tinyframe', 'tinyframe-long', 'esp3'])

interface OnTheWire {
  readonly when: string
  readonly wire: HeardWire
  readonly bytes: Uint8Array
  readonly message: unknown
  readonly checked: boolean
}
const onTheWire = profiles.flatMap((profile: AnyProfile): OnTheWire[] => {
  const wire = wireOf(profile.driver)
  const put = ON_THE_WIRE[profile.driver] as ((message: unknown) => readonly number[]) | undefined
  if (wire?.is !== 'heard' || !put) return []
  return (profile.examples as readonly Example<AnyProfile['driver'], string>[])
    .filter((example) => 'reads' in example)
    .map(({ when, input }) => ({
      when: `${profile.id}: ${when}`,
      wire,
      bytes: Uint8Array.from(put(input)),
      message: input,
      checked: CHECKED.has(profile.driver),
    }))
})

const framesIn = (wire: HeardWire, bytes: Uint8Array) =>
  scanAll(wire.framing, bytes).flatMap((found) => (found.is === 'frame' ? [found.frame] : []))

/** Meters that send pages of text or of nested lists: their real telegrams are cut and turned in `framings.test.ts`. */
const TELEGRAMS: ReadonlySet<string> = new Set(['dsmr-p1', 'iec62056-21', 'sml'])

test('every other listening wire has examples here', () => {
  expect(onTheWire.length).toBeGreaterThan(100)
  const listening = Object.values(wires).filter(({ is, protocol }) => is === 'heard' && !TELEGRAMS.has(protocol))
  expect(new Set(onTheWire.map(({ wire }) => wire as unknown))).toEqual(new Set<unknown>(listening))
})

describe.for(onTheWire.map((one) => [one.when, one] as const))('%s', ([, { wire, bytes, message }]) => {
  const [frame] = framesIn(wire, bytes)

  test('is found whole and handed over as it is', () => {
    expect(frame).toBeDefined()
    // The framing knows more than the message of some protocols says: how well it was heard, and by whom it was sent on.
    expect(wire.messageOf(frame)).toMatchObject(message as object)
    expect(wire.words(frame)).not.toEqual({})
    expect(wire.senderOf ? wire.addressProblem(wire.senderOf(frame)) : undefined).toBeUndefined()
  })
  test('cut at every length, is no frame', () => {
    for (let length = 0; length < bytes.length; length++) expect(framesIn(wire, bytes.subarray(0, length))).toEqual([])
  })
})

const checked = onTheWire.filter((one) => one.checked)
test('most of them carry a check', () => {
  expect(checked.length).toBeGreaterThan(50)
})
// An empty frame may come out of the middle of a broken one; it acknowledges something, and says nothing.
test.for(checked)('$when, with any one bit turned, says nothing', ({ wire, bytes }) => {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const turned = bytes.slice()
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(framesIn(wire, turned).flatMap((frame) => wire.messageOf(frame) ?? [])).toEqual([])
  }
})

const said = (driver: keyof typeof wires, hex: string) => {
  const wire = wireOf(driver)
  if (wire?.is !== 'heard') throw new Error(`${driver} does not listen`)
  return scanAll(wire.framing, bytesOfHex(hex)).flatMap((found) =>
    found.is === 'frame' ? [{ message: wire.messageOf(found.frame), sender: wire.senderOf?.(found.frame) }] : [],
  )
}

test.for([
  ['a question for a radar’s version', 'radar-5359', '53 59 02 A4 00 01 0F 62 54 43'],
  ['a radar’s version', 'radar-5359', '53 59 02 A4 00 02 31 30 B5 54 43'],
  ['a question for presence', 'radar-5359', '53 59 80 81 00 01 0F BD 54 43'],
  ['a setting acknowledged without data', 'tinyframe', '01 00 00 00 00 0E 06 F6'],
  ['an acknowledgement of the RF bridge', 'rf433-portisch', 'AA A0 55'],
  ['a code of a protocol that is none of EV1527', 'rf433-portisch', 'AA A6 06 01 D0 F9 32 11 55 55'],
  [
    'pulses that are no 24 bits',
    'rf433-portisch',
    'AA B1 03 07 F9 01 24 37 DC 01 01 01 01 01 01 10 10 01 01 01 01 10 10 10 10 01 02 55',
  ],
  ['an order to transmit', 'rf433-portisch', 'AA B0 05 01 08 01 2C 00 55'],
  ['what the RFXCOM says of itself', 'rfxcom', '0D 01 00 01 02 53 45 00 0C 2F 01 01 00 00'],
  ['a light switch', 'rfxcom', '0B 11 00 2A 01 23 45 67 09 01 0F 70'],
  ['a response of the EnOcean receiver', 'esp3', '55 00 05 01 02 DB 00 FF 9E 55 00 0A 79'],
] as const)('%s says nothing for a device', ([, driver, hex]) => {
  expect(said(driver, hex)).toMatchObject([{ message: undefined }])
})

test('a code is the same from the receiver that knows it and from the pulses of one that does not', () => {
  const known = 'AA A4 2C 24 01 2C 03 84 AB CD E1 55'
  // Short, long, pause; A is 1010, and so on: a pulse longer than its pause is 1.
  const pulses =
    'AA B1 03 01 2C 03 84 24 54 10 01 10 01 10 01 10 10 10 10 01 01 10 10 01 10 10 10 10 01 01 01 01 10 02 55'
  expect(said('rf433-portisch', known)).toMatchObject([{ sender: 'ABCDE', message: { id: 'ABCDE', key: 1 } }])
  expect(said('rf433-portisch', pulses)).toMatchObject([{ sender: 'ABCDE', message: { id: 'ABCDE', key: 1 } }])
  // The top bit of a nibble says that the carrier was on; it is no other length.
  const carrier = pulses.replaceAll(' 10', ' 90').replaceAll(' 01 01', ' 81 81')
  expect(said('rf433-portisch', carrier)).toMatchObject([{ sender: 'ABCDE' }])
})

test('every stored frame of these protocols is somebody’s word, nobody’s, or refused, and never thrown at', async () => {
  for (const wire of Object.values(wires)) {
    if (wire.is !== 'heard') continue
    const folder = { 'tinyframe-radar': 'tinyframe' }[wire.protocol] ?? wire.protocol
    const file = await readFile(new URL(`../protocols/${folder}/vectors.json`, import.meta.url), 'utf8')
    const stored = JSON.parse(file) as { input_hex?: string }[]
    const frames = stored.flatMap(({ input_hex: hex = '' }) =>
      scanAll(wire.framing as HeardWire['framing'], bytesOfHex(hex)).flatMap((found) =>
        found.is === 'frame' ? [found.frame] : [],
      ),
    )
    expect(frames.length).toBeGreaterThan(2)
    for (const frame of frames) expect(() => decodeWith((one) => (wire as HeardWire).words(one), frame)).not.toThrow()
  }
})
