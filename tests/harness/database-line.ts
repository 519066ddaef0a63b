import { connect, createServer, type Socket } from 'node:net'
import type { Random } from '@anju/contract'

/** A way to PostgreSQL that loses answers: what was asked may have been done, and whoever asked does not hear of it. */
export interface DatabaseLine {
  /** The database's address, by this way. */
  readonly url: string
  /** How many answers were lost. */
  readonly lost: number
  /** From now on each answer is lost with this chance, and the connection with it. */
  loses(chance: number): void
  end(): Promise<void>
}

export async function aDatabaseLine(url: string, random: Random): Promise<DatabaseLine> {
  const to = new URL(url)
  const host = decodeURIComponent(to.hostname)
  const port = Number(to.port || 5432)
  const reach = () => (host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host))
  const open = new Set<Socket>()
  let chance = 0
  let lost = 0
  const server = createServer((near) => {
    const far = reach()
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.on('data', (bytes) => {
      if (random.uniform() >= chance) return void near.write(bytes)
      lost += 1
      near.destroy()
      return undefined
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the line has no port')
  return {
    url: `${to.protocol}//${to.username}:${to.password}@127.0.0.1:${address.port}${to.pathname}`,
    get lost() {
      return lost
    },
    loses(next) {
      chance = next
    },
    async end() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}
