import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { integerBetween, type Random, seededRandom } from '@anju/contract'
import { ready } from '../harness/child.ts'
import { aSystem, type System } from '../harness/system.ts'
import { pause } from '../harness/wait.ts'
import { emptied, occurrencesOf } from './centre.ts'
import { Expectations, type Observation, type Outcome, type Scale } from './observation.ts'
import { settleAccounts } from './press-ledger.ts'
import { aPresser, buttonsOf } from './presser.ts'

type Victim = 'gateway' | 'server' | 'postgres' | 'all'
const buttons = 24
const backWithinMs = 60_000

/**
 * SIGKILL at random moments while buttons are pressed many times a second. The promise: a press whose PUBACK the button's
 * side saw is exactly one occurrence at the centre.
 */
async function crash(victims: readonly Victim[], kills: number, say: (line: string) => void): Promise<Outcome> {
  const seed = Number(process.env['ANJU_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  say(`seed ${seed} (ANJU_SEED repeats the moments)`)
  const random = seededRandom(seed)
  const system = await aSystem({ server: { embedded: true }, gateway: { devices: buttonsOf(buttons) } })
  const expect = new Expectations()
  const killed: Record<string, number> = {}
  try {
    const presser = aPresser(system.gateway, buttons)
    for (let kill = 1; kill <= kills; kill++) {
      const victim = victims[integerBetween(random, 0, victims.length - 1)] ?? 'gateway'
      killed[victim] = (killed[victim] ?? 0) + 1
      await pause(20 + random.uniform() * 1_200)
      await killAndBringBack(system, victim, random)
      if (kill % 10 === 0) say(`${kill} kills, ${presser.presses.length} presses`)
    }
    const presses = await presser.stop()
    await emptied(system.gateway, 'life', 120_000)
    const ledger = settleAccounts(presses, await occurrencesOf(await system.server.logIn(), 'sos-'))
    for (const [what, list] of Object.entries({
      lost: ledger.lost,
      doubled: ledger.doubled,
      unexplained: ledger.unexplained,
    }))
      expect.that(list.length === 0, `${list.length} presses ${what}: ${list.slice(0, 5).join(', ')}`)
    expect.that(ledger.acked > kills, `only ${ledger.acked} presses were acknowledged: that proves little`)
    const { lost, doubled, unexplained, ...counts } = ledger
    return {
      figures: {
        seed,
        kills,
        ...Object.fromEntries(Object.entries(killed).map(([victim, count]) => [`kills of ${victim}`, count])),
        ...counts,
        lost: lost.length,
        doubled: doubled.length,
        unexplained: unexplained.length,
      },
      wrong: expect.wrong,
    }
  } finally {
    await system.stop()
  }
}

async function killAndBringBack({ server, gateway }: System, victim: Victim, random: Random): Promise<void> {
  const postgres = () => Number(readFileSync(join(server.dataDir, 'run/postgres.pid'), 'utf8'))
  switch (victim) {
    case 'gateway':
      await gateway.kill()
      return gateway.start()
    case 'server':
      await server.kill()
      return server.start()
    case 'postgres': {
      const pid = postgres()
      process.kill(pid, 'SIGKILL')
      // Nobody lends a hand: the server brings its PostgreSQL back itself.
      await ready(server.part, 'on another PostgreSQL', async () => postgres() !== pid, backWithinMs)
      return server.ready(backWithinMs)
    }
    case 'all': {
      const pid = postgres()
      const ends = [() => gateway.kill(), () => server.kill(), () => Promise.resolve(process.kill(pid, 'SIGKILL'))]
      if (random.uniform() < 0.5) ends.reverse()
      await Promise.all(ends.map((end) => end()))
      await server.start()
      return gateway.start()
    }
  }
}

const killsIn = { short: 6, full: 100 } as const satisfies Record<Scale, number>

export const gatewayCrash: Observation = {
  id: 'C-01',
  what: 'kill -9 of the gateway at random moments while buttons are pressed: every PUBACKed press is exactly one occurrence',
  run: (scale, say) => crash(['gateway'], killsIn[scale], say),
}
export const serverCrash: Observation = {
  id: 'C-02',
  what: 'kill -9 of the server, of PostgreSQL, and of everything at random moments: every PUBACKed press is exactly one occurrence',
  run: (scale, say) => crash(['server', 'postgres', 'all'], killsIn[scale], say),
}
