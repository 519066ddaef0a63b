import type {
  Alarm,
  AlarmDetail,
  AlarmList,
  Contact,
  HomeDetail,
  MeasurementAnswer,
  OpenEscalation,
  Person,
  ReadinessAnswer,
  TimelineEntry,
} from '@anju/contract/api'
import { monotonicFactory } from 'ulid'

/** Of two alarms in one millisecond the first has the lower id, as at a real centre. */
const ulid = monotonicFactory()

/** The invented home of the scripted centre, and what its alarms answer. */
const residentName = '王秀梅'
const address = '幸福里社区 3 号楼 2 单元 501'
const instant = (beforeNowMs = 0) => new Date(Date.now() - beforeNowMs).toISOString()

const contacts: Contact[] = [
  person('daughter', '王丽', '女儿', '13900000001', true, 1, { role: 'family', language: 'zh-CN', distanceM: 12_400 }),
  person('neighbour', '赵大爷', '邻居', '13900000002', true, 2, {
    role: 'key-holder',
    distanceM: 40,
    note: '耳背，多等一会儿',
    // A minute of the day: whoever looks finds him asleep.
    hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:01' }],
  }),
  person('worker', '陈社工', '社区网格员', '13900000003', false, 3),
]
function person(
  id: string,
  name: string,
  relation: string,
  phone: string,
  keyHolder: boolean,
  order: number,
  more: Partial<Omit<Contact, 'version'>> = {},
): Contact {
  const way = (channel: 'sms' | 'voice', more: object) => ({
    id: `${id}-${channel}`,
    channel,
    address: phone,
    lastProvenOn: null,
    dead: null,
    ...more,
  })
  const lastProvenOn = '2026-03-02T00:00:00.000Z'
  const dead = { since: '2026-03-04T00:00:00.000Z', why: 'UNKNOWN_SUBSCRIBER' }
  const ways = [way('sms', { dead }), way('voice', { lastProvenOn })]
  return { id, version: 1, name, relation, phone, keyHolder, order, lastProvenOn, lastOutcome: null, ways, ...more }
}

export function scriptedAlarm(but: Partial<Alarm> = {}): Alarm {
  const receivedAt = but.receivedAt ?? instant()
  return {
    id: ulid(),
    version: 1,
    homeId: 'home-1',
    placement: 'bathroom-sos',
    type: 'sos-pressed',
    class: 'life',
    condition: 'active',
    handling: 'new',
    abandoned: false,
    occurrences: 1,
    firstAt: receivedAt,
    lastAt: receivedAt,
    receivedAt,
    late: false,
    lateByS: 0,
    owner: null,
    leaseExpiresAt: null,
    offer: null,
    parkedUntil: null,
    test: false,
    disposition: null,
    closedAt: null,
    undoUntil: null,
    ladder: { L0: receivedAt, L1: receivedAt, L2: receivedAt, L3: null, L4: null, L5: null, L6: null },
    home: { name: '王秀梅家', residentName, residentAge: 82, address, placementName: '卫生间求助按钮' },
    ...but,
  }
}

/** A page of the list, as the real one gives it: the queue, one outage's homes, or what was closed last. */
export function pageOf(all: Iterable<Alarm>, asked: URLSearchParams): AlarmList {
  const parent = asked.get('parent')
  const closed = asked.get('handling') === 'closed'
  const wanted = [...all]
    .filter((alarm) => (alarm.handling === 'closed') === closed && (alarm.parent ?? null) === parent)
    .sort((a, b) => (closed ? Date.parse(b.closedAt ?? '') - Date.parse(a.closedAt ?? '') : 0))
  const from = Number(asked.get('cursor') ?? 0)
  const to = from + Number(asked.get('limit') ?? 200)
  return { items: wanted.slice(from, to), nextCursor: to < wanted.length ? String(to) : null }
}

