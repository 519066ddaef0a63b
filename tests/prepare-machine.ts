import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Runs first in `npm test`. The tests need a few programs that npm does not bring; what is missing is installed through the
 * system's package manager when we may, else named here together with what will be skipped for it. Never fails: a machine
 * without a browser still runs everything else, and says so.
 */
interface Need {
  readonly what: string
  /** Any of these on the PATH (or at this absolute path) is enough. */
  readonly programs: readonly string[]
  readonly skippedWithout: string
  /** Names in each package manager; one it does not have is left out. */
  readonly packages: Readonly<Partial<Record<ManagerName, string>>>
  /** When a program on the PATH does not answer the question. */
  readonly present?: () => boolean
}
type ManagerName = 'apt-get' | 'dnf' | 'apk' | 'pacman' | 'brew'

const installTimeoutMs = 600_000
const sbin = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin', '/opt/homebrew/bin']

/** Absolute path of a program, also where Debian puts daemons and an ordinary user's PATH does not look. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...sbin]
  for (const name of names)
    for (const path of name.startsWith('/') ? [name] : folders.map((folder) => join(folder, name)))
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // Not there, or not ours to run: the next candidate.
      }
  return undefined
}

export const findChromium = (): string | undefined =>
  findProgram(
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  )
export const findMosquitto = (): string | undefined => findProgram('mosquitto')
export const findInfluxd = (): string | undefined => findProgram('influxd')
export const findSocat = (): string | undefined => findProgram('socat')

function hasChineseFont(): boolean {
  if (process.platform === 'darwin') return true
  const listed = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' })
  return listed.status === 0 && listed.stdout.trim() !== ''
}

export const NEEDS: readonly Need[] = [
  {
    what: 'Chromium',
    programs: [],
    present: () => findChromium() !== undefined,
    skippedWithout: 'the browser tests (tests/browser) and the press-to-row observation',
    packages: { 'apt-get': 'chromium', dnf: 'chromium', apk: 'chromium', pacman: 'chromium' },
  },
  {
    what: 'Mosquitto (broker)',
    programs: ['mosquitto'],
    skippedWithout: 'the external-broker suite and the benchmarks ingest and ingest-cpu',
    packages: { 'apt-get': 'mosquitto', dnf: 'mosquitto', apk: 'mosquitto', pacman: 'mosquitto', brew: 'mosquitto' },
  },
  {
    what: 'mosquitto_pub',
    programs: ['mosquitto_pub'],
    skippedWithout: 'the press from a foreign MQTT client (the same press by our own client still runs)',
    packages: { 'apt-get': 'mosquitto-clients', dnf: 'mosquitto', apk: 'mosquitto-clients', pacman: 'mosquitto' },
  },
  {
    what: 'socat',
    programs: ['socat'],
    skippedWithout: 'the serial line over a pseudo-terminal (the same line over TCP still runs)',
    packages: { 'apt-get': 'socat', dnf: 'socat', apk: 'socat', pacman: 'socat', brew: 'socat' },
  },
  {
    what: 'InfluxDB 2.7 or later (influxd on the PATH, or INFLUX_URL with its token and organisation)',
    programs: [],
    present: () => Boolean(process.env['INFLUX_URL']) || findInfluxd() !== undefined,
    skippedWithout: 'the live suite of the telemetry store (the same suite against a double of its API still runs)',
    packages: {},
  },
  {
    what: 'a Chinese font',
    programs: [],
    present: hasChineseFont,
    skippedWithout: 'nothing; Chinese text on screenshots will be boxes',
    packages: { 'apt-get': 'fonts-noto-cjk fontconfig', dnf: 'google-noto-sans-cjk-fonts', apk: 'font-noto-cjk' },
  },
]

const isPresent = (need: Need): boolean => need.present?.() ?? findProgram(...need.programs) !== undefined

interface Manager {
  readonly name: ManagerName
  readonly refresh?: readonly string[]
  readonly install: readonly string[]
  /** brew refuses root; the others need it. */
  readonly asRoot: boolean
}
const MANAGERS: readonly Manager[] = [
  {
    name: 'apt-get',
    refresh: ['update', '-q'],
    install: ['install', '-y', '-q', '--no-install-recommends'],
    asRoot: true,
  },
  { name: 'dnf', install: ['install', '-y', '-q'], asRoot: true },
  { name: 'apk', refresh: ['update'], install: ['add', '--no-progress'], asRoot: true },
  { name: 'pacman', refresh: ['-Sy'], install: ['-S', '--noconfirm', '--needed'], asRoot: true },
  { name: 'brew', install: ['install', '-q'], asRoot: false },
]

/** How this user may run the manager: as they are, through a sudo that asks nothing, or not at all. */
function mayUse(manager: Manager): readonly string[] | undefined {
  const root = process.getuid?.() === 0
  if (manager.asRoot === root) return []
  if (!manager.asRoot) return undefined
  const sudo = findProgram('sudo')
  return sudo && spawnSync(sudo, ['-n', 'true']).status === 0 ? [sudo, '-n'] : undefined
}

function run(prefix: readonly string[], program: string, args: readonly string[]): { ok: boolean; tail: string } {
  const [command = program, ...rest] = [...prefix, program, ...args]
  const done = spawnSync(command, rest, {
    encoding: 'utf8',
    timeout: installTimeoutMs,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = `${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? done.error.message : ''}`
  return { ok: done.status === 0, tail: output.trim().split('\n').slice(-5).join('\n') }
}

/** Installs what is missing, one need at a time so that one unknown package does not stop the others. */
export function prepareMachine(say: (line: string) => void): { missing: readonly Need[] } {
  const lacking = NEEDS.filter((need) => !isPresent(need))
  if (lacking.length === 0) {
    say(`machine: has ${NEEDS.map(({ what }) => what).join(', ')}`)
    return { missing: [] }
  }
  const manager = MANAGERS.find(({ name }) => findProgram(name))
  const prefix = manager && mayUse(manager)
  if (!manager || !prefix) {
    say(`machine: may not install anything (${manager ? `${manager.name} needs root` : 'no known package manager'})`)
  } else {
    if (manager.refresh) {
      const refreshed = run(prefix, manager.name, manager.refresh)
      if (!refreshed.ok) say(`machine: ${manager.name} ${manager.refresh.join(' ')} failed:\n${refreshed.tail}`)
    }
    for (const need of lacking) {
      const packages = need.packages[manager.name]?.split(' ')
      if (!packages) continue
      say(`machine: installing ${packages.join(' ')} for ${need.what}`)
      const installed = run(prefix, manager.name, [...manager.install, ...packages])
      if (!installed.ok) say(`machine: ${manager.name} could not install ${packages.join(' ')}:\n${installed.tail}`)
    }
  }
  const missing = lacking.filter((need) => !isPresent(need))
  for (const need of missing) say(`machine: MISSING ${need.what}; skipped for it: ${need.skippedWithout}`)
  return { missing }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepareMachine((line) => console.log(line))
