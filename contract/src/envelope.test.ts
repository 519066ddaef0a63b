import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEvent, parseHealth, parseReceipt, parseTelemetry } from './envelope.ts'
import { DomainError } from './errors.ts'
import { encode, idOfMalformed, messageBytesMax, unwrap } from './parsed.ts'
import { unstorable } from './storable.ts'

/** Good and refused examples of every message are stored in `tests/compat`; here is what no single example shows. */
const id = '01JQ5E7M8N9P0Q1R2S3T4V5W6X'
const event = {
  specversion: '1.0',
  id,
  type: 'anju.sos-pressed',
  source: '/gateways/gw-0001',
  subject: 'bathroom-sos',
  time: '2026-01-01T02:10:00.000Z',
  data: {
    boot: 1,
    lane: 'life',
    seq: 1,
    pendingFrom: 1,
    sentAt: '2026-01-01T02:10:00.000Z',
    class: 'life',
    device: 'sos-1',
    heardAt: '2026-01-01T02:10:00.000Z',
    storedAt: '2026-01-01T02:10:00.000Z',
    elapsedMs: 0,
  },
}
const parsers = { parseEvent, parseTelemetry, parseHealth, parseReceipt }

describe('a message', () => {
  test('of the largest size is read, and one byte more is refused by its size alone', () => {
    const padding = messageBytesMax - encode({ ...event, padding: '' }).byteLength
    expect(parseEvent(encode({ ...event, padding: 'x'.repeat(padding) }))).toMatchObject({ ok: true })
    expect(parseEvent(encode({ ...event, padding: 'x'.repeat(padding + 1) }))).toEqual({
      ok: false,
      code: 'message-oversized',
      why: `${messageBytesMax + 1} bytes, at most ${messageBytesMax}`,
    })
  })

  test('that is no UTF-8 is refused', () => {
    const bytes = encode(event)
    bytes[30] = 0xff
    expect(parseEvent(bytes)).toMatchObject({
      ok: false,
      code: 'message-malformed',
      why: expect.stringContaining('UTF-8') as string,
    })
  })

  test('of any bytes, any JSON, or any cut of a good one never throws', () => {
    const whole = encode(event)
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc.nat(whole.byteLength - 1).map((length) => whole.subarray(0, length)),
    )
    fc.assert(
      fc.property(payload, (bytes) => {
        for (const parse of Object.values(parsers)) expect(parse(bytes).ok).toBe(false)
        expect(() => idOfMalformed(bytes)).not.toThrow()
      }),
    )
  })

  test('with one field of another kind is refused, whichever it is', () => {
    const fields = Object.keys(event.data)
    for (const field of fields)
      for (const wrong of [null, {}, [], true, -1, '', 1e300])
        expect(parseEvent(encode({ ...event, data: { ...event.data, [field]: wrong } }))).toMatchObject({ ok: false })
    for (const field of fields) {
      const { [field]: _dropped, ...data } = event.data as Record<string, unknown>
      expect(parseEvent(encode({ ...event, data }))).toMatchObject({ ok: false, code: 'message-malformed' })
    }
  })

  test('of prototypes is no prototype', () => {
    const text = JSON.stringify(event).replace('"boot"', '"__proto__":{"polluted":true},"boot"')
    expect(parseEvent(new TextEncoder().encode(text))).toMatchObject({ ok: true })
    expect('polluted' in {}).toBe(false)
  })
})

test('an unusable message is refused by its name where it still has one', () => {
  expect(idOfMalformed(encode({ id, seq: 'x' }))).toBe(id)
  expect(idOfMalformed(new TextEncoder().encode(`{"id" : "${id}", "seq":`))).toBe(id)
  expect(idOfMalformed(encode({ id: 'x' }))).toBeUndefined()
  expect(idOfMalformed(new Uint8Array(messageBytesMax + 1))).toBeUndefined()
})

test('unwrap throws what was wrong', () => {
  expect(unwrap(parseEvent(encode(event)))).toEqual(event)
  expect(() => unwrap(parseEvent(encode({})))).toThrow(DomainError)
  expect(() => unwrap(parseEvent(encode({})))).toThrow(expect.objectContaining({ code: 'message-malformed' }) as Error)
})

describe('what no store can keep', () => {
  test.for([
    ['a NUL', { a: ['\u0000'] }, '/a/0 holds'],
    ['half a pair', { a: '\ud800' }, '/a holds'],
    ['a NUL in a name', { 'a\u0000': 1 }, '(root) has a name'],
    ['a text', '\udc00', '(root) holds'],
  ] as const)('%s', ([, value, why]) => {
    expect(unstorable(value)).toContain(why)
  })

  test('endless nesting, without using up the stack', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    expect(unstorable(deep)).toMatch(/nested more than 16 deep/)
  })

  test('and nothing else', () => {
    expect(unstorable({ a: [1, null, true, '浴室 🆘', { b: '\u0001\n' }] })).toBeUndefined()
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5, noUnicodeString: true }),
        (value) => unstorable(value) === undefined || JSON.stringify(value).includes('\\u0000'),
      ),
    )
  })
})
