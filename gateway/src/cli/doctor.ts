import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { EARLIEST_CREDIBLE, errorMessage } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import type { GatewayStatus } from '../app/status.ts'
import { type GatewayConfig, readConfig, readEnvironment } from '../config.ts'
import { openTransport } from '../serial-line/transport.ts'

/** One thing looked at: well, or what is wrong and how to mend it. */
interface Finding {
  readonly what: string
  readonly well: boolean
  readonly says: string
  readonly mend?: string
}

const roomMinMebibytes = 200
const reachWithinMs = 5_000

/** Looks at everything a gateway needs, running or not, and prints a line each. Exit code 1 when something is wrong. */
export async function doctor(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { config: { type: 'string' } } })
  if (values.config === undefined) throw new Error('--config FILE is missing')
  let config: GatewayConfig
  try {
    config = await readConfig(values.config, readEnvironment())
  } catch (error) {
    print({ what: 'config', well: false, says: errorMessage(error), mend: 'correct that field of the file' })
    return 1
  }
  const running = await statusOf(config)
  const findings: Finding[] = [
    {
      what: 'config',
      well: true,
      says: `gateway ${config.gatewayId}, ${config.devices.length} devices, ${config.lines.length} lines`,
    },
    {
      what: 'process',
      well: true,
      says: running ? `running for ${running.uptimeS} s, boot ${running.boot}` : 'not running',
    },
    ...profileFiles(config),
    clock(),
    disk(config),
    await port('broker', config.broker, running !== undefined),
    await port('local page', config.http, running !== undefined),
    ...(await Promise.all(config.lines.map((line) => lineOf(line, running)))),
    await uplink(config, running),
    ...devices(running),
    ...refused(running),
  ]
  for (const finding of findings) print(finding)
  return findings.every(({ well }) => well) ? 0 : 1
}

const print = ({ what, well, says, mend }: Finding) =>
  process.stdout.write(`${well ? 'ok ' : 'BAD'}  ${what}: ${says}${mend === undefined ? '' : `\n     → ${mend}`}\n`)

async function statusOf({ http }: GatewayConfig): Promise<GatewayStatus | undefined> {
  try {
    const answer = await fetch(`http://${http.host}:${http.port}/api/status`, { signal: AbortSignal.timeout(2_000) })
    return answer.ok ? ((await answer.json()) as GatewayStatus) : undefined
  } catch {
    return undefined
  }
}

const profileFiles = ({ profileProblems, leftOut }: GatewayConfig): Finding[] => [
  ...profileProblems.map(({ file, line, why, lastGoodUsed }) => ({
    what: line === undefined ? `profile ${file}` : `profile ${file}:${line}`,
    well: false,
    says: lastGoodUsed ? `${why}; its last good version is used` : why,
    mend:
      line === undefined
        ? 'put it back, or correct the configuration'
        : `correct line ${line}, then try it: gateway -- profiles --check ${file}`,
  })),
  ...leftOut.map(({ id, why }) => ({
    what: `device ${id}`,
    well: false,
    says: `left out: ${why}`,
    mend: 'mend the file',
  })),
]

function clock(): Finding {
  const now = systemClock.now()
  const says = new Date(now).toISOString()
  return now >= EARLIEST_CREDIBLE
    ? { what: 'clock', well: true, says }
    : {
        what: 'clock',
        well: false,
        says,
        mend: 'set the clock: start chrony or systemd-timesyncd, or replace the RTC battery',
      }
}

function disk({ dataDir }: GatewayConfig): Finding {
  try {
    if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.W_OK)
    const { bavail, bsize } = statfsSync(dataDir)
    const free = Math.floor((bavail * bsize) / 1_048_576)
    return free >= roomMinMebibytes
      ? { what: 'disk', well: true, says: `${dataDir}, ${free} MiB free` }
      : {
          what: 'disk',
          well: false,
          says: `${dataDir}, only ${free} MiB free`,
          mend: `free some: telemetry is dropped when less is left than events need`,
        }
  } catch (error) {
    return {
      what: 'disk',
      well: false,
      says: errorMessage(error),
      mend: `let this user write to ${dataDir}, or set another dataDir`,
    }
  }
}

