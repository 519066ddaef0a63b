import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Alarm, AlarmDetail, AskedConsole, HomeDetail, Person, Role } from '@anju/contract/api'
import { STANDARD_PLANS } from '../../server/src/domain/plan.ts'
import { repositoryRoot } from '../harness/root.ts'
import {
  answered,
  answerOf,
  comingOf,
  detailOf,
  type Going,
  homeDetail,
  inMinutes,
  measured,
  pageOf,
  scriptedAlarm,
  unready,
} from './scripted-home.ts'
import { packetOf, ScriptedPlans } from './scripted-plan.ts'
import { active, gapsIn, lastSaid, measuredDays } from './scripted-telemetry.ts'

/**
 * A centre whose every word the test chooses: for what a real one does too rarely or too slowly (a lost item, a silent
 * line, a thousand alarms). The page's way through a real centre is `console.integration.test.ts`'s.
 */
export interface ScriptedCentre {
  readonly url: string
  /** Puts an alarm on the centre's books and on the stream. */
  raise(but?: Partial<Alarm>): Alarm
  /** `asked`: whose consoles an escalation asks. */
  change(id: string, to: Partial<Alarm>, cause?: string, asked?: readonly AskedConsole[]): Alarm
  /** On the books, but its item is lost on the way: the next one names a `prev` the page has not seen. */
  raiseUnsaid(but?: Partial<Alarm>): Alarm
  /** Another relative says that they go. */
  goes(id: string, name: string, etaMinutes: number): void
  status(store: 'ok' | 'degraded'): void
  /** What the home is from now on; null: it cannot be read. */
  home(but: Partial<HomeDetail> | null): void
  /** From now on nothing is said, not even a heartbeat, and nobody is let in; the connections stay open. */
  fallSilent(): void
  speakAgain(): void
  /** What the alarms' plans are, and who was told beside us. */
  readonly plans: ScriptedPlans
  /** What the pages asked, as `METHOD path`. */
  readonly asked: readonly string[]
  stop(): Promise<void>
}

/** The policy of the real server: a page that needs more than this fails here too. */
const policy =
  "default-src 'self';img-src 'self' data:;worker-src 'self';object-src 'none';base-uri 'none';frame-ancestors 'none';form-action 'self'"
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const built = join(repositoryRoot, 'dashboards/dist')

export interface Script {
  readonly role?: Role
  /** What an alarm's particulars say besides, or instead. */
  readonly says?: (detail: AlarmDetail) => Partial<AlarmDetail>
}

