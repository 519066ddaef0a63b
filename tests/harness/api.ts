import type { Alarm, AlarmDetail, AlarmList, GatewayAnswer } from '@anju/contract/api'

/** What came back, whatever the status: a test says itself which one it expects. */
export interface Answer<T> {
  readonly status: number
  readonly body: T
  readonly headers: Headers
}

/** One person's session at the server, as a browser has it: a cookie and an Origin. */
export interface Api {
  readonly base: string
  readonly cookie: string
  call<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>
  alarms(query?: string): Promise<readonly Alarm[]>
  alarm(id: string): Promise<AlarmDetail>
  registerGateway(serial: string, homeId?: string): Promise<GatewayAnswer>
}

/** Logs in; the cookie is kept by the returned client. */
export async function logIn(base: string, username: string, password: string): Promise<Api> {
  const api = apiOf(base, '')
  const { status, headers, body } = await api.call<unknown>('POST', '/session', { username, password })
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  if (status !== 201 || cookie === '') throw new Error(`log in as ${username}: ${status} ${JSON.stringify(body)}`)
  return apiOf(base, cookie)
}

function apiOf(base: string, cookie: string): Api {
  const api: Api = {
    base,
    cookie,
    async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const answer = await fetch(`${base}/api/v1${path}`, {
        method,
        headers: {
          origin: base,
          ...(cookie ? { cookie } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(15_000),
      })
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : null) as T }
    },
    async alarms(query = '') {
      const found: Alarm[] = []
      let cursor: string | null = null
      do {
        const path: string = `/alarms?${query}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`
        const { status, body }: Answer<AlarmList> = await api.call<AlarmList>('GET', path)
        if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`)
        found.push(...body.items)
        cursor = body.nextCursor
      } while (cursor)
      return found
    },
    async alarm(id) {
      const { status, body } = await api.call<AlarmDetail>('GET', `/alarms/${id}`)
      if (status !== 200) throw new Error(`GET alarm ${id}: ${status} ${JSON.stringify(body)}`)
      return body
    },
    async registerGateway(serial, homeId) {
      const { status, body } = await api.call<GatewayAnswer>('POST', '/gateways', {
        serial,
        ...(homeId ? { homeId } : {}),
      })
      if (status !== 200 && status !== 201) throw new Error(`register ${serial}: ${status} ${JSON.stringify(body)}`)
      return body
    },
  }
  return api
}
