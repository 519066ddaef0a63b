import { errorMessage, millis } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { loadDemoConfig } from './config.ts'
import { Demo } from './demo.ts'
import { greeting } from './plan.ts'

/** `npm start`: everything on one machine, until Ctrl-C. */
const say = (message: string) => process.stdout.write(`${message}\n`)
// Whoever read our output may leave; the home stays.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

let demo: Demo | undefined
let stopping: Promise<void> | undefined

/** Once; a second Ctrl-C, or the copy of it that npm passes on, changes nothing. */
function stop(code: number): void {
  stopping ??= (async () => {
    try {
      await demo?.stop()
    } catch (error) {
      process.stderr.write(`not everything could be stopped: ${errorMessage(error)}\n`)
      process.exit(1)
    }
    process.exit(code)
  })()
}

try {
  const config = loadDemoConfig()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0))
  if (config.underNpm) stopWithParent()
  demo = new Demo(config, { clock: systemClock, random: systemRandom, say })
  await demo.start()
  for (const line of greeting(config, demo.password)) say(line)
  say('ready')
} catch (error) {
  if (!stopping) {
    process.stderr.write(`npm start: ${errorMessage(error)}\n`)
    stop(1)
  }
}

/** An npm that is killed passes nothing on; then our parent is another, and nobody could stop us any more. */
function stopWithParent(): void {
  const parent = process.ppid
  systemClock.every(millis(500), () => {
    if (process.ppid !== parent) stop(0)
  })
}
