import type { DomainError } from '@anju/contract'
import { bcdLowFirst, hexLowFirst, hexOf } from '../../src/byte-reader.ts'
import { decodeWith } from '../../src/decode-with.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import type { PointReading, Protocol, Refused, Telling } from '../../src/telling.ts'
import { tellScanned } from '../../src/telling.ts'
import { type Dlt645Frame, dlt645Framing, looksLike698 } from './framing.ts'
import { identifierOf, readValues } from './identifiers.ts'
import { type Dialect, type Dlt645Message, readMessage } from './message.ts'
import { WORDS_1997, WORDS_2007 } from './words.ts'

const protocol = (dialect: Dialect): Protocol => ({
  name: `dlt645-${dialect}`,
  read: ({ bytes }) =>
    tellScanned(
      scanAll(dlt645Framing, bytes),
      (frame) => tellFrame(dialect, frame),
      looksLike698(bytes)
        ? 'a DL/T 698.45 frame, which is another protocol'
        : `no DL/T 645 frame in ${bytes.length} bytes`,
    ),
})
export const dlt645In2007 = protocol('2007')
export const dlt645In1997 = protocol('1997')

/** One frame, with what its identifier says by the standard's table. */
export function tellFrame(dialect: Dialect, frame: Dlt645Frame): Telling {
  const attempt = decodeWith((given: Dlt645Frame) => tellMessage(dialect, given, readMessage(dialect, given)), frame)
  return attempt.ok ? attempt.value : refused(attempt.error)
}

const refused = ({ code, message }: DomainError): Refused => ({
  is: 'refused',
  code,
  reason: 'malformed',
  why: message,
})

function tellMessage(dialect: Dialect, frame: Dlt645Frame, message: Dlt645Message): Telling {
  const answer = message.is === 'answer' ? answerOf(dialect, message) : { readings: [], more: {} }
  return {
    is: 'told',
    frame: {
      address: frame.address,
      control: frame.control.toString(16).padStart(2, '0').toUpperCase(),
      direction: (frame.control & 0x80) !== 0 ? 'response' : 'request',
      // AA from the top down stands for any digits, in all places or in some (§5.2.4); 99 in all of them is a broadcast.
      ...(/^(?:AA){1,6}\d*$/.test(frame.address) ? { wildcard: true } : {}),
      ...(frame.address === BROADCAST ? { broadcast: true } : {}),
      ...wordsOf(message),
      ...answer.more,
    },
    readings: answer.readings,
    events: [],
  }
}

const BROADCAST = '999999999999'

function wordsOf(message: Dlt645Message): Record<string, unknown> {
  switch (message.is) {
    case 'answer':
      return { di: message.di, moreFollows: message.more, ...given({ sequence: message.sequence }) }
    case 'address':
      return { dataAddress: message.address }
    case 'error':
      return {
        abnormal: true,
        ...given({ errorCode: message.errorByte?.toString(16).padStart(2, '0').toUpperCase() }),
        errors: message.errors,
      }
    case 'request':
      return given({
        di: message.di,
        sequence: message.sequence,
        mixedDialect: message.mixedDialect,
        repeat: message.repeat,
      })
    case 'command':
      return { command: message.name, neverSentByGateway: true }
    case 'other-answer':
      return { unknown: true }
  }
  return message satisfies never
}

const given = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

interface Answer {
  readonly readings: readonly PointReading[]
  readonly more: Record<string, unknown>
}

/** A follow-up frame holds the middle or the end of a block: which values, only its whole exchange can tell. */
function answerOf(dialect: Dialect, { di, data, more, sequence }: Extract<Dlt645Message, { is: 'answer' }>): Answer {
  if (sequence !== undefined) return { readings: [], more: { data: hexOf(data) } }
  const answer = valuesOf(dialect, di, data)
  // The value that the frame's end cuts in two goes on in the next one.
  const { trailingBytes: _, ...rest } = answer.more
  return more ? { readings: answer.readings, more: rest } : answer
}

/** Values of an answer; those that are no quantity of ours (dates, numbers, reactive energy) stay in the frame's words. */
function valuesOf(dialect: Dialect, di: string, data: Uint8Array): Answer {
  const word = dialect === '2007' ? WORDS_2007.get(di) : WORDS_1997.get(di)
  if (word) return { readings: [], more: word(data) }
  const identifier = identifierOf(dialect, di)
  if (!identifier) return { readings: [], more: { unknown: true, data: hexOf(data) } }
  const { quantity, digits, timed } = identifier
  const { values, trailingBytes } = readValues(identifier, data)
  const more = trailingBytes > 0 ? { trailingBytes } : {}
  if (quantity) return { readings: values.map(({ point, reading }) => ({ point, reading, quantity })), more }
  const words = values.map(({ point, reading, bytes }) => {
    if (digits) return [point, bcdLowFirst(bytes) === undefined ? null : hexLowFirst(bytes)]
    return [point, reading.is === 'value' ? reading.value : null]
  })
  const times = timed ? { times: Object.fromEntries(values.map(({ point, time }) => [point, time])) as object } : {}
  return { readings: [], more: { ...more, values: Object.fromEntries(words) as Record<string, unknown>, ...times } }
}
