import { DomainError, millis } from '@anju/contract'
import type { Exchange, Heard, PolledWire } from '../../src/wire.ts'
import { encodeRead, hearAnswer, type ModbusRead, wordsOf } from './encode.ts'
import { type ModbusFrame, modbusAnswerFraming } from './framing.ts'
import { tellFrame } from './tell.ts'

/** One block of registers. */
export type ModbusAsk = Omit<ModbusRead, 'unit'>

/** The registers of an answer, and where they begin: only whoever asked knows, so a frame by itself does not say. */
export interface ModbusWords {
  readonly from: number | undefined
  readonly words: Uint16Array
}

/** MODBUS Application Protocol V1.1b3 §7, exception 2: the meter has no such register. */
const ILLEGAL_DATA_ADDRESS = 2

class ModbusExchange implements Exchange<ModbusFrame, ModbusWords> {
  readonly request: Uint8Array
  readonly #read: ModbusRead

  constructor(read: ModbusRead) {
    this.#read = read
    this.request = encodeRead(read)
  }

  hear(frame: ModbusFrame): Heard<ModbusWords> {
    const heard = hearAnswer(this.#read, frame)
    if (heard.is === 'answer') return { is: 'answer', message: { from: heard.from, words: heard.words } }
    if (heard.is === 'ignored') return heard
    return { is: 'refused', why: heard.code === ILLEGAL_DATA_ADDRESS ? 'not-supported' : 'device-fault' }
  }
}

/** 248 is a PZEM's "whoever is there"; 0 would be everybody, and nobody answers. */
const UNIT = /^[1-9]\d{0,2}$/
const unitMax = 248

export const modbusRtuWire: PolledWire<ModbusFrame, ModbusAsk, ModbusWords> = {
  is: 'polled',
  protocol: 'modbus-rtu',
  framing: modbusAnswerFraming,
  // The slowest meters speak 1200 baud: 3.5 characters of 11 bits, which end a frame and part it from the next (MODBUS over
  // serial line V1.02 §2.5.1.1), last 32 ms there, and 256 characters 2.4 s. A converter pauses for longer than the wire.
  timing: { answerWithin: millis(1_000), gapMax: millis(200), wholeWithin: millis(4_000), turnRound: millis(35) },
  addressExample: '1',
  addressProblem: (address = '') =>
    UNIT.test(address) && Number(address) <= unitMax
      ? undefined
      : 'not a unit number from 1 to 247 (248: whoever is alone)',
  begin({ address, ask }) {
    if (!UNIT.test(address)) throw new DomainError('request-malformed', 'address: not a unit number')
    const { function: code, from, count } = ask
    return new ModbusExchange({ unit: Number(address), function: code, from, count })
  },
  words: (frame) => tellFrame(frame).frame,
  messageOf(frame) {
    const registers = frame.kind === 'response' && (frame.function === 3 || frame.function === 4)
    return registers ? { from: undefined, words: wordsOf(frame) } : undefined
  },
}
