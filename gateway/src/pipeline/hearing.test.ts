import { absent, type DeviceId, instant, type Monotonic, type PlacementId, reading } from '@anju/contract'
import type { Decoded } from '@anju/device-profiles/profile'
import { profileById } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import { type DeviceMemory, newMemory, readMemory, writeMemory } from '../domain/memory.ts'
import type { Device } from '../ports.ts'
import { calmed, type Hearing, hearing } from './hearing.ts'

const deviceOf = (id: string): Device => {
  const profile = profileById(id)
  if (!profile) throw new Error(`no profile ${id}`)
  return { id: 'd-1' as DeviceId, placement: 'here' as PlacementId, profile, options: {} }
}
const heardAt = (ms: number) => ({ at: instant(1_800_000_000_000 + ms), mono: ms as Monotonic })

/** One device that says things, one after the other. */
function aDevice(profile: string, start: DeviceMemory = newMemory(instant(0))) {
  const device = deviceOf(profile)
  let memory = start
  const told: { at: number; hearing: Hearing }[] = []
  const keep = (at: number, outcome: Hearing | undefined) => {
    if (!outcome) return
    memory = outcome.memory
    told.push({ at, hearing: outcome })
  }
  return {
    says(ms: number, readings: Decoded['readings'], more: Partial<Decoded> & { retained?: boolean } = {}) {
      const { retained = false, ...said } = more
      const decoded: Decoded = { readings, events: [], ...said }
      keep(
        ms,
        hearing(device, memory, { decoded, heard: heardAt(ms), retained, alive: !retained, delivery: undefined }),
      )
    },
    timePasses: (ms: number) => keep(ms, calmed(device, memory, 0 as Monotonic, heardAt(ms))),
    events: () => told.flatMap(({ hearing: { events } }) => events.map(({ type, phase }) => `${type} ${phase}`)),
    samples: () =>
      told.flatMap(({ hearing: { samples } }) =>
        samples.map(({ reading: one }) => (one.is === 'value' ? one.value : one.why)),
      ),
    memory: () => memory,
  }
}

test('a smoke detector that flickers ten times a second stays raised, and is told once beside it', () => {
  const smoke = aDevice('heiman/hs1sa')
  for (let i = 0; i < 600; i++) smoke.says(i * 100, { smoke: reading(i % 2) })
  const [last] = smoke.events().slice(-2)
  expect(smoke.events().filter((event) => event.startsWith('chattering'))).toEqual(['chattering raised'])
  expect(last).toBe('smoke raised')
  expect(smoke.events().length).toBeLessThan(25)
  expect(smoke.samples().at(-1)).toBe('device-fault')
  smoke.timePasses(60_000 + 59_000)
  expect(smoke.events().at(-1)).toBe('chattering raised')
  smoke.says(60_000, { smoke: reading(0) })
  smoke.timePasses(60_000 + 61_000)
  expect(smoke.events().slice(-2)).toEqual(['smoke returned', 'chattering returned'])
})

test('a door contact that chatters raises one technical event and no life event, also over a restart', () => {
  const door = aDevice('aqara/mccgq11lm')
  for (let i = 0; i < 3_600; i++) door.says(i * 100, { contact: reading(i % 2) })
  expect(door.events()).toEqual(['chattering raised'])
  const after = aDevice('aqara/mccgq11lm', readMemory(writeMemory(door.memory()), instant(0)))
  for (let i = 0; i < 100; i++) after.says(i * 100, { contact: reading(i % 2) })
  after.timePasses(10_000 + 60_000)
  expect(after.events()).toEqual(['chattering returned'])
  expect(after.memory().switches).toEqual({})
})

