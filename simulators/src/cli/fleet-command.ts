import { parseArgs } from 'node:util'
import { DomainError, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { loadDemoConfig, reachableHost } from '../demo/config.ts'
import { readKept } from '../demo/kept.ts'
import { runFleet } from '../fleet/fleet.ts'
import { SCENARIOS } from '../fleet/scenarios.ts'

/** Runs a fleet and prints its report as JSON; 0 when everything sent was receipted. */
export async function fleetCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      http: { type: 'string' },
      server: { type: 'string' },
      homes: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
      scenario: { type: 'string', default: 'quiet' },
      duration: { type: 'string', default: '60' },
      username: { type: 'string', default: 'admin' },
    },
  })
  const config = loadDemoConfig()
  const scenario = SCENARIOS.find((name) => name === values.scenario)
  if (!scenario)
    throw new DomainError('config-malformed', `--scenario: "${values.scenario}" is none of ${SCENARIOS.join(', ')}`)
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())
  const report = await runFleet(
    {
      http: values.http ?? `http://${reachableHost(config.http.host)}:${config.http.port}`,
      ...(values.server !== undefined && { server: values.server }),
      account: { username: values.username, password: config.password ?? readKept(config.dataDir).password },
      homes: number('homes', values.homes),
      seed: number('seed', values.seed),
      speed: number('speed', values.speed),
      scenario,
      duration: seconds(number('duration', values.duration)),
    },
    {
      clock: systemClock,
      random: systemRandom,
      log: (message) => process.stderr.write(`${message}\n`),
      signal: interrupted.signal,
    },
  )
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  return report.unsettled === 0 && Object.keys(report.refused).length === 0 ? 0 : 1
}

function number(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new DomainError('config-malformed', `--${name}: "${text}" is not a number from 0`)
  return value
}
