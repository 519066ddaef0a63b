import { DomainError } from '@anju/contract'
import { decodeWith } from '../../src/decode-with.ts'
import { type Scanned, scanAll } from '../../src/frame-scanner.ts'
import { obisReading } from '../../src/obis.ts'
import { type Protocol, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import { firstOfEach, readDataSets } from './data-sets.ts'
import { type Iec62056Frame, type Iec62056Readout, iec62056Framing } from './framing.ts'

export const iec62056: Protocol = {
  name: 'iec62056-21',
  read: ({ bytes }) =>
    tellScanned(
      withEnd(withoutEchoes(scanAll(iec62056Framing, bytes)), bytes),
      tell,
      `no IEC 62056-21 message in ${bytes.length} bytes`,
    ),
}

/**
 * What a capture ends with, when it holds no whole read-out: an identification to which nobody answered, or a mode C read-out
 * up to its `!` that was cut off before its check. The latter is worth what mode D is worth, which never has one.
 */
function withEnd(found: readonly Scanned<Iec62056Frame>[], bytes: Uint8Array): readonly Scanned<Iec62056Frame>[] {
  const last = found.at(-1)
  if (last?.is !== 'refused' || last.reason !== 'incomplete' || found.some(({ is }) => is === 'frame')) return found
  const text = String.fromCharCode(...bytes.subarray(-endBytesMax))
  const stx = text.lastIndexOf('\u0002')
  const [, ident] = /\/([A-Za-z]{3}[ -~]{1,60})[\r\n]+$/.exec(stx < 0 ? text : text.slice(0, stx)) ?? []
  const [, data] = /^([\r\n -~]*)![\r\n]*$/.exec(text.slice(stx + 1)) ?? []
  if (ident === undefined) return found
  if (stx < 0) return [{ is: 'frame', frame: { is: 'identification', ident } }]
  return data === undefined ? found : [{ is: 'frame', frame: { is: 'readout', ident, data, checked: false } }]
}
const endBytesMax = 16_384

/** An optical head hears its own light: a request in front of what the meter says (or fails to say) is our own. */
function withoutEchoes(found: readonly Scanned<Iec62056Frame>[]): readonly Scanned<Iec62056Frame>[] {
  return found.every(isAsked) ? found : found.filter((item) => !isAsked(item))
}
const isAsked = (item: Scanned<Iec62056Frame>): boolean =>
  item.is === 'frame' && (item.frame.is === 'request' || item.frame.is === 'acknowledge')

function tell(frame: Iec62056Frame): Telling {
  const attempt = decodeWith(tellFrame, frame)
  if (attempt.ok) return attempt.value
  return { is: 'refused', code: attempt.error.code, reason: 'malformed', why: attempt.error.message }
}

/** Commands that change a meter or open it for changes; R reads, and is only recognised. */
const FORBIDDEN = new Set(['P', 'W', 'E'])

export function tellFrame(frame: Iec62056Frame): Told {
  switch (frame.is) {
    case 'request':
      return words({ request: true, direction: 'request', deviceAddress: frame.address })
    case 'acknowledge':
      return words({
        acknowledge: frame.option,
        protocolCode: frame.option.slice(0, 1),
        baudCode: frame.option.slice(1, 2),
        modeCode: frame.option.slice(2),
        direction: 'request',
        ...never(!frame.option.endsWith('0')),
      })
    case 'identification':
      return words({ ident: frame.ident, baudCode: frame.ident.slice(3, 4), direction: 'response' })
    case 'command':
      return words({
        command: frame.command,
        type: Number(frame.type),
        data: frame.data,
        ...partsOf(frame.data),
        direction: 'request',
        ...never(FORBIDDEN.has(frame.command)),
      })
    case 'readout':
      return tellReadout(frame)
  }
  return frame satisfies never
}

/** The data set a command names. */
function partsOf(data: string): Record<string, unknown> {
  const [, address, value] = /^([^()]*)\(([^()]*)\)$/.exec(data) ?? []
  return address === undefined ? {} : { address, value }
}

/** @throws DomainError as `readDataSets`, and when there is no data set at all. */
export function setsOf({ data, checked }: Iec62056Readout) {
  const { sets, foreignLines } = readDataSets(data, { strict: !checked })
  // An xor of seven bits lets one piece of noise in 128 pass: what holds nothing that a meter says is such a piece.
  if (sets.length === 0) throw new DomainError('frame-malformed', 'no data set between STX and ETX')
  return { sets, first: firstOfEach(sets), foreignLines }
}

function tellReadout(readout: Iec62056Readout): Told {
  const { ident, checked } = readout
  const { sets, first, foreignLines } = setsOf(readout)
  return {
    is: 'told',
    frame: {
      ...(ident === undefined ? {} : { ident, baudCode: ident.slice(3, 4) }),
      mode: checked ? 'C' : 'D',
      checked,
      direction: 'response',
      count: sets.length,
      datasets: sets.map(({ address, value, unit }) => ({ address, value, ...(unit === undefined ? {} : { unit }) })),
      values: Object.fromEntries(
        [...first.values()]
          .toReversed()
          .map(({ address, value, unit }) => [address, { value, ...(unit === undefined ? {} : { unit }) }]),
      ),
      ...(foreignLines > 0 ? { foreignLines } : {}),
    },
    readings: [...first.values()].flatMap(({ address, value, unit }) => obisReading(address, value, unit) ?? []),
    events: [],
  }
}

const words = (frame: Record<string, unknown>): Told => ({ is: 'told', frame, readings: [], events: [] })
const never = (forbidden: boolean): Record<string, unknown> => (forbidden ? { neverSentByGateway: true } : {})
