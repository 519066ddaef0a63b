import { parseArgs } from 'node:util'
import { seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { startGateway } from '../app.ts'
import { readConfig, readEnvironment } from '../config.ts'
import { writePidFile } from '../pid-file.ts'

/** A stop that takes longer is ended: what was acknowledged is on the disk anyway. */
const stopWithin = seconds(2)

/** Runs the gateway until it is told to stop. @throws DomainError when it cannot start, naming what is in the way. */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { config: { type: 'string' } } })
  if (values.config === undefined) throw new Error('--config FILE is missing')
  const environment = readEnvironment()
  const config = await readConfig(values.config, environment)
  const log = pino({
    level: environment.logLevel,
    name: 'gateway',
    base: { gateway: config.gatewayId },
    timestamp: pino.stdTimeFunctions.isoTime,
  })
  for (const problem of config.profileProblems) log.error(problem, 'a profile is not as it must be')
  for (const device of config.leftOut) log.error(device, 'a device is left out')
  // Whoever keeps this process alive starts it again, and the start moves a damaged file aside: deaf for seconds, not for ever.
  const onDamaged = (why: string) => {
    log.fatal({ why }, 'the store is damaged; ending, so that the next start can mend it')
    process.exit(1)
  }
  const gateway = await startGateway(config, { clock: systemClock, random: systemRandom, log, onDamaged })
  const removePidFile = writePidFile(environment.dataDir ?? config.dataDir)
  const broker = `mqtt://${config.broker.host}:${gateway.brokerPort}`
  log.info({ boot: gateway.boot, broker, page: `http://${config.http.host}:${gateway.httpPort}` }, 'gateway is running')

  let stopping = false
  const stop = (why: string) => {
    // The second Ctrl-C is from somebody who does not want to wait.
    if (stopping) process.exit(1)
    stopping = true
    log.info({ why }, 'stopping')
    removePidFile()
    systemClock.after(stopWithin, () => process.exit(0))
    void gateway.stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // A gateway that was started by the demo ends with it, also when the demo had no time to say so.
  if (process.connected) process.once('disconnect', () => stop('the parent is gone'))
}
