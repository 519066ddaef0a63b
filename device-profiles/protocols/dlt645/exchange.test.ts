import { describe, expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type Dlt645Answer, encodeAnswer, encodeRead } from './encode.ts'
import { Dlt645ReadExchange } from './exchange.ts'
import { type Dlt645Frame, dlt645Framing, WILDCARD } from './framing.ts'

const address = '000000000161'
const di = '0001FF00'
const data = bytesOfHex('29 01 00 00')

function frameOf(bytes: Uint8Array): Dlt645Frame {
  const [found] = scanAll(dlt645Framing, bytes)
  if (found?.is !== 'frame') throw new Error('no frame')
  return found.frame
}
const says = (answer: Dlt645Answer): Dlt645Frame => frameOf(encodeAnswer(answer))
const answer = { dialect: '2007', say: 'data', address, di, data } as const

describe('one read of one meter', () => {
  test('asks, and takes the answer of that meter to that question', () => {
    const exchange = new Dlt645ReadExchange({ dialect: '2007', address, di })
    expect(exchange.request).toEqual(encodeRead({ dialect: '2007', ask: 'data', address, di }))
    expect(exchange.hear(says(answer))).toEqual({ is: 'answer', message: { di, data } })
  })

  test.for([
    ['its own echo', frameOf(encodeRead({ dialect: '2007', ask: 'data', address, di }))],
    ['another meter', says({ ...answer, address: '000000000999' })],
    ['another identifier', says({ ...answer, di: '00010000' })],
    ['an answer to everybody while other meters may be there', says({ ...answer, address: WILDCARD })],
    ['a follow-up that was never asked for', says({ ...answer, say: 'next', sequence: 1 })],
    ['its address', says({ dialect: '2007', say: 'address', address })],
    ['a frame with no identifier', { address, control: 0x91, data: new Uint8Array(2) }],
    ['a control code nobody knows', { address, control: 0x9f, data }],
  ] as const)('%s is no answer', ([, frame]) => {
    const exchange = new Dlt645ReadExchange({ dialect: '2007', address, di })
    expect(exchange.hear(frame)).toMatchObject({ is: 'ignored' })
    expect(exchange.hear(says(answer))).toMatchObject({ is: 'answer' })
  })

  test('alone on its line a meter may answer under the wildcard', () => {
    const alone = new Dlt645ReadExchange({ dialect: '2007', address, di, aloneOnBus: true })
    expect(alone.hear(says({ ...answer, address: WILDCARD }))).toMatchObject({ is: 'answer' })
  })

  test.for([
    [0x02, 'not-supported'],
    [0x06, 'not-supported'],
    [0x04, 'device-fault'],
  ] as const)('error byte %i means %s', ([errorByte, why]) => {
    const exchange = new Dlt645ReadExchange({ dialect: '2007', address, di })
    expect(exchange.hear(says({ dialect: '2007', say: 'error', to: 'data', address, errorByte }))).toEqual({
      is: 'refused',
      why,
    })
  })
})

const next = (sequence: number, more: boolean) => says({ ...answer, say: 'next', sequence, more })

describe('an answer of several frames', () => {
  test('is asked for piece by piece, and joined without the sequence numbers', () => {
    const exchange = new Dlt645ReadExchange({ dialect: '2007', address, di })
    expect(exchange.hear(says({ ...answer, more: true }))).toEqual({
      is: 'more',
      request: encodeRead({ dialect: '2007', ask: 'next', address, di, sequence: 1 }),
    })
    expect(exchange.hear(next(1, true))).toEqual({
      is: 'more',
      request: encodeRead({ dialect: '2007', ask: 'next', address, di, sequence: 2 }),
    })
    expect(exchange.hear(next(2, false))).toEqual({
      is: 'answer',
      message: { di, data: Uint8Array.of(...data, ...data, ...data) },
    })
  })

  test('a piece out of sequence is not joined', () => {
    const exchange = new Dlt645ReadExchange({ dialect: '2007', address, di })
    exchange.hear(says({ ...answer, more: true }))
    expect(exchange.hear(next(2, false))).toMatchObject({ is: 'ignored' })
    expect(exchange.hear(says(answer))).toMatchObject({ is: 'ignored' })
    expect(exchange.hear(next(1, false))).toMatchObject({ is: 'answer' })
  })

  test('ends, even when the meter never does', () => {
    const exchange = new Dlt645ReadExchange({ dialect: '2007', address, di })
    let heard = exchange.hear(says({ ...answer, more: true }))
    let pieces = 0
    while (heard.is === 'more') heard = exchange.hear(next(++pieces, true))
    expect(heard).toEqual({ is: 'refused', why: 'invalid' })
    expect(pieces).toBeLessThanOrEqual(255)
  })
})

describe('the dialect of 1997', () => {
  const old = { dialect: '1997', address, di: '9010' } as const
  test('asks with two bytes of identifier, and joins follow-up frames, which it does not number', () => {
    const exchange = new Dlt645ReadExchange(old)
    expect(exchange.request).toEqual(encodeRead({ ...old, ask: 'data' }))
    const first = exchange.hear(says({ ...old, say: 'data', data, more: true }))
    expect(first).toEqual({ is: 'more', request: encodeRead({ ...old, ask: 'next' }) })
    expect(exchange.hear({ address, control: 0x82, data: Uint8Array.of(0x10, 0x90, 0x07) })).toEqual({
      is: 'answer',
      message: { di: '9010', data: Uint8Array.of(...data, 0x07) },
    })
  })
  test('an answer in the other dialect is none', () => {
    expect(new Dlt645ReadExchange(old).hear(says(answer))).toMatchObject({ is: 'ignored' })
  })
})
