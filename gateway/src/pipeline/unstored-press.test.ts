import { type DeviceId, DomainError, type EventId, instant, type PlacementId, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { profileById } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import type { Outbox } from '../outbox/outbox.ts'
import type { Delivery, Device, DeviceMessage, EventDraft, Work } from '../ports.ts'
import { silentLog } from '../silent-log.ts'
import { Pipeline } from './pipeline.ts'
import { Tally } from './tally.ts'

const topic = 'zigbee2mqtt/bathroom button'
const deviceOf = (id: string): Device => {
  const profile = profileById(id)
  if (!profile) throw new Error(`no profile ${id}`)
  return { id: 'device-1' as DeviceId, placement: 'bathroom' as PlacementId, profile, options: {}, topic }
}
const button = deviceOf('tuya/ts0215a-sos')

/** A disk that takes no new rows and still lets old ones be overwritten, as a full one does. */
class FullDisk {
  readonly events: EventDraft[] = []
  full = true
  /** What it was given waits so long. */
  busy: Promise<void> = Promise.resolve()
  readonly #states = new Map<string, string>()
  state(key: string) {
    return this.#states.get(key)
  }
  async append({ events = [], states = {} }: Work): Promise<readonly EventId[]> {
    await this.busy
    if (this.full && events.length > 0) throw new DomainError('store-unavailable', 'full')
    this.events.push(...events)
    for (const [key, body] of Object.entries(states)) this.#states.set(key, body)
    return []
  }
}

/** A home with one device on such a disk. */
function onFullDisk(device: Device) {
  const clock = new VirtualClock(instant(Date.parse('2026-03-01T08:00:00Z')))
  const disk = new FullDisk()
  const outbox = disk as unknown as Outbox
  const pipeline = new Pipeline({ outbox, clock, log: silentLog, tally: new Tally(), devices: [device] })
  const hear = (payload: string, more: { delivery?: Delivery; retained?: boolean } = {}) => {
    const message = { topic, payload: Buffer.from(payload) }
    const heard = { at: clock.now(), mono: clock.monotonic() }
    const given: DeviceMessage = { device, driver: 'mqtt', message, heard, ...more }
    return pipeline.hear(given)
  }
  return { clock, disk, pipeline, hear }
}

test('the repeat of a press that could not be stored is not acknowledged in its place: sent again, it is a press', async () => {
  const { clock, disk, hear: says } = onFullDisk(button)
  const hear = (key: string, repeated: boolean) => says('{"action":"emergency"}', { delivery: { key, repeated } })
  // In one turn of the loop, as one segment of TCP brings them.
  const [press, repeat] = await Promise.allSettled([hear('bridge/1', false), hear('bridge/2', false)])
  expect([press.status, repeat.status]).toEqual(['rejected', 'rejected'])
  disk.full = false
  await clock.pass(seconds(2))
  await hear('bridge/1', true)
  expect(disk.events).toMatchObject([{ type: 'sos-pressed' }])
})

test('smoke that could not be stored is smoke when it is said again, though the memory was saved meanwhile', async () => {
  const { disk, pipeline, hear } = onFullDisk(deviceOf('heiman/hs1sa'))
  const first = hear('{"smoke":true}')
  // The smoke is decoded and on its way; each minute the memory of every device is saved beside it.
  await Promise.resolve()
  await Promise.allSettled([first, pipeline.remember()])
  disk.full = false
  await hear('{"smoke":true}')
  expect(disk.events).toMatchObject([{ type: 'smoke', phase: 'raised' }])
})

test('a press that was heard before its button was announced is a press, though it had to wait for the disk', async () => {
  const { clock, disk, pipeline, hear } = onFullDisk(button)
  disk.full = false
  const { promise, resolve } = Promise.withResolvers<void>()
  disk.busy = promise
  const pressed = [hear('{"action":"emergency"}')]
  await clock.pass(seconds(5))
  pressed.push(hear('{"action":"emergency"}'))
  await clock.pass(seconds(1))
  pipeline.announced(button, { at: clock.now(), mono: clock.monotonic() })
  resolve()
  await Promise.all(pressed)
  expect(disk.events.map(({ type }) => type)).toEqual(['sos-pressed', 'sos-pressed'])
})
