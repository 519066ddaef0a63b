import { DomainError } from '@anju/contract'
import { hexOf } from '../../src/byte-reader.ts'
import { decodeWith } from '../../src/decode-with.ts'
import { framePlaces } from '../../src/frame-places.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type Protocol, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import { ASSUMED, equipmentReader } from './equipment-profiles.ts'
import { type Esp3Packet, esp3Framing } from './framing.ts'
import { isSecure, isTeachIn, makerOf, readTelegram, requestOf, taughtProfile } from './telegram.ts'

/** Without a device (its EEP) only telegrams whose RORG leaves one common reading are read. */
export const esp3: Protocol = {
  name: 'esp3',
  read: ({ bytes, device }) => {
    if (device !== undefined && !equipmentReader(device))
      return [
        {
          is: 'refused',
          code: 'request-malformed',
          reason: 'malformed',
          why: 'device: not an equipment profile we know, such as A5-02-05',
        },
      ]
    const last = framePlaces(esp3Framing, bytes).at(-1)
    const trailingBytes = last ? bytes.byteLength - last.offset - last.length : 0
    return tellScanned(
      scanAll(esp3Framing, bytes),
      (packet) => tell(packet, device, trailingBytes > 0 ? { trailingBytes } : {}),
      `no ESP3 packet in ${bytes.length} bytes`,
    )
  },
}

function tell(packet: Esp3Packet, device: string | undefined, more: Record<string, unknown>): Telling {
  const attempt = decodeWith((given: Esp3Packet) => tellPacket(given, device, more), packet)
  if (attempt.ok) return attempt.value
  return { is: 'refused', code: attempt.error.code, reason: 'malformed', why: attempt.error.message }
}

const RADIO = 1
const RESPONSE = 2
const EVENT = 4
const COMMON_COMMAND = 5
/** ESP3 §2.2.1. */
const RETURNS = ['ok', 'error', 'not_supported', 'wrong_param', 'operation_denied'] as const

/** What a packet that is no telegram begins with: a response's result, an event's or a command's number. */
function firstWords({ type, data }: Esp3Packet): Record<string, unknown> {
  const [first = 0] = data
  switch (type) {
    case RESPONSE:
      return { returnCode: first, result: RETURNS[first] ?? null }
    case EVENT:
      return { event: first }
    case COMMON_COMMAND:
      return { command: first }
    default:
      return {}
  }
}

function tellPacket(packet: Esp3Packet, device: string | undefined, more: Record<string, unknown>): Told {
  const words = {
    packetType: packet.type,
    dataLength: packet.data.byteLength,
    optionalLength: packet.optional.byteLength,
    ...more,
  }
  if (packet.type !== RADIO) return told({ ...words, ...firstWords(packet), data: hexOf(packet.data) })
  const telegram = readTelegram(packet)
  const teachIn = isTeachIn(telegram)
  const radio = {
    ...words,
    rorg: hex(telegram.rorg),
    payload: hexOf(telegram.payload),
    sender: telegram.sender,
    status: hex(telegram.status),
    repeaterCount: telegram.status & 0x0f,
    teachIn,
    ...(isSecure(telegram) ? { secure: true } : {}),
    ...(telegram.dbm === undefined ? {} : { dbm: telegram.dbm, destination: telegram.destination }),
  }
  // A device that asks to be taught in reports nothing, whatever its other bits look like.
  if (teachIn) {
    const [maker, request] = [makerOf(telegram), requestOf(telegram)]
    const said = { ...(maker === undefined ? {} : { manufacturer: maker }), ...(request ? { request } : {}) }
    return told({ ...radio, eep: taughtProfile(telegram) ?? null, ...said })
  }
  const eep = device ?? ASSUMED[telegram.rorg]
  if (eep === undefined) return told({ ...radio, eep: null })
  if (Number.parseInt(eep.slice(0, 2), 16) !== telegram.rorg)
    throw new DomainError('frame-unknown', `a telegram of RORG ${hex(telegram.rorg)} from a device of ${eep}`)
  const {
    readings,
    events,
    words: ofEquipment,
  } = equipmentReader(eep)?.(telegram.payload, telegram) ?? {
    readings: [],
    events: [],
    words: {},
  }
  const assumed = device === undefined ? { eepAssumed: true } : {}
  return { is: 'told', frame: { ...radio, eep, ...assumed, ...ofEquipment }, readings, events }
}

const told = (frame: Record<string, unknown>): Told => ({ is: 'told', frame, readings: [], events: [] })
const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
