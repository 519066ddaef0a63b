import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterEach, expect, test, vi } from 'vitest'
import { silentLog } from '../silent-log.ts'
import { Line } from './line.ts'
import { parseLineUrl } from './line-url.ts'
import { openTransport } from './transport.ts'

const cleanups: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
const until = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 10_000, interval: 10 })

const settingsOf = (path: string) => execFileSync('stty', ['-F', path, '-a'], { encoding: 'utf8', stdio: 'pipe' })

/** A pseudo-terminal keeps the speed and the stop bits of its port, though nothing slows down in it. */
async function aPort() {
  const folder = mkdtempSync(join(tmpdir(), 'anju-pty-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'meter')
  const heard: number[] = []
  const plugIn = async (): Promise<ChildProcess> => {
    // Socat names its terminal first and sets it afterwards: it gets its name here once it is set.
    const unset = `${path}-unset`
    const child = spawn('socat', [`pty,raw,echo=0,link=${unset}`, 'STDIO'], { stdio: ['pipe', 'pipe', 'ignore'] })
    child.stdout.on('data', (bytes: Buffer) => heard.push(...bytes))
    cleanups.push(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill()
      await once(child, 'exit')
    })
    await until(() => expect(settingsOf(unset)).toMatch(/-icanon .*-echo /s))
    rmSync(path, { force: true })
    symlinkSync(readlinkSync(unset), path)
    return child
  }
  /** As the kernel has it. */
  const settings = () => {
    const text = settingsOf(path)
    const [, baud = ''] = /speed (\d+) baud/.exec(text) ?? []
    return { baud: Number(baud), rest: text.replace(/speed \d+ baud/, '') }
  }
  return { path, plugIn, settings, heard }
}

const tools = ['socat', 'stty'].every((tool) => spawnSync(tool, ['--version']).error === undefined)
if (!tools) console.warn('skipped: what a real port does, socat or stty is not installed')
test.skipIf(!tools)(
  'a real port changes its speed alone, keeps the rest, and comes back at its own when it was pulled',
  async () => {
    const port = await aPort()
    const wire = await port.plugIn()
    const line = new Line({
      id: 'head',
      url: parseLineUrl(`serial:${port.path}?baud=300&stopbits=2`, 'url'),
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      quietMax: seconds(600),
      open: openTransport,
    })
    cleanups.push(() => line.stop())
    await line.start()
    const { baud, rest } = port.settings()
    expect(baud).toBe(300)
    expect(rest).toMatch(/(?<!-)cstopb/)

    const began = systemClock.monotonic()
    await line.write(Uint8Array.from([0x06, 0x30, 0x35, 0x30, 0x0d, 0x0a]))
    await line.setBaud(9_600)
    // Six bytes of eleven bits at 300 baud, whatever the driver said.
    expect(systemClock.monotonic() - began).toBeGreaterThanOrEqual(219)
    expect(port.settings()).toEqual({ baud: 9_600, rest })
    await until(() => expect(port.heard).toEqual([0x06, 0x30, 0x35, 0x30, 0x0d, 0x0a]))

    await line.restoreBaud()
    expect(port.settings()).toEqual({ baud: 300, rest })

    await line.setBaud(19_200)
    wire.kill()
    await until(() => expect(line.state.state).toBe('down'))
    await expect(line.setBaud(9_600)).rejects.toMatchObject({ code: 'port-unavailable' })
    await line.restoreBaud()
    await port.plugIn()
    await until(() => expect(line.state.state).toBe('up'))
    expect(port.settings()).toEqual({ baud: 300, rest })
  },
)

test.skipIf(!tools)('what is asked of a port that is closed meanwhile is refused, and not waited for', async () => {
  const port = await aPort()
  await port.plugIn()
  const closed: string[] = []
  const transport = await openTransport(
    parseLineUrl(`serial:${port.path}?baud=300`, 'url'),
    { onBytes: () => undefined, onClosed: (why) => void closed.push(why) },
    new AbortController().signal,
  )
  await Promise.allSettled([transport.write(Uint8Array.of(1)), transport.close()])
  expect(closed).toHaveLength(1)
  await expect(transport.write(Uint8Array.of(2))).rejects.toThrow('the port was closed')
  await expect(transport.setBaud?.(9_600)).rejects.toThrow('the port was closed')
})
