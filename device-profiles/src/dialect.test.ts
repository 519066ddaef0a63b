import { expect, test } from 'vitest'
import { lorawanSays, uplinkOf } from '../protocols/chirpstack-v4/device.ts'
import { notifies } from '../protocols/shelly-gen2/device.ts'
import type { DeviceOptions, MqttMessage } from './profile.ts'
import { publishedOn } from './publication.ts'
import { profileById } from './registry.ts'

const decode = (id: string, message: MqttMessage, options: DeviceOptions = {}) => {
  const profile = profileById(id)
  if (profile?.driver !== 'mqtt') throw new Error(`${id} is no profile of an MQTT device`)
  return profile.decode(message, options)
}
const kettle = publishedOn('tele/kettle')
const node = publishedOn('hall')
const eui = '24e124535b310056'

test.for<[string, string, MqttMessage, DeviceOptions?]>([
  ['the radio of a Shelly', 'shelly/gen2-power', notifies('x')({ wifi: { rssi: -51 } })],
  ['the state of a Tasmota', 'tasmota/plug', kettle({ Uptime: '3T05:10:00' }, { under: 'STATE' })],
  ['another object of an ESPHome node', 'esphome/presence', node('-61', { under: 'sensor/wifi_signal/state' })],
  ['an uplink that holds nothing', 'milesight/ws101', uplinkOf(eui, 85)('')],
  ['an uplink of settings', 'milesight/ws101', uplinkOf(eui, 7)('01 02')],
  ['a join', 'milesight/ws101', lorawanSays(eui)('join', {})],
  [
    'what its gateway knows of a BLU button',
    'shelly/blu-button',
    notifies('x')({ 'bthomedevice:200': { rssi: -60 } }),
    { device: 'bthomedevice:200' },
  ],
])('%s is a sign of life', ([, id, message, options]) => {
  expect(decode(id, message, options)).toEqual({ readings: {}, events: [], heartbeat: true })
})

test.for<[string, string, MqttMessage, DeviceOptions?]>([
  ['the last will of a Shelly', 'shelly/gen2-power', publishedOn('x')('false', { under: 'online' })],
  [
    'somebody switching a Shelly',
    'shelly/gen2-power',
    publishedOn('x')({ src: 'me', method: 'Switch.Set' }, { under: 'rpc' }),
  ],
  ['the last will of a Tasmota', 'tasmota/plug', kettle('Online', { under: 'LWT' })],
  ['the last will of a node', 'esphome/presence', node('online', { under: 'status' })],
  ['the log of a node', 'esphome/presence', node('[D][wifi:1]', { under: 'debug' })],
  ['a complaint of the network server', 'milesight/ws101', lorawanSays(eui)('log', { level: 'ERROR' })],
  ['the network server answering it', 'milesight/ws101', lorawanSays(eui)('txack', {})],
  [
    'the availability that a bridge tells',
    'aqara/mccgq11lm',
    publishedOn('zigbee2mqtt/a')({ state: 'online' }, { under: 'availability' }),
  ],
  [
    'the bridge of a Zigbee device',
    'tasmota/zigbee-leak',
    kettle({ Uptime: '1' }, { under: 'STATE' }),
    { device: 'Leak' },
  ],
  [
    'the gateway of a BLU button',
    'shelly/blu-button',
    notifies('x')({ wifi: { rssi: -51 } }),
    { device: 'bthomedevice:200' },
  ],
])('%s is none', ([, id, message, options]) => {
  expect(decode(id, message, options)).toEqual({ readings: {}, events: [] })
})

test('an encrypted packet hands out its counter, which must rise; an open one its number, which must differ', () => {
  const options = { key: '90bffd73cb6b26ef58a7a8eba9232036', mac: 'B4:35:22:F5:3D:A4' }
  const radio = publishedOn('home/OMG/BTtoMQTT/B43522F53DA4')
  const sealed = radio('45 0A EB 84 46 7F 85 BA 01 00 00 31 88 78 8C')
  expect(decode('bthome/sos-button', sealed, options).sequence).toEqual({ number: 0x01ba, guard: 'rises' })
  expect(decode('bthome/sos-button', radio('44 00 52 01 64 3A 01')).sequence).toEqual({
    number: 0x52,
    guard: 'differs',
  })
  expect(decode('bthome/sos-button', radio('44 3A 01')).sequence).toBeUndefined()
})
