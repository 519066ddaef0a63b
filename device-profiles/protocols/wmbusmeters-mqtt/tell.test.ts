import { expect, test } from 'vitest'
import { smokedSince, wmbusmetersMqtt } from './tell.ts'

const read = (payload: unknown) =>
  wmbusmetersMqtt.read({ topic: '', bytes: new TextEncoder().encode(JSON.stringify(payload)) })
const detector = { media: 'smoke detector', meter: 'lansensm', id: '00010204', name: 'a' }

test.for([
  ['SMOKE', ['smoke'], 1],
  ['SMOKE LOW_BATTERY', ['smoke'], 1],
  ['OK', [], 0],
  ['NO_SMOKELESS', [], 0],
] as const)('a detector that says %s', ([status, events, value]) => {
  expect(read({ ...detector, status })).toMatchObject([{ events, readings: [{ point: 'smoke', reading: { value } }] }])
})

test.for([
  ['MALFUNCTION', ['device-fault']],
  ['LOW_BATTERY NO_CONNECTION_TO_SMOKE_DETECTOR', ['device-fault']],
] as const)('a detector that says %s does not know whether there is smoke', ([status, events]) => {
  expect(read({ ...detector, status })).toMatchObject([{ events, readings: [{ reading: { why: 'device-fault' } }] }])
})

test('a status that is null is no "no smoke", and smoke counts also while something else is broken', () => {
  expect(read({ ...detector, status: null })).toMatchObject([{ readings: [{ reading: { why: 'not-reported' } }] }])
  expect(read({ ...detector, status: 'MALFUNCTION SMOKE' })).toMatchObject([{ events: ['smoke', 'device-fault'] }])
})

test('a detector that only counts has no smoke reading, not even 0', () => {
  expect(read({ ...detector, status: 'OK', alarm_counter: 3 })).toMatchObject([
    { frame: { smokeAlarmCounter: 3 }, readings: [], events: [] },
  ])
})

test.for([
  [undefined, 1, false],
  [1, 1, false],
  [1, 2, true],
  [5, 0, false],
] as const)('counter %s then %d: %s', ([last, now, smoked]) => {
  expect(smokedSince(last, now)).toBe(smoked)
})

test('kilowatts come as watts, the energy of a heat meter is heat, null is no zero', () => {
  const payload = {
    media: 'heat',
    meter: 'kamheat',
    id: '1',
    total_energy_consumption_kwh: 12.5,
    current_power_consumption_kw: 1.25,
    total_m3: null,
  }
  const [heat] = read(payload)
  expect(heat?.is === 'told' && heat.readings).toEqual([
    { point: 'volume', quantity: 'water-volume', reading: { is: 'absent', why: 'not-reported' } },
    { point: 'energy', quantity: 'heat-energy', reading: { is: 'value', value: 12.5 } },
    { point: 'active-power', quantity: 'active-power', reading: { is: 'value', value: 1250 } },
  ])
})

test('refused without media, meter or id', () => {
  expect(read({ ...detector, id: 5 })).toMatchObject([{ is: 'refused', reason: 'not-this-protocol' }])
})
