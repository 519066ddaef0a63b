import type {
  ActivityAnswer,
  Agency,
  Alarm,
  AlarmCommandAnswer,
  AlarmDetail,
  AlarmList,
  AlarmVersion,
  AnswerBody,
  AnswerView,
  AskedOfSeat,
  AtConsole,
  ContactOutcome,
  Disposition,
  GapAnswer,
  GatewayStatus,
  GoingAnswer,
  Home,
  HomeDetail,
  LatestAnswer,
  MeasurementAnswer,
  OpenEscalation,
  Person,
  PlanBody,
  PlanDefect,
  PlanList,
  PushAnswer,
  ReadinessAnswer,
  SessionAnswer,
  StepOutcome,
  StoredPlan,
  SubscriptionBody,
  Way,
} from '@anju/contract/api'
import { newKey } from '../edge/page-random.ts'
import { Refusal, request } from './request.ts'

/** A list longer than this is not one a person works from. */
const pagesMax = 25

export async function everyPage<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  for (let page = 0; page < pagesMax; page++) {
    const at: string = cursor === null ? path : `${path}?cursor=${encodeURIComponent(cursor)}`
    const answer: { items: T[]; nextCursor: string | null } = await request(at, signal ? { signal } : {})
    items.push(...answer.items)
    cursor = answer.nextCursor
    if (cursor === null) break
  }
  return items
}

/** Sends a command once more when no answer came, with the same key: it is still done only once. */
export async function command<T>(
  path: string,
  body?: object,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' = 'POST',
): Promise<T> {
  const sent = { method, idempotencyKey: newKey(), ...(method === 'DELETE' ? {} : { body: body ?? {} }) } as const
  try {
    return await request<T>(path, sent)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'unreachable') return await request<T>(path, sent)
    throw error
  }
}
const onAlarm = (id: string, what: string, body?: object, method?: 'PATCH') =>
  command<AlarmCommandAnswer>(`/alarms/${encodeURIComponent(id)}/${what}`, body, method)

export const session = {
  read: () => request<Person>('/session'),
  begin: (username: string, password: string, more: { readonly code?: string; readonly newPassword?: string } = {}) =>
    request<SessionAnswer>('/session', { method: 'POST', body: { username, password, ...more } }),
  end: () => request<null>('/session', { method: 'DELETE' }),
}

export const alarms = {
  open: (signal?: AbortSignal) => everyPage<AlarmList['items'][number]>('/alarms', signal),
  read: (id: string, signal?: AbortSignal) =>
    request<AlarmDetail>(`/alarms/${encodeURIComponent(id)}`, signal ? { signal } : {}),
  version: (id: string, signal?: AbortSignal) =>
    request<AlarmVersion>(`/alarms/${encodeURIComponent(id)}/version`, signal ? { signal } : {}),
  claim: (id: string) => onAlarm(id, 'claim'),
  takeover: (id: string, reason: string) => onAlarm(id, 'takeover', { reason }),
  undoClose: (id: string) => onAlarm(id, 'undo-close'),
  shown: (id: string, console: string) => command<unknown>(`/alarms/${encodeURIComponent(id)}/shown`, { console }),
  /** Not a `command`: a lease that was not renewed is renewed again by the next beat, not by this call. */
  renew: (id: string, lease: string) =>
    request<AlarmCommandAnswer>(`/alarms/${encodeURIComponent(id)}/renew`, { method: 'POST', body: { lease } }),
  release: (id: string, lease: string, note = '') =>
    onAlarm(id, 'release', { lease, ...(note === '' ? {} : { note }) }),
  offer: (id: string, lease: string, to: string, note: string) =>
    onAlarm(id, 'offer', { lease, to, ...(note === '' ? {} : { note }) }),
  withdrawOffer: (id: string, lease: string) => onAlarm(id, 'withdraw-offer', { lease }),
  declineOffer: (id: string) => onAlarm(id, 'decline-offer'),
  start: (id: string, lease: string) => onAlarm(id, 'start', { lease }),
  note: (id: string, lease: string, text: string) => onAlarm(id, 'note', { lease, text }),
  park: (id: string, lease: string, minutes: number, note: string) => onAlarm(id, 'park', { lease, minutes, note }),
  contact: (id: string, lease: string, contactId: string, outcome: ContactOutcome, wayId?: string) =>
    onAlarm(id, 'contact', { lease, contactId, outcome, ...(wayId === undefined ? {} : { wayId }) }),
  dispatch: (id: string, lease: string, responderId: string) => onAlarm(id, 'dispatch', { lease, responderId }),
  step: (id: string, lease: string, step: string, outcome: StepOutcome, note: string) =>
    onAlarm(id, `plan/steps/${encodeURIComponent(step)}`, { lease, outcome, ...(note === '' ? {} : { note }) }),
  manual: (id: string, lease: string, reason: string) => onAlarm(id, 'plan/manual', { lease, reason }),
  handOver: (id: string, lease: string, agency: Agency, note: string, onTheWay: boolean) =>
    onAlarm(id, 'agencies', { lease, agency, onTheWay, ...(note === '' ? {} : { note }) }),
  agencyAnswer: (id: string, handover: string, said: AgencyAnswer) =>
    onAlarm(id, `agencies/${encodeURIComponent(handover)}`, said, 'PATCH'),
  close: (id: string, lease: string, disposition: Disposition, note: string) =>
    onAlarm(id, 'close', { lease, disposition, ...(note === '' ? {} : { note }) }),
}

