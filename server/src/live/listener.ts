import { type CentreId, type Clock, millis, sleep } from '@anju/contract'
import { Client } from 'pg'

const CHANNEL = 'anju_live'
const reconnectMs = 500
const answerWithinMs = 5_000
/** The first notice leaves at once. In a burst each would be one more commit that the alarms' commits wait for. */
const noticeEvery = millis(50)

export interface Listener {
  /** Tells the other processes that a centre's stream grew; what comes while one notice is on its way, or right after it, goes with the next. */
  announce(centre: CentreId): void
  stop(): Promise<void>
}

/**
 * LISTEN/NOTIFY between server processes, on a connection of its own and outside every alarm's transaction: a NOTIFY inside
 * would make all commits queue for one lock. What is lost is found by the hub's poll.
 */
export function startListener(url: string, clock: Clock, self: string, grew: (centre: CentreId) => void): Listener {
  const stopped = new AbortController()
  const pending = new Set<CentreId>()
  let client: Client | undefined
  let sending = false

  async function connect(): Promise<void> {
    while (!stopped.signal.aborted) {
      const next = new Client({
        connectionString: url,
        application_name: 'anju-live',
        connectionTimeoutMillis: answerWithinMs,
        query_timeout: answerWithinMs,
      })
      const lost = new Promise<void>((resolve) => {
        next.on('error', () => resolve())
        next.on('end', () => resolve())
      })
      next.on('notification', ({ payload }) => {
        const [from, ...centres] = (payload ?? '').split(' ')
        if (from !== self) for (const centre of centres) grew(centre as CentreId)
      })
      try {
        await next.connect()
        await next.query(`listen ${CHANNEL}`)
        client = next
        if (stopped.signal.aborted) return
        void flush()
        await lost
      } catch {
        // The probe reports a database that is away; here it is only waited for.
      } finally {
        client = undefined
        await next.end().catch(() => undefined)
      }
      await sleep(clock, millis(reconnectMs), stopped.signal)
    }
  }

  async function flush(): Promise<void> {
    if (sending) return
    sending = true
    for (;;) {
      const connected = client
      if (!connected || pending.size === 0) break
      const centres = [...pending]
      pending.clear()
      try {
        await connected.query('select pg_notify($1, $2)', [CHANNEL, [self, ...centres].join(' ')])
      } catch {
        // Lost with its connection; the others poll.
      }
      await sleep(clock, noticeEvery, stopped.signal)
    }
    sending = false
  }

  const connecting = connect()
  return {
    announce(centre) {
      pending.add(centre)
      void flush()
    },
    async stop() {
      stopped.abort()
      await client?.end().catch(() => undefined)
      await connecting
    },
  }
}
