import { type Millis, millis } from '@anju/contract'
import { decodeWith } from '@anju/device-profiles/decode-with'
import { ANY_ADDRESS as ANY_CJT188, encodeRead as readCjt188 } from '@anju/device-profiles/protocols/cjt188/encode'
import type { Cjt188Frame } from '@anju/device-profiles/protocols/cjt188/framing'
import { type Cjt188Ask, cjt188Wire } from '@anju/device-profiles/protocols/cjt188/wire'
import { encodeRead as readDlt645 } from '@anju/device-profiles/protocols/dlt645/encode'
import { type Dlt645Frame, WILDCARD } from '@anju/device-profiles/protocols/dlt645/framing'
import { readMessage } from '@anju/device-profiles/protocols/dlt645/message'
import { dlt645Wire1997, dlt645Wire2007 } from '@anju/device-profiles/protocols/dlt645/wire'
import { iec62056Wire } from '@anju/device-profiles/protocols/iec62056-21/wire'
import type { Iec62056WireFrame } from '@anju/device-profiles/protocols/iec62056-21/wire-framing'
import { ANYBODY as ANY_MBUS } from '@anju/device-profiles/protocols/mbus/exchange'
import { mbusWire } from '@anju/device-profiles/protocols/mbus/wire'
import type { MbusWireFrame } from '@anju/device-profiles/protocols/mbus/wire-framing'
import type { ModbusFrame } from '@anju/device-profiles/protocols/modbus-rtu/framing'
import { modbusRtuWire } from '@anju/device-profiles/protocols/modbus-rtu/wire'
import type { Exchange, PolledWire, SerialSettings, Wire } from '@anju/device-profiles/wire'
import type { wires } from '@anju/device-profiles/wires'

/** One thing to ask a line, and who may answer. */
export interface Question {
  /** An address; undefined: whoever is there, so that several answer at once and spoil each other. */
  readonly to?: string
  begin(): Exchange
  /** Shorter than the protocol allows: a slow device is found by `--thorough`. */
  readonly answerWithin: Millis
}

export interface How {
  readonly thorough: boolean
  /** Undefined behind a TCP converter, which is set by somebody else. */
  readonly settings: SerialSettings | undefined
}

/** How the devices of one protocol are found on a line that nobody knows. Everything it can say is a read. */
export interface Search<Frame = unknown> {
  /** Where it is worth asking when the settings are not given. */
  spokenAt(settings: SerialSettings): boolean
  questions(how: How): readonly Question[]
  /** The device that said this; undefined for a question, which is an echo or another master's. */
  deviceOf(frame: Frame): { readonly address?: string } | undefined
  /** Whether "whoever is there" reaches every device, so that one clean answer means one device. */
  readonly callReachesAll: boolean
  /** Whether what it answers is what its profile reads; one register of a meter that nobody knows is not. */
  readonly answersAreReadings: boolean
  /** Whether a device that said `frame` would answer this question of a profile; true where it is not given. */
  suits?(ask: unknown, frame: Frame): boolean
}

/** Protocols in which devices are asked. */
export type PolledName = {
  [Name in keyof typeof wires]: (typeof wires)[Name] extends { readonly is: 'polled' } ? Name : never
}[keyof typeof wires]
type FrameOf<W> = W extends Wire<infer Frame, infer _Ask, infer _Message> ? Frame : never

const ANSWER = 0x80
const eightEven = ({ dataBits, parity }: SerialSettings): boolean => dataBits === 8 && parity === 'even'
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** A question that no bus master asks: it is over when time is, and its answers are known by `deviceOf`. */
const once = (request: Uint8Array): Exchange => ({ request, hear: () => ({ is: 'ignored', why: 'somebody is there' }) })

const anybody = { aloneOnBus: true, speedChanges: false } as const

const dlt645 = (
  wire: PolledWire<Dlt645Frame, string>,
  dialect: '2007' | '1997',
  controls: readonly number[],
): Search<Dlt645Frame> => ({
  spokenAt: (settings) => eightEven(settings) && settings.baud >= 600 && settings.baud <= 19_200,
  questions: () => {
    const { answerWithin } = wire.timing
    // The total of active energy: the one value that every meter of its dialect has.
    const ask = dialect === '2007' ? '00010000' : '9010'
    const total: Question = { answerWithin, begin: () => wire.begin({ ...anybody, address: WILDCARD, ask }) }
    if (dialect === '1997') return [total]
    return [{ answerWithin, begin: () => once(readDlt645({ dialect, ask: 'address' })) }, total]
  },
  deviceOf(frame) {
    // Both dialects share their frames; the control code says which one this is.
    if ((frame.control & ANSWER) === 0 || !controls.includes(frame.control & 0x1f)) return undefined
    if (frame.address !== WILDCARD || frame.data.byteLength !== 6) return { address: frame.address }
    const message = decodeWith((given: Dlt645Frame) => readMessage(dialect, given), frame)
    return { address: message.ok && message.value.is === 'address' ? message.value.address : frame.address }
  },
  callReachesAll: true,
  answersAreReadings: true,
})