export const consoles = {
  /** Who is there to take an alarm on, ourselves among them. */
  there: async (signal: AbortSignal) => (await request<{ items: AtConsole[] }>('/consoles', { signal })).items,
  /** Null: at none that is said. */
  sit: (seat: string | null) => command<Person>('/session/seat', { seat }, 'PUT'),
  /** What nobody has taken and is asked for at our seat. */
  asked: async (signal: AbortSignal) => (await request<{ items: AskedOfSeat[] }>('/session/asked', { signal })).items,
}

/** What a relative says who is signed in; as often as they change their mind. */
export const relative = {
  going: (id: string, etaMinutes: number) =>
    command<GoingAnswer>(`/alarms/${encodeURIComponent(id)}/going`, { etaMinutes }),
  cannot: (id: string) => command<null>(`/alarms/${encodeURIComponent(id)}/cannot`),
}

export const escalation = {
  open: async (signal: AbortSignal) =>
    (await request<{ items: OpenEscalation[] }>('/escalation/open', { signal })).items,
  readiness: (cursor: string | null, signal: AbortSignal) =>
    request<ReadinessAnswer>(`/escalation/readiness${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`, {
      signal,
    }),
}

export const push = {
  about: () => request<PushAnswer>('/push'),
  subscribe: (body: SubscriptionBody) => command<Way>('/push/subscriptions', body),
  unsubscribe: (way: string) => request<null>(`/push/subscriptions/${encodeURIComponent(way)}`, { method: 'DELETE' }),
}

export interface AgencyAnswer {
  readonly caseNumber?: string
  readonly outcome?: string
  /** With the lease: only who holds the alarm says so. */
  readonly onTheWay?: true
  readonly lease?: string
}

export const plans = {
  /** From its beginning, and then page by page. */
  list: (cursor: string | null, signal: AbortSignal) =>
    request<PlanList>(`/plans${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`, { signal }),
  write: (plan: PlanBody) => command<StoredPlan>('/plans', plan, 'PUT'),
  remove: (id: string, writtenFrom: number) =>
    command<null>(`/plans/${encodeURIComponent(id)}?writtenFrom=${writtenFrom}`, undefined, 'DELETE'),
  defects: (signal?: AbortSignal) => everyPage<PlanDefect>('/plans/defects', signal),
  settle: (id: string, note: string) =>
    command<PlanDefect>(`/plans/defects/${encodeURIComponent(id)}/settle`, { note }),
}

/** Instants are RFC 3339; `every` is a step such as `60s`. */
export interface MeasurementQuery {
  readonly placement: string
  readonly point: string
  readonly from: string
  readonly to: string
  readonly every: string
}

export const homes = {
  list: () => everyPage<Home>('/homes'),
  /** The first of what is found; names and addresses are covered. */
  search: async (text: string) => (await request<{ items: Home[] }>(`/homes?search=${encodeURIComponent(text)}`)).items,
  read: (id: string, signal?: AbortSignal) =>
    request<HomeDetail>(`/homes/${encodeURIComponent(id)}`, signal ? { signal } : {}),
  gateways: () => everyPage<GatewayStatus>('/gateways'),
  measurements(id: string, asked: MeasurementQuery, signal: AbortSignal) {
    const query = new URLSearchParams({ ...asked })
    return request<MeasurementAnswer>(`/homes/${encodeURIComponent(id)}/measurements?${query.toString()}`, { signal })
  },
}
export interface GapQuery {
  readonly placement: string
  readonly point: string
  readonly from: string
  readonly to: string
  readonly longerThan: string
}
/** What a home's points say besides their values. */
export const telemetry = {
  latest: (id: string, signal: AbortSignal) =>
    request<LatestAnswer>(`/homes/${encodeURIComponent(id)}/latest`, { signal }),
  activity(id: string, asked: { readonly placement: string; readonly point: string }, signal: AbortSignal) {
    const query = new URLSearchParams({ ...asked })
    return request<ActivityAnswer>(`/homes/${encodeURIComponent(id)}/activity?${query.toString()}`, { signal })
  },
  gaps(id: string, asked: GapQuery, signal: AbortSignal) {
    const query = new URLSearchParams({ ...asked })
    return request<GapAnswer>(`/homes/${encodeURIComponent(id)}/gaps?${query.toString()}`, { signal })
  },
}
/** By the link of a message; nobody is signed in. A key is one press: sent again, it is still one. */
export const answers = {
  read: (secret: string) => request<AnswerView>(`/answers/${encodeURIComponent(secret)}`),
  give: (secret: string, body: AnswerBody, idempotencyKey: string) =>
    request<AnswerView>(`/answers/${encodeURIComponent(secret)}`, { method: 'POST', body, idempotencyKey }),
}
export type { Alarm }
