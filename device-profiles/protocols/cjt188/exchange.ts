import type { Exchange, Heard } from '../../src/wire.ts'
import { ANY_ADDRESS, encodeRead } from './encode.ts'
import type { Cjt188Frame } from './framing.ts'

/** The current values (DI 901F) of a meter, as they stand behind the number of the question. */
export interface Cjt188Values {
  /** 10 cold water, 11 hot water, 20 heat, 30 gas … */
  readonly meterType: number
  readonly data: Uint8Array
}

export interface Cjt188Question {
  readonly meterType: number
  readonly address: string
  /** The answer repeats it, so one that comes too late is known by the number of an earlier question. */
  readonly sequence: number
  readonly turned: boolean
  /** One device hangs on this line, so an answer to the wildcard address can only be its own. */
  readonly aloneOnBus: boolean
}

const ANSWER = 0x80
const REFUSED = 0x40
const READ_ANSWER = 0x81
const headBytes = 3

/** One read of one meter, from request to answer. Make a new one for each read; time-outs are the caller's. */
export class Cjt188ReadExchange implements Exchange<Cjt188Frame, Cjt188Values> {
  readonly request: Uint8Array
  readonly #question: Cjt188Question
  #refusals = 0

  constructor(question: Cjt188Question) {
    this.#question = question
    this.request = encodeRead({ ask: 'data', ...question })
  }

  hear(frame: Cjt188Frame): Heard<Cjt188Values> {
    const { address, sequence, turned, aloneOnBus } = this.#question
    if ((frame.control & ANSWER) === 0) return { is: 'ignored', why: 'a question' }
    if (frame.address !== address && !(aloneOnBus && address === ANY_ADDRESS))
      return { is: 'ignored', why: `answer of ${frame.address}` }
    if (frame.control === (READ_ANSWER | REFUSED)) {
      // A refusal is the number of its question and the status; one of another length is taken for an answer to ours.
      if (frame.data.byteLength === headBytes && frame.data[0] !== sequence)
        return { is: 'ignored', why: `refusal of question ${frame.data[0]}` }
      if (this.#refusals++ > 0) return { is: 'refused', why: 'device-fault' }
      return { is: 'more', request: encodeRead({ ask: 'data', ...this.#question, turned: !turned }) }
    }
    const values = currentValues(frame)
    if (!values) return { is: 'ignored', why: 'not the current values' }
    if (values.sequence !== sequence) return { is: 'ignored', why: `answer to question ${values.sequence}` }
    return { is: 'answer', message: { meterType: frame.meterType, data: values.data } }
  }
}

/** The answer to a read of DI 901F, whichever of its bytes comes first; undefined for every other frame. */
export function currentValues({ control, data }: Cjt188Frame): { sequence: number; data: Uint8Array } | undefined {
  const [first, second, sequence] = data
  if (control !== READ_ANSWER || sequence === undefined) return undefined
  const is901F = (first === 0x1f && second === 0x90) || (first === 0x90 && second === 0x1f)
  return is901F ? { sequence, data: data.subarray(headBytes) } : undefined
}
