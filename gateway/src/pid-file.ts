import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** `run/gateway.pid` under a data folder, while this process lives. Returns what removes it, if it is still ours. */
export function writePidFile(dataDir: string): () => void {
  const folder = join(dataDir, 'run')
  const file = join(folder, 'gateway.pid')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${process.pid}\n`)
  return () => {
    try {
      if (readFileSync(file, 'utf8').trim() === String(process.pid)) rmSync(file)
    } catch {
      // Already gone: somebody tidied the folder.
    }
  }
}
