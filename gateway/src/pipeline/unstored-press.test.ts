import { type DeviceId, DomainError, type EventId, instant, type PlacementId, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { profileById } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import type { Outbox } from '../outbox/outbox.ts'
import type { Device, DeviceMessage, EventDraft, Work } from '../ports.ts'
import { silentLog } from '../silent-log.ts'
import { Pipeline } from './pipeline.ts'
import { Tally } from './tally.ts'

const topic = 'zigbee2mqtt/bathroom button'
const profile = profileById('tuya/ts0215a-sos')
if (!profile) throw new Error('no profile for the button')
const button: Device = {
  id: 'sos-1' as DeviceId,
  placement: 'bathroom-sos' as PlacementId,
  profile,
  options: {},
  topic,
}

/** A disk that takes no new rows and still lets old ones be overwritten, as a full one does. */
class FullDisk {
  readonly events: EventDraft[] = []
  full = true
  readonly #states = new Map<string, string>()
  state(key: string) {
    return this.#states.get(key)
  }
  append({ events = [], states = {} }: Work): Promise<readonly EventId[]> {
    if (this.full && events.length > 0) return Promise.reject(new DomainError('store-unavailable', 'full'))
    this.events.push(...events)
    for (const [key, body] of Object.entries(states)) this.#states.set(key, body)
    return Promise.resolve([])
  }
}

test('the repeat of a press that could not be stored is not acknowledged in its place: sent again, it is a press', async () => {
  const clock = new VirtualClock(instant(Date.parse('2026-03-01T08:00:00Z')))
  const disk = new FullDisk()
  const outbox = disk as unknown as Outbox
  const pipeline = new Pipeline({ outbox, clock, log: silentLog, tally: new Tally(), devices: [button] })
  const hear = (key: string, repeated: boolean) => {
    const message = { topic, payload: Buffer.from('{"action":"emergency"}') }
    const heard = { at: clock.now(), mono: clock.monotonic() }
    const given: DeviceMessage = { device: button, driver: 'mqtt', message, heard, delivery: { key, repeated } }
    return pipeline.hear(given)
  }
  // In one turn of the loop, as one segment of TCP brings them.
  const [press, repeat] = await Promise.allSettled([hear('bridge/1', false), hear('bridge/2', false)])
  expect([press.status, repeat.status]).toEqual(['rejected', 'rejected'])
  disk.full = false
  await clock.pass(seconds(2))
  await hear('bridge/1', true)
  expect(disk.events).toMatchObject([{ type: 'sos-pressed' }])
})
