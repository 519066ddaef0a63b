import { expect, test } from 'vitest'
import { accessOf, mayPublish, maySubscribe } from './access.ts'

const meter = { name: 'meter', topics: ['tele/meter/#', 'stat/meter/#', 'cmnd/meter/+'] }
const demo = { name: 'anonymous', topics: undefined }

test.for([
  ['tele/meter/SENSOR', true],
  ['tele/meter', true],
  ['cmnd/meter/POWER', true],
  ['cmnd/meter', false],
  ['tele/meter2/SENSOR', false],
  ['zigbee2mqtt/bathroom button', false],
  ['$SYS/broker', false],
] as const)('the meter may publish to %s: %s', ([topic, may]) => {
  expect(mayPublish(meter, topic)).toBe(may)
})

test.for([
  ['cmnd/meter/+', true],
  ['cmnd/meter/POWER', true],
  ['stat/meter/#', true],
  ['stat/meter/+/x', true],
  ['cmnd/meter/#', false],
  ['cmnd/+/POWER', false],
  ['+/meter/SENSOR', false],
  ['#', false],
  ['+', false],
  ['tele/#', false],
  ['$share/all/#', false],
  ['$SYS/#', false],
] as const)('the meter may subscribe to %s: %s', ([filter, may]) => {
  expect(maySubscribe(meter, filter)).toBe(may)
})

test('without topics of its own a device may use all but the broker’s', () => {
  expect(mayPublish(demo, 'a/b')).toBe(true)
  expect(maySubscribe(demo, '#')).toBe(true)
  expect(mayPublish(demo, '$SYS/a')).toBe(false)
})

const rules = { allowLoopbackAnonymous: false, credentials: [{ username: 'meter', password: 'right' }] }
test.for([
  ['meter', 'right', true],
  ['meter', 'wrong', false],
  ['meter', '', false],
  ['meter', undefined, false],
  ['nobody', 'right', false],
  ['nobody', '', false],
  ['', 'right', false],
  [undefined, undefined, false],
] as const)('%s with the password %s is let in: %s', ([username, password, isIn]) => {
  const bytes = password === undefined ? undefined : Buffer.from(password)
  expect(accessOf(rules, username, bytes, true) !== undefined).toBe(isIn)
})
