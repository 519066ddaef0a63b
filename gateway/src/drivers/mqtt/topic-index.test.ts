import { type DeviceId, type PlacementId } from '@anju/contract'
import { profileById } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import type { Device } from '../../ports.ts'
import { topicIndex } from './topic-index.ts'

const profile = profileById('tuya/ts0215a-sos')
if (!profile) throw new Error('no profile of a button')
const installed = (...topics: string[]) => {
  const devices = topics.map(
    (topic, i): Device => ({
      id: `d-${i + 1}` as DeviceId,
      placement: 'here' as PlacementId,
      profile,
      options: {},
      topic,
    }),
  )
  const devicesOf = topicIndex(devices)
  return (topic: string) => devicesOf(topic).map(({ id }) => id)
}

test('a topic belongs to the device installed with it, its sub-topics too, and to nobody else', () => {
  const of = installed('zigbee2mqtt/bathroom button', 'tele/rfbridge')
  expect(of('zigbee2mqtt/bathroom button')).toEqual(['d-1'])
  expect(of('zigbee2mqtt/bathroom button/action')).toEqual(['d-1'])
  expect(of('zigbee2mqtt/bathroom button 2')).toEqual([])
  expect(of('zigbee2mqtt/bridge/state')).toEqual([])
  expect(of('zigbee2mqtt')).toEqual([])
  expect(of('')).toEqual([])
})

test('buttons behind one radio bridge share its topic, in the order in which they were installed', () => {
  const of = installed('tele/rfbridge', 'tele/other', 'tele/rfbridge')
  expect(of('tele/rfbridge')).toEqual(['d-1', 'd-3'])
  expect(of('tele/rfbridge/RESULT')).toEqual(['d-1', 'd-3'])
})

test('a device that is called like a place inside another’s topic answers for itself', () => {
  const of = installed('zigbee2mqtt/hall', 'zigbee2mqtt/hall/lamp')
  expect(of('zigbee2mqtt/hall/lamp/availability')).toEqual(['d-2'])
  expect(of('zigbee2mqtt/hall/availability')).toEqual(['d-1'])
})

test('wildcards match as MQTT says, and whoever is installed with the very topic comes before them', () => {
  const of = installed(
    'application/+/device/+/event/up',
    'application/+/device/24e1/event/+',
    'application/#',
    'application/4/device/24e1/event/join',
    '+/rtl_433',
  )
  expect(of('application/4/device/24e2/event/up')).toEqual(['d-1', 'd-3'])
  expect(of('application/4/device/24e1/event/up')).toEqual(['d-1', 'd-2', 'd-3'])
  expect(of('application/4/device/24e1/event/join')).toEqual(['d-4'])
  expect(of('application')).toEqual(['d-3'])
  expect(of('home/rtl_433')).toEqual(['d-5'])
  expect(of('$SYS/rtl_433')).toEqual([])
})

const topicsOf = (homes: number) =>
  Array.from({ length: homes }, (_, i) => [`zigbee2mqtt/d${i}`, `application/+/device/${i}/event/+`]).flat()

test('a message is compared with the topic of no device, however many there are', () => {
  let compared = 0
  const devices = topicsOf(1_000).map(
    (topic, i): Device => ({
      id: `d-${i}` as DeviceId,
      placement: 'here' as PlacementId,
      profile,
      options: {},
      get topic() {
        compared++
        return topic
      },
    }),
  )
  const devicesOf = topicIndex(devices)
  compared = 0
  const topics = ['zigbee2mqtt/d7', 'zigbee2mqtt/d7/action', 'application/4/device/7/event/up', 'nobody/s']
  expect(topics.map((topic) => devicesOf(topic).length)).toEqual([1, 1, 1, 0])
  expect(compared).toBe(0)
})
