import { expect, test } from 'vitest'
import { tasmota } from './tell.ts'

const read = (topic: string, payload: unknown) =>
  tasmota.read({
    topic,
    bytes: new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload)),
  })

test.for([
  ['tele/x/LWT', 'Offline', { frame: { availability: 'offline' } }],
  ['tele/x/LWT', 'constructor', { is: 'refused' }],
  ['stat/x/POWER2', 'ON', { readings: [{ point: 'switch', reading: { value: 1 } }] }],
  ['cmnd/x/POWER', 'TOGGLE', { frame: { direction: 'command' } }],
  ['tele/x/SENSOR', { ZbReceived: {} }, { is: 'refused' }],
  ['tele/x/SENSOR', { ZbReceived: { a: { '0500!00': '0' } } }, { is: 'refused' }],
  ['tele/x/SENSOR', { ZbReceived: { Leak: { Water: 1 } } }, { events: ['water-leak'], frame: { name: 'Leak' } }],
  ['tele/x/SENSOR', { ZbReceived: { a: { '0500!00': '0000FF0000' } } }, { frame: { alarm: false }, events: [] }],
  ['tele/x/RESULT', { RfReceived: { Data: 'none' } }, { is: 'refused', reason: 'incomplete' }],
] as const)('%s %j', ([topic, payload, tells]) => {
  expect(read(topic, payload)).toMatchObject([tells])
})

test('phases come one by one, Fahrenheit as Celsius, and the chip is no room', () => {
  const payload = {
    ENERGY: { Power: [1, null, 'x'], Total: 2.5 },
    'DHT11-1': { Temperature: 212 },
    ESP32: { Temperature: 150 },
    TempUnit: 'F',
  }
  const [told] = read('tele/x/SENSOR', payload)
  expect(told?.is === 'told' && told.readings.map(({ point, reading }) => [point, reading])).toEqual([
    ['active-energy', { is: 'value', value: 2.5 }],
    ['active-power', { is: 'value', value: 1 }],
    ['active-power-2', { is: 'absent', why: 'not-reported' }],
    ['active-power-3', { is: 'absent', why: 'invalid' }],
    ['temperature', { is: 'value', value: 100 }],
  ])
})
