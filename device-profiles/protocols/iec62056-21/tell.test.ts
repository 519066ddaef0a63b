import { absent, reading } from '@anju/contract'
import { expect, test } from 'vitest'
import { iec62056 } from './tell.ts'

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))
const read = (bytes: Uint8Array) => iec62056.read({ bytes, topic: '' })
const checked = (data: string, ident = '/LGZ4ZMF100AC.M26\r\n') => {
  const covered = `${data}!\r\n\u0003`
  const bcc = [...bytesOf(covered)].reduce((xor, byte) => xor ^ byte, 0)
  return bytesOf(`${ident}\u0002${covered}${String.fromCharCode(bcc)}`)
}
const parity = (byte: number) => byte.toString(2).replaceAll('0', '').length % 2
const readingsOf = (bytes: Uint8Array) => {
  const [told] = read(bytes)
  return told?.is === 'told' ? Object.fromEntries(told.readings.map(({ point, reading }) => [point, reading])) : told
}

test('registers become readings in our units, without dust', () => {
  const lines = [
    '1.8.0(061561.289*kWh)',
    '1.8.2(018609.568*kWh)',
    '2.8.0(10490*Wh)',
    '1.7.0(02.027*kW)',
    '36.7.0(-0000.17*kW)',
    '32.7(241*V)',
    '71.7(000.47*A)',
    '13.7(0.98)',
    '14.7(50.0*Hz)',
  ]
  expect(readingsOf(checked(`${lines.join('\r\n')}\r\n`))).toEqual({
    'active-energy': reading(61_561.289),
    'active-energy-tariff-2': reading(18_609.568),
    'active-energy-reverse': reading(10.49),
    'active-power': reading(2_027),
    'active-power-net-a': reading(-170),
    'voltage-a': reading(241),
    'current-c': reading(0.47),
    'power-factor': reading(0.98),
    frequency: reading(50),
  })
})

test('what is no value of now is no reading, and what is no value at all is absent', () => {
  const lines = [
    '1.8.0(------*kWh)',
    '2.8.0(000001.2)',
    '1.8.0*03(000999.0*kWh)',
    '32.7(241*A)',
    'F.F(00)',
    '7-0:3.0.0(1*m3)',
  ]
  expect(readingsOf(checked(lines.join('\r\n')))).toEqual({
    'active-energy': absent('invalid'),
    'active-energy-reverse': absent('invalid'),
    'voltage-a': absent('invalid'),
  })
})

test('parity left in bit 7 is taken off, also of an odd head, and refused when it is wrong somewhere', () => {
  const plain = checked('1.8.0(061561.289*kWh)\r\n')
  const even = plain.map((byte) => byte | (parity(byte) << 7))
  const odd = plain.map((byte) => byte | ((1 - parity(byte)) << 7))
  const mark = plain.map((byte) => byte | 0x80)
  for (const bytes of [even, odd, mark]) expect(readingsOf(bytes)).toEqual({ 'active-energy': reading(61_561.289) })
  const wrong = even.with(30, (even[30] ?? 0) ^ 0x80)
  expect(read(wrong)[0]).toMatchObject({
    is: 'refused',
    reason: 'checksum',
    why: expect.stringMatching(/bit 7/) as string,
  })
})

test('our acknowledgement between identification and data is no part of either', () => {
  const [head = '', tail = ''] = String.fromCharCode(...checked('1.8.0(1*kWh)\r\n')).split('\u0002')
  const [told, ...more] = read(bytesOf(`/?!\r\n${head}\u0006050\r\n\u0002${tail}`))
  expect(more).toEqual([])
  expect(told).toMatchObject({ is: 'told', frame: { ident: 'LGZ4ZMF100AC.M26', mode: 'C' } })
})

test('without a check one strange line refuses the message; with one it is counted', () => {
  const lines = '1-0:1.8.0*255(1*kWh)\r\n1-0:2.8.0*2x5(1*kW\r\n'
  expect(read(bytesOf(`/ESY5Q3DB1024\r\n\r\n${lines}!\r\n`))).toEqual([
    {
      is: 'refused',
      code: 'frame-malformed',
      reason: 'malformed',
      why: expect.stringMatching(/no data set/) as string,
    },
  ])
  expect(read(checked(lines))[0]).toMatchObject({ is: 'told', frame: { count: 1, foreignLines: 1 } })
})

test('a message that stops and begins again is refused, and the second one read', () => {
  const bytes = bytesOf('/ESY5Q3DB1024\r\n\r\n1-0:1.8.0*255(1*kWh)\r\n/ESY5Q3DB1024\r\n\r\n1-0:1.8.0*255(2*kWh)\r\n!')
  expect(read(bytes).map(({ is }) => is)).toEqual(['skipped', 'told'])
  expect(read(bytes)[1]).toMatchObject({ readings: [{ point: 'active-energy', reading: reading(2) }] })
})

test('a capture that ends behind the "!" of mode C is read as mode D is: line by line, without a check', () => {
  const lines = ['F.F(02)', '0.0(        18438636)', '1.8.0(000219.252*kWh)', '32.7(233*V)', 'C.1.1(      )']
  const cut = `/LGZ4ZMF100AC.M27\n\n\u0002${lines.join('\n\n')}\n\n!`
  expect(read(bytesOf(cut))).toMatchObject([
    {
      is: 'told',
      frame: { ident: 'LGZ4ZMF100AC.M27', checked: false, count: 5, values: { '0.0': { value: '18438636' } } },
    },
  ])
  expect(readingsOf(bytesOf(cut))).toEqual({ 'active-energy': reading(219.252), 'voltage-a': reading(233) })
  // One byte more or less and it is no such end: a check that has begun must be whole, and a line must be one.
  for (const end of ['!\r\n\u0003', '', '32.7(23\n\n!'])
    expect(read(bytesOf(cut.replace(/!$/, end)))[0]).toMatchObject({ is: 'refused' })
})

test('an identification that nobody has answered yet is told as one', () => {
  expect(read(bytesOf('/?!\r\n/ISk5MT174-0001\r\n'))).toMatchObject([
    { is: 'told', frame: { ident: 'ISk5MT174-0001', baudCode: '5', direction: 'response' }, readings: [] },
  ])
  expect(read(bytesOf('/ISk5MT174-0001\r\n1-0:1.8.0*255(1*kWh)\r\n'))[0]).toMatchObject({ is: 'refused' })
})

test('noise between STX and ETX whose xor happens to be right is no readout', () => {
  expect(read(checked('gurgle\r\n'))).toMatchObject([{ is: 'refused', code: 'frame-malformed' }])
  expect(read(checked('1.8.0(\u00071*kWh)\r\n'))[0]).toMatchObject({ is: 'refused', reason: 'end-byte' })
})

test('an acknowledgement into programming mode is known for what it is', () => {
  expect(read(bytesOf('\u0006051\r\n'))[0]).toMatchObject({ frame: { acknowledge: '051', neverSentByGateway: true } })
  expect(read(bytesOf('\u0006050\r\n'))[0]).toMatchObject({ frame: { acknowledge: '050' } })
})
