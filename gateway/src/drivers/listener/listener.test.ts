import {
  type DeviceId,
  DomainError,
  instant,
  millis,
  minutes,
  type PlacementId,
  reading,
  seconds,
  seededRandom,
} from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { bytesOfHex } from '@anju/device-profiles/byte-reader'
import type { DeviceOptions } from '@anju/device-profiles/profile'
import { profileById } from '@anju/device-profiles/registry'
import { describe, expect, test } from 'vitest'
import type { Outbox } from '../../outbox/outbox.ts'
import { Pipeline } from '../../pipeline/pipeline.ts'
import { Tally } from '../../pipeline/tally.ts'
import type { Device, EventDraft, Quarantined, Work } from '../../ports.ts'
import { Line } from '../../serial-line/line.ts'
import { silentLog } from '../../silent-log.ts'
import { lineListener, listenerQuietMaxOf } from './listener.ts'

function device(id: string, profile: string, address?: string, options: DeviceOptions = {}): Device {
  const known = profileById(profile)
  if (!known) throw new Error(`no profile ${profile}`)
  const place = { id: id as DeviceId, placement: id as PlacementId, line: 'line-1' }
  return { ...place, profile: known, options, ...(address !== undefined && { address }) }
}

/** A disk without a disk: what would be stored. */
class Notes {
  readonly events: EventDraft[] = []
  readonly kept: Record<string, unknown> = {}
  readonly refused: Quarantined[] = []
  full = false
  readonly #states = new Map<string, string>()
  state(key: string) {
    return this.#states.get(key)
  }
  append({ events = [], samples = [], states = {}, quarantined = [] }: Work): Promise<readonly []> {
    if (this.full && events.length > 0) return Promise.reject(new DomainError('store-unavailable', 'full'))
    this.events.push(...events)
    this.refused.push(...quarantined)
    for (const { placement, point, reading: given } of samples) this.kept[`${placement}/${point}`] = given
    for (const [key, body] of Object.entries(states)) this.#states.set(key, body)
    return Promise.resolve([])
  }
}

/** Devices on one line, heard by the real listener and judged by the real pipeline; `line` says what the wire says. */
async function aLine(...devices: Device[]) {
  const clock = new VirtualClock(instant(Date.parse('2026-03-09T12:00:00Z')))
  const notes = new Notes()
  const tally = new Tally()
  const pipeline = new Pipeline({ outbox: notes as unknown as Outbox, clock, log: silentLog, tally, devices })
  const written: Uint8Array[] = []
  const ear: { onBytes?: (bytes: Uint8Array) => void } = {}
  const line = new Line({
    id: 'line-1',
    url: { kind: 'tcp', host: 'x', port: 1 },
    clock,
    random: seededRandom(1),
    log: silentLog,
    quietMax: listenerQuietMaxOf(devices),
    open: (_url, events) => {
      ear.onBytes = (bytes) => events.onBytes(bytes)
      return Promise.resolve({ write: async (bytes) => void written.push(bytes), close: () => Promise.resolve() })
    },
  })
  await line.start()
  const driver = lineListener.attach(line, devices, {
    clock,
    random: seededRandom(1),
    log: silentLog,
    listener: pipeline,
  })
  const says = async (hex: string, then = millis(0)) => {
    ear.onBytes?.(bytesOfHex(hex))
    await clock.pass(then)
  }
  return { clock, notes, tally, driver, says, written, line, pipeline }
}
const raised = (notes: Notes) => notes.events.map(({ type, device: of }) => `${of} ${type}`)

const FALL = '53 59 83 01 00 01 01 32 54 43'
const UP = '53 59 83 01 00 01 00 31 54 43'
const HEARTBEAT = '53 59 01 01 00 01 0F BE 54 43'
/** Key 1 of a button, key 1 of a neighbour's. */
const PRESS = 'AA A4 2C 24 01 2C 03 84 AB CD E1 55'
const NEIGHBOUR = 'AA A4 2C 24 01 2C 03 84 12 34 51 55'