const cjt188: Search<Cjt188Frame> = {
  spokenAt: (settings) => eightEven(settings) && settings.baud <= 9_600,
  questions: () => {
    const { answerWithin } = cjt188Wire.timing
    const who: Question = { answerWithin, begin: () => once(readCjt188({ ask: 'address' })) }
    // The first one may only have woken it.
    return [who, who]
  },
  deviceOf: ({ control, address }) =>
    (control & ANSWER) !== 0 && [0x01, 0x03].includes(control & 0x3f) && address !== ANY_CJT188
      ? { address }
      : undefined,
  callReachesAll: true,
  answersAreReadings: true,
  suits: (ask, { meterType }) => (ask as Cjt188Ask).meterType === meterType,
}

const modbus: Search<ModbusFrame> = {
  spokenAt: ({ dataBits, baud }) => dataBits === 8 && baud >= 1_200 && baud <= 19_200,
  questions({ thorough, settings }) {
    const answerWithin = millis((settings ? 300 : 500) * (thorough ? 2 : 1))
    // A PZEM answers to 248 whatever its own number is.
    const units = [1, 248, ...range(2, thorough ? 247 : 16)].map(String)
    // A meter that has no such register, or not this function, says so, and is found all the same.
    return units.flatMap((to) =>
      ([3, 4] as const).map((code) => ({
        to,
        answerWithin,
        begin: () => modbusRtuWire.begin({ ...anybody, address: to, ask: { function: code, from: 0, count: 1 } }),
      })),
    )
  },
  deviceOf: ({ kind, unit }) => (kind === 'request' ? undefined : { address: String(unit) }),
  callReachesAll: false,
  answersAreReadings: false,
}

const mbus: Search<MbusWireFrame> = {
  spokenAt: (settings) => eightEven(settings) && settings.baud <= 9_600,
  questions({ thorough, settings }) {
    // EN 13757-2 §5.5: 330 bit times and 50 ms, and as long again as a USB level converter takes.
    const answerWithin = settings ? millis(Math.ceil(330_000 / settings.baud) + 200) : mbusWire.timing.answerWithin
    const ask = (address: string): Question => ({
      answerWithin,
      begin: () => mbusWire.begin({ ...anybody, address, ask: 'data' }),
    })
    const addresses = range(0, thorough ? 250 : 16).map(String)
    return [ask(String(ANY_MBUS)), ...addresses.map((to) => ({ to, ...ask(to) }))]
  },
  deviceOf: (frame) =>
    frame.is === 'long' && (frame.control & 0xcf) === 0x08 ? { address: String(frame.address) } : undefined,
  callReachesAll: true,
  answersAreReadings: true,
}

const iec62056: Search<Iec62056WireFrame> = {
  spokenAt: ({ dataBits, baud }) => dataBits === 7 && (baud === 300 || baud === 9_600),
  questions({ settings }) {
    const { answerWithin } = iec62056Wire.timing
    // A port that is set to another speed than the sign-on's is for a meter that never changes it.
    const speedChanges = settings?.baud === 300
    const signOn: Question = {
      answerWithin,
      begin: () => iec62056Wire.begin({ address: '', ask: 'readout', aloneOnBus: true, speedChanges }),
    }
    return [signOn, signOn]
  },
  deviceOf: (frame) => (frame.is === 'identification' || frame.is === 'readout' ? {} : undefined),
  callReachesAll: true,
  answersAreReadings: true,
}

/** The one list of what a scan may ask. A protocol that is asked does not compile without its line here. */
export const searches: { readonly [Name in PolledName]: Search<FrameOf<(typeof wires)[Name]>> } = {
  'dlt645-2007': dlt645(dlt645Wire2007, '2007', [0x11, 0x12, 0x13]),
  'dlt645-1997': dlt645(dlt645Wire1997, '1997', [0x01, 0x02]),
  cjt188,
  'modbus-rtu': modbus,
  mbus,
  'iec62056-21': iec62056,
}

/** The device that said this, when its address is one that the configuration takes: others are noise with a right check. */
export function deviceIn(wire: Wire, search: Search, frame: unknown): { readonly address?: string } | undefined {
  const device = search.deviceOf(frame)
  return device?.address !== undefined && wire.addressProblem(device.address) !== undefined ? undefined : device
}
