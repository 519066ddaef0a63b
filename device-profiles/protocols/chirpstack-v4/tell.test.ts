import { expect, test } from 'vitest'
import { chirpstackV4 } from './tell.ts'

const EUI = '24e124535b310056'
const read = (event: string, payload: unknown, eui = EUI) =>
  chirpstackV4.read({
    topic: `application/a/device/${eui}/event/${event}`,
    bytes: new TextEncoder().encode(JSON.stringify(payload)),
  })

test('the gateway that heard it best gives the level, whatever stands first', () => {
  const rxInfo = [{ rssi: -110, snr: -3 }, { snr: 1 }, { rssi: -60, snr: 9 }]
  expect(read('up', { fPort: 85, data: '/y4B', rxInfo, object: {} })).toMatchObject([
    { frame: { payloadHex: 'FF2E01', rssiDbm: -60, snrDb: 9, gateways: 3, decodedByOthers: {} } },
  ])
})

test.for([
  ['a battery on the mains is none', { batteryLevel: 0, externalPowerSource: true }, []],
  ['a battery that is not known is not 0', { batteryLevel: 0, batteryLevelUnavailable: true }, []],
  ['a battery', { batteryLevel: 75.6 }, [{ point: 'battery', reading: { value: 75.6 } }]],
] as const)('%s', ([, status, readings]) => {
  expect(read('status', status)).toMatchObject([{ is: 'told', readings }])
})

test('an error of the network server is a fault of the device', () => {
  expect(read('log', { level: 'ERROR', code: 'UPLINK_MIC' })).toMatchObject([{ events: ['device-fault'] }])
  expect(read('log', { level: 'INFO', code: 'X' })).toMatchObject([{ events: [] }])
})

test.for([
  ['another device than in the topic', 'up', { deviceInfo: { devEui: '0101010101010101' } }],
  ['data that is not base64', 'up', { data: 'FF 2E 01' }],
  ['data that is no text', 'up', { data: 5 }],
  ['data longer than LoRaWAN carries', 'up', { data: 'AAAA'.repeat(90) }],
  ['a port that is none', 'up', { fPort: 300, data: '' }],
  ['an event that is none', 'down', {}],
] as const)('refused: %s', ([, event, payload]) => {
  expect(read(event, payload)).toMatchObject([{ is: 'refused' }])
})

test('refused: an EUI that is none', () => {
  expect(read('up', {}, 'abc')).toMatchObject([{ is: 'refused', code: 'payload-malformed' }])
})
