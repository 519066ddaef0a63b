import { refusal, tellOne, told } from '../../src/tell-one.ts'
import { type Line, MEANINGS, readAnswer } from './answer.ts'

type Words = Readonly<Record<string, unknown>>

/**
 * The answer to one of our questions, or an unsolicited line. An OK without the line that was asked for says nothing, and is
 * refused: it is no proof of a signal, a SIM or a network.
 */
export const gsmAt = tellOne('gsm-at', ({ bytes }) => {
  const { final, lines } = readAnswer(bytes)
  if (final?.is === 'CME' || final?.is === 'CMS') {
    const meaning = MEANINGS[final.is][final.code] ?? 'not known'
    throw refusal('error-result', `+${final.is} ERROR ${final.code}: ${meaning}`, {
      errorType: final.is,
      errorCode: final.code,
      meaning,
    })
  }
  if (final?.is === 'error') throw refusal('error-result', 'ERROR', { errorType: 'plain' })
  const known = lines.find(({ name }) => Object.hasOwn(READERS, name))
  if (!known && lines.length === 0) throw refusal('no-answer-line', 'OK, without the line that was asked for')
  const read = known ? READERS[known.name] : undefined
  return told({
    line: known?.name ?? null,
    lines: lines.map(({ name }) => name),
    ...(known && read ? read(known) : {}),
  })
})

const whole = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null

const READERS: Readonly<Record<string, (line: Line) => Words>> = {
  CSQ: signalOf,
  CREG: registrationOf,
  CGREG: registrationOf,
  CEREG: registrationOf,
  CPIN: ({ values }) => ({ sim: values[0] ?? null, usable: values[0] === 'READY' }),
  CMGS: ({ values }) => ({ reference: whole(values[0]) }),
  CDSI: storedAt('CDSI'),
  CMTI: storedAt('CMTI'),
}

function storedAt(urc: string): (line: Line) => Words {
  return ({ values }) => ({ urc, memory: values[0] ?? null, index: whole(values[1]) })
}

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

const REGISTRATIONS = ['not_registered', 'home', 'searching', 'denied', 'unknown', 'roaming'] as const

/** Asked: `mode,status…`. Unsolicited: `status…`, where the second is a place in quotes or not there. */
function registrationOf({ values }: Line): Words {
  const asked = values.length > 1 && whole(values[1]) !== null
  const status = whole(asked ? values[1] : values[0])
  const registration = status === null ? undefined : REGISTRATIONS[status]
  return { registration: registration ?? null, usable: registration === 'home' || registration === 'roaming' }
}