test('a register that jumps by a million, and a meter replaced by one with a lower register, are no consumption and are explained', () => {
  const meter = aDevice('dlt645/single-phase')
  const reads = [4_000, 1_004_000, 4_000.5, 12, 12.5]
  for (const [i, value] of reads.entries()) meter.says(i * 300_000, { 'active-energy': reading(value) })
  expect(meter.samples()).toEqual([4_000, 'implausible', 4_000.5, 'implausible', 12.5])
  expect(meter.events()).toEqual([])
  expect(meter.memory().oddities.map(({ kind, of }) => `${kind} ${of}`)).toEqual([
    'register-jumped active-energy',
    'register-back active-energy',
    'register-replaced active-energy',
  ])
})

test('a replayed press raises no life event and asks a person; its readings are not taken', () => {
  const button = aDevice('tuya/ts0215a-sos')
  const press = (ms: number, number: number) =>
    button.says(ms, { battery: reading(80) }, { events: ['sos-pressed'], sequence: { number, guard: 'rises' } })
  press(0, 7)
  press(3_600_000, 6)
  expect(button.events()).toEqual(['sos-pressed raised', 'cannot-tell raised'])
  expect(button.samples()).toEqual([80])
})

test('what a broker kept is no press and no sign of life, but somebody is asked, and its levels are known', () => {
  const button = aDevice('tuya/ts0215a-sos')
  button.says(0, { battery: reading(80) }, { events: ['sos-pressed'], retained: true })
  expect(button.events()).toEqual(['cannot-tell raised'])
  expect(button.samples()).toEqual([80])
  expect(button.memory().lastHeardAt).toBeNull()
  expect(button.memory().oddities).toMatchObject([{ kind: 'press-retained' }])
})

test('a fall that a broker kept raises no life event and ends none; somebody is asked, and who is in the room is known', () => {
  const radar = aDevice('heiman/hs2fd')
  const kept = { retained: true }
  radar.says(0, { presence: reading(1), fall: reading(1), 'maybe-fall': reading(1) }, kept)
  expect([radar.events(), radar.samples()]).toEqual([['cannot-tell raised'], [1]])
  expect(radar.memory().oddities).toMatchObject([
    { kind: 'fall-retained', of: 'fall' },
    { kind: 'fall-retained', of: 'maybe-fall' },
  ])
  radar.says(1_000, { fall: reading(1) })
  radar.says(2_000, { fall: reading(0) }, kept)
  expect(radar.events()).toEqual(['cannot-tell raised', 'fall-detected raised'])
})

test('a packet that a broker kept does not bar the next one, whatever its number', () => {
  const button = aDevice('bthome/sos-button')
  const press = { events: ['sos-pressed'], sequence: { number: 82, guard: 'differs' } } as const
  button.says(0, {}, { ...press, retained: true })
  button.says(1_000, {}, press)
  expect(button.events()).toEqual(['cannot-tell raised', 'sos-pressed raised'])
})

test('a smoke detector that flickers for hours is said again every five minutes, whoever closed the alarm meanwhile', () => {
  const smoke = aDevice('heiman/hs1sa')
  for (let i = 0; i < 1_440; i++) smoke.says(i * 2_500, { smoke: reading(i % 2) })
  const raised = smoke.events().filter((event) => event === 'smoke raised')
  expect(raised.length).toBeGreaterThanOrEqual(60 / 5)
  expect(raised.length).toBeLessThan(60 / 5 + 25)
})

test('a fall that is told again after a silence may be another fall, and is said again; one that goes on is said once', () => {
  const radar = aDevice('seeed/mr60fda2')
  radar.says(0, { fall: reading(1) })
  radar.says(1_000, { fall: reading(1) })
  expect(radar.events()).toEqual(['fall-detected raised'])
  radar.says(2_000, { fall: absent('invalid') })
  radar.says(3_000, { fall: reading(1) })
  expect(radar.events()).toEqual(['fall-detected raised', 'fall-detected raised'])
  const restarted = aDevice('seeed/mr60fda2', readMemory(writeMemory(radar.memory()), instant(0)))
  restarted.says(0, { fall: reading(1) })
  restarted.says(1_000, { fall: reading(1) })
  restarted.says(2_000, { fall: reading(0) })
  expect(restarted.events()).toEqual(['fall-detected raised', 'fall-detected returned'])
})
