import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './server.ts'

/** A disk of the test's own that can be filled to the last byte without harm to the machine: a file system in memory. */
export interface SmallDisk {
  readonly folder: string
  fill(): void
  makeRoom(): void
  end(): void
}

/** Only root on Linux may mount one: anybody else is told why not. */
export function aSmallDisk(sizeMiB: number): SmallDisk | { readonly why: string } {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return { why: 'only root on Linux may mount a disk that can be filled' }
  const folder = temporaryFolder('anju-disk')
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', folder], { encoding: 'utf8' })
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true, force: true })
    return { why: `a disk could not be mounted: ${mounted.stderr.trim()}` }
  }
  const filler = join(folder, 'somebody-elses-file')
  const end = () => {
    spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', end)
  return {
    folder,
    fill: () => fillUp(filler),
    makeRoom: () => rmSync(filler, { force: true }),
    end() {
      process.off('exit', end)
      end()
    },
  }
}

function fillUp(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (const bytes of [1 << 20, 1 << 12, 1]) {
      const piece = Buffer.alloc(bytes)
      while (wrote(file, piece));
    }
  } finally {
    closeSync(file)
  }
}

function wrote(file: number, piece: Buffer): boolean {
  try {
    return writeSync(file, piece) === piece.byteLength
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}
