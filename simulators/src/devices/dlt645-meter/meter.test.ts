import { millis, parseInstant, seededRandom } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { describe, expect, test } from 'vitest'
import { answerTo, Dlt645Meter, type MeterValues } from './meter.ts'
import { bcd, encodeAnswer, RequestScanner, wireDi } from './wire.ts'

const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex').toUpperCase()
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const hexOf = (...plain: number[]) => hex(Uint8Array.from(plain, (byte) => byte + 0x33))
const preamble = 'FEFEFEFE'
const clock = () => new VirtualClock(parseInstant('2026-03-09T04:05:06.000Z'))
const values: MeterValues = { volts: 224.4, amperes: 4.999, watts: 251.2, powerFactor: 0.501, hertz: 50.03, kWh: 0.26 }

/** One request frame, built by hand: 11 + the identifier. */
function readRequest(address: string, di: string): Uint8Array {
  const body = [0x68, ...wireDi(address), 0x68, 0x11, 0x04, ...wireDi(di).map((byte) => (byte + 0x33) & 0xff)]
  return Uint8Array.from([...body, body.reduce((sum, byte) => (sum + byte) & 0xff, 0), 0x16])
}
const only = (frame: Uint8Array) => {
  const [request, ...more] = new RequestScanner().push(frame)
  if (!request || more.length > 0) throw new Error(`not one request: ${hex(frame)}`)
  return request
}

const ask = (frame: Uint8Array) => answerTo(only(frame), '000000000161', values, clock().now(), 'Asia/Shanghai')

describe('answers are the frames that real meters were seen to send', () => {
  test.for([
    ['000000000161', '00010000', bcd(0.26, 4, 2), '68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16'],
    ['000000000161', '02020100', bcd(4.999, 3, 3, true), '68 61 01 00 00 00 00 68 91 07 33 34 35 35 CC 7C 33 16 16'],
    ['000000000161', '02030000', bcd(0.2512, 3, 4, true), '68 61 01 00 00 00 00 68 91 07 33 33 36 35 45 58 33 6B 16'],
    ['000000000161', '02050000', bcd(0.5006, 3, 4, true), '68 61 01 00 00 00 00 68 91 07 33 33 38 35 39 83 33 8C 16'],
    ['000000000161', '02060000', bcd(0.501, 2, 3, true), '68 61 01 00 00 00 00 68 91 06 33 33 39 35 34 38 09 16'],
    ['171118445100', '02800002', bcd(50.03, 2, 2), '68 00 51 44 18 11 17 68 91 06 35 33 B3 35 36 83 45 16'],
    ['000000190101', '02010100', bcd(224.4, 2, 1), '68 01 01 19 00 00 00 68 91 06 33 34 34 35 77 55 1E 16'],
    ['123456789012', '00010000', bcd(123456.78, 4, 2), '68 12 90 78 56 34 12 68 91 08 33 33 34 33 AB 89 67 45 CC 16'],
  ] as const)('%s says %s', ([address, di, data, frame]) => {
    expect(hex(encodeAnswer(address, 0x91, [...wireDi(di), ...data]))).toBe(preamble + frame.replaceAll(' ', ''))
  })

  test.for([
    ['00010000', '68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16'],
    ['02020100', '68 61 01 00 00 00 00 68 91 07 33 34 35 35 CC 7C 33 16 16'],
    ['02030000', '68 61 01 00 00 00 00 68 91 07 33 33 36 35 45 58 33 6B 16'],
    ['02060000', '68 61 01 00 00 00 00 68 91 06 33 33 39 35 34 38 09 16'],
  ] as const)('asked for %s, the meter finds the value itself', ([di, frame]) => {
    const request = only(readRequest('000000000161', di))
    const answer = answerTo(request, '000000000161', values, clock().now(), 'Asia/Shanghai')
    expect(hex(answer)).toBe(preamble + frame.replaceAll(' ', ''))
  })
})