async function port(what: string, { host, port }: { host: string; port: number }, running: boolean): Promise<Finding> {
  if (running) return { what, well: true, says: `${host}:${port}, ours` }
  const taken = await new Promise<Error | undefined>((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
  return taken
    ? {
        what,
        well: false,
        says: `${host}:${port}: ${taken.message}`,
        mend: 'end the program that holds the port, or set another one',
      }
    : { what, well: true, says: `${host}:${port} is free` }
}

async function lineOf(
  { id, url }: GatewayConfig['lines'][number],
  running: GatewayStatus | undefined,
): Promise<Finding> {
  const what = `line ${id}`
  const where = url.kind === 'tcp' ? `${url.host}:${url.port}` : url.path
  const mend =
    url.kind === 'tcp'
      ? "check the converter's power, network and port"
      : `check the plug and the path (ls -l /dev/serial/by-id), and that this user may open it (group dialout)`
  const link = running?.links.find((link) => link.id === id)
  if (link) {
    const says = `${where} is ${link.state}${link.why === undefined ? '' : `: ${link.why}`}`
    return link.state === 'up' ? { what, well: true, says } : { what, well: false, says, mend }
  }
  try {
    const nothing = { onBytes: () => undefined, onClosed: () => undefined }
    const transport = await openTransport(url, nothing, AbortSignal.timeout(reachWithinMs))
    await transport.close()
    return { what, well: true, says: `${where} opens` }
  } catch (error) {
    return { what, well: false, says: `${where}: ${errorMessage(error)}`, mend }
  }
}

/** A running gateway knows; for one that is not, only the way is tried: a login would push out a gateway of the same name. */
async function uplink({ uplink: { url } }: GatewayConfig, running: GatewayStatus | undefined): Promise<Finding> {
  const link = running?.links.find(({ id }) => id === 'uplink')
  const mend = 'check the network and the address; when the server refuses the login, register the gateway again'
  if (link) {
    const says = `${url} is ${link.state}${link.why === undefined ? '' : `: ${link.why}`}`
    return link.state === 'up' ? { what: 'uplink', well: true, says } : { what: 'uplink', well: false, says, mend }
  }
  const { hostname, port: given, protocol } = new URL(url)
  const port = Number(given || (protocol === 'mqtts:' ? 8_883 : 1_883))
  const failed = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[(.*)\]$/, '$1'), port }, () => resolve(undefined))
    socket.setTimeout(reachWithinMs, () => resolve(`no answer within ${reachWithinMs} ms`))
    socket.once('error', (error) => resolve(error.message))
    socket.once('connect', () => socket.destroy())
  })
  return failed === undefined
    ? { what: 'uplink', well: true, says: `${hostname}:${port} can be reached` }
    : { what: 'uplink', well: false, says: `${hostname}:${port}: ${failed}`, mend }
}

const devices = (running: GatewayStatus | undefined): Finding[] =>
  (running?.devices ?? []).flatMap(({ id, placement, state, lastHeardAt, oddities }) => [
    {
      what: `device ${id}`,
      well: state !== 'silent',
      says: `${placement}, ${state}${lastHeardAt === null ? '' : `, last at ${lastHeardAt}`}`,
      ...(state === 'silent' && { mend: 'check its battery, its power and its place; press or wake it once' }),
    },
    // What was set aside harms nobody, but whoever asks why a press or a reading is missing finds the reason here.
    ...oddities.map(({ of, times, lastAt, says }) => ({
      what: `device ${id}`,
      well: true,
      says: `${of}, ${times} ${times === 1 ? 'time' : 'times'}, last at ${lastAt}: ${says}`,
    })),
  ])

/** Whoever installs a device finds here that it speaks under another topic, or says what its profile does not know. */
function refused(running: GatewayStatus | undefined): Finding[] {
  const latest = new Map<string, { source: string; why: string; at: string; times: number }>()
  for (const { source, why, at } of running?.refused ?? []) {
    const known = latest.get(`${source} ${why}`)
    if (known) known.times++
    else latest.set(`${source} ${why}`, { source, why, at, times: 1 })
  }
  return [...latest.values()].map(({ source, why, at, times }) => ({
    what: `message of ${source}`,
    well: true,
    says: `${why}, ${times} ${times === 1 ? 'time' : 'times'} of late, last at ${at}`,
  }))
}
