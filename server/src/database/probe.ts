import { type Clock, errorMessage, millis } from '@anju/contract'
import { Client } from 'pg'

const pollMs = 500
const answerWithinMs = 2_000

export interface Probe {
  readonly healthy: boolean
  onHealth(listener: (healthy: boolean) => void): void
  /** Somebody's statement was answered. */
  answered(): void
  /** Somebody's statement could not be answered: ask at once instead of at the next turn. */
  suspect(): void
  stop(): Promise<void>
}

/**
 * Asks PostgreSQL twice a second, on a connection of its own, whether it would commit: `select` is answered by a standby or
 * a server that is going down, so it asks for a snapshot of the role's right to write as well.
 */
export function startProbe(
  url: string,
  clock: Clock,
  log: { warn(detail: object, message: string): void; info(detail: object, message: string): void },
): Probe {
  const listeners: ((healthy: boolean) => void)[] = []
  let healthy = true
  let stopped = false
  let client: Client | undefined
  let asking: Promise<void> | undefined

  function become(next: boolean, why?: string): void {
    if (healthy === next || stopped) return
    healthy = next
    if (next) log.info({}, 'the database answers again')
    else log.warn({ why }, 'the database does not answer')
    for (const listener of listeners) listener(next)
  }

  async function ask(): Promise<void> {
    try {
      client ??= await connected(url)
      const { rows } = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby')
      become(rows[0]?.standby === false, 'it is a standby')
    } catch (error) {
      const broken = client
      client = undefined
      broken?.end().catch(() => undefined)
      become(false, errorMessage(error))
    }
  }

  const askOnce = () => {
    if (stopped) return
    asking ??= ask().finally(() => {
      asking = undefined
    })
  }
  const timer = clock.every(millis(pollMs), askOnce)
  return {
    get healthy() {
      return healthy
    },
    onHealth: (listener) => void listeners.push(listener),
    answered: () => become(true),
    suspect: askOnce,
    async stop() {
      stopped = true
      timer.cancel()
      await asking
      await client?.end().catch(() => undefined)
    },
  }
}

async function connected(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
    application_name: 'anju-probe',
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}
