import type { BadLine } from '../../harness/bad-line.ts'
import type { MeasuringHomes } from '../../harness/measuring-homes.ts'
import type { RunningServer } from '../../harness/server.ts'
import { pause, slowness, until } from '../../harness/wait.ts'
import type { FailingInflux } from '../failing-influx.ts'

/** What a failure can lay its hands on. */
export interface Scene {
  readonly influx: FailingInflux
  readonly line: BadLine
  readonly server: RunningServer
  readonly homes: MeasuringHomes
  readonly kills: number
  readonly say: (line: string) => void
}
export interface Failure {
  readonly how: string
  /** The server must say so; a store that is slow, or that comes back at once, is not away. */
  readonly away: boolean
  /** Undefined when it can be done here, else why not. */
  whyNot?(scene: Scene): string | undefined
  begin(scene: Scene): unknown
  /** Answers what somebody had to do besides. */
  mend(scene: Scene): Promise<string | undefined>
}

const padBytes = { usual: 20_000, most: 60_000 } as const
const delayMs = 5_000
/** The server asks every few seconds. */
const byItselfWithinMs = 10_000
const betweenKillsMs = 1_000

export const FAILURES: readonly Failure[] = [
  {
    how: 'stopped',
    away: true,
    async begin({ influx, homes }) {
      // More than the server has room for: homes must be sent away.
      homes.pads(padBytes.most)
      await influx.stop()
    },
    async mend({ influx, homes }) {
      homes.pads(padBytes.usual)
      await influx.startAgain()
      return undefined
    },
  },
  {
    how: 'filled',
    away: true,
    whyNot: ({ influx }) => (influx.fill ? undefined : influx.whyNotFilled),
    begin: ({ influx }) => influx.fill?.(),
    async mend({ influx, line, server }) {
      influx.makeRoom()
      const byItself = until('telemetry to be ok', () => telemetryIs(server, 'ok'), { withinMs: byItselfWithinMs })
      if (await byItself.catch(() => false)) return undefined
      // As its runbook says. The first start cuts off the torn end of its log and goes on writing behind the cut: what is
      // written then is confirmed, and gone with the next start. The second one finds a clean log, if nothing was written.
      line.goesDown()
      for (let start = 1; start <= 2; start++) {
        await influx.stop()
        await influx.startAgain()
      }
      line.returns()
      return 'had to be started again, twice, after there was room'
    },
  },
  {
    how: 'slow',
    away: false,
    begin: ({ line }) => line.delays(delayMs),
    async mend({ line }) {
      line.delays(0)
      return undefined
    },
  },
  {
    how: 'unheard',
    away: true,
    begin: ({ line }) => line.losesAnswers(true),
    async mend({ line }) {
      line.losesAnswers(false)
      return undefined
    },
  },
  {
    how: 'killed',
    away: false,
    async begin({ influx, line, kills, say }) {
      for (let kill = 1; kill <= kills; kill++) {
        // A write is on its way to it.
        await line.nextQuestion()
        await influx.kill()
        await pause(betweenKillsMs)
        await influx.startAgain()
        say(`killed ${kill} times`)
      }
    },
    mend: async () => undefined,
  },
]

export async function telemetryIs(server: RunningServer, state: 'ok' | 'degraded'): Promise<boolean> {
  const answer = await fetch(`${server.url}/readyz`, { signal: AbortSignal.timeout(2_000 * slowness) })
  const { parts } = (await answer.json()) as { parts: Record<string, string> }
  return answer.status === 200 && parts['telemetry'] === state
}