describe('requests', () => {
  test('a voltage block behind four FE, byte by byte, behind noise that looks like a beginning', () => {
    const scanner = new RequestScanner()
    const found = []
    for (const byte of bytes('00 68 FF 16 68 FE FE FE FE 68 18 20 12 22 20 65 68 11 04 33 32 34 35 A4 16'))
      found.push(...scanner.push(Uint8Array.of(byte)))
    expect(found).toMatchObject([{ address: '652022122018', control: 0x11 }])
    expect([...(found[0]?.data ?? [])]).toEqual(wireDi('0201FF00'))
  })

  test('one with a wrong checksum is none, and the next is still found', () => {
    const wrong = bytes('68 78 56 34 12 00 00 68 11 04 33 34 34 35 CA 16')
    const right = bytes('68 78 56 34 12 00 00 68 11 04 33 34 34 35 C9 16')
    expect(new RequestScanner().push(Uint8Array.from([...wrong, ...right]))).toMatchObject([
      { address: '000012345678' },
    ])
  })

  test('noise without end is not kept', () => {
    const random = seededRandom(3)
    const scanner = new RequestScanner()
    for (let round = 0; round < 500; round++)
      scanner.push(Uint8Array.from({ length: 64 }, () => Math.floor(random.uniform() * 256)))
    const right = readRequest('000000000161', '00010000')
    const found = [...scanner.push(new Uint8Array(300)), ...scanner.push(right)]
    expect(found).toHaveLength(1)
  })
})

describe('the meter', () => {
  test('does not answer for another meter', () => {
    expect(ask(readRequest('000000000162', '00010000'))).toBeUndefined()
  })

  test('tells its address to whoever asks the wildcard', () => {
    const discovery = bytes('FE FE FE FE 68 AA AA AA AA AA AA 68 13 00 DF 16')
    expect(hex(answerTo(only(discovery), '123456789012', values, clock().now(), 'Asia/Shanghai'))).toBe(
      `${preamble}6812907856341268930645C3AB8967450716`,
    )
  })

  test('says what it does not have', () => {
    expect(hex(ask(readRequest('000000000161', '06000001')))).toMatch(/^FEFEFEFE6861010000000068D10135..16$/)
  })

  test('knows the time of day and the weekday where it hangs', () => {
    expect(hex(ask(readRequest('000000000161', '04000102')))).toContain(hexOf(0x06, 0x05, 0x12))
    expect(hex(ask(readRequest('000000000161', '04000101')))).toContain(hexOf(0x01, 0x09, 0x03, 0x26))
  })

  test('refuses to print a number that its format has no room for', () => {
    expect(() => bcd(1_000_000, 4, 2)).toThrow(RangeError)
    expect(() => bcd(-1, 4, 2)).toThrow(RangeError)
    expect(() => bcd(Number.NaN, 2, 1)).toThrow(RangeError)
    expect(bcd(-12.3456, 3, 4, true)).toEqual([0x56, 0x34, 0x92])
  })

  test('takes its time, stops when told to, and answers again', async () => {
    const time = clock()
    const meter = new Dlt645Meter({
      clock: time,
      address: '000000000161',
      timeZone: 'Asia/Shanghai',
      values: () => values,
      answerDelay: millis(40),
    })
    const said: Uint8Array[] = []
    const request = readRequest('000000000161', '02010100')
    meter.hear(request.slice(0, 9), (answer) => said.push(answer))
    meter.hear(request.slice(9), (answer) => said.push(answer))
    await time.pass(millis(39))
    expect(said).toHaveLength(0)
    await time.pass(millis(1))
    expect(said).toHaveLength(1)

    meter.answering = false
    meter.hear(request, (answer) => said.push(answer))
    await time.pass(millis(5_000))
    expect(said).toHaveLength(1)

    meter.answering = true
    meter.hear(request, (answer) => said.push(answer))
    await time.pass(millis(40))
    expect(said).toHaveLength(2)
    expect(meter.answered).toBe(2)
  })
})
