import { hashPassword, passwordMatches } from '../people/secrets.ts'
import type { Actor, Database, Transaction } from '../ports.ts'

const DEMO: Actor = { kind: 'system', part: 'demo' }
const CENTRE = 'demo-centre'
const HOME = 'home-1'

const ACCOUNTS = [
  { id: 'operator', name: '李娜', role: 'operator' },
  { id: 'operator2', name: '陈静', role: 'operator' },
  { id: 'supervisor', name: '周敏', role: 'supervisor' },
  { id: 'installer', name: '赵强', role: 'installer' },
  { id: 'family', name: '王建平', role: 'family', contact: 'contact-1' },
  { id: 'admin', name: '孙丽', role: 'admin' },
] as const

const point = (name: string, quantity: string, unit: string) => ({ point: name, quantity, unit })
const PLACEMENTS = [
  {
    id: 'bathroom-sos',
    name: '卫生间紧急按钮',
    room: '卫生间',
    profile: 'tuya/ts0215a-sos',
    points: [point('battery', 'battery-level', '%EL'), point('link-quality', 'link-quality', '/')],
  },
  {
    id: 'living-radar',
    name: '客厅跌倒雷达',
    room: '客厅',
    profile: 'seeed/mr60fda2',
    points: [point('presence', 'presence', '/'), point('fall', 'fall', '/')],
  },
  {
    id: 'meter',
    name: '电表',
    room: '门厅',
    profile: 'dlt645/single-phase',
    points: [
      point('voltage', 'electric-potential', 'V'),
      point('current', 'electric-current', 'A'),
      point('active-power', 'active-power', 'W'),
      point('active-energy', 'active-energy-import', 'kWh'),
      point('frequency', 'frequency', 'Hz'),
      point('power-factor', 'power-factor', '/'),
    ],
  },
] as const

/**
 * Numbers of no country: whoever tries the demo with a real provider must not call strangers at night.
 */
const CONTACTS = [
  { id: 'contact-1', name: '王建平', relation: '儿子', role: 'family', phone: '+99913800000001', keyHolder: true },
  { id: 'contact-2', name: '刘桂芳', relation: '邻居', role: 'neighbour', phone: '+99913800000002', keyHolder: true },
  { id: 'contact-3', name: '王建红', relation: '女儿', role: 'family', phone: '+99913800000003', keyHolder: false },
] as const

const RESPONDERS = [
  { id: 'responder-1', name: '网格员 何磊', kind: 'staff', phone: '+99913800000011' },
  { id: 'responder-2', name: '社区护士 林燕', kind: 'social-worker', phone: '+99913800000012' },
] as const

const STAFF = [
  { id: 'operator', phone: '+99913800000021' },
  { id: 'operator2', phone: '+99913800000022' },
  { id: 'supervisor', phone: '+99913800000023' },
] as const

/** Round the clock, so that an alarm of the demo reaches somebody whenever it is started. */
const SHIFTS = [
  { id: 'demo-day', kind: 'seat', who: 'operator', seat: 'demo-seat-1', from: '08:00', to: '20:00' },
  { id: 'demo-night', kind: 'seat', who: 'operator2', seat: 'demo-seat-1', from: '20:00', to: '08:00' },
  { id: 'demo-supervisor', kind: 'supervisor', who: 'supervisor', seat: null, from: '08:00', to: '08:00' },
  { id: 'demo-on-call', kind: 'on-call', who: 'supervisor', seat: null, from: '20:00', to: '08:00' },
] as const

export interface DemoOptions {
  readonly password: string
  /** Only on loopback: elsewhere a demo account is asked for a second factor it does not have. */
  readonly secondFactorExempt: boolean
}

