import { accessSync, constants, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type Clock,
  DomainError,
  errorMessage,
  type Instant,
  type Millis,
  millis,
  type Random,
  seconds,
} from '@anju/contract'
import { askControl, controlSocket, serveControl } from '../home/control.ts'
import { findSocat } from '../serial-bridge/pty-line.ts'
import { Centre } from './centre.ts'
import { type DemoConfig, reachableHost } from './config.ts'
import { type Kept, keep, readKept, writeSecret } from './kept.ts'
import { Part } from './part.ts'
import { demoGatewaySerial, demoHomeId, gatewayFile, homeFile, type Lines, linesOf } from './plan.ts'
import { checkPorts, linePort } from './ports.ts'
import { endLeftovers, gone, isOurs, pidIn, signal } from './processes.ts'

const root = resolve(import.meta.dirname, '../../..')
const serverReadyWithin = seconds(90)
/** A gateway whose credentials are right is heard much sooner. */
const credentialsDoubtfulAfter = seconds(10)
const chainAliveWithin = seconds(60)
/** Together less than the five seconds that Ctrl-C may take. */
const edgeStopsWithin = millis(1_500)
const serverStopsWithin = millis(2_700)

export interface DemoParts {
  readonly clock: Clock
  readonly random: Random
  readonly say: (message: string) => void
}

/** The whole system on one machine: server, gateway and home as processes of their own, kept alive until `stop`. */
export class Demo {
  readonly #config: DemoConfig
  readonly #parts: DemoParts
  readonly #stopping = new AbortController()
  readonly #centre: Centre
  #kept: Kept
  #lock: { stop(): Promise<void> } | undefined
  #home: Part | undefined
  #gateway: Part | undefined
  #server: Part | undefined
  #ready = false
  /** What was committed before belongs to an earlier start. */
  readonly #startedAt: Instant

  constructor(config: DemoConfig, parts: DemoParts) {
    this.#config = config
    this.#parts = parts
    this.#startedAt = parts.clock.now()
    this.#centre = new Centre(`http://${reachableHost(config.http.host)}:${config.http.port}`, parts.clock)
    makeFolders(config.dataDir)
    this.#kept = readKept(config.dataDir)
  }

  get password(): string {
    return this.#config.password ?? this.#kept.password
  }

