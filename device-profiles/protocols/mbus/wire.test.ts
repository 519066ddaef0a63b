import { describe, expect, test } from 'vitest'
import { bytesOfHex, hexOf } from '../../src/byte-reader.ts'
import { FrameScanner } from '../../src/frame-scanner.ts'
import type { Asked, Heard } from '../../src/wire.ts'
import type { MbusAsk } from './exchange.ts'
import { mbus } from './tell.ts'
import { mbusWire } from './wire.ts'

const asked: Asked<MbusAsk> = { address: '1', ask: 'data', aloneOnBus: false, speedChanges: true }

/** A long frame: of meter 12345678, water, with these records. */
function telegram(records: string, { address = 1, control = 0x08, ci = 0x72, signature = '00 00' } = {}): Uint8Array {
  const head = ci === 0x72 ? `78 56 34 12 24 40 01 07 07 00 ${signature}` : ''
  const body = Uint8Array.of(control, address, ci, ...bytesOfHex(`${head} ${records}`))
  const sum = body.reduce((total, byte) => (total + byte) & 0xff, 0)
  return Uint8Array.of(0x68, body.length, body.length, 0x68, ...body, sum, 0x16)
}
const volume = '0C 13 50 28 00 00'
const E5 = Uint8Array.of(0xe5)

/** What comes of one question when the line says this, byte by byte. */
function conversation(question: Asked<MbusAsk>, ...said: Uint8Array[]) {
  const exchange = mbusWire.begin(question)
  const scanner = new FrameScanner(mbusWire.framing)
  const heard: Heard[] = []
  for (const byte of said.flatMap((bytes) => [...bytes]))
    for (const scanned of scanner.push(Uint8Array.of(byte)))
      if (scanned.is === 'frame') heard.push(exchange.hear(scanned.frame))
  const requests = [exchange.request, ...heard.flatMap((one) => (one.is === 'more' ? [one.request] : []))].map(hexOf)
  return { heard, requests, last: heard.at(-1) }
}
const telegramsOf = (heard: Heard | undefined) =>
  heard?.is === 'answer' ? (heard.message as readonly unknown[]).length : undefined

test('a meter is reset, asked with the bit set, and its one telegram is the answer', () => {
  const { requests, last } = conversation(asked, E5, telegram(volume))
  expect(requests).toEqual(['1040014116', '107B017C16'])
  expect(telegramsOf(last)).toBe(1)
})

test('what it has more is fetched with the bit turned over each time', () => {
  const said = [E5, telegram('0C 78 01 00 00 00 1F'), telegram(`${volume} 1F 01`), telegram('0B 3B 00 00 00 0F 01')]
  const { requests, last } = conversation(asked, ...said)
  expect(requests).toEqual(['1040014116', '107B017C16', '105B015C16', '107B017C16'])
  expect(telegramsOf(last)).toBe(3)
})

test('a meter that always has more is asked sixteen times', () => {
  const endless = Array.from({ length: 40 }, (_, i) => telegram(`02 13 ${i.toString(16).padStart(2, '0')} 00 1F`))
  const { requests, heard } = conversation(asked, E5, ...endless)
  expect(requests).toHaveLength(17)
  expect(telegramsOf(heard.find(({ is }) => is === 'answer'))).toBe(16)
})

test('a meter that says the same again, or only acknowledges, has no more', () => {
  const more = telegram(`${volume} 1F`)
  expect(telegramsOf(conversation(asked, E5, more, more).last)).toBe(1)
  expect(telegramsOf(conversation(asked, E5, more, E5).last)).toBe(1)
})

test('a 1F that is the last byte of a value announces nothing', () => {
  expect(telegramsOf(conversation(asked, E5, telegram('02 13 00 1F')).last)).toBe(1)
})

describe('what is not the answer', () => {
  test.for([
    ['our own echo', [bytesOfHex('1040014116')], 1],
    ['an answer before it was asked for', [telegram(volume)], 1],
    ['another meter', [E5, telegram(volume, { address: 2 })], 2],
    ['another master that writes', [E5, telegram(volume, { control: 0x53 })], 2],
    ['a second acknowledgement', [E5, E5], 2],
    ['a telegram with a wrong sum', [E5, telegram(volume).with(20, 0x99)], 1],
    ['a telegram cut off', [E5, telegram(volume).slice(0, -1)], 1],
    ['noise', [bytesOfHex('00 FF 68 03 16 10')], 0],
  ] as const)('%s', ([, said, frames]) => {
    const { heard } = conversation(asked, ...said)
    expect(heard).toHaveLength(frames)
    expect(heard.filter(({ is }) => is === 'answer' || is === 'refused')).toEqual([])
  })
})

test('the right telegram behind noise, an echo and a neighbour is the answer', () => {
  const { last } = conversation(
    asked,
    bytesOfHex('00 10 40 01 41 16 FF'),
    E5,
    telegram(volume, { address: 2 }),
    bytesOfHex('68 07'),
    telegram(volume),
  )
  expect(telegramsOf(last)).toBe(1)
})

test.for([
  ['an application error: it does not know the question', telegram('01', { ci: 0x70 }), 'not-supported'],
  ['an application error: busy', telegram('08', { ci: 0x70 }), 'device-fault'],
  ['an application error without its number', telegram('', { ci: 0x70 }), 'not-supported'],
  ['fixed data, which nobody has described to us', telegram('01', { ci: 0x73 }), 'not-supported'],
  ['encrypted records', telegram(volume, { signature: '10 05' }), 'not-supported'],
  ['a record cut off within a right sum', telegram('0C 13 50'), 'invalid'],
] as const)('%s', ([, said, why]) => {
  expect(conversation(asked, E5, said).last).toEqual({ is: 'refused', why })
})

test('254 asks the only meter on a line, whatever its address, and is refused where there are several', () => {
  const anybody = { ...asked, address: '254', aloneOnBus: true }
  const { requests, last } = conversation(anybody, E5, telegram(volume, { address: 17 }))
  expect(requests).toEqual(['1040FE3E16', '107BFE7916'])
  expect(telegramsOf(last)).toBe(1)
  expect(() => mbusWire.begin({ ...anybody, aloneOnBus: false })).toThrow('254')
  expect(mbusWire.meansAnybody?.('254')).toBe(true)
  expect(mbusWire.meansAnybody?.('1')).toBe(false)
})

test('addresses are those that can be asked', () => {
  for (const good of ['0', '1', '99', '250', '254']) expect(mbusWire.addressProblem(good)).toBeUndefined()
  for (const bad of [undefined, '', '251', '253', '255', '01', '1.5', '-1', 'FD'])
    expect(mbusWire.addressProblem(bad)).toBeDefined()
})

test('nothing that is ever asked carries user data to a meter', () => {
  const { requests } = conversation(asked, E5, telegram(`${volume} 1F`), telegram('02 13 01 00 1F'))
  for (const request of requests) {
    const [told] = mbus.read({ bytes: bytesOfHex(request), topic: '' })
    expect(told).toMatchObject({ is: 'told', frame: { direction: 'request' } })
    expect(told).not.toHaveProperty('frame.neverSentByGateway')
  }
})
