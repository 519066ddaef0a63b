import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { encodeTime } from 'ulid'
import type { Api } from '../../harness/api.ts'
import type { Cluster } from '../../harness/cluster.ts'
import type { RunningServer } from '../../harness/server.ts'
import { pause } from '../../harness/wait.ts'

/** The standard policy's last step, the next centre, is asked after 120 s. */
const reachedAfterMs = 130_000
/** Whose server died before they could close it: nobody leaves an alarm for ever. */
const againAfterMs = 20_000

const answerWithinMs = 15_000

/** As the harness's own call, for a third of its work: what looks on must not take the processor from what is looked at. */
function post<T>({ base, cookie }: Api, path: string, body: object): Promise<{ status: number | undefined; body: T }> {
  return new Promise((resolve, reject) => {
    const headers = { origin: base, cookie, 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(answerWithinMs)
    const asked = request(`${base}/api/v1${path}`, { method: 'POST', headers, signal }, (answer) => {
      text(answer)
        .then((said) => resolve({ status: answer.statusCode, body: JSON.parse(said || 'null') as T }))
        .catch(reject)
    })
    asked.on('error', reject)
    asked.end(JSON.stringify(body))
  })
}

/** What is new is asked for of the last few seconds, and now and then of more: a database that stalls shows late what it was given. */
const [freshS, lateS, lateEveryMs] = [3, 60, 2_000]
/** Ids of alarms begin with the time at which they were made: what was made in the last so many seconds is greater. */
const idsFrom = (secondsAgo: number): string => encodeTime(Date.now() - secondsAgo * 1_000, 10)

/** Work by the API of whichever server answers; which alarms are new is read from the table, as no console could be as fast. */
export class Operators {
  claims = 0
  readonly #servers: readonly RunningServer[]
  readonly #cluster: Cluster
  readonly #sessions = new Map<RunningServer, Promise<Api>>()
  /** When somebody next takes and closes what nobody has closed yet, in ms of `performance.now`. */
  readonly #open = new Map<string, number>()
  readonly #seen = new Set<string>()
  readonly #busy = new Map<string, Promise<unknown>>()

  constructor(servers: readonly RunningServer[], cluster: Cluster) {
    this.#servers = servers
    this.#cluster = cluster
  }

  async work(stopped: AbortSignal): Promise<void> {
    let lookedBackAt = Number.NEGATIVE_INFINITY
    while (!stopped.aborted) {
      const looksBack = performance.now() - lookedBackAt > lateEveryMs
      if (looksBack) lookedBackAt = performance.now()
      const fresh = await this.#cluster.query<{ id: string }>(
        `select id from alarm where id > $1 and class = 'life' and handling = 'new' order by id`,
        [idsFrom(looksBack ? lateS : freshS)],
      )
      const now = performance.now()
      for (const { id } of fresh)
        if (!this.#seen.has(id)) {
          this.#seen.add(id)
          this.#open.set(id, now + reachedAfterMs)
          this.#begin(id, () => this.#handle(id))
        }
      for (const [id, at] of this.#open) {
        if (at > now) continue
        this.#open.set(id, now + againAfterMs)
        this.#begin(id, () => this.#takeAndClose(id))
      }
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
    const closed = await this.#call(id, 'close', {
      lease: claimed.lease.token,
      disposition: { code: 'accidental', cause: 'pressed-by-mistake', outcome: 'no-help-needed' },
    })
    if (closed) this.#open.delete(id)
  }

  /** Undefined when the server died meanwhile: then this operator's browser is gone, too. */
  async #call<T>(id: string, what: string, body: object): Promise<T | undefined> {
    const server = this.#servers[id.charCodeAt(id.length - 2) % this.#servers.length] as RunningServer
    try {
      const known = this.#sessions.get(server) ?? server.logIn()
      this.#sessions.set(server, known)
      const { status, body: answer } = await post<T>(await known, `/alarms/${id}/${what}`, body)
      return status === 200 ? answer : undefined
    } catch {
      this.#sessions.delete(server)
      return undefined
    }
  }
}
