import { instant, seconds } from '@anju/contract/time'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { describe, expect, test } from 'vitest'
import { type FromLive, LiveConnection } from './connection.ts'

/** A server whose streams the test writes by hand. */
function aServer() {
  const asked: (string | null)[] = []
  const streams: ReadableStreamDefaultController<Uint8Array>[] = []
  let status = 200
  let reachable = true
  return {
    asked,
    say: (text: string) => streams.at(-1)?.enqueue(new TextEncoder().encode(text)),
    hangUp: () => streams.at(-1)?.close(),
    answers: (next: number) => {
      status = next
    },
    goesAway: () => {
      reachable = false
      streams.at(-1)?.error(new Error('connection reset'))
    },
    comesBack: () => {
      reachable = true
    },
    fetch: async (_url: string, init: RequestInit): Promise<Response> => {
      if (!reachable) throw new TypeError('fetch failed')
      asked.push(new Headers(init.headers).get('last-event-id'))
      if (status !== 200) return new Response(null, { status })
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          streams.push(controller)
          init.signal?.addEventListener('abort', () => controller.error(new Error('aborted')), { once: true })
        },
      })
      return new Response(body)
    },
  }
}

function aConnection() {
  const server = aServer()
  const clock = new VirtualClock(instant(0))
  const heard: FromLive[] = []
  const connection = new LiveConnection({
    clock,
    random: { uniform: () => 0.5 },
    fetch: server.fetch,
    post: (message) => heard.push(message),
  })
  connection.start()
  const links = () => heard.flatMap((message) => (message.type === 'link' ? [message.link] : []))
  return { server, clock, heard, links, connection }
}

/** Streams settle over several turns of the event loop, not only over microtasks. */
const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)))

describe('the live connection', () => {
  test('passes numbered items on and resumes after the last one', async () => {
    const { server, clock, heard } = aConnection()
    await settled()
    server.say('id: 41\nevent: alarm\ndata: {"prev":"40"}\n\n')
    await settled()
    expect(heard).toContainEqual({ type: 'item', id: '41', item: { event: 'alarm', data: { prev: '40' } } })
    server.hangUp()
    await settled()
    await clock.pass(seconds(1))
    await settled()
    expect(server.asked).toEqual([null, '41'])
    expect(heard.filter(({ type }) => type === 'placed')).toEqual([])
  })

  test('takes its place from the stream, and resumes there although nothing was said since', async () => {
    const { server, clock, heard } = aConnection()
    await settled()
    expect(heard.filter(({ type }) => type === 'placed')).toEqual([])
    server.say('event: status\ndata: {"store":"ok"}\n\nid: 40\n\n')
    await settled()
    expect(heard).toContainEqual({ type: 'placed', at: '40' })
    server.hangUp()
    await settled()
    await clock.pass(seconds(1))
    await settled()
    expect(server.asked).toEqual([null, '40'])
  })

  test('a status between two items does not move the place to resume from', async () => {
    const { server, clock } = aConnection()
    await settled()
    server.say('id: 41\nevent: alarm\ndata: {"prev":"40"}\n\nevent: status\ndata: {"store":"ok"}\n\n')
    await settled()
    server.hangUp()
    await settled()
    await clock.pass(seconds(1))
    await settled()
    expect(server.asked).toEqual([null, '41'])
  })

  test('is called lost within 15 s of silence, and live again with the first byte', async () => {
    const { server, clock, links } = aConnection()
    await settled()
    expect(links()).toEqual(['live'])
    await clock.pass(seconds(12))
    expect(links()).toEqual(['live'])
    await clock.pass(seconds(2))
    expect(links()).toContain('lost')
    await settled()
    await clock.pass(seconds(3))
    await settled()
    server.say(': beat\n\n')
    await settled()
    expect(links().at(-1)).toBe('live')
  })

  test('a heartbeat each 10 s keeps it live', async () => {
    const { server, clock, links } = aConnection()
    await settled()
    for (let beat = 0; beat < 6; beat++) {
      await clock.pass(seconds(10))
      server.say(':\n\n')
      await settled()
    }
    expect(links()).toEqual(['live'])
  })

  test('a server that cannot be reached is lost sooner, and found again', async () => {
    const { server, clock, links } = aConnection()
    await settled()
    server.goesAway()
    await settled()
    for (let s = 0; s < 6; s++) {
      await clock.pass(seconds(1))
      await settled()
    }
    expect(links()).toEqual(['live', 'connecting', 'lost'])
    server.comesBack()
    await clock.pass(seconds(3))
    await settled()
    expect(links().at(-1)).toBe('live')
  })

  test('stops asking once the session is refused', async () => {
    const { server, clock, heard } = aConnection()
    await settled()
    server.answers(401)
    server.hangUp()
    await settled()
    await clock.pass(seconds(1))
    await settled()
    await clock.pass(seconds(60))
    await settled()
    expect(heard).toContainEqual({ type: 'refused', status: 401 })
    expect(server.asked).toHaveLength(2)
  })

  test('an item that cannot be read is not replayed for ever: it starts anew', async () => {
    const { server, clock, heard } = aConnection()
    await settled()
    server.say('id: 41\nevent: alarm\ndata: {"prev":"40"}\n\nid: 42\nevent: alarm\ndata: {broken\n\n')
    await settled()
    await clock.pass(seconds(1))
    await settled()
    expect(server.asked).toEqual([null, null])
    server.say('id: 44\n\n')
    await settled()
    expect(heard).toContainEqual({ type: 'placed', at: '44' })
  })
})
