import { absent, reading } from '@anju/contract'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../iec62056/electricity/codec.ts'
import { FrameScanner, scanAll } from '../../src/frame-scanner.ts'
import type { Asked, Heard } from '../../src/wire.ts'
import type { Iec62056Ask } from './exchange.ts'
import { iec62056 } from './tell.ts'
import { iec62056PushWire, iec62056Wire } from './wire.ts'

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))
const textOf = (bytes: Uint8Array) => String.fromCharCode(...bytes)
const checked = (...lines: string[]) => {
  const covered = `${lines.join('\r\n')}\r\n!\r\n\u0003`
  const bcc = [...bytesOf(covered)].reduce((xor, byte) => xor ^ byte, 0)
  return `\u0002${covered}${String.fromCharCode(bcc)}`
}
const data = checked('F.F(00)', '0.0.0(00123456)', '1.8.0(061561.289*kWh)')
const ident = '/EMH5\\@01LZQJL0013F\r\n'
const alone: Asked<Iec62056Ask> = { address: '', ask: 'readout', aloneOnBus: true, speedChanges: true }

/** What comes of one question when the line says this, byte by byte as at 300 baud. */
function conversation(asked: Asked<Iec62056Ask>, ...said: string[]) {
  const exchange = iec62056Wire.begin(asked)
  const scanner = new FrameScanner(iec62056Wire.framing)
  const heard: Heard[] = []
  for (const byte of bytesOf(said.join('')))
    for (const scanned of scanner.push(Uint8Array.of(byte)))
      if (scanned.is === 'frame') heard.push(exchange.hear(scanned.frame))
  return { exchange, heard, last: heard.at(-1) }
}
const asks = (heard: readonly Heard[]) => heard.flatMap((one) => (one.is === 'more' ? [textOf(one.request)] : []))

test('a meter is asked at 300 baud, follows to the speed it offers, and its registers are read', () => {
  const { exchange, heard } = conversation(alone, ident, data)
  expect(textOf(exchange.request)).toBe('/?!\r\n')
  expect(exchange.baud).toBe(300)
  expect(heard).toMatchObject([{ is: 'more', request: bytesOf('\u0006050\r\n'), baud: 9_600 }, { is: 'answer' }])
  const [, answer] = heard
  if (answer?.is !== 'answer') throw new Error('no answer')
  expect(decode(answer.message as Parameters<typeof decode>[0]).readings).toEqual({
    'active-energy': reading(61_561.289),
  })
})

test('the identification is heard as soon as its line is over, before anything stands behind it', () => {
  for (const end of ['\r\n', '\n\n'])
    expect(conversation(alone, `/EMH5LZQJ${end}`).heard).toMatchObject([{ is: 'more' }])
})

test('a port that cannot change its speed asks the meter to stay where it is', () => {
  const { exchange, heard } = conversation({ ...alone, speedChanges: false }, ident, data)
  expect(exchange.baud).toBeUndefined()
  expect(heard[0]).toEqual({ is: 'more', pause: 250, request: bytesOf('\u0006000\r\n') })
  expect(heard[1]).toMatchObject({ is: 'answer' })
})

test.for([
  ['0', 300],
  ['1', 600],
  ['2', 1_200],
  ['3', 2_400],
  ['4', 4_800],
  ['5', 9_600],
  ['6', 19_200],
] as const)('speed %s is %d baud', ([code, baud]) => {
  expect(conversation(alone, `/ABC${code}x\r\n`).last).toMatchObject({ is: 'more', baud })
})

test('a reserved speed is answered with 300 baud', () => {
  expect(conversation(alone, '/ABC9x\r\n').last).toEqual({
    is: 'more',
    pause: 250,
    request: bytesOf('\u0006000\r\n'),
  })
})

test('a meter on a shared line is asked by its address', () => {
  const shared = { ...alone, address: '123456', aloneOnBus: false }
  const { exchange, last } = conversation(shared, ident, data)
  expect(textOf(exchange.request)).toBe('/?123456!\r\n')
  expect(last).toMatchObject({ is: 'answer' })
})