describe('a radar alone on its line', () => {
  const radar = device('radar', 'seeed/mr60fda1')

  test('a fall is a fall, and a flag that goes back is the end of the condition only', async () => {
    const { notes, says } = await aLine(radar)
    await says(HEARTBEAT)
    await says(FALL)
    await says(FALL)
    await says(UP)
    expect(notes.events.map(({ type, phase }) => `${type} ${phase}`)).toEqual([
      'fall-detected raised',
      'fall-detected returned',
    ])
    expect(notes.kept['radar/fall']).toEqual(reading(0))
  })

  test('bytes that come one by one, a little apart, are one frame', async () => {
    const { notes, says } = await aLine(radar)
    for (const byte of FALL.split(' ')) await says(byte, millis(400))
    expect(raised(notes)).toEqual(['radar fall-detected'])
  })

  test('a frame that stops in the middle is given up after the gap, and the next one is whole', async () => {
    const { notes, says, tally, clock } = await aLine(radar)
    await says('53 59 83 01 00 01', millis(499))
    expect(notes.refused).toEqual([])
    await clock.pass(millis(1))
    expect(notes.refused).toMatchObject([{ source: 'line-1', code: 'frame-malformed' }])
    await says('01 32 54 43') // its own second half, too late, is noise
    await says(FALL)
    expect(raised(notes)).toEqual(['radar fall-detected'])
    expect(tally.of('frame-malformed')).toBe(1)
  })

  test('noise before, between and behind frames costs none of them', async () => {
    const { notes, says } = await aLine(radar)
    await says(`00 FF 53 59 54 43 ${FALL} 53 53 59 A5 ${UP} 59`, seconds(1))
    expect(notes.events).toHaveLength(2)
  })

  test('a turned bit is refused and kept for a person to look at', async () => {
    const { notes, says } = await aLine(radar)
    await says('53 59 83 01 00 01 01 33 54 43')
    expect(notes.events).toEqual([])
    expect(notes.refused).toMatchObject([{ code: 'frame-checksum' }])
  })

  test('a heartbeat is a sign of life without a reading; without one the radar is silent', async () => {
    const { notes, says, pipeline, clock } = await aLine(radar)
    pipeline.start()
    for (let minute = 0; minute < 10; minute++) await says(HEARTBEAT, minutes(1))
    expect([notes.events, notes.kept]).toEqual([[], {}])
    await clock.pass(seconds(150))
    expect(raised(notes)).toEqual(['radar device-silent'])
    await pipeline.stop()
  })

  test('a fall that a full disk did not take is taken when there is room', async () => {
    const { notes, says, clock } = await aLine(radar)
    notes.full = true
    await says(FALL, seconds(90))
    expect(notes.events).toEqual([])
    notes.full = false
    await clock.pass(seconds(2))
    expect(raised(notes)).toEqual(['radar fall-detected'])
  })

  test('a stopped listener waits for nothing more', async () => {
    const { notes, says, driver, clock } = await aLine(radar)
    await says('53 59 83 01')
    await driver.stop()
    await clock.pass(seconds(5))
    expect(notes.refused).toEqual([])
  })
})

describe('behind one receiver', () => {
  const button = device('button', 'ev1527/button', 'ABCDE')
  const door = device('door', 'ev1527/contact', '5C0FF')
  const OPEN = 'AA A4 2C 24 01 2C 03 84 5C 0F FE 55'

  test('twenty repeats of a press are one press, and the next press is another', async () => {
    const { notes, says } = await aLine(button)
    for (let repeat = 0; repeat < 20; repeat++) await says(PRESS, millis(45))
    await says('', seconds(1))
    for (let repeat = 0; repeat < 20; repeat++) await says(PRESS, millis(45))
    expect(raised(notes)).toEqual(['button sos-pressed', 'button sos-pressed'])
  })

  test('each device is known by its code', async () => {
    const { notes, says } = await aLine(button, door)
    await says(`${OPEN} ${PRESS} ${OPEN}`)
    expect(raised(notes)).toEqual(['button sos-pressed'])
    expect(notes.kept).toEqual({ 'door/contact': reading(0) })
  })

  test('the neighbour’s button is counted, and is nobody’s alarm', async () => {
    const { notes, says, tally } = await aLine(button, door)
    for (let repeat = 0; repeat < 20; repeat++) await says(NEIGHBOUR, millis(45))
    expect([notes.events, notes.kept, notes.refused]).toEqual([[], {}, []])
    expect(tally.of('device-unknown')).toBe(20)
  })

  test('what the receiver itself says is nobody’s word', async () => {
    const { notes, says, tally } = await aLine(button)
    await says('AA A0 55')
    expect([notes.events, tally.of('device-unknown'), tally.of('messages-heard')]).toEqual([[], 0, 0])
  })

  test('a packet without a sender is nobody’s, though only one device is installed', async () => {
    const pendant = device('pendant', 'enocean/pendant', '00298979')
    const { notes, says, tally } = await aLine(pendant)
    await says('55 00 05 01 02 DB 00 FF 9E 55 00 0A 79') // a response of the receiver
    expect([notes.events, tally.of('messages-heard')]).toEqual([[], 0])
    await says('55 00 07 07 01 7A F6 50 00 29 89 79 30 01 FF FF FF FF 37 00 9D')
    expect(raised(notes)).toEqual(['pendant sos-pressed'])
  })

  test('a telegram that is none is refused, and the listener lives on', async () => {
    const pendant = device('pendant', 'enocean/pendant', '00298979')
    const { notes, says } = await aLine(pendant)
    await says('55 00 02 00 01 D1 F6 50 DD') // too short for any sender, its checks good
    expect(notes.refused).toMatchObject([{ source: 'line-1', code: 'frame-malformed' }])
    await says('55 00 07 07 01 7A F6 50 00 29 89 79 30 01 FF FF FF FF 37 00 9D')
    expect(raised(notes)).toEqual(['pendant sos-pressed'])
  })
})

test('a listener sends nothing, whatever it hears', async () => {
  const { says, written, clock } = await aLine(device('button', 'ev1527/button', 'ABCDE'))
  await says(`${PRESS} AA B0 05 01 08 01 2C 00 55 ${NEIGHBOUR} AA A4 2C`, minutes(5))
  await clock.pass(minutes(5))
  expect(written).toEqual([])
})

test('a receiver of buttons may be mute for hours, a radar’s line not for more than a minute', () => {
  const [radar, button] = [device('radar', 'hilink/ld2410'), device('button', 'ev1527/button', 'ABCDE')]
  expect(listenerQuietMaxOf([radar])).toBe(60_000)
  expect(listenerQuietMaxOf([button])).toBe(12 * 3_600_000)
  const thermometer = device('thermometer', 'rfxcom/temp-hum', '7002')
  expect(listenerQuietMaxOf([device('pendant', 'rfxcom/panic-pendant', 'FFAA00'), thermometer])).toBe(15 * 60_000)
})
