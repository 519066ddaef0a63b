import { expect, test } from 'vitest'
import { shellyGen2 } from './tell.ts'

const read = (topic: string, payload: unknown) =>
  shellyGen2.read({
    topic,
    bytes: new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload)),
  })
const events = (...names: string[]) => ({
  src: 'shellyplusi4-a8032ab0c018',
  method: 'NotifyEvent',
  params: { ts: 1_678_882_095.02, events: names.map((event) => ({ component: 'input:2', id: 2, event })) },
})

test.for([
  [['btn_down'], null],
  [['btn_up', 'single_push'], 'single'],
  [['long_push'], 'long'],
  [['config_changed'], null],
  [['constructor'], null],
] as const)('%s is the action %s', ([names, action]) => {
  expect(read('shellyplusi4-a8032ab0c018/events/rpc', events(...names))).toMatchObject([
    { is: 'told', frame: { action }, events: [] },
  ])
})

test('smoke and a flood raise their events, and a unit that inherits a name does not harm', () => {
  const status = { ts: 1.5, 'smoke:0': { alarm: true }, 'flood:1': { alarm: true }, constructor: { id: 1 } }
  expect(read('x/events/rpc', { src: 'x', method: 'NotifyStatus', params: status })).toMatchObject([
    { events: ['smoke', 'water-leak'], frame: { time: null } },
  ])
})

test('phases that are not connected are 0 V, a value that is null is no zero', () => {
  expect(read('x/status/em:0', { a_voltage: 229.5, b_voltage: 0, c_voltage: null })).toMatchObject([
    {
      readings: [
        { point: 'voltage-a', reading: { value: 229.5 } },
        { point: 'voltage-b', reading: { value: 0 } },
        { point: 'voltage-c', reading: { is: 'absent', why: 'not-reported' } },
      ],
    },
  ])
})

test.for([
  ['x/online', 'true', { is: 'told', frame: { device: 'x', availability: 'online' } }],
  ['x/online', 'yes', { is: 'refused', reason: 'not-this-protocol' }],
  [
    'x/rpc',
    { src: 'user', method: 'Switch.Set', params: { on: true } },
    { is: 'told', frame: { command: 'Switch.Set' } },
  ],
  ['x/events/rpc', { hello: 1 }, { is: 'refused', reason: 'not-this-protocol' }],
  ['x/events/rpc', '{', { is: 'refused', reason: 'malformed' }],
] as const)('%s %j', ([topic, payload, tells]) => {
  expect(read(topic, payload)).toMatchObject([tells])
})