/** An invented centre with one home and an account of each role. Idempotent; what people changed since stays. */
export async function seedDemo(database: Database, { password, secondFactorExempt }: DemoOptions): Promise<void> {
  await database.transaction(DEMO, async (tx) => {
    await tx.query(
      `insert into centre (id, name, callback) values ($1, '安居示范中心', '0571-00000000') on conflict do nothing`,
      [CENTRE],
    )
    await tx.query(
      `insert into home (id, centre, name, time_zone, address)
       values ($1, $2, '望江路 3 幢 2 单元 501', 'Asia/Shanghai', '示范市望江街道望江路 18 号 3 幢 2 单元 501 室') on conflict do nothing`,
      [HOME, CENTRE],
    )
    await tx.query(
      `insert into resident (id, centre, home, name, born_on, access, medical, language)
       values ('resident-1', $2, $1, '王秀梅', (app_now() - interval '82 years 100 days')::date,
               '单元门 2580#；钥匙盒在消防栓后，密码 4711', $3, '四川话，听力较弱') on conflict do nothing`,
      [HOME, CENTRE, ['慢阻肺，家用制氧机', '服用抗凝药', '青霉素过敏']],
    )
    for (const [index, one] of CONTACTS.entries()) {
      const fresh = await tx.query(
        `insert into contact (id, centre, home, name, relation, role, phone, key_holder, position)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning 1`,
        [one.id, CENTRE, HOME, one.name, one.relation, one.role, one.phone, one.keyHolder, index + 1],
      )
      if (fresh.length > 0) await seedWays(tx, 'contact', one)
    }
    await seedConsents(tx)
    for (const one of PLACEMENTS)
      await tx.query(
        `insert into placement (home, id, centre, name, room, profile, points) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (home, id) do update set points = excluded.points`,
        [HOME, one.id, CENTRE, one.name, one.room, one.profile, JSON.stringify(one.points)],
      )
    for (const one of RESPONDERS) {
      const fresh = await tx.query(
        `insert into responder (id, centre, name, kind, phone) values ($1, $2, $3, $4, $5) on conflict do nothing returning 1`,
        [one.id, CENTRE, one.name, one.kind, one.phone],
      )
      if (fresh.length > 0) await seedWays(tx, 'responder', one)
    }
    await seedAccounts(tx, password, secondFactorExempt)
    await seedRota(tx)
  })
}

/** What she has agreed to: her children see how her day goes, and all of them are told of alarms. One that was taken back stays so. */
async function seedConsents(tx: Transaction): Promise<void> {
  for (const { id, role } of CONTACTS)
    for (const purpose of role === 'family' ? ['alarm', 'daily-state'] : ['alarm'])
      await tx.query(
        `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, evidence)
         values ($1, $2, $3, 'resident-1', $4, 'contact', $5, app_now(), '示范数据') on conflict do nothing`,
        [`demo-consent-${id}-${purpose}`, CENTRE, HOME, purpose, id],
      )
}

/** The telephone, for messages first. */
async function seedWays(
  tx: Transaction,
  kind: 'contact' | 'responder' | 'person',
  { id, phone }: { readonly id: string; readonly phone: string },
): Promise<void> {
  await tx.query(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     select 'way-' || $3::text || '-' || channel, $1, $2, $4, $3, channel, $5, place
     from (values ('sms', 1), ('voice', 2)) as given (channel, place) on conflict do nothing`,
    [CENTRE, kind === 'contact' ? HOME : null, id, kind, phone],
  )
}

/** Together with its seat, and only then: a rota that somebody has changed is theirs. */
async function seedRota(tx: Transaction): Promise<void> {
  const fresh = await tx.query(
    `insert into seat (id, centre, name) values ('demo-seat-1', $1, '1 号坐席') on conflict do nothing returning 1`,
    [CENTRE],
  )
  if (fresh.length === 0) return
  for (const one of STAFF) await seedWays(tx, 'person', one)
  for (const one of SHIFTS)
    await tx.query(
      `insert into shift (id, centre, kind, who_kind, who, seat, days, from_time, to_time, valid_from)
       values ($1, $2, $3, 'person', $4, $5, '{1,2,3,4,5,6,7}', $6, $7, '2026-01-01') on conflict do nothing`,
      [one.id, CENTRE, one.kind, one.who, one.seat, one.from, one.to],
    )
}

async function seedAccounts(tx: Transaction, password: string, exempt: boolean): Promise<void> {
  const [known] = await tx.query<{ password: string }>('select password from person where id = $1', [ACCOUNTS[0].id])
  const stored =
    known && (await passwordMatches(password, known.password)) ? known.password : await hashPassword(password)
  for (const { id, name, role, ...is } of ACCOUNTS)
    await tx.query(
      `insert into person (id, centre, username, name, role, home, contact, password, demo, second_factor_exempt)
       values ($1, $2, $1, $3, $4, $5, $6, $7, true, $8)
       on conflict (id) do update set password = excluded.password, one_time_until = null, second_factor_exempt = excluded.second_factor_exempt,
         contact = coalesce(person.contact, excluded.contact)`,
      [id, CENTRE, name, role, role === 'family' ? HOME : null, 'contact' in is ? is.contact : null, stored, exempt],
    )
}