interface Worked extends Pick<AlarmDetail, 'plan' | 'handovers'> {
  readonly acts: readonly TimelineEntry[]
}
export function detailOf(alarm: Alarm, { plan, handovers, acts }: Worked): AlarmDetail {
  const { receivedAt } = alarm
  const heard = { occurredAt: receivedAt, heardAt: receivedAt, storedAt: receivedAt, sentAt: receivedAt, receivedAt }
  return {
    ...alarm,
    occurrenceList: [
      { event: ulid(), phase: 'raised', device: 'sos-1', ...heard, late: alarm.late, snapshot: { battery: 80 } },
    ],
    timeline: [
      { at: receivedAt, kind: 'raised', by: null, text: null, detail: {} },
      ...(alarm.lateAgain
        ? [{ at: instant(), kind: 'occurrence' as const, by: null, text: null, detail: alarm.lateAgain }]
        : []),
      ...(alarm.owner ? [{ at: instant(), kind: 'claimed' as const, by: alarm.owner, text: null, detail: {} }] : []),
      ...acts,
    ],
    plan,
    handovers,
    contacts,
    notifications: [],
    resident: {
      version: 1,
      name: residentName,
      age: 82,
      address,
      access: '门口密码盒 4712',
      medical: ['慢阻肺，家中吸氧', '服用抗凝药', '青霉素过敏'],
      language: '四川话',
      callName: '王老师',
      risk: 'high',
      categories: ['独居', '高龄'],
      hearing: '左耳较弱',
      livesAlone: true,
      arrival: '西门进，左侧电梯，四楼有狗',
    },
  }
}

const point = (name: string, quantity: string, unit: string) => ({ point: name, quantity, unit })

export function homeDetail(): HomeDetail {
  return {
    id: 'home-1',
    version: 1,
    name: '王秀梅家',
    timeZone: 'Asia/Shanghai',
    address,
    mode: 'home',
    modeUntil: null,
    resident: null,
    contacts,
    orderVersion: 1,
    placements: [
      {
        id: 'meter',
        name: '电表',
        room: '门厅',
        profile: 'dlt645/single-phase',
        points: [point('voltage', 'electric-potential', 'V'), point('active-power', 'active-power', 'W')],
      },
      {
        id: 'living-radar',
        name: '客厅雷达',
        room: '客厅',
        profile: 'seeed/mr60fda2',
        points: [point('presence', 'presence', '/'), point('fall', 'fall', '/')],
      },
    ],
    gateway: { id: 'gw-1', homeId: 'home-1', state: 'online', lastHeardAt: instant(4_000), health: null },
  }
}

/** An hour with a kettle, a gap of eight minutes in which the meter did not answer, and a resident who comes and goes. */
export function measured(query: URLSearchParams): MeasurementAnswer {
  const [from, to, point] = [query.get('from') ?? '', query.get('to') ?? '', query.get('point') ?? '']
  const items: MeasurementAnswer['items'] = []
  const everyMs = ({ '5m': 300_000, '30m': 1_800_000 } as Record<string, number>)[query.get('every') ?? ''] ?? 60_000
  const startMs = Math.ceil(Date.parse(from) / everyMs) * everyMs
  for (let ms = startMs, minute = 0; ms < Date.parse(to); ms += everyMs, minute++) {
    const wave = Math.sin(minute / 3)
    const silent = minute >= 22 && minute < 30
    const value =
      point === 'voltage'
        ? 229 + wave
        : point === 'active-power'
          ? 85 + 12 * wave + (minute % 19 < 4 ? 1_450 : 0)
          : point === 'presence'
            ? Number(minute < 14 || (minute > 33 && minute < 52))
            : 0
    const gone = silent && (point === 'voltage' || point === 'active-power')
    const [v, absent] = gone ? [null, 'no-answer' as const] : [value, null]
    items.push({ t: new Date(ms).toISOString(), count: gone ? 0 : 12, mean: v, min: v, max: v, last: v, absent })
  }
  const unit = point === 'voltage' ? 'V' : point === 'active-power' ? 'W' : '/'
  const placement = query.get('placement') ?? ''
  return { homeId: 'home-1', placement, point, unit, from, to, everyS: everyMs / 1_000, items, nextCursor: null }
}

