import { readFile } from 'node:fs/promises'
import type { AlarmId } from '@anju/contract'
import type { PlanBody, PlanStep } from '@anju/contract/api'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, HOME, identityOf, type PressOptions } from '../../../tests/harness/alarms.ts'
import type { PersonActor } from '../ports.ts'

let centre: AlarmCentre
let li: PersonActor
let boss: PersonActor
beforeAll(async () => {
  centre = await anAlarmCentre()
  li = centre.person('li')
  boss = centre.person('zhou', 'supervisor')
})
afterAll(() => centre.close())
beforeEach(() => centre.store.sql('truncate alarm, event, timeline, live_block, idempotency, response_plan cascade'))

const aStep = (id: string): PlanStep => ({
  id,
  kind: 'speak',
  text: { 'zh-CN': id, en: id },
  required: false,
  completedBy: 'by-hand',
})
const [short, long] = [[aStep('speak')], [aStep('speak'), aStep('ask-again')]]
const life = { class: 'life' } as const

/** A second later than all that was before. */
async function writes(scope: Omit<PlanBody, 'steps'>, steps: PlanStep[]) {
  await centre.store.passes(1_000)
  return centre.plans.put(boss, { ...scope, steps })
}
async function removes(id: string) {
  await centre.store.passes(1_000)
  await centre.plans.remove(boss, id)
}
async function opened(options: PressOptions = {}): Promise<AlarmId> {
  await centre.store.passes(1_000)
  await centre.intake.commit([centre.press(options)])
  const [row] = await centre.store.sql<{ id: AlarmId }>(
    'select id from alarm order by received_at desc, id desc limit 1',
  )
  return row?.id as AlarmId
}
/** Before anybody took it, and then as its copy: the page must not show one plan and give another. */
async function planTaken(id: AlarmId) {
  const planOf = async () => {
    const { plan } = (await centre.queries.detail(identityOf(li), id)).detail
    return { source: plan.source, version: plan.version, steps: plan.steps.map((step) => step.id), kept: plan.kept }
  }
  const shown = await planOf()
  await centre.alarms.command(li, id, { type: 'claim' })
  expect({ ...shown, kept: true }).toEqual(await planOf())
  return shown
}
const standard = { source: 'standard', version: null }

describe('between the opening of an alarm and its first claim', () => {
  test('a plan is changed: the alarm keeps what held when it was opened, and the next one has the new', async () => {
    await writes(life, short)
    const before = await opened()
    await writes(life, long)
    expect(await planTaken(before)).toMatchObject({ source: 'class', version: 1, steps: ['speak'] })
    expect(await planTaken(await opened({ home: 2 }))).toMatchObject({ version: 2, steps: ['speak', 'ask-again'] })
  })

  test('a plan is removed: the alarm still has it, and the next one has none of it', async () => {
    const { id } = await writes(life, short)
    const before = await opened()
    await removes(id)
    expect(await planTaken(before)).toMatchObject({ source: 'class', version: 1, steps: ['speak'] })
    expect(await planTaken(await opened({ home: 2 }))).toMatchObject(standard)
  })

  test('a plan is written where there was none, for it or closer to it: the alarm goes without', async () => {
    const before = await opened()
    await writes(life, short)
    const between = await opened({ home: 2 })
    await writes({ home: 'home-2', type: 'sos-pressed' }, long)
    expect(await planTaken(before)).toMatchObject(standard)
    expect(await planTaken(between)).toMatchObject({ source: 'class', version: 1 })
  })

  test('a removed plan is written anew: what was opened while there was none has none', async () => {
    const { id } = await writes(life, short)
    await removes(id)
    const between = await opened()
    await writes(life, long)
    expect(await planTaken(between)).toMatchObject(standard)
    expect(await planTaken(await opened({ home: 2 }))).toMatchObject({ source: 'class', version: 3 })
  })
})

test('an alarm that becomes graver before anybody took it is worked by the plan of what it is, as it held at its opening', async () => {
  await writes({ class: 'technical' }, short)
  await writes(life, long)
  const id = await opened({ type: 'of-its-own-kind', class: 'technical' })
  await writes(life, [aStep('too-late')])
  await centre.intake.commit([centre.press({ type: 'of-its-own-kind', class: 'life' })])
  expect(await planTaken(id)).toMatchObject({ source: 'class', version: 1, steps: ['speak', 'ask-again'] })
})

test('one that becomes graver in somebody’s hands keeps the plan they are following', async () => {
  await writes({ class: 'technical' }, short)
  await writes(life, long)
  const id = await opened({ type: 'of-its-own-kind', class: 'technical' })
  expect(await planTaken(id)).toMatchObject({ steps: ['speak'] })
  await centre.intake.commit([centre.press({ type: 'of-its-own-kind', class: 'life' })])
  expect(await planTaken(id)).toMatchObject({ kept: true, steps: ['speak'] })
})

const versionsSeenBy = (actor: PersonActor) =>
  centre.database.transaction(actor, (tx) => tx.query('select version from plan_version'))
test('what held is kept by centre: another centre sees nothing of it', async () => {
  await writes({ home: HOME, type: 'sos-pressed' }, short)
  expect(await versionsSeenBy(boss)).toHaveLength(1)
  expect(await versionsSeenBy({ ...boss, centre: 'west' as never })).toEqual([])
})

test('plans of before versions were kept hold for what was open then, and the removed ones do not', async () => {
  await writes(life, short)
  const before = await opened()
  await writes(life, long)
  await writes({ type: 'smoke' }, short)
  await removes((await writes({ type: 'sos-pressed' }, short)).id)
  await centre.store.sql('truncate plan_version')
  await bringsAlong('0041-plan-versions.sql')
  const brought = await centre.store.sql(
    `select coalesce(type, class) as about, plan_version.steps is null as removed
     from plan_version join response_plan on id = plan order by id`,
  )
  expect(brought).toEqual([
    { about: 'life', removed: false },
    { about: 'smoke', removed: false },
    { about: 'sos-pressed', removed: true },
  ])
  expect(await planTaken(before)).toMatchObject({ source: 'class', version: 2, steps: ['speak', 'ask-again'] })
})

/** What this migration does with the rows it finds, as the role that migrates. */
async function bringsAlong(file: string): Promise<void> {
  const sql = await readFile(new URL(`../database/migrations/${file}`, import.meta.url), 'utf8')
  const owner = new Client({ connectionString: centre.store.ownerUrl })
  await owner.connect()
  try {
    await owner.query(`begin; ${sql.slice(sql.indexOf('set local'))}; commit`)
  } finally {
    await owner.end()
  }
}