export async function aScriptedCentre({ role = 'operator', says = () => ({}) }: Script = {}): Promise<ScriptedCentre> {
  const alarms = new Map<string, Alarm>()
  const streams = new Set<ServerResponse>()
  const asked: string[] = []
  const plans = new ScriptedPlans()
  const sessions = new Map<string, Person>()
  const going = new Map<string, Going>()
  let home: Partial<HomeDetail> | null = {}
  let lastId = 100
  let silent = false

  const say = (event: string, alarm: Alarm, cause: string, asked?: readonly AskedConsole[]) => {
    const prev = String(lastId++)
    const data = JSON.stringify({ prev, alarm, cause, asked })
    if (!silent) for (const stream of streams) stream.write(`id: ${lastId}\nevent: ${event}\ndata: ${data}\n\n`)
  }
  const beat = setInterval(() => {
    if (!silent) for (const stream of streams) stream.write(':\n\n')
  }, 2_000)

  const centre = {
    raise(but: Partial<Alarm> = {}) {
      const alarm = scriptedAlarm(but)
      alarms.set(alarm.id, alarm)
      say('alarm', alarm, 'raised')
      return alarm
    },
    change(id: string, to: Partial<Alarm>, cause = 'occurrence', asked?: readonly AskedConsole[]) {
      const before = alarms.get(id)
      if (!before) throw new Error(`no alarm ${id}`)
      const alarm = { ...before, ...to, version: before.version + 1 }
      alarms.set(id, alarm)
      say(alarm.handling === 'closed' ? 'alarm-closed' : 'alarm', alarm, cause, asked)
      return alarm
    },
    raiseUnsaid(but: Partial<Alarm> = {}) {
      const alarm = scriptedAlarm(but)
      alarms.set(alarm.id, alarm)
      lastId++
      return alarm
    },
    goes(id: string, name: string, etaMinutes: number) {
      const { going: others = [], answered = null } = going.get(id) ?? {}
      going.set(id, { going: [...others, { name, me: false, ...inMinutes(etaMinutes) }], answered })
      centre.change(id, {}, 'accepted')
    },
    status(store: 'ok' | 'degraded') {
      for (const stream of streams) stream.write(statusText(store))
    },
    home: (but: Partial<HomeDetail> | null) => {
      home = but
    },
    fallSilent: () => {
      silent = true
    },
    speakAgain: () => {
      silent = false
    },
    asked,
    plans,
  }

  const http = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => response.destroy(error as Error))
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://centre')
    if (!url.pathname.startsWith('/api/')) return pageFile(url.pathname, response)
    if (silent) return
    const path = url.pathname.slice('/api/v1'.length)
    asked.push(`${request.method} ${path}`)
    const body = await bodyOf(request)
    const cookie = /anju_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
    if (path === '/session' && request.method === 'POST') {
      const session = crypto.randomUUID()
      const username = String(body['username'])
      const name = username === 'operator2' ? '周敏' : '李娜'
      const centreOf = { id: 'demo-centre', name: '安居示范中心' }
      const person = { personId: username, username, name, role, session, centre: centreOf, demo: true, seat: null }
      sessions.set(session, person)
      response.setHeader('set-cookie', `anju_session=${session}; Path=/; HttpOnly; SameSite=Strict`)
      return json(response, 201, person)
    }
    const me = sessions.get(cookie)
    if (!me) return problem(response, 401, 'not-logged-in')
    if (path === '/session') return json(response, 200, me)
    if (path === '/live') return live(response)
    if (path === '/alarms') return json(response, 200, pageOf(alarms.values(), url.searchParams))
    if (path === '/escalation/open')
      return json(response, 200, { items: [...alarms.values()].map(comingOf), nextCursor: null })
    if (path === '/escalation/readiness') return json(response, 200, unready(url.searchParams.get('cursor')))
    if (path === '/push') return json(response, 200, { publicKey: 'B'.repeat(87), asked: true })
    if (path === '/plans') return json(response, 200, { items: [], nextCursor: null, standard: STANDARD_PLANS })
    if (path === '/plans/defects') return json(response, 200, { items: plans.defects, nextCursor: null })
    if (path.startsWith('/plans/defects/'))
      return json(response, 200, plans.settle(path.split('/')[3] ?? '', String(body['note'])))
    if (path === '/homes') return json(response, 200, { items: [homeDetail()], nextCursor: null })
    if (path.endsWith('/measurements'))
      return json(response, 200, (url.searchParams.get('every') === '1d' ? measuredDays : measured)(url.searchParams))
    if (path.endsWith('/gaps')) return json(response, 200, gapsIn(url.searchParams))
    if (path.endsWith('/activity')) return json(response, 200, active(url.searchParams))
    if (path.endsWith('/latest')) return json(response, 200, lastSaid())
    if (path.endsWith('/consents') || ['/responders', '/seats', '/consoles', '/session/asked'].includes(path))
      return json(response, 200, { items: [], nextCursor: null })
    if (path.startsWith('/homes/') && home === null) return problem(response, 503, 'store-unavailable')
    if (path.startsWith('/homes/')) return json(response, 200, { ...homeDetail(), ...home })
    const [, , id = '', command, ...rest] = path.split('/')
    const alarm = alarms.get(id)
    if (!alarm) return problem(response, 404, 'alarm-unknown')
    if (command === undefined) {
      const worked = { plan: plans.view(alarm), handovers: plans.handovers(alarm), acts: plans.acts(alarm) }
      const detail = detailOf(alarm, worked)
      return json(response, 200, { ...detail, ...says(detail), ...going.get(id) })
    }
    if (command === 'version') return json(response, 200, { version: alarm.version })
    if (command === 'going' || command === 'cannot') {
      going.set(id, answered(going.get(id), me, command, Number(body['etaMinutes'])))
      centre.change(id, {}, command === 'going' ? 'accepted' : 'declined')
      return json(response, 200, null)
    }
    if (command === 'agencies' && rest[0] === 'preview') return json(response, 200, { text: packetOf(alarm, body) })
    const answer = answerOf(alarm, command, body, me)
    if ('code' in answer) return problem(response, 409, answer.code, alarm.owner)
    const refused = plans.told(alarm, command, rest, body, me.name)
    if (refused) return problem(response, 409, refused.code, alarm.owner, refused.steps)
    const changed = centre.change(id, answer.to, answer.cause)
    const lease = changed.owner ? { token: '1', expiresAt: '' } : null
    const handover = command === 'agencies' ? plans.handovers(changed).at(-1) : undefined
    return json(response, 200, { alarm: changed, lease, ...(handover ? { handover } : {}) })
  }

  function live(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(`${statusText('ok')}id: ${lastId}\n\n`)
    streams.add(response)
    response.on('close', () => streams.delete(response))
  }

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    ...centre,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async stop() {
      clearInterval(beat)
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

const statusText = (store: string): string =>
  `event: status\ndata: ${JSON.stringify({ prev: null, store, telemetry: 'ok', at: new Date().toISOString() })}\n\n`

/** The built page, as the real server serves it: every path that is no file is the page itself. */
export function pageFile(path: string, response: ServerResponse): void {
  const name = extname(path) === '' ? '/index.html' : path
  try {
    const content = readFileSync(join(built, name))
    response.writeHead(200, {
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
    response.end(content)
  } catch {
    response.writeHead(404).end()
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
const problem = (
  response: ServerResponse,
  status: number,
  code: string,
  owner: unknown = null,
  steps: readonly unknown[] = [],
): void => json(response, status, { type: `urn:anju:problem:${code}`, title: code, status, code, owner, steps })
