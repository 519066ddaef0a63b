import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { SerialPort } from 'serialport'

/** A serial port of this machine. */
export interface Port {
  readonly path: string
  /** Names the same adapter wherever it is plugged in: the one for the configuration. */
  readonly stable?: string
  readonly maker?: string
  /** Who has it open; null where this user may not look into every program. */
  readonly heldBy: readonly string[] | null
}

const byIdFolder = '/dev/serial/by-id'

/** USB adapters first: what a machine has on its board is seldom what an installer looks for. */
export async function portsHere(): Promise<readonly Port[]> {
  const [listed, stable, holders] = await Promise.all([
    SerialPort.list().catch(listFolder),
    stableNames(),
    holdersByPath(),
  ])
  const ports = listed.map(({ path, manufacturer }) => {
    const name = stable.get(path)
    return {
      path,
      ...(name !== undefined && { stable: name }),
      ...(manufacturer !== undefined && { maker: manufacturer }),
      heldBy: holders.byPath.get(path) ?? (holders.sawAll ? [] : null),
    }
  })
  const rank = ({ stable: name, maker }: Port): number => (name === undefined ? 2 : 0) + (maker === undefined ? 1 : 0)
  return ports.toSorted((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path))
}

/** Where the system has no database of its devices. */
async function listFolder(): Promise<{ path: string; manufacturer?: string }[]> {
  const names = await readdir('/dev').catch(() => [])
  return names.filter((name) => /^tty(?:USB|ACM|AMA)\d+$/.test(name)).map((name) => ({ path: `/dev/${name}` }))
}

async function stableNames(): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(byIdFolder).catch(() => [])
  const entries = await Promise.all(
    names.map(
      async (name) => [await realpath(join(byIdFolder, name)).catch(() => ''), join(byIdFolder, name)] as const,
    ),
  )
  return new Map(entries)
}

/** Looked up and not tried: opening a port moves its control lines, and that restarts some devices. */
async function holdersByPath(): Promise<{ byPath: ReadonlyMap<string, readonly string[]>; sawAll: boolean }> {
  const byPath = new Map<string, string[]>()
  let sawAll = true
  const processes = await readdir('/proc').catch(() => [])
  if (processes.length === 0) return { byPath, sawAll: false }
  for (const pid of processes.filter((name) => /^\d+$/.test(name))) {
    const files = await readdir(`/proc/${pid}/fd`).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EACCES' || error.code === 'EPERM') sawAll = false
      return []
    })
    const targets = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')))
    const terminals = new Set(targets.filter((target) => target.startsWith('/dev/tty')))
    if (terminals.size === 0) continue
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim()
    for (const path of terminals) byPath.set(path, [...(byPath.get(path) ?? []), `${name} (process ${pid})`])
  }
  return { byPath, sawAll }
}

/** What to type next. */
export function adviceFor(ports: readonly Port[]): string {
  const [first] = ports.filter(({ heldBy }) => !heldBy?.length)
  if (ports.length === 0)
    return 'no serial port here: plug the adapter in, or scan a converter with --line tcp://HOST:PORT'
  if (!first) return 'every port is held by a program: end it, or the gateway that uses it, and look again'
  return `next: npm run gateway -- scan --line serial:${first.stable ?? first.path}`
}
