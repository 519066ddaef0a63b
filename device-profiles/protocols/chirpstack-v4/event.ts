import { DomainError, formatInstant, type Instant, parseInstant } from '@anju/contract'
import { decodeWith } from '../../src/decode-with.ts'
import { type JsonObject, numberAt, objectAt, objectOf, objectsAt, textAt, valueAt } from '../../src/json-payload.ts'
import { refusal } from '../../src/tell-one.ts'

/** One event of a device, as ChirpStack v4 publishes it. */
export interface ChirpStackEvent {
  readonly kind: Kind
  /** 16 hex digits in lower case. */
  readonly devEui: string
  readonly deviceName: string | undefined
  /** The network server's own time, to the millisecond. */
  readonly time: Instant | undefined
  /** The same uplink heard by several gateways has one id. */
  readonly deduplicationId: string | undefined
  readonly payload: JsonObject
}
const KINDS = ['up', 'status', 'join', 'ack', 'txack', 'log', 'location', 'integration'] as const
export type Kind = (typeof KINDS)[number]

/** @throws DomainError `frame-unknown` when the topic is none of ChirpStack's, `payload-malformed` */
export function readEvent(topic: string, bytes: Uint8Array): ChirpStackEvent {
  const [, eui = '', event = ''] = /(?:^|\/)application\/[^/]+\/device\/([^/]+)\/event\/([a-z]+)$/.exec(topic) ?? []
  const kind = KINDS.find((known) => known === event)
  if (!kind) throw refusal('not-this-protocol', 'topic: not application/<id>/device/<devEui>/event/<event>')
  const payload = objectOf(bytes)
  const info = objectAt(payload, 'deviceInfo') ?? {}
  const devEui = (textAt(info, 'devEui') ?? eui).toLowerCase()
  if (!/^[0-9a-f]{16}$/.test(devEui)) throw new DomainError('payload-malformed', 'devEui: not 16 hex digits')
  if (devEui !== eui.toLowerCase())
    throw new DomainError('payload-malformed', 'devEui: another one than in the topic', { devEui, topic: eui })
  const time = decodeWith(parseInstant, toMilliseconds(textAt(payload, 'time') ?? ''))
  return {
    kind,
    devEui,
    deviceName: textAt(info, 'deviceName'),
    time: time.ok ? time.value : undefined,
    deduplicationId: textAt(payload, 'deduplicationId'),
    payload,
  }
}

/** Go writes nanoseconds. */
const toMilliseconds = (time: string): string => time.replace(/(\.\d{3})\d+/, '$1')

export interface Uplink {
  readonly fPort: number | undefined
  /** Undefined for an uplink without a payload: the radio's own housekeeping. */
  readonly bytes: Uint8Array | undefined
  /** Of the gateway that heard it best. */
  readonly rssiDbm: number | undefined
  readonly snrDb: number | undefined
  readonly gateways: number
}

/** What the device itself sent: always from `data`. `object` is some codec's opinion, and its schema drifts. */
export function readUplink({ payload }: ChirpStackEvent): Uplink {
  const fPort = numberAt(payload, 'fPort')
  if (fPort !== undefined && !(Number.isInteger(fPort) && fPort >= 0 && fPort <= 255))
    throw new DomainError('payload-malformed', 'fPort: not a number from 0 to 255')
  const heard = objectsAt(payload, 'rxInfo')
    .map((one) => ({ rssi: numberAt(one, 'rssi'), snr: numberAt(one, 'snr') }))
    .toSorted((a, b) => (b.rssi ?? Number.NEGATIVE_INFINITY) - (a.rssi ?? Number.NEGATIVE_INFINITY))
  return {
    fPort,
    bytes: base64Of(payload),
    rssiDbm: heard[0]?.rssi,
    snrDb: heard[0]?.snr,
    gateways: heard.length,
  }
}

/** LoRaWAN carries 242 bytes at most; an uplink without payload has no `data`. */
const base64CharsMax = 324

function base64Of(payload: JsonObject): Uint8Array | undefined {
  const data = valueAt(payload, 'data') ?? undefined
  if (data === undefined) return undefined
  if (typeof data !== 'string' || data.length > base64CharsMax)
    throw new DomainError('payload-malformed', `data: not a text of at most ${base64CharsMax} characters`)
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(data))
    throw new DomainError('payload-malformed', 'data: not base64')
  return Uint8Array.from(Buffer.from(data, 'base64'))
}

export const timeWord = (time: Instant | undefined): string | null => (time === undefined ? null : formatInstant(time))
