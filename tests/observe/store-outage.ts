import { ulid } from 'ulid'
import { aSystem } from '../harness/system.ts'
import { aHandGateway, anEvent } from '../harness/uplink.ts'
import { pause, until } from '../harness/wait.ts'
import { emptied, occurrencesOf } from './centre.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'
import { settleAccounts } from './press-ledger.ts'
import { aPresser, buttonsOf } from './presser.ts'

const buttons = 24
const outageMs = { short: 4_000, full: 30_000 } as const satisfies Record<Scale, number>
const deliveredWithinMs = 15_000

export const storeOutage: Observation = {
  id: 'C-11',
  what: 'PostgreSQL stopped the hard way under presses: nothing receipted, nothing lost, the page and readiness say so, recovery needs no hand',
  async run(scale, say) {
    const expect = new Expectations()
    const system = await aSystem({ gateway: { devices: buttonsOf(buttons) } })
    try {
      const { server, gateway, live, operator } = system
      const installer = await server.logIn('installer')
      const hand = await aHandGateway(await installer.registerGateway('TEST-HAND'))
      const presser = aPresser(gateway, buttons)
      await until('presses to flow', async () => (await occurrencesOf(operator, 'sos-')).length > 5 || undefined, {
        withinMs: 20_000,
        everyMs: 200,
      })

      server.cluster.stopImmediately()
      const downAt = performance.now()
      const during = hand.client.connected
      const receiptsBefore = hand.receipts.length
      // Published into the outage; a PUBACK or a receipt for it would be a lie.
      const offeredId = ulid()
      const acked = new AbortController()
      const offered = hand.event({ id: offeredId, placement: 'offered-in-the-outage' }).then(() => acked.abort())
      offered.catch(() => undefined)
      const degraded = await live.first(
        'status "store degraded"',
        (item) => item.event === 'status' && item.data.store === 'degraded' && item.at > downAt,
        15_000,
      )
      await until('readiness to say no', async () => (await server.readiness()) === 503 || undefined, {
        withinMs: 15_000,
      })
      const notReadyMs = performance.now() - downAt
      const waitingFrom = (await gateway.status()).queue.life
      await pause(Math.max(0, outageMs[scale] - (performance.now() - downAt)))
      const waiting = (await gateway.status()).queue.life
      expect.that(
        waiting > waitingFrom,
        `the gateway's life lane did not grow during the outage (${waitingFrom} → ${waiting})`,
      )
      expect.that(hand.receipts.length === receiptsBefore, 'a receipt was given while nothing could be committed')
      expect.that(!acked.signal.aborted, 'an event was PUBACKed while nothing could be committed')
      expect.that((await server.readiness()) === 503, 'readiness did not stay at no')
      say(`${waiting} presses wait at the gateway after ${outageMs[scale] / 1_000} s`)

      await server.cluster.start()
      const upAt = performance.now()
      await server.ready(30_000)
      const readyMs = performance.now() - upAt
      const restored = await live.first(
        'status "store ok" again',
        (item) => item.event === 'status' && item.data.store === 'ok' && item.at > upAt,
        15_000,
      )
      const presses = await presser.stop()
      await emptied(gateway, 'life', 60_000)
      const deliveredMs = performance.now() - upAt
      expect.that(deliveredMs <= deliveredWithinMs, `the held presses took ${deliveredMs.toFixed(0)} ms to arrive`)
      const ledger = settleAccounts(presses, await occurrencesOf(await server.logIn(), 'sos-'))
      for (const what of ['lost', 'doubled', 'unexplained'] as const)
        expect.that(
          ledger[what].length === 0,
          `${ledger[what].length} presses ${what}: ${ledger[what].slice(0, 3).join(', ')}`,
        )
      // A gateway keeps what was not receipted and sends it again; then it is taken.
      await hand.publish(
        'event',
        JSON.stringify(anEvent(hand.id, { id: offeredId, placement: 'offered-in-the-outage' })),
      )
      await hand.receipted(offeredId, 10_000)
      await hand.close()
      return {
        figures: {
          'outage s': outageMs[scale] / 1_000,
          presses: ledger.acked,
          'presses waiting at the end of it': waiting,
          'a connected gateway at its start': during,
          'live stream said degraded after ms': rounded(degraded.at - downAt),
          'readiness 503 after ms': rounded(notReadyMs),
          'ready again after ms': rounded(readyMs),
          'live stream said ok after ms': rounded(restored.at - upAt),
          'all held presses delivered after ms': rounded(deliveredMs),
          'lost or doubled': ledger.lost.length + ledger.doubled.length,
        },
        wrong: expect.wrong,
      }
    } finally {
      await system.stop()
    }
  },
}
