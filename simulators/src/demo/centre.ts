import {
  type Clock,
  DomainError,
  errorMessage,
  type Instant,
  type Millis,
  millis,
  parseInstant,
  sleep,
} from '@anju/contract'
import type { GatewayAnswer, GatewayStatus } from '@anju/contract/api'

const askEvery = millis(100)
const answerWithinMs = 10_000

/** The server as an installer sees it. */
export class Centre {
  readonly #base: string
  readonly #clock: Clock
  #cookie = ''

  constructor(base: string, clock: Clock) {
    this.#base = base
    this.#clock = clock
  }

  /** Resolves once the server can take an alarm. @throws Error when it cannot in time, or when `signal` aborts. */
  async ready(within: Millis, signal: AbortSignal): Promise<void> {
    await this.until('the server to be ready', within, signal, async () => {
      const answer = await fetch(`${this.#base}/readyz`, { signal: AbortSignal.timeout(answerWithinMs) })
      const text = await answer.text()
      if (!answer.ok) throw new Error(text)
      return true
    })
  }

  async logIn(username: string, password: string): Promise<void> {
    const answer = await this.#call('POST', '/api/v1/session', { username, password })
    this.#cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0] ?? '')
      .join('; ')
    await answer.text()
  }

  async provision(serial: string, homeId: string): Promise<GatewayAnswer> {
    const answer = await this.#call('POST', '/api/v1/gateways', { serial, homeId })
    return (await answer.json()) as GatewayAnswer
  }

  async gateway(id: string): Promise<GatewayStatus | undefined> {
    const answer = await this.#call('GET', '/api/v1/gateways')
    const { items } = (await answer.json()) as { items: readonly GatewayStatus[] }
    return items.find((gateway) => gateway.id === id)
  }

  /** Whether something of the gateway has been committed since an instant. */
  async heardSince(id: string, since: Instant): Promise<boolean> {
    const gateway = await this.gateway(id)
    return gateway?.state === 'online' && gateway.lastHeardAt !== null && parseInstant(gateway.lastHeardAt) >= since
  }

  /** Asks again until the answer is yes. @throws Error naming what was waited for, or why the waiting was given up. */
  async until(what: string, within: Millis, signal: AbortSignal, ask: () => Promise<boolean>): Promise<void> {
    const end = this.#clock.monotonic() + within
    let last = 'no'
    while (!signal.aborted) {
      try {
        if (await ask()) return
        last = 'not yet'
      } catch (error) {
        last = errorMessage(error)
      }
      if (this.#clock.monotonic() > end)
        throw new Error(`waited ${within / 1_000} s for ${what}; the last answer: ${last}`)
      await sleep(this.#clock, askEvery, signal)
    }
    throw signal.reason
  }

  async #call(method: string, path: string, body?: object): Promise<Response> {
    const answer = await fetch(this.#base + path, {
      method,
      headers: {
        origin: this.#base,
        ...(this.#cookie && { cookie: this.#cookie }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerWithinMs),
    })
    if (answer.ok) return answer
    const text = await answer.text()
    throw new DomainError('internal', `${method} ${path}: ${answer.status} ${text.slice(0, 300)}`)
  }
}
