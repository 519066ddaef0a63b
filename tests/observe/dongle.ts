import { rmSync } from 'node:fs'
import { integerBetween, type Random, seededRandom } from '@anju/contract'
import { aTestCentre, type TestCentre } from '@anju/gateway/testing/centre'
import { rssKiB } from '../harness/child.ts'
import { aDongle, type Dongle, openFiles } from '../harness/dongle.ts'
import { aGateway, type RunningGateway } from '../harness/gateway.ts'
import { temporaryFolder } from '../harness/server.ts'
import { pause, slowness, until } from '../harness/wait.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'

const cyclesIn = { short: 8, full: 1_000 } as const satisfies Record<Scale, number>
/** Back, by C-17, at the latest after so long. */
const backWithinMs = 5_000
/** Descriptors come and go (a status request, a checkpoint); a leak of one a cycle is a thousand. */
const filesGrowthMax = 4
const garbageBytesMax = 4_096
// A radar that says somebody is there: header and data check bytes included.
const presence = Buffer.from('01000100010f09f801fe', 'hex')

/** Pulled, plugged in again and fed garbage: the line is back by itself, one technical event each time, nobody leaks a handle. */
export const dongle: Observation = {
  id: 'C-17',
  what: 'a serial dongle pulled, plugged in again and fed garbage: back within 5 s, no leaked handle, one technical event each time, never two owners',
  async run(scale, say) {
    const cycles = cyclesIn[scale]
    const expect = new Expectations()
    const random = seededRandom(17)
    const folder = temporaryFolder('anju-dongle')
    const wire = aDongle(folder)
    await wire.plugIn()
    const centre = await aTestCentre('gw-dongle')
    const gateway = await aGateway({
      provisioned: { id: 'gw-dongle', mqtt: { url: centre.url, username: 'gw-dongle', password: 'x' } },
      lines: [{ id: 'radar-line', url: `serial:${wire.path}?baud=115200` }],
      devices: [{ id: 'radar-1', placement: 'living-radar', profile: 'seeed/mr60fda2', line: 'radar-line' }],
    })
    try {
      await isUp(gateway, wire)
      const filesBefore = openFiles(gateway.part.pid)
      const backMs: number[] = []
      let owners = 0
      for (let cycle = 1; cycle <= cycles; cycle++) {
        if (cycle % 2 === 0) await babble(wire, random)
        await wire.pull()
        await until('the gateway to notice', async () => (await linkOf(gateway)) === 'down', { withinMs: 5_000 })
        await pause(random.uniform() * 300)
        await wire.plugIn()
        const pluggedAt = performance.now()
        await isUp(gateway, wire)
        backMs.push(performance.now() - pluggedAt)
        owners = Math.max(owners, wire.owners().filter((pid) => pid !== process.pid).length)
        if (cycle % 50 === 0) say(`${cycle} cycles, ${openFiles(gateway.part.pid)} files open`)
      }
      const losses = await lossesAt(centre, cycles)
      const filesAfter = openFiles(gateway.part.pid)
      const slowest = Math.max(...backMs)
      expect.that(slowest <= backWithinMs * slowness, `back only after ${Math.round(slowest)} ms`)
      expect.that(filesAfter - filesBefore <= filesGrowthMax, `${filesBefore} files open before, ${filesAfter} after`)
      expect.that(losses.raised === cycles, `${losses.raised} losses told of ${cycles}`)
      expect.that(losses.returned === cycles, `${losses.returned} returns told of ${cycles}`)
      expect.that(owners === 1, `${owners} owners of the line at once`)
      return {
        figures: {
          cycles,
          'back, median ms': rounded(backMs.toSorted((a, b) => a - b)[Math.floor(backMs.length / 2)] ?? 0),
          'back, slowest ms': rounded(slowest),
          'files open before': filesBefore,
          'files open after': filesAfter,
          'losses told': losses.raised,
          'returns told': losses.returned,
          'owners at most': owners,
          'RSS MiB': rounded(rssKiB(gateway.part.pid) / 1_024),
        },
        wrong: expect.wrong,
      }
    } finally {
      await gateway.end()
      await centre.stop()
      await wire.end()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function linkOf(gateway: RunningGateway): Promise<string | undefined> {
  const { links } = await gateway.status()
  return links.find(({ id }) => id === 'radar-line')?.state
}

/** The radar speaks, and the gateway hears it. */
const isUp = (gateway: RunningGateway, wire: Dongle) =>
  until(
    'the line to be up',
    async () => {
      wire.says(presence)
      return (await linkOf(gateway)) === 'up'
    },
    { withinMs: backWithinMs * 2 },
  )

async function babble(wire: Dongle, random: Random): Promise<void> {
  const bytes = Uint8Array.from({ length: integerBetween(random, 1, garbageBytesMax) }, () =>
    integerBetween(random, 0, 255),
  )
  wire.says(bytes)
  await pause(random.uniform() * 20)
}

async function lossesAt(centre: TestCentre, wanted: number): Promise<{ raised: number; returned: number }> {
  const count = (phase: string) =>
    centre.events.filter(({ type, data }) => type === 'anju.line-down' && data.phase === phase).length
  const told = () => ({ raised: count('raised'), returned: count('returned') })
  await until('every loss to be told', () => told().raised >= wanted && told().returned >= wanted, {
    withinMs: 60_000,
  }).catch(() => undefined)
  return told()
}
