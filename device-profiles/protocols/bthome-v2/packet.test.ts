import { expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { decodeWith } from '../../src/decode-with.ts'
import { openPacket, readObjects } from './packet.ts'

const key = bytesOfHex('90bffd73cb6b26ef58a7a8eba9232036')
const mac = bytesOfHex('B4:35:22:F5:3D:A4')
const press = bytesOfHex('45 0A EB 84 46 7F 85 BA 01 00 00 31 88 78 8C')

test('an encrypted press opens with its key, and its counter is told', () => {
  const packet = openPacket(press, key, mac)
  expect(packet).toMatchObject({ encrypted: true, triggered: true, counter: 0x01ba })
  expect(readObjects(packet.objects)).toMatchObject({ packetId: 7, buttons: ['press'] })
})

test('an encrypted press with any bit turned does not open', () => {
  for (let bit = 0; bit < press.byteLength * 8; bit++) {
    const turned = press.slice()
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(decodeWith(() => openPacket(turned, key, mac), undefined).ok).toBe(false)
  }
})

test.for([
  ['another key', bytesOfHex('00'.repeat(16)), mac, 'frame-checksum'],
  ['another address', key, bytesOfHex('B4:35:22:F5:3D:A5'), 'frame-checksum'],
  ['no key', undefined, undefined, 'frame-malformed'],
  ['a short key', key.subarray(1), mac, 'frame-malformed'],
  ['a short address', key, mac.subarray(1), 'frame-malformed'],
] as const)('an encrypted press and %s', ([, withKey, withMac, code]) => {
  expect(decodeWith(() => openPacket(press, withKey, withMac), undefined)).toMatchObject({ ok: false, error: { code } })
})

test.for([
  ['02 CA', 'the temperature'],
  ['3A', 'the button'],
  ['05 01 02', 'the light'],
  ['53 05 41', 'the text'],
] as const)('a packet cut off in an object: %s', ([hex]) => {
  expect(decodeWith(readObjects, bytesOfHex(hex))).toMatchObject({ ok: false, error: { code: 'frame-malformed' } })
})

test('a door that is open is no contact, a byte that is neither is invalid', () => {
  expect(readObjects(bytesOfHex('1A 01 2D 00 29 02')).readings.map(({ point, reading }) => [point, reading])).toEqual([
    ['contact', { is: 'value', value: 0 }],
    ['contact-2', { is: 'value', value: 1 }],
    ['smoke', { is: 'absent', why: 'invalid' }],
  ])
})

test('what stood before an unknown object is kept, and the rest is told', () => {
  expect(readObjects(bytesOfHex('01 5D 3C 02 03 99 01 02'))).toMatchObject({
    others: { dimmer: { event: 'rotate_right', steps: 3 } },
    unread: '990102',
    readings: [{ point: 'battery' }],
  })
})

test('the same object again is the next sensor, and a switch that is neither on nor off is not off', () => {
  expect(readObjects(bytesOfHex('09 60 09 61 26 02')).others).toEqual({ count: 96, 'count-2': 97, problem: null })
})

test('an encrypted packet that carries its address needs no other', () => {
  const bound = bytesOfHex('231d39c1d7cc1ab1aee224cd096db932')
  const packet = openPacket(bytesOfHex('43 A5 80 8F E6 48 54 F1 96 C0 6F FB 49 00 11 22 33 F0 8E CB DE'), bound)
  expect(readObjects(packet.objects).readings.map(({ point }) => point)).toEqual(['temperature', 'humidity'])
})
