import type { MeasurementAnswer } from '@anju/contract/api'
import type { Api } from '../harness/api.ts'
import { aSystem } from '../harness/system.ts'
import { pause, until } from '../harness/wait.ts'
import { emptied, occurrencesOf } from './centre.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'
import { settleAccounts } from './press-ledger.ts'
import { aPresser, buttonPlacement, buttonsOf, topicOf } from './presser.ts'

const buttons = 100
/** Other devices than the pressed ones: two samples of one series in one millisecond would be one. */
const signs = 100
const sizes = {
  short: { events: 150, measurements: 1_500, cutMs: 0 },
  // The first ones must be more than a minute old when the line returns: only then they are late.
  full: { events: 1_000, measurements: 10_000, cutMs: 75_000 },
} as const satisfies Record<Scale, object>
const lateAfterMs = 60_000
const freshWithinMs = 1_000

export const backlog: Observation = {
  id: 'C-03',
  what: 'the uplink is cut, events and measurements wait at the gateway, the line returns: all arrive, in order, late ones marked; a press meanwhile is on the live stream in a second',
  async run(scale, say) {
    const size = sizes[scale]
    const expect = new Expectations()
    const system = await aSystem({ gateway: { devices: buttonsOf(buttons + signs) } })
    try {
      const { gateway, internet, device, operator, live } = system
      const cutAt = Date.now()
      internet.goesDown()
      const presser = aPresser(gateway, buttons)
      const sent = measure(device, size.measurements)
      await until('enough presses', () => presser.presses.length >= size.events, { withinMs: 120_000 })
      const presses = await presser.stop()
      const measured = await sent
      const { queue } = await gateway.status()
      say(`waiting at the gateway: ${JSON.stringify(queue)}`)
      expect.that(queue.life >= size.events, `only ${queue.life} events wait`)
      const untilLate = size.cutMs - (Date.now() - cutAt)
      if (untilLate > 0) await pause(untilLate)

      const returnedAt = Date.now()
      const drainFrom = performance.now()
      internet.returns()
      await until('the drain to begin', async () => (await gateway.status()).queue.life < queue.life || undefined, {
        withinMs: 60_000,
        everyMs: 5,
      })
      // A press in the midst of it: its placement is new, so its alarm is too.
      const waitingThen = (await gateway.status()).queue
      const pressedAt = performance.now()
      await gateway.press(device)
      const item = await live.first(
        'the press made during the drain',
        (one) => one.event === 'alarm' && one.data.alarm.placement === 'bathroom-sos',
      )
      const freshMs = item.at - pressedAt
      expect.that(freshMs <= freshWithinMs, `the press during the drain took ${freshMs.toFixed(0)} ms`)
      await emptied(gateway, 'life', 120_000)
      const lifeMs = performance.now() - drainFrom
      await emptied(gateway, 'telemetry', 300_000)
      const telemetryMs = performance.now() - drainFrom

      const seen = await occurrencesOf(operator, 'sos-')
      const ledger = settleAccounts(presses, seen)
      for (const what of ['lost', 'doubled', 'unexplained'] as const)
        expect.that(
          ledger[what].length === 0,
          `${ledger[what].length} presses ${what}: ${ledger[what].slice(0, 3).join(', ')}`,
        )
      const order = outOfOrder(seen)
      expect.that(order.length === 0, `${order.length} occurrences out of order: ${order.slice(0, 3).join(', ')}`)
      const wronglyMarked = seen.filter(({ heardAt, receivedAt, late }) => {
        const age = receivedAt - heardAt
        // What is within a second of the bound may fall either way: age is the gateway's own elapsed time.
        return Math.abs(age - lateAfterMs) > 1_000 && late !== age > lateAfterMs
      })
      expect.that(wronglyMarked.length === 0, `${wronglyMarked.length} occurrences wrongly marked late or fresh`)
      const lates = seen.filter(({ late }) => late).length
      expect.that(size.cutMs === 0 || lates > 0, 'nothing was late, although the line was down for more than a minute')

      // Each press carries the two points too.
      const samples = await countSamples(operator, cutAt, Date.now())
      const expected = measured + 2 * presses.filter(({ ackedAt }) => ackedAt).length
      expect.that(samples === expected, `${samples} measurements arrived of ${expected}`)
      return {
        figures: {
          events: ledger.acked,
          measurements: expected,
          'measurements arrived': samples,
          'events late': lates,
          'lost or doubled': ledger.lost.length + ledger.doubled.length,
          'out of order': order.length,
          'line down s': rounded((returnedAt - cutAt) / 1_000),
          'waiting in the telemetry lane at the press': waitingThen.telemetry,
          'press during the drain to live stream ms': rounded(freshMs),
          'life lane drained s': rounded(lifeMs / 1_000),
          'telemetry lane drained s': rounded(telemetryMs / 1_000),
        },
        wrong: expect.wrong,
      }
    } finally {
      await system.stop()
    }
  },
}

interface Publisher {
  publishAsync(topic: string, payload: string, options: { qos: 1 }): Promise<unknown>
}

/** Signs of life of all buttons in turn, two samples each, no two of one series in one millisecond. */
async function measure(device: Publisher, measurements: number): Promise<number> {
  let sent = 0
  for (let turn = 0; sent < measurements; turn++) {
    const index = buttons + (turn % signs)
    const payload = JSON.stringify({ battery: 50 + (turn % 50), linkquality: turn % 256 })
    await device.publishAsync(topicOf(index), payload, { qos: 1 })
    sent += 2
    if (turn % signs === signs - 1) await pause(5)
  }
  return sent
}

/** Within one placement (device and lane) the centre received them in the order they were heard. */
function outOfOrder(seen: readonly { placement: string; heardAt: number; receivedAt: number }[]): string[] {
  const last = new Map<string, number>()
  const wrong: string[] = []
  for (const { placement, heardAt, receivedAt } of seen.toSorted((a, b) => a.heardAt - b.heardAt)) {
    if (receivedAt < (last.get(placement) ?? 0)) wrong.push(`${placement} heard at ${new Date(heardAt).toISOString()}`)
    last.set(placement, receivedAt)
  }
  return wrong
}

async function countSamples(api: Api, from: number, to: number): Promise<number> {
  let count = 0
  const range = `from=${new Date(from - 1_000).toISOString()}&to=${new Date(to + 1_000).toISOString()}`
  for (let index = 0; index < buttons + signs; index++)
    for (const point of ['battery', 'link-quality']) {
      const path = `/homes/home-1/measurements?placement=${buttonPlacement(index)}&point=${point}&every=60s&${range}`
      const { status, body } = await api.call<MeasurementAnswer>('GET', path)
      if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`)
      for (const bucket of body.items) count += bucket.count
    }
  return count
}
