import { expect, test } from 'vitest'
import { type Announcement, profilesOfDiscovery } from './from-discovery.ts'
import { loadProfile } from './load.ts'

const utf8 = new TextEncoder()
const announces = (topic: string, config: object): Announcement => ({
  topic,
  payload: utf8.encode(JSON.stringify(config)),
})
const device = { name: 'hall', model_id: 'D1' }
const hall = [
  announces('homeassistant/sensor/0x01/temperature/config', {
    state_topic: 'zigbee2mqtt/hall',
    value_template: '{{ value_json.temperature }}',
    device_class: 'temperature',
    unit_of_measurement: '°F',
    device,
  }),
  announces('homeassistant/sensor/0x01/battery/config', {
    stat_t: 'zigbee2mqtt/hall',
    val_tpl: '{{ value_json["cell"].percent }}',
    dev_cla: 'battery',
    unit_of_meas: '%',
    device,
  }),
  announces('homeassistant/binary_sensor/0x01/contact/config', {
    state_topic: 'zigbee2mqtt/hall',
    value_template: '{{ value_json.open }}',
    device_class: 'door',
    payload_on: true,
    payload_off: false,
    device,
  }),
]
const text = announces('homeassistant/binary_sensor/stove/smoke/config', {
  state_topic: 'stove/binary_sensor/smoke/state',
  device_class: 'smoke',
})

const read = async (announcements: readonly Announcement[], said: string) => {
  const [file] = profilesOfDiscovery(announcements).files
  const loaded = await loadProfile(JSON.stringify(file))
  if (loaded.is !== 'profile' || loaded.profile.driver !== 'mqtt') throw new Error(JSON.stringify(loaded))
  const { readings } = await loaded.profile.decode({
    topic: file?.topic ?? '',
    payload: utf8.encode(said),
  })
  return Object.fromEntries(
    Object.entries(readings).map(([point, one]) => [point, one?.is === 'value' ? one.value : one?.why]),
  )
}

test('entities of one topic become one profile, sound and proven, with the units turned into ours', async () => {
  const { files, passedOver } = profilesOfDiscovery(hall)
  expect(files).toHaveLength(1)
  expect(passedOver).toEqual([])
  expect(files[0]).toMatchObject({
    topic: 'zigbee2mqtt/hall',
    models: ['D1'],
    events: { 'battery-low': { of: 'battery' } },
  })
  const said = '{"temperature":212,"cell":{"percent":9},"open":true}'
  expect(await read(hall, said)).toEqual({ temperature: 100, battery: 9, contact: 0 })
  expect(await read(hall, '{"open":null,"temperature":null}')).toEqual({
    contact: 'not-reported',
    temperature: 'not-reported',
  })
  expect(await read(hall, '{"open":"ajar"}')).toEqual({ contact: 'invalid' })
})

const provenBy = (announcements: readonly (Announcement | undefined)[]) =>
  profilesOfDiscovery(announcements.flatMap((one) => one ?? [])).files[0]?.walkTest.proves

test('the walk test of a detector is its alarm, and of a sensor what it measures: never its battery', () => {
  const [temperature, battery, contact] = hall
  const smoke = announces('homeassistant/binary_sensor/0x01/smoke/config', {
    state_topic: 'zigbee2mqtt/hall',
    value_template: '{{ value_json.smoke }}',
    device_class: 'smoke',
  })
  expect(provenBy([battery, contact, smoke])).toBe('smoke')
  expect(provenBy([battery, temperature])).toBe('temperature')
  expect(provenBy([battery])).toBe('battery')
})

test('a plain text topic is read as text, and what is neither on nor off is refused', async () => {
  expect(await read([text], 'ON')).toEqual({ smoke: 1 })
  expect(await read([text], 'OFF')).toEqual({ smoke: 0 })
  await expect(read([text], 'unavailable')).rejects.toThrow('neither on nor off')
})

test('programs, commands, foreign units and classes are passed over with their reason', () => {
  const strange = [
    announces('homeassistant/sensor/a/b/config', {
      state_topic: 't',
      value_template: '{{ value_json.a | float * 2 }}',
      device_class: 'power',
    }),
    announces('homeassistant/switch/a/b/config', { state_topic: 't', command_topic: 'set' }),
    announces('homeassistant/sensor/a/c/config', {
      state_topic: 't',
      device_class: 'temperature',
      unit_of_measurement: 'K',
    }),
    announces('homeassistant/sensor/a/d/config', { state_topic: 't', device_class: 'gas' }),
    { topic: 'homeassistant/sensor/a/e/config', payload: utf8.encode('{') },
  ]
  const { files, passedOver } = profilesOfDiscovery(strange)
  expect(files).toEqual([])
  expect(passedOver.map(({ why }) => why)).toEqual([
    expect.stringContaining('not a plain template'),
    expect.stringContaining('component switch'),
    expect.stringContaining('unit_of_measurement K'),
    expect.stringContaining('device_class gas'),
    expect.stringContaining('JSON'),
  ])
})
