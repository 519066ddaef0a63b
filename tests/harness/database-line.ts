import type { Socket } from 'node:net'
import type { Random } from '@anju/contract'
import { aRelay } from './relay.ts'

/** A way to PostgreSQL that loses answers (what was asked may have been done, and whoever asked does not hear of it), or stalls. */
export interface DatabaseLine {
  /** The database's address, by this way. */
  readonly url: string
  /** How many answers were lost. */
  readonly lost: number
  /** From now on each answer is lost with this chance, and the connection with it. */
  loses(chance: number): void
  /** Nothing is answered any more, and nothing is cut: as of a server whose disk hangs. */
  stalls(): void
  /** What was held goes on its way, both ways, as far as anybody still waits for it. */
  goesOn(): void
  end(): Promise<void>
}

export async function aDatabaseLine(url: string, random: Random): Promise<DatabaseLine> {
  const to = new URL(url)
  const host = decodeURIComponent(to.hostname)
  const port = Number(to.port || 5432)
  let chance = 0
  let lost = 0
  let held: (() => void)[] | undefined
  const pass = (bytes: Buffer, on: Socket) => {
    const write = () => void (on.destroyed || on.write(bytes))
    if (held) held.push(write)
    else write()
  }
  const relay = await aRelay(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { port, host }, {
    asked: pass,
    answered(bytes, near) {
      if (random.uniform() >= chance) pass(bytes, near)
      else {
        lost += 1
        near.destroy()
      }
    },
  })
  return {
    url: `${to.protocol}//${to.username}:${to.password}@127.0.0.1:${relay.port}${to.pathname}`,
    get lost() {
      return lost
    },
    loses(next) {
      chance = next
    },
    stalls() {
      held ??= []
    },
    goesOn() {
      const writes = held ?? []
      held = undefined
      for (const write of writes) write()
    },
    end: () => relay.end(),
  }
}
