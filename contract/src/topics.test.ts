import { describe, expect, test } from 'vitest'
import { gatewayId } from './ids.ts'
import { DOWN_KINDS, downFilter, downTopic, parseUpTopic, topicMatches, UP_KINDS, upTopic } from './topics.ts'

const gateway = gatewayId('gw-0001')

test('a topic is read as it is written', () => {
  for (const kind of UP_KINDS) expect(parseUpTopic(upTopic(gateway, kind))).toEqual({ gateway, kind })
  expect(upTopic(gateway, 'event')).toBe('anju/v1/gw-0001/up/event')
  expect(downTopic(gateway, 'receipt')).toBe('anju/v1/gw-0001/down/receipt')
  for (const kind of DOWN_KINDS) expect(topicMatches(downFilter(gateway), downTopic(gateway, kind))).toBe(true)
})

test.for([
  '',
  'anju/v1/gw-0001/up',
  'anju/v1/gw-0001/up/event/more',
  'anju/v1/gw-0001/up/receipt',
  'anju/v1/gw-0001/down/receipt',
  'anju/v2/gw-0001/up/event',
  'anju/v1//up/event',
  'anju/v1/GW/up/event',
  'anju/v1/+/up/event',
  'anju/v1/gw/0001/up/event',
  'x/anju/v1/gw-0001/up/event',
  'anju/v1/gw-0001/up/event\n',
])('%o is not a gateway’s', (topic) => {
  expect(parseUpTopic(topic)).toBeUndefined()
})

describe('a filter matches as MQTT says', () => {
  test.for([
    ['a/b', 'a/b', true],
    ['a/b', 'a/b/c', false],
    ['a/b/c', 'a/b', false],
    ['a/+', 'a/b', true],
    ['a/+', 'a/', true],
    ['a/+', 'a', false],
    ['+/+', '/finance', true],
    ['+', '/finance', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['#', 'a/b', true],
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a/b/d', false],
    ['zigbee2mqtt/bathroom button', 'zigbee2mqtt/bathroom button', true],
    // MQTT 3.1.1 §4.7.2: a wildcard at the front does not reach into the broker's own topics.
    ['#', '$SYS/uptime', false],
    ['+/uptime', '$SYS/uptime', false],
    ['$SYS/#', '$SYS/uptime', true],
  ] as const)('%s, %s: %s', ([filter, topic, matches]) => {
    expect(topicMatches(filter, topic)).toBe(matches)
  })
})
