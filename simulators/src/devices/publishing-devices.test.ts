import { hours, type Instant, type Millis, parseInstant, plus, reading } from '@anju/contract'
import type { Decoded } from '@anju/device-profiles/profile'
import { profileById } from '@anju/device-profiles/registry'
import { tellWithProfile } from '@anju/device-profiles/tell-with-profile'
import { describe, expect, test } from 'vitest'
import type { PublishingDevice } from './device.ts'
import { publishingDevices } from './devices.ts'

const midnight = parseInstant('2026-03-09T00:00:00.000Z')

function profileOf({ profile: id }: PublishingDevice) {
  const profile = profileById(id)
  if (profile?.driver !== 'mqtt') throw new Error(`${id} is no profile of an MQTT device`)
  return profile
}

/** What the profile makes of everything the device publishes at an instant. */
function heard(device: PublishingDevice, at: Instant): Decoded[] {
  const { decode } = profileOf(device)
  return device.publish(at).map(({ topic, payload }) => {
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
    return decode({ topic, payload: bytes }, device.options ?? {})
  })
}

function* aDayOf(every: Millis): Generator<Instant> {
  // Often enough to meet the morning, the noon and the night also of what speaks once a day.
  const step = Math.min(every, hours(1) / 4)
  for (let at = midnight; at < plus(midnight, hours(24)); at = plus(at, step as Millis)) yield at
}

/** Sixteen hex digits are an EUI, and may as well be a friendly name; a Bluetooth address is part of what it encrypts with. */
const made = publishingDevices.map(({ name, make }) => ({
  name,
  device: make(name.startsWith('bthome') ? 'B4:35:22:F5:3D:A4' : '24e124535b310056'),
}))
const madeBy = (wanted: string): PublishingDevice => {
  const found = made.find(({ name }) => name === wanted)
  if (!found) throw new Error(`no simulated device is called ${wanted}`)
  return found.device
}

describe.for(made)('$name', ({ device }) => {
  test('all day its profile reads what it measures, to the last digit, and nothing else', () => {
    for (const at of aDayOf(device.every)) {
      const read = Object.assign({}, ...heard(device, at).map(({ readings }) => readings)) as Decoded['readings']
      const values = Object.entries(read).filter(([, given]) => given?.is === 'value')
      const truth = Object.entries(device.truth(at)).map(([point, value]) => [point, reading(value)])
      expect({ at, read: Object.fromEntries(values) }).toEqual({ at, read: Object.fromEntries(truth) })
    }
  })

  test('it is heard within the time after which it counts as lost', () => {
    const { supervision } = profileOf(device)
    expect(device.every * 3).toBeLessThanOrEqual(supervision.lostAfter)
  })
})

const buttons = made.filter(({ device }) => profileOf(device).events['sos-pressed']?.from === 'edge')

test('there are buttons of five dialects', () => {
  expect(buttons.length).toBeGreaterThan(4)
})

test.for(buttons)('$name, pressed on trial at nine, is pressed then and at no other time', ({ device }) => {
  for (const hour of [0, 8, 9, 10, 23]) {
    const pressed = heard(device, plus(midnight, hours(hour))).flatMap(({ events }) => events)
    expect({ hour, pressed: [...new Set(pressed)] }).toEqual({ hour, pressed: hour === 9 ? ['sos-pressed'] : [] })
  }
})

test('a packet of BTHome played again is known by the number it hands out', () => {
  const button = madeBy('bthome-sos')
  const numberAt = (hour: number) => heard(button, plus(midnight, hours(hour)))[0]?.sequence
  const [before, press, after] = [numberAt(8), numberAt(9), numberAt(10)]
  expect(press).toEqual({ number: expect.any(Number), guard: 'rises' })
  expect(press?.number).toBeGreaterThan(before?.number ?? Number.POSITIVE_INFINITY)
  // What was recorded at nine and is played at eleven says a number that is not above the one of ten.
  expect(numberAt(9)?.number).toBeLessThan(after?.number ?? 0)
})

test('one press that two gateways hand on is one packet', () => {
  const button = madeBy('shelly-blu-button')
  const nine = plus(midnight, hours(9))
  const [first] = heard(button, nine)
  expect(first?.sequence).toEqual({ number: expect.any(Number), guard: 'differs' })
  expect(heard(button, nine)[0]?.sequence).toEqual(first?.sequence)
  expect(heard(button, plus(nine, hours(1)))[0]?.sequence).not.toEqual(first?.sequence)
})

test('a fall is what `decode` with the profile tells, too', async () => {
  const radar = madeBy('vayyar-radar')
  const published = radar.publish(plus(midnight, hours(3)))
  const told = await Promise.all(
    published.map(({ topic, payload }) =>
      tellWithProfile(profileOf(radar), { topic, bytes: Buffer.from(payload) }, radar.options),
    ),
  )
  expect(told.flat().flatMap((one): readonly string[] => (one.is === 'told' ? one.events : [one.is]))).toEqual([
    'fall-suspected',
    'fall-detected',
    'fall-detected',
  ])
})
