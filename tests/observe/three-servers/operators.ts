import { encodeTime } from 'ulid'
import type { Api } from '../../harness/api.ts'
import type { Cluster } from '../../harness/cluster.ts'
import type { RunningServer } from '../../harness/server.ts'
import { pause } from '../../harness/wait.ts'

/** The standard policy's last step, the next centre, is asked after 120 s. */
const reachedAfterS = 130

/** Ids of alarms begin with the time at which they were made: what was made in the last so many seconds is greater. */
const idsFrom = (secondsAgo: number): string => encodeTime(Date.now() - secondsAgo * 1_000, 10)

/** Works by the API of whichever server answers; which alarm is next is read from the table, as no console could be as fast. */
export class Operators {
  claims = 0
  readonly #servers: readonly RunningServer[]
  readonly #cluster: Cluster
  readonly #sessions = new Map<RunningServer, Promise<Api>>()
  readonly #seen = new Set<string>()
  readonly #busy = new Map<string, Promise<unknown>>()

  constructor(servers: readonly RunningServer[], cluster: Cluster) {
    this.#servers = servers
    this.#cluster = cluster
  }

  async work(stopped: AbortSignal): Promise<void> {
    const [{ centre } = { centre: '' }] = await this.#cluster.query<{ centre: string }>(
      'select centre from gateway order by registered_at desc limit 1',
    )
    while (!stopped.aborted) {
      const fresh = await this.#cluster.query<{ id: string }>(
        `select id from alarm where id > $1 and class = 'life' and handling = 'new' order by id limit 200`,
        [idsFrom(10)],
      )
      const unseen = fresh.filter(({ id }) => !this.#seen.has(id))
      for (const { id } of unseen) this.#seen.add(id)
      // Also what somebody took whose server died before they could close it: nobody leaves an alarm for ever.
      const reached = await this.#cluster.query<{ id: string }>(
        `select id from alarm where centre = $1 and handling <> 'closed' and received_at < app_now() - $2 * interval '1 s'
           and class = 'life' and handling = 'new' order by received_at, id limit 100`,
        [centre, reachedAfterS],
      )
      for (const { id } of unseen) this.#begin(id, () => this.#handle(id))
      for (const { id } of reached) this.#begin(id, () => this.#takeAndClose(id))
      await pause(200)
    }
    await Promise.all(this.#busy.values())
  }

  /** As many people as there is to do: none of them waits for another one's server. */
  #begin(id: string, work: () => Promise<unknown>): void {
    if (this.#busy.has(id)) return
    const done = work().finally(() => this.#busy.delete(id))
    this.#busy.set(id, done)
  }

  async #handle(id: string): Promise<void> {
    const fate = id.charCodeAt(id.length - 1) % 10
    if (fate === 4) await this.#claim(id)
    else if (fate < 4) await this.#takeAndClose(id)
  }

  async #claim(id: string): Promise<{ lease: { token: string } } | undefined> {
    const claimed = await this.#call<{ lease: { token: string } }>(id, 'claim', {})
    if (claimed) this.claims++
    return claimed
  }

  async #takeAndClose(id: string): Promise<void> {
    const claimed = await this.#claim(id)
    if (!claimed) return
    await this.#call(id, 'close', {
      lease: claimed.lease.token,
      disposition: { code: 'accidental', cause: 'pressed-by-mistake', outcome: 'no-help-needed' },
    })
  }

  /** Undefined when the server died meanwhile: then this operator's browser is gone, too. */
  async #call<T>(id: string, what: string, body: object): Promise<T | undefined> {
    const server = this.#servers[id.charCodeAt(id.length - 2) % this.#servers.length] as RunningServer
    try {
      const known = this.#sessions.get(server) ?? server.logIn()
      this.#sessions.set(server, known)
      const { status, body: answer } = await (await known).call<T>('POST', `/alarms/${id}/${what}`, body)
      return status === 200 ? answer : undefined
    } catch {
      this.#sessions.delete(server)
      return undefined
    }
  }
}