  /**
   * Resolves when a message of the gateway has been committed at the server: the chain holds from end to end.
   * @throws DomainError naming what is in the way; `stop` must still be called.
   */
  async start(): Promise<void> {
    const { clock, say } = this.#parts
    const { dataDir } = this.#config
    await this.#takeLock()
    await endLeftovers(dataDir, clock, say)
    await checkPorts(this.#config)
    this.#keep({ ...this.#kept, password: this.password })

    const lines = await this.#lines()
    writeSecret(join(dataDir, 'home.json'), homeFile(this.#config, this.#kept, lines))
    this.#server = this.#part('server', 'server/dist/main.js', [], {
      ...serverOptions,
      ANJU_DEMO: '1',
      ANJU_DEMO_PASSWORD: this.password,
    })
    this.#home = this.#part('home', 'simulators/src/home/main.ts', ['--config', join(dataDir, 'home.json')])
    // A gateway that knows its credentials does not wait for a server; that is what its disk is for.
    if (this.#kept.gateway) this.#startGateway(lines)

    await this.#centre.ready(serverReadyWithin, this.#stopping.signal)
    await this.#centre.logIn('installer', this.password)
    await this.#connectGateway(lines)
    await this.#homeConnected()
    this.#ready = true
  }

  /** Ends every part in order: first what sends, then what receives. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all([this.#home, this.#gateway].map((part) => this.#stopPart(part, edgeStopsWithin)))
    await this.#stopPart(this.#server, serverStopsWithin)
    if (this.#server) await this.#endPostgres()
    await this.#lock?.stop()
  }

  async #stopPart(part: Part | undefined, within: Millis): Promise<void> {
    if (part && !(await part.stop(within))) this.#parts.say(`the ${part.name} did not stop in time and was ended`)
  }

  async #takeLock(): Promise<void> {
    const { dataDir } = this.#config
    try {
      this.#lock = await serveControl(controlSocket(dataDir, 'start'), async () => ({
        ok: true,
        said: this.#ready ? 'the demo runs' : 'the demo is starting',
        pid: process.pid,
      }))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      const other = await askControl(
        controlSocket(dataDir, 'start'),
        { do: 'status' },
        this.#parts.clock,
        seconds(2),
      ).catch(() => undefined)
      const who = other?.ok ? ` (pid ${String(other['pid'])})` : ''
      throw new DomainError(
        'config-malformed',
        `it already runs on ${dataDir}${who}: stop that first, or give this one another ANJU_DATA_DIR and ports`,
      )
    }
  }

  async #lines(): Promise<Lines> {
    const { random, say } = this.#parts
    const ports = { meter: await linePort(random), radar: await linePort(random) }
    const lines = linesOf(this.#config.dataDir, findSocat(this.#config.path), ports)
    if (lines.meter.kind === 'tcp') say('no socat on the PATH: the meter hangs on TCP instead of a pseudo-terminal')
    return lines
  }

  /** Gives the gateway credentials when it has none, or when those it has get it nowhere. */
  async #connectGateway(lines: Lines): Promise<void> {
    const { gateway } = this.#kept
    if (gateway && (await this.#centre.gateway(gateway.id))) {
      const heard = await this.#heard(gateway.id, credentialsDoubtfulAfter).catch(() => false)
      if (heard || this.#stopping.signal.aborted) return
    }
    const provisioned = await this.#centre.provision(demoGatewaySerial, demoHomeId)
    this.#keep({ ...this.#kept, gateway: provisioned })
    this.#startGateway(lines)
    await this.#heard(provisioned.id, chainAliveWithin)
  }

  async #heard(id: string, within: Millis): Promise<true> {
    const what = 'the server to have committed a message of the gateway'
    await this.#centre.until(what, within, this.#stopping.signal, () => this.#centre.heardSince(id, this.#startedAt))
    return true
  }

  async #homeConnected(): Promise<void> {
    const socket = controlSocket(this.#config.dataDir, 'home')
    await this.#centre.until('the home to reach its gateway', chainAliveWithin, this.#stopping.signal, async () => {
      const status = await askControl(socket, { do: 'status' }, this.#parts.clock, seconds(2))
      return status.ok && status['connected'] === true
    })
  }

  #startGateway(lines: Lines): void {
    const { gateway } = this.#kept
    if (!gateway) throw new DomainError('internal', 'a gateway needs its credentials before it is started')
    const file = join(this.#config.dataDir, 'gateway.json')
    writeSecret(file, gatewayFile(this.#config, this.#kept, lines, gateway))
    if (this.#gateway) this.#gateway.restart()
    else this.#gateway = this.#part('gateway', 'gateway/src/cli/main.ts', ['--config', file], gatewayMemory)
  }

  #part(name: string, runs: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Part {
    this.#stopping.signal.throwIfAborted()
    const { dataDir } = this.#config
    return new Part({
      ...this.#parts,
      name,
      runs,
      args,
      env: { ...env, ANJU_DATA_DIR: dataDir, NODE_COMPILE_CACHE: join(dataDir, 'cache') },
      root,
      preload: join(root, 'simulators/src/demo/parent-watch.ts'),
      logDir: join(dataDir, 'log'),
      givesUp: (why) => {
        if (this.#ready) return false
        this.#stopping.abort(new DomainError('internal', `the ${name} cannot start: ${why}`))
        return true
      },
    })
  }

  #keep(kept: Kept): void {
    this.#kept = kept
    keep(this.#config.dataDir, kept)
  }

  /** A server that had to be killed could not stop its PostgreSQL. `SIGQUIT` costs it a recovery, and no committed row. */
  async #endPostgres(): Promise<void> {
    const { clock, say } = this.#parts
    const pid = await pidIn(join(this.#config.dataDir, 'run', 'postgres.pid'))
    if (pid === undefined || !(await isOurs(pid, 'postgres', '-D'))) return
    try {
      signal(pid, 'SIGQUIT')
      await gone(pid, clock, millis(400))
    } catch (error) {
      say(`PostgreSQL (pid ${pid}) could not be stopped: ${errorMessage(error)}`)
    }
  }
}

/** As `npm run server` starts it: room for the garbage of one batch, so that a burst is not copied before it is dead; and traces name the sources. */
const serverOptions = { NODE_OPTIONS: '--max-semi-space-size=64 --enable-source-maps' }

/** A gateway lives in a small box: as `npm run gateway` starts it, it trades a little garbage collection for memory. */
const gatewayMemory = { NODE_OPTIONS: '--max-semi-space-size=1' }

/** @throws DomainError `config-malformed` naming the folder. */
function makeFolders(dataDir: string): void {
  try {
    // PostgreSQL's own account must be able to walk through; what is secret in it says so file by file.
    for (const folder of ['run', 'log', 'cache']) {
      mkdirSync(join(dataDir, folder), { recursive: true, mode: 0o755 })
      accessSync(join(dataDir, folder), constants.W_OK)
    }
    accessSync(dataDir, constants.W_OK)
  } catch (error) {
    const why = errorMessage(error)
    throw new DomainError('config-malformed', `ANJU_DATA_DIR: ${dataDir} cannot be written by this user (${why})`)
  }
}
