import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EventStreamReader, eventCharsMax } from './event-stream.ts'

const text =
  ': hello\n\nid: 1\nevent: alarm\ndata: {"a":\ndata: 1}\n\nevent: status\ndata: {}\r\n\r\nid: 2\r\ndata:bare\r\n\r\n'
const events = [
  { id: '1', event: 'alarm', data: '{"a":\n1}' },
  { id: '1', event: 'status', data: '{}' },
  { id: '2', event: 'message', data: 'bare' },
]

describe('the reader of server-sent events', () => {
  test('says where the stream stands when a block names only an id', () => {
    expect(new EventStreamReader().push('id: 41\n\n: beat\n\n')).toEqual([{ id: '41', event: 'message', data: null }])
  })

  test('reads ids, names, data of several lines, and passes over comments', () => {
    expect(new EventStreamReader().push(text)).toEqual(events)
  })

  test('reads the same whatever the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const reader = new EventStreamReader()
        const places = [0, ...cuts.sort((a, b) => a - b), text.length]
        const read = places.flatMap((from, index) => reader.push(text.slice(from, places[index + 1] ?? text.length)))
        expect(read).toEqual(events)
      }),
    )
  })

  test('says nothing of an event that is not ended', () => {
    const reader = new EventStreamReader()
    expect(reader.push('id: 9\ndata: half')).toEqual([])
    expect(reader.push('\n\n')).toEqual([{ id: '9', event: 'message', data: 'half' }])
  })

  test('refuses to grow without bound', () => {
    expect(() => new EventStreamReader().push('x'.repeat(eventCharsMax + 1))).toThrow(/longer than/)
    const reader = new EventStreamReader()
    const line = `data: ${'x'.repeat(eventCharsMax / 2)}\n`
    reader.push(line)
    expect(() => reader.push(line + line)).toThrow(/longer than/)
  })
})
