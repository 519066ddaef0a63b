import { expect, test } from 'vitest'
import { decodeWith } from '../../src/decode-with.ts'
import { haDiscovery } from './tell.ts'
import { pathOf } from './template.ts'

const read = (config: unknown, topic = 'homeassistant/binary_sensor/node/leak/config') =>
  haDiscovery.read({
    topic,
    bytes: new TextEncoder().encode(typeof config === 'string' ? config : JSON.stringify(config)),
  })

test.for([
  ['{{ value_json.x }}', ['x']],
  ['{{value_json["water leak"]}}', ['water leak']],
  ["{{ value_json.a['b'][0] }}", ['a', 'b', 0]],
  ['{{ value }}', []],
] as const)('%s', ([template, path]) => {
  expect(pathOf(template)).toEqual(path)
})

test.for([
  '{{ value_json.x | float }}',
  '{% if value_json.x %}ON{% endif %}',
  '{{ value_json.x }}{{ value_json.y }}',
  '{{ value_json }}',
  '{{ value.x }}',
  '{{ value_json.x() }}',
  '{{ states("sensor.x") }}',
  '{{ value_json[x] }}',
  'plain',
  `{{ value_json${'.a'.repeat(9)} }}`,
  `{{ value_json${'.a'.repeat(20_000)} }}`,
])('a template that is a program is refused: %.40s', (template) => {
  expect(decodeWith(pathOf, template)).toMatchObject({ ok: false, error: { code: 'frame-unknown' } })
})

test('short keys, the base topic and what on and off are by default', () => {
  const config = { '~': 'esp/kitchen', stat_t: '~/leak', uniq_id: 'u', dev_cla: 'moisture', avty_t: '~/status' }
  expect(read(config)).toMatchObject([
    {
      frame: {
        component: 'binary_sensor',
        node: 'node',
        object: 'leak',
        stateTopic: 'esp/kitchen/leak',
        jsonPath: [],
        deviceClass: 'moisture',
        payloadOn: 'ON',
        payloadOff: 'OFF',
        availability: [{ topic: 'esp/kitchen/status', jsonPath: [] }],
      },
    },
  ])
})

test('on and off may be the values themselves', () => {
  const config = {
    state_topic: 'a',
    value_template: '{{ value_json.occupancy }}',
    payload_on: true,
    payload_off: false,
  }
  expect(read(config)).toMatchObject([{ frame: { payloadOn: true, payloadOff: false, jsonPath: ['occupancy'] } }])
  expect(read({ state_topic: 'a', pl_on: 1, pl_off: 0 })).toMatchObject([{ frame: { payloadOn: 1, payloadOff: 0 } }])
  expect(read({ state_topic: 'a', pl_on: {} })).toMatchObject([{ is: 'refused' }])
})

test('an empty announcement takes the entity back', () => {
  expect(read('')).toMatchObject([{ is: 'told', frame: { object: 'leak', removed: true } }])
})

test.for([
  ['no state topic', {}, undefined],
  ['a wildcard as state topic', { state_topic: 'zigbee2mqtt/#' }, undefined],
  ['a state topic that is no text', { state_topic: 5 }, undefined],
  ['availability that is no list', { state_topic: 'a', availability: {} }, undefined],
  ['an availability that is a program', { state_topic: 'a', avty_t: 'b', avty_tpl: '{{ 1 if x }}' }, undefined],
  ['something that takes commands', { state_topic: 'a' }, 'homeassistant/valve/node/x/config'],
  ['another topic', { state_topic: 'a' }, 'homeassistant/sensor/x'],
] as const)('refused: %s', ([, config, topic]) => {
  expect(read(config, topic)).toMatchObject([{ is: 'refused' }])
})
