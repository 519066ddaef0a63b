import { closeSync, existsSync, lstatSync, openSync, readdirSync, readlinkSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { findSocat } from '../prepare-machine.ts'
import { type Part, startProgram } from './child.ts'
import { until } from './wait.ts'

/**
 * A serial dongle that the test pulls and plugs in: a pair of pseudo-terminals, the gateway's end under a path that stays the
 * same, as `/dev/serial/by-id` gives it. What it cannot do is garble by speed or parity: a pseudo-terminal ignores both.
 */
export interface Dongle {
  /** What the gateway's configuration names. */
  readonly path: string
  plugIn(): Promise<void>
  /** Gone in the middle of whatever it was doing. */
  pull(): Promise<void>
  /** What the device at the far end says; lost when nothing is plugged in. */
  says(bytes: Uint8Array): void
  /** Processes that hold the gateway's end open, by their ids. */
  owners(): readonly number[]
  end(): Promise<void>
}

export function aDongle(folder: string): Dongle {
  const program = findSocat()
  if (!program) throw new Error('a dongle needs socat, which is not installed')
  const [path, far] = [join(folder, 'dongle'), join(folder, 'device')]
  let wire: Part | undefined
  let device: number | undefined
  const dongle: Dongle = {
    path,
    async plugIn() {
      wire = startProgram('socat', program, ['-d', `pty,raw,echo=0,link=${path}`, `pty,raw,echo=0,link=${far}`])
      await until('the pair of terminals', () => isLink(path) && existsSync(path) && existsSync(far), {
        withinMs: 5_000,
        everyMs: 2,
      })
      device = openSync(far, 'r+')
    },
    async pull() {
      if (device !== undefined) closeSync(device)
      device = undefined
      await wire?.kill()
      wire = undefined
      // As udev does: what is left would soon name a terminal of somebody else.
      for (const link of [path, far]) rmSync(link, { force: true })
    },
    says(bytes) {
      if (device !== undefined) writeSync(device, bytes)
    },
    owners() {
      const terminal = readlinkSync(path)
      return readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name) && Number(name) !== wire?.pid && holds(name, terminal))
        .map(Number)
    },
    end: () => dongle.pull(),
  }
  return dongle
}

const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false

/** How many files a process has open; Linux only. */
export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

function holds(pid: string, terminal: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === terminal)
  } catch {
    // It ended while we looked.
    return false
  }
}
