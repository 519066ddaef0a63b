import { parseArgs } from 'node:util'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { openTransport } from '../serial-line/transport.ts'
import { planOf } from './scan/plan.ts'
import { adviceFor, portsHere } from './scan/ports.ts'
import { scanLine } from './scan/scan-line.ts'

const OPTIONS = { line: { type: 'string' }, thorough: { type: 'boolean' }, all: { type: 'boolean' } } as const

/**
 * `gateway -- scan`: without `--line` the serial ports of this machine, with it what hangs there, as JSON lines; what is being
 * tried goes to stderr. Nothing is ever sent but reads. Exit code 1, and one sentence, when nothing was recognised.
 */
export async function scan(argv: readonly string[]): Promise<number> {
  const { line, thorough = false, all = false } = parseArgs({ args: [...argv], options: OPTIONS }).values
  if (line === undefined) return listPorts()
  const trials = planOf(line, { thorough })
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    const tools = { open: openTransport, clock: systemClock, random: systemRandom, signal: stopping.signal }
    return await scanLine(trials, { all, print, say }, tools)
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

async function listPorts(): Promise<number> {
  const ports = await portsHere()
  for (const port of ports) print(port)
  say(adviceFor(ports))
  return ports.length > 0 ? 0 : 1
}

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const say = (text: string): void => void process.stderr.write(`${text}\n`)