/** What a command makes of an alarm; just enough of the handling for a page to be worked by. */
export function answerOf(
  alarm: Alarm,
  command: string,
  body: Record<string, unknown>,
  me: Person,
): { readonly to: Partial<Alarm>; readonly cause: string } | { readonly code: string } {
  const owner = { personId: me.personId, name: me.name, session: me.session }
  const held = { owner, leaseExpiresAt: instant(-60_000), parkedUntil: null, abandoned: false }
  const free = { owner: null, leaseExpiresAt: null }
  const mine = alarm.owner?.session === me.session
  const reached = (rung: 'L3' | 'L4' | 'L5' | 'L6') => ({ ladder: { ...alarm.ladder, [rung]: instant() } })
  if (command === 'shown') return { to: alarm.ladder.L3 === null ? reached('L3') : {}, cause: 'shown' }
  if (command === 'claim')
    return alarm.owner && !mine
      ? { code: 'claimed-by-other' }
      : { to: { ...held, handling: 'claimed', ...reached('L4') }, cause: 'claimed' }
  if (command === 'takeover') return { to: { ...held, handling: 'claimed' }, cause: 'taken-over' }
  if (command === 'undo-close')
    return { to: { ...held, handling: 'in-progress', closedAt: null, undoUntil: null }, cause: 'undone' }
  // What an agency says comes later, and to whoever takes the call.
  if (command === 'agencies' && alarm.handling === 'closed') return { to: {}, cause: 'agency-answered' }
  if (!mine) return { code: 'lease-stale' }
  if (command === 'release') return { to: { ...free, handling: 'new', abandoned: true }, cause: 'released' }
  if (command === 'park')
    return {
      to: { ...free, handling: 'parked', parkedUntil: instant(-60_000 * Number(body['minutes'])) },
      cause: 'parked',
    }
  if (command === 'close')
    return {
      to: { ...free, handling: 'closed', closedAt: instant(), undoUntil: instant(-60_000), ...reached('L6') },
      cause: 'closed',
    }
  if (command === 'contact') return { to: { ...held, handling: 'in-progress', ...reached('L5') }, cause: 'contacted' }
  return { to: held, cause: command === 'renew' ? 'renewed' : 'noted' }
}

/** The supervisor is asked within the minute, the son at once. */
export const comingOf = ({ id }: Alarm): OpenEscalation => ({
  alarm: id,
  tracks: [
    {
      track: 'centre',
      state: 'running',
      round: 1,
      step: 1,
      steps: 4,
      next: { at: instant(-46_000), targets: [{ to: 'supervisors' }], channels: ['console', 'sms'] },
    },
    { track: 'family', state: 'quiet', round: 1, step: 1, steps: 4, next: null },
  ],
})

/** A night without anybody, and two homes; the first page of homes is empty, as in a city that is well. */
export const unready = (cursor: string | null): ReadinessAnswer => ({
  at: instant(),
  until: instant(-14 * 86_400_000),
  policies: [
    {
      policy: null,
      scope: {},
      ok: false,
      gaps: [{ from: instant(-3_600_000), to: instant(-7_200_000), why: 'nobody-on-duty' }],
    },
  ],
  homes:
    cursor === null
      ? { items: [], nextCursor: 'home-0' }
      : {
          items: [
            { homeId: 'home-1', name: '王秀梅家', contacts: 2, lacks: ['too-few-contacts', 'dead-way'] },
            { homeId: 'home-2', name: '张大爷家', contacts: 3, lacks: ['no-living-way'] },
          ],
          nextCursor: null,
        },
})

/** Who goes to one alarm, as `GET /alarms/{id}` says it. */
export type Going = Required<Pick<AlarmDetail, 'going' | 'answered'>>

export const inMinutes = (etaMinutes: number) => ({
  arrivesAt: instant(-etaMinutes * 60_000),
  until: instant(-(etaMinutes + 5) * 60_000),
})

export function answered(before: Going | undefined, me: Person, answer: 'going' | 'cannot', etaMinutes: number): Going {
  const others = before?.going.filter((one) => !one.me) ?? []
  if (answer === 'cannot') return { going: others, answered: { answer, etaMinutes: null } }
  return { going: [...others, { name: me.name, me: true, ...inMinutes(etaMinutes) }], answered: { answer, etaMinutes } }
}