describe('what is not the answer', () => {
  test.for([
    ['our own echo, behind the noise of a head that wakes up', '\0\0\x7f/?!\r\n', 1],
    ['our own choice of a speed', '\u0006050\r\n', 1],
    ['data of nobody knows whom', data, 1],
    ['data whose check is wrong', `${ident}${data.slice(0, -1)}x`, 1],
    ['data cut off', ident + data.slice(0, 30), 1],
    ['another reader at its password', '\u0001P1\u0002(00000000)\u0003a', 1],
    ['a second identification', `${ident}/XYZ5other\r\n`, 2],
    ['noise with a lucky check', `${ident}\u0002\u0003\u0003`, 2],
  ] as const)('%s', ([, said, frames]) => {
    const { heard } = conversation(alone, said)
    expect(heard.length).toBeLessThanOrEqual(frames)
    expect(heard.filter(({ is }) => is === 'answer' || is === 'refused')).toEqual([])
  })

  test('the readout of another meter on the line, by the address that it prints', () => {
    const other = checked('0-0:0.0.0*255(00999999)', '1.8.0(000001.000*kWh)')
    const shared = { ...alone, address: '123456', aloneOnBus: false }
    expect(conversation(shared, ident, other).last).toMatchObject({ is: 'ignored' })
    expect(conversation({ ...shared, aloneOnBus: true }, ident, other).last).toMatchObject({ is: 'answer' })
    expect(conversation({ ...shared, address: '9' }, ident, other).last).toMatchObject({ is: 'ignored' })
  })
})

test('a meter of mode A says its data at once; one of mode B is gone before we know its speed', () => {
  expect(conversation(alone, '/ABC x\r\n', data).heard).toMatchObject([{ is: 'ignored' }, { is: 'answer' }])
  expect(conversation(alone, '/ABCEx\r\n').last).toEqual({ is: 'refused', why: 'not-supported' })
})

test('a meter that does not wait for the choice of a speed is heard out', () => {
  expect(conversation(alone, ident, data).last).toMatchObject({ is: 'answer' })
  expect(conversation(alone, ident).last).toHaveProperty('pause', 250)
})

const choices = ['0', '1', '2', '3', '4', '5', '6'].map((speed) => `\u00060${speed}0\r\n`)
test('whatever a meter says of itself, the programming mode is never chosen', () => {
  const name = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) })
  fc.assert(
    fc.property(name, fc.boolean(), fc.boolean(), (model, speedChanges, aloneOnBus) => {
      const asked = { ...alone, address: '1', speedChanges, aloneOnBus }
      for (const said of asks(conversation(asked, `/ABC${model}\r\n`, data).heard)) expect(choices).toContain(said)
    }),
    { numRuns: 500 },
  )
})

test('our choice of a speed is told as a question that may be asked', () => {
  const [told] = iec62056.read({ bytes: bytesOf('\u0006050\r\n'), topic: '' })
  expect(told).toMatchObject({ is: 'told', frame: { acknowledge: '050' } })
  expect(told).not.toHaveProperty('frame.neverSentByGateway')
})

test('an address is letters and digits, or none', () => {
  for (const good of [undefined, '1', '00123456', 'A1b2']) expect(iec62056Wire.addressProblem(good)).toBeUndefined()
  for (const bad of ['', '!', '1 2', '\u0001', '1'.repeat(33)]) expect(iec62056Wire.addressProblem(bad)).toBeDefined()
  expect(iec62056Wire.meansAnybody?.(undefined)).toBe(true)
})

const even = (byte: number) => byte | ((byte.toString(2).replaceAll('0', '').length % 2) << 7)
test('a head that leaves the parity in bit 7 is heard like any other', () => {
  const bytes = Uint8Array.from(bytesOf(ident + data), even)
  const frames = scanAll(iec62056Wire.framing, bytes)
  expect(frames).toMatchObject([
    { is: 'frame', frame: { is: 'identification', ident: ident.slice(1, -2) } },
    { is: 'frame', frame: { is: 'readout', checked: true } },
  ])
})

test('mode D is heard as it comes: the registers of a whole message, or nothing', () => {
  const said = '/HAG3EHZ361Z5\r\n\r\n1-0:1.8.0*255(000317.5*kWh)\r\n1-0:2.8.0*255(------*kWh)\r\n!\r\n'
  const scanner = new FrameScanner(iec62056PushWire.framing)
  const found = [...bytesOf(said.slice(30) + said)].flatMap((byte) => scanner.push(Uint8Array.of(byte)))
  const messages = found.flatMap((one) => (one.is === 'frame' ? [iec62056PushWire.messageOf(one.frame)] : []))
  expect(messages).toHaveLength(1)
  expect(messages[0] && decode(messages[0]).readings).toEqual({
    'active-energy': reading(317.5),
    'active-energy-reverse': absent('invalid'),
  })
  expect(iec62056PushWire.addressProblem('1')).toBeDefined()
})
