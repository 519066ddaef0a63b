import { refusal, tellOne, told } from '../../src/tell-one.ts'
import { type Final, type Line, readAnswer } from './answer.ts'
import { MEANINGS } from './meanings.ts'

type Words = Readonly<Record<string, unknown>>

/**
 * The answer to one of our questions, or an unsolicited line. An OK without the line that was asked for says nothing, and is
 * refused: it is no proof of a signal, a SIM or a network. Unsolicited lines may stand anywhere in an answer: they are told
 * beside it, and never instead of it.
 */
export const gsmAt = tellOne('gsm-at', ({ bytes }) => {
  const { final, lines } = readAnswer(bytes)
  if (final && final.is !== 'ok') throw refusalOf(final)
  const unsolicited = lines.filter((line) => isUnsolicited(line, final))
  const [answer] = lines.filter((line) => !unsolicited.includes(line) && Object.hasOwn(ANSWERS, line.name))
  if (lines.length === 0) throw refusal('no-answer-line', 'OK, without the line that was asked for')
  const [urc] = unsolicited
  return told({
    line: answer?.name ?? urc?.name ?? null,
    lines: lines.map(({ name }) => name),
    ...(urc ? { urc: urc.name, ...wordsOf(urc) } : {}),
    ...(answer ? wordsOf(answer) : {}),
  })
})

function refusalOf(final: Exclude<Final, { is: 'ok' }>) {
  if (final.is === 'error') return refusal('error-result', 'ERROR', { errorType: 'plain' })
  const { is, code, text } = final
  const meaning = code === undefined ? text : (MEANINGS[is][code] ?? 'not known')
  const number = code === undefined ? {} : { errorCode: code }
  return refusal('error-result', `+${is} ERROR ${code ?? ''}: ${meaning}`, { errorType: is, ...number, meaning })
}

const whole = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null

const stored = ({ values }: Line): Words => ({ memory: values[0] ?? null, index: whole(values[1]) })
const message = ({ values, content }: Line): Words => ({ length: whole(values.at(-1)), pdu: content ?? null })

/** What comes by itself. */
const UNSOLICITED: Readonly<Record<string, (line: Line) => Words>> = {
  CDSI: stored,
  CMTI: stored,
  CDS: message,
  CMT: message,
  RING: () => ({}),
  'NO CARRIER': () => ({}),
  BUSY: () => ({}),
  'NO ANSWER': () => ({}),
  'NO DIALTONE': () => ({}),
  CRING: ({ values }) => ({ callType: values[0] ?? null }),
  CLIP: ({ values }) => ({ number: values[0] ?? null }),
  CUSD: ({ values }) => ({ ussdStatus: whole(values[0]), text: values[1] ?? null }),
}

/** What answers a question; a registration also comes by itself. */
const ANSWERS: Readonly<Record<string, (line: Line) => Words>> = {
  CSQ: signalOf,
  CREG: registrationOf,
  CGREG: registrationOf,
  CEREG: registrationOf,
  CPIN: ({ values }) => ({ sim: values[0] ?? null, usable: values[0] === 'READY' }),
  CMGS: ({ values }) => ({ reference: whole(values[0]) }),
  CMGR: (line) => ({ messageStatus: whole(line.values[0]) ?? line.values[0] ?? null, ...message(line) }),
  CSCA: ({ values }) => ({ number: values[0] ?? null }),
  CPMS: ({ values }) => {
    const [used, total] = values.filter((value) => whole(value) !== null).map(whole)
    return { used: used ?? null, total: total ?? null }
  },
  COPS: ({ values }) => ({ operator: values[2] ?? null }),
}
const REGISTRATION = new Set(['CREG', 'CGREG', 'CEREG'])

function isUnsolicited(line: Line, final: Final | undefined): boolean {
  if (Object.hasOwn(UNSOLICITED, line.name)) return true
  return REGISTRATION.has(line.name) && (final === undefined || !isAsked(line))
}
const wordsOf = (line: Line): Words => (UNSOLICITED[line.name] ?? ANSWERS[line.name])?.(line) ?? {}

/** 0 to 31; 99 is unknown, which is not a strong signal. */
function signalOf({ values }: Line): Words {
  const rssi = whole(values[0])
  const ber = whole(values[1])
  const known = rssi !== null && rssi <= 31
  return {
    rssi: known ? rssi : null,
    rssiDbm: known ? -113 + 2 * rssi : null,
    ber: ber !== null && ber <= 7 ? ber : null,
  }
}

const REGISTRATIONS = [
  'not_registered',
  'home',
  'searching',
  'denied',
  'unknown',
  'roaming',
  // Enough for a short message, which is all that we ask of a network.
  'home_sms_only',
  'roaming_sms_only',
  'emergency_only',
  'home_no_csfb',
  'roaming_no_csfb',
] as const
const USABLE = new Set([1, 5, 6, 7, 9, 10])

/** Asked: `mode,status…`. Unsolicited: `status…`, where the second is a place of four hex digits or not there. */
const isAsked = ({ values }: Line): boolean => values.length > 1 && /^\d{1,2}$/.test(values[1] ?? '')
function registrationOf(line: Line): Words {
  const status = whole(isAsked(line) ? line.values[1] : line.values[0])
  const registration = status === null ? undefined : REGISTRATIONS[status]
  return { registration: registration ?? null, usable: status !== null && USABLE.has(status) }
}
