import { expect, test } from 'vitest'
import { announcedTopic } from './announcement.ts'

const says = (topic: string, payload: string) => announcedTopic(topic, new TextEncoder().encode(payload))
const announce =
  '{"type":"device_announce","data":{"friendly_name":"hall/bathroom button","ieee_address":"0x00124b0000000001"}}'

test('a bridge names the device that came back, by its own base topic', () => {
  expect(says('zigbee2mqtt/bridge/event', announce)).toBe('zigbee2mqtt/hall/bathroom button')
  expect(says('upstairs/z2m/bridge/event', announce)).toBe('upstairs/z2m/hall/bathroom button')
})

test.for([
  ['zigbee2mqtt/bridge/event', '{"type":"device_leave","data":{"friendly_name":"x"}}'],
  ['zigbee2mqtt/bridge/event', '{"type":"device_announce","data":null}'],
  ['zigbee2mqtt/bridge/event', '{"type":'],
  ['zigbee2mqtt/bathroom button', announce],
] as const)('%s %s names nobody', ([topic, payload]) => {
  expect(says(topic, payload)).toBeUndefined()
})
