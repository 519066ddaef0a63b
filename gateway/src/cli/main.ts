import { mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { errorMessage, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { readConfig, readEnvironment } from '../config.ts'
import { writePidFile } from '../pid-file.ts'

const USAGE = `usage: npm run gateway -- --config FILE     run the gateway
       npm run gateway -- decode …          what a frame or payload means
       npm run gateway -- profiles          the devices we know, as JSON lines
       npm run gateway -- doctor --config FILE   what is wrong here, and how to mend it
       npm run gateway -- scan --line URL   what hangs on a serial line
`
/** A stop that takes longer is ended: what was acknowledged is on the disk anyway. */
const stopWithin = seconds(2)

const [command, ...rest] = process.argv.slice(2)
process.exitCode = await dispatch()

async function dispatch(): Promise<number | undefined> {
  try {
    switch (command) {
      case 'decode':
        return await (await import('./decode.ts')).decode(rest)
      case 'profiles':
        return await (await import('./profiles.ts')).profiles(rest)
      case 'doctor':
        return await (await import('./doctor.ts')).doctor(rest)
      case 'scan':
        return await (await import('./scan.ts')).scan(rest)
      case undefined:
      case 'help':
      case '--help':
        process.stdout.write(USAGE)
        return command === undefined ? 1 : 0
      default:
        if (command.startsWith('--')) return await run(process.argv.slice(2))
        process.stderr.write(`no command ${command}\n${USAGE}`)
        return 1
    }
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n`)
    return 1
  }
}

async function run(argv: string[]): Promise<undefined> {
  const { values } = parseArgs({ args: argv, options: { config: { type: 'string' } } })
  if (values.config === undefined) throw new Error(`--config FILE is missing\n${USAGE}`)
  const environment = readEnvironment()
  const { config } = readConfig(values.config, environment)
  // Before anything else makes it: what is in there is nobody else's to read.
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  enableCompileCache(join(config.dataDir, 'compile-cache'))

  // Loaded after the compile cache is on: this is where the time of a cold start goes.
  const { pino } = await import('pino')
  const { systemRandom } = await import('@anju/contract/system-random')
  const { startGateway } = await import('../app.ts')
  const log = pino({ level: environment.logLevel, name: 'gateway', base: { gateway: config.gatewayId } })
  const gateway = await startGateway(config, { clock: systemClock, random: systemRandom, log })
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
