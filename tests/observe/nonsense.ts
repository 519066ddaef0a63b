import { createServer, type Socket } from 'node:net'
import { seededRandom } from '@anju/contract'
import { percentile } from '../bench/figures.ts'
import { aSystem } from '../harness/system.ts'
import { aHandGateway, anEvent } from '../harness/uplink.ts'
import { until } from '../harness/wait.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'
import { buttonsOf, topicOf } from './presser.ts'

const amounts = { short: 1_000, full: 10_000 } as const satisfies Record<Scale, number>
const buttons = 200
const pressWithinMs = 1_000
const messageBytesMax = 256 * 1024

export const nonsense: Observation = {
  id: 'B-19',
  what: 'malformed, oversized and unknown messages and frames at the gateway and at the server: counted, refused, quarantined, none sent again for ever, no crash, no delay of the press between',
  async run(scale, say) {
    const seed = Number(process.env['ANJU_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    say(`seed ${seed}`)
    const random = seededRandom(seed)
    const expect = new Expectations()
    const noise = await aNoisyLine()
    const system = await aSystem({
      gateway: {
        lines: [{ id: 'radar-1', url: `tcp://127.0.0.1:${noise.port}` }],
        devices: [
          ...buttonsOf(buttons),
          { id: 'radar-1', placement: 'living-radar', profile: 'seeed/mr60fda2', line: 'radar-1' },
        ],
      },
    })
    try {
      const { server, gateway, device, live } = system
      const installer = await server.logIn('installer')
      const hand = await aHandGateway(await installer.registerGateway('TEST-NONSENSE'))
      hand.client.setMaxListeners(100)
      const pids = [server.part.pid, gateway.part.pid]
      const bytes = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random.uniform() * 256)))
      const amount = amounts[scale]
      const took: number[] = []
      const named: string[] = []
      let toServer = 0
      let toGateway = 0
      let onLine = 0

      const nonsenseToServer = [
        () => hand.publish('event', bytes(1 + Math.floor(random.uniform() * 200))),
        () => hand.publish('event', '{"specversion":"1.0"'),
        () => {
          const event = anEvent(hand.id)
          named.push(event.id)
          return hand.publish('event', JSON.stringify({ ...event, subject: 'Not A Slug!' }))
        },
        () => hand.publish('telemetry', JSON.stringify({ series: 'none' })),
        () => hand.publish('health', bytes(80)),
        () => hand.publish('event', JSON.stringify({ ...anEvent(hand.id), source: '/gateways/another-one' })),
      ]
      const nonsenseToGateway = [
        (turn: number) => [topicOf(turn % buttons), bytes(60)] as const,
        (turn: number) => [topicOf(turn % buttons), '{"action":"emerg'] as const,
        (turn: number) => [topicOf(turn % buttons), '{"action":"single_left"}'] as const,
        (turn: number) => [`zigbee2mqtt/nobody ${turn % 50}`, '{"action":"emergency"}'] as const,
        (turn: number) => [`some/other/topic/${turn % 50}`, bytes(30)] as const,
      ]
      const pressesAt = Math.ceil(amount / buttons)
      for (let turn = 0; turn < amount; turn++) {
        if (turn % 3 === 0) {
          noise.send(Buffer.concat([Buffer.from([0x01]), bytes(40)]))
          onLine += 1
        } else if (turn % 3 === 1) {
          const [topic, payload] = nonsenseToGateway[turn % nonsenseToGateway.length]?.(turn) ?? ['', '']
          await device.publishAsync(topic, payload, { qos: 1 })
          toGateway += 1
        } else {
          await nonsenseToServer[turn % nonsenseToServer.length]?.()
          toServer += 1
        }
        if (turn % pressesAt === 0) {
          const index = took.length
          const from = performance.now()
          await device.publishAsync(topicOf(index), '{"action":"emergency","battery":80}', { qos: 1 })
          const item = await live.first(
            `the press of button ${index}`,
            (one) => one.event === 'alarm' && one.data.alarm.placement === `sos-${index}`,
          )
          took.push(item.at - from)
        }
      }
      // Oversized ones end the connection that sent them, so they come last and on connections of their own.
      const oversized = scale === 'full' ? 20 : 4
      for (let turn = 0; turn < oversized; turn++) {
        const bully = await gateway.device()
        await bully.publishAsync(topicOf(0), Buffer.alloc(messageBytesMax * 2, 32), { qos: 0 })
        await bully.endAsync(true)
        await Promise.race([
          hand.publish('event', Buffer.alloc(messageBytesMax + 1_000, 32)),
          new Promise<void>((resolve) => void hand.client.once('close', () => resolve())),
        ])
        await until('the hand gateway to be back', () => hand.client.connected, { withinMs: 10_000 })
      }

      expect.that(Math.max(...took) <= pressWithinMs, `a press took ${Math.max(...took).toFixed(0)} ms`)
      expect.that(
        server.part.alive && gateway.part.alive && pids[0] === server.part.pid && pids[1] === gateway.part.pid,
        'a part ended',
      )
      const refusals = await until(
        'refusals by receipt',
        () => {
          const refused = new Set(hand.receipts.flatMap((receipt) => Object.keys(receipt.refused ?? {})))
          return named.filter((id) => refused.has(id)).length === named.length && refused
        },
        { withinMs: 10_000 },
      )
      const quarantine = await until(
        'the quarantine',
        async () => {
          const rows = await server.cluster.query<{ code: string; n: number }>(
            'select code, count(*)::int as n from quarantine group by code order by code',
          )
          return rows.length > 0 && rows
        },
        { withinMs: 15_000, everyMs: 250 },
      )
      const metrics = await (await fetch(`${server.url}/metrics`)).text()
      const counted = refusedInMetrics(metrics)
      expect.that(counted >= toServer, `the server counted ${counted} refused messages of ${toServer}`)
      const { queue } = await until(
        'the gateway to have nothing left to send',
        async () => {
          const status = await gateway.status()
          return status.queue.life === 0 && status.queue.technical === 0 && status
        },
        { withinMs: 60_000, everyMs: 250 },
      )
      await hand.close()
      return {
        figures: {
          seed,
          'to the server': toServer,
          'to the gateway': toGateway,
          'on the serial line': onLine,
          'oversized, at each': oversized,
          'refused by receipt': refusals.size,
          'counted by the server': counted,
          quarantined: quarantine.map(({ code, n }) => `${code}: ${n}`),
          'left in the life lane': queue.life,
          presses: took.length,
          'press p50 ms': rounded(percentile(took, 0.5)),
          'press p99 ms': rounded(percentile(took, 0.99)),
          'press max ms': rounded(Math.max(...took)),
        },
        wrong: expect.wrong,
      }
    } finally {
      await system.stop()
      await noise.end()
    }
  },
}

/** Sum of the server's counters of refused messages, whatever their labels. */
function refusedInMetrics(text: string): number {
  return [...text.matchAll(/^anju_\w*(?:refused|quarantined|malformed)\w*(?:\{[^}]*\})? (\d+(?:\.\d+)?)$/gm)].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  )
}

/** A converter on whose line nothing makes sense. */
async function aNoisyLine(): Promise<{ port: number; send(bytes: Buffer): void; end(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.resume()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the noisy line has no port')
  return {
    port: address.port,
    send(bytes) {
      for (const socket of sockets) socket.write(bytes)
    },
    async end() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}
