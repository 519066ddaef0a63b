import type { AlarmId } from '@anju/contract'
import type { PlanBody, PlanStep } from '@anju/contract/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, HOME, identityOf, type PressOptions } from '../../../tests/harness/alarms.ts'
import type { PersonActor } from '../ports.ts'

let centre: AlarmCentre
let li: PersonActor
let chen: PersonActor
let boss: PersonActor
beforeAll(async () => {
  centre = await anAlarmCentre()
  li = centre.person('li')
  chen = centre.person('chen')
  boss = centre.person('zhou', 'supervisor')
  await centre.store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position) values ('c2', 'east', 'home-1', 'Neighbour', 'n', '3', 2)`,
  )
  await centre.store.sql(
    `update resident set medical = '{COPD}', language = 'Sichuanese' where id = 'r1'; update centre set callback = '0571-1' where id = 'east'`,
  )
})
afterAll(() => centre.close())
beforeEach(() => centre.store.sql('truncate alarm, event, timeline, live_block, idempotency, response_plan cascade'))

async function anAlarm(options: PressOptions = {}): Promise<AlarmId> {
  await centre.intake.commit([centre.press(options)])
  const [row] = await centre.store.sql<{ id: AlarmId }>(
    'select id from alarm order by received_at desc, id desc limit 1',
  )
  return row?.id as AlarmId
}
const claim = async (id: AlarmId, who = li) =>
  Number((await centre.alarms.command(who, id, { type: 'claim' })).lease?.token)
const detail = async (id: AlarmId, who = li) => (await centre.queries.detail(identityOf(who), id)).detail
const planOf = async (id: AlarmId) => (await detail(id)).plan
const states = async (id: AlarmId) =>
  Object.fromEntries((await planOf(id)).steps.map(({ id: step, state }) => [step, state]))
const disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' } as const
const close = (id: AlarmId, lease: number) =>
  centre.alarms.command(li, id, { type: 'close', lease, disposition, note: null })
const step = (
  id: AlarmId,
  lease: number,
  name: string,
  outcome: 'done' | 'skipped' | 'failed',
  note: string | null = null,
) => centre.alarms.command(li, id, { type: 'step', lease, step: name, outcome, note })

const text = { 'zh-CN': '做', en: 'do' }
const speak: PlanStep = { id: 'speak', kind: 'speak', text, required: true, completedBy: 'by-hand' }
const call: PlanStep = {
  id: 'call',
  kind: 'call-contact',
  contact: 2,
  text,
  required: true,
  completedBy: 'contact-reached',
}
const send: PlanStep = { id: 'send', kind: 'dispatch', text, required: false, completedBy: 'dispatch' }
const note: PlanStep = { id: 'write', kind: 'note', text, required: false, completedBy: 'note' }
const fire: PlanStep = {
  id: 'fire',
  kind: 'call-agency',
  agency: 'fire',
  text,
  required: false,
  completedBy: 'hand-over',
}
const end: PlanStep = { id: 'end', kind: 'close', text, required: false, completedBy: 'close' }
const aPlan = (scope: Omit<PlanBody, 'steps'>, steps: PlanStep[]) => centre.plans.put(boss, { ...scope, steps })

describe('which plan an alarm has', () => {
  test('home and type, else the type, else the class, else the standard one; contacts the home lacks are left out', async () => {
    const id = await anAlarm()
    expect((await planOf(id)).steps.map((one) => one.id)).toEqual([
      'speak',
      'contact-1',
      'contact-2',
      'dispatch',
      'ambulance',
      'note',
      'close',
    ])
    expect(await planOf(id)).toMatchObject({ source: 'standard', id: null, kept: false, current: 'speak' })
    const pressedNow = async (placement: string) => planOf(await anAlarm({ placement }))
    await aPlan({ class: 'life' }, [speak])
    expect(await pressedNow('bedroom-sos')).toMatchObject({ source: 'class', version: 1 })
    await aPlan({ type: 'sos-pressed' }, [speak])
    expect(await pressedNow('kitchen-sos')).toMatchObject({ source: 'type' })
    await aPlan({ home: HOME, type: 'sos-pressed' }, [speak])
    expect(await pressedNow('hall-sos')).toMatchObject({ source: 'home' })
    await aPlan({ home: 'home-2', type: 'sos-pressed' }, [note])
    await aPlan({ class: 'hazard' }, [note])
    expect(await pressedNow('stairs-sos')).toMatchObject({ source: 'home', steps: [{ id: 'speak' }] })
    expect(await planOf(await anAlarm({ home: 2 }))).toMatchObject({ source: 'home', steps: [{ id: 'write' }] })
    expect(await planOf(await anAlarm({ home: 3 }))).toMatchObject({ source: 'type' })
  })

  test('versions grow, also over a removal; then the next wider plan holds', async () => {
    const scope = { type: 'sos-pressed' }
    const first = await aPlan(scope, [speak])
    expect(await aPlan(scope, [speak, note])).toMatchObject({ id: first.id, version: 2 })
    await centre.plans.remove(boss, first.id)
    expect((await centre.plans.list(boss, undefined)).items).toEqual([])
    expect(await planOf(await anAlarm())).toMatchObject({ source: 'standard' })
    await expect(centre.plans.remove(boss, first.id)).rejects.toMatchObject({ code: 'plan-unknown' })
    expect(await aPlan(scope, [speak])).toMatchObject({ id: first.id, version: 4 })
  })

  test('a plan is written for one’s own homes, and read by nobody of another centre', async () => {
    await expect(aPlan({ home: 'home-99', type: 'smoke' }, [speak])).rejects.toMatchObject({ code: 'home-unknown' })
    const { id } = await aPlan({ class: 'life' }, [speak])
    const stranger: PersonActor = { ...boss, centre: 'west' as never }
    expect((await centre.plans.list(stranger, undefined)).items).toEqual([])
    await expect(centre.plans.remove(stranger, id)).rejects.toMatchObject({ code: 'plan-unknown' })
    expect((await centre.plans.list(boss, undefined)).items).toHaveLength(1)
  })

  test('opening an alarm writes no plan; the first claim takes the copy, and an edit leaves it alone', async () => {
    const copies = () => centre.store.sql<{ alarm: string }>('select alarm from plan_run')
    await aPlan({ class: 'life' }, [speak])
    await aPlan({ class: 'life' }, [speak, note])
    const id = await anAlarm()
    expect(await copies()).toEqual([])
    expect(await planOf(id)).toMatchObject({ kept: false, version: 2 })
    const lease = await claim(id)
    expect(await copies()).toEqual([{ alarm: id }])
    await aPlan({ class: 'life' }, [call])
    await centre.alarms.command(li, id, { type: 'release', lease })
    await claim(id, chen)
    expect(await planOf(id)).toMatchObject({ kept: true, version: 2, steps: [{ id: 'speak' }, { id: 'write' }] })
    expect(await planOf(await anAlarm({ home: 2 }))).toMatchObject({ kept: false, version: 3 })
  })

  test('a takeover of an alarm that nobody had takes the copy, too', async () => {
    const id = await anAlarm()
    await centre.alarms.command(boss, id, { type: 'takeover', reason: 'nobody is there' })
    expect(await planOf(id)).toMatchObject({ kept: true })
  })

  test('an alarm that was claimed before there were plans begins one with its next act', async () => {
    const id = await anAlarm()
    const lease = await claim(id)
    await centre.store.sql('delete from plan_run')
    await centre.alarms.command(li, id, { type: 'note', lease, text: 'x' })
    expect(await states(id)).toMatchObject({ speak: 'open', note: 'done' })
  })
})

describe('following it', () => {
  test('a close is refused until what is required is done or skipped with a reason; nothing of the refused one stays', async () => {
    await aPlan({ class: 'life' }, [speak, call, send, end])
    const id = await anAlarm()
    const lease = await claim(id)
    await expect(close(id, lease)).rejects.toMatchObject({
      code: 'plan-incomplete',
      detail: {
        steps: [
          { id: 'speak', text },
          { id: 'call', text },
        ],
      },
    })
    expect(await detail(id)).toMatchObject({ handling: 'claimed', plan: { current: 'speak' } })
    await step(id, lease, 'speak', 'done')
    await centre.alarms.command(li, id, { type: 'contact', lease, contact: 'c2', reached: false, outcome: 'busy' })
    await expect(close(id, lease)).rejects.toMatchObject({
      code: 'plan-incomplete',
      detail: { steps: [{ id: 'call' }] },
    })
    await expect(step(id, lease, 'call', 'skipped')).rejects.toThrow(/^note:/)
    await step(id, lease, 'call', 'skipped', 'she is on her way already')
    expect((await close(id, lease)).alarm.handling).toBe('closed')
    expect(await planOf(id)).toMatchObject({
      current: 'send',
      steps: [
        { state: 'done', by: 'li' },
        { state: 'skipped', note: 'she is on her way already' },
        { state: 'open' },
        { state: 'done' },
      ],
    })
    await centre.alarms.command(li, id, { type: 'undo-close' })
    expect(await states(id)).toMatchObject({ end: 'open', speak: 'done' })
  })

  test('a technical alarm is never held up by its plan', async () => {
    await aPlan({ class: 'technical' }, [speak, end])
    const id = await anAlarm({ class: 'technical', type: 'battery-low' })
    expect((await close(id, await claim(id))).alarm.handling).toBe('closed')
  })

  test('a call, a dispatch and a note complete their steps by themselves, and an outcome goes on to the next contact', async () => {
    const first: PlanStep = { ...call, id: 'first', contact: 1, completedBy: 'contact-tried' }
    await aPlan({ class: 'life' }, [first, call, send, note, end])
    const id = await anAlarm()
    const lease = await claim(id)
    const contact = (who: string, reached: boolean) =>
      centre.alarms.command(li, id, {
        type: 'contact',
        lease,
        contact: who,
        reached,
        outcome: reached ? 'reached' : 'no-answer',
      })
    await contact('c1', false)
    expect(await planOf(id)).toMatchObject({
      current: 'call',
      steps: [{ state: 'done', note: 'no-answer' }, {}, {}, {}, {}],
    })
    await contact('c2', false)
    expect(await states(id)).toMatchObject({ call: 'failed' })
    await contact('c2', true)
    await centre.alarms.command(li, id, { type: 'dispatch', lease, responder: 'n1' })
    await centre.alarms.command(li, id, { type: 'note', lease, text: 'x' })
    await close(id, lease)
    expect(await states(id)).toEqual({ first: 'done', call: 'done', send: 'done', write: 'done', end: 'done' })
  })

  test('a stale lease, another seat and an unknown step are refused, and change nothing', async () => {
    await aPlan({ class: 'life' }, [speak])
    const id = await anAlarm()
    const old = await claim(id)
    await centre.alarms.command(li, id, { type: 'release', lease: old })
    const lease = await claim(id)
    await expect(step(id, old, 'speak', 'done')).rejects.toMatchObject({ code: 'lease-stale' })
    await expect(
      centre.alarms.command(chen, id, { type: 'step', lease, step: 'speak', outcome: 'done', note: null }),
    ).rejects.toMatchObject({ code: 'lease-stale', detail: { owner: { personId: 'li' } } })
    await expect(centre.alarms.command(li, id, { type: 'manual', lease: old, reason: 'x' })).rejects.toMatchObject({
      code: 'lease-stale',
    })
    await expect(step(id, lease, 'dance', 'done')).rejects.toMatchObject({ code: 'step-unknown' })
    expect(await states(id)).toEqual({ speak: 'open' })
    expect(await centre.store.sql('select 1 from plan_defect')).toEqual([])
  })

  test('leaving the plan lifts what it requires, and is one ticket for the supervisor, who settles it', async () => {
    await aPlan({ home: HOME, type: 'sos-pressed' }, [speak, call])
    const id = await anAlarm()
    const lease = await claim(id)
    await step(id, lease, 'speak', 'failed', 'the line is dead')
    const leave = () => centre.alarms.command(li, id, { type: 'manual', lease, reason: 'the number belongs to nobody' })
    await leave()
    await expect(leave()).rejects.toMatchObject({ code: 'transition-refused' })
    expect(await planOf(id)).toMatchObject({
      current: null,
      manual: { by: 'li', reason: 'the number belongs to nobody' },
    })
    expect((await close(id, lease)).alarm.handling).toBe('closed')
    const { items } = await centre.plans.defects(boss, false, undefined)
    expect(items).toMatchObject([
      {
        alarmId: id,
        homeName: 'Home 1',
        source: 'home',
        planVersion: 1,
        reason: 'the number belongs to nobody',
        by: 'li',
        steps: [
          { id: 'speak', state: 'failed', note: 'the line is dead' },
          { id: 'call', state: 'open' },
        ],
        settled: null,
      },
    ])
    const ticket = items[0]?.id ?? ''
    const stranger: PersonActor = { ...boss, centre: 'west' as never }
    expect((await centre.plans.defects(stranger, false, undefined)).items).toEqual([])
    await expect(centre.plans.settle(stranger, ticket, 'x')).rejects.toMatchObject({ code: 'plan-unknown' })
    expect(await centre.plans.settle(boss, ticket, 'number corrected')).toMatchObject({
      settled: { by: 'zhou', note: 'number corrected' },
    })
    await expect(centre.plans.settle(boss, ticket, 'again')).rejects.toMatchObject({ code: 'transition-refused' })
    expect((await centre.plans.defects(boss, false, undefined)).items).toEqual([])
    expect((await centre.plans.defects(boss, true, undefined)).items).toHaveLength(1)
    expect((await detail(id)).timeline.map(({ kind }) => kind)).toEqual([
      'raised',
      'claimed',
      'step-failed',
      'plan-left',
      'closed',
    ])
  })
})

const tell = (id: AlarmId, lease: number, agency: 'fire' | 'market-supervision', onTheWay = false) =>
  centre.alarms.command(li, id, { type: 'hand-over', lease, agency, note: 'smells of gas', onTheWay })

describe('outside agencies', () => {
  test('the exact text is kept; the way in is shown to who holds the alarm; nobody’s ownership and no rung changes', async () => {
    await aPlan({ class: 'life' }, [fire, end])
    const id = await anAlarm()
    const lease = await claim(id)
    const { alarm, handover } = await tell(id, lease, 'fire')
    expect(alarm).toMatchObject({ owner: { personId: 'li' }, ladder: { L5: null } })
    expect(handover?.text.en).toContain('Way in: 4711#')
    expect(handover?.text.en).toContain('Medical: COPD')
    expect(handover?.text['zh-CN']).toContain('回拨：0571-1（East，li）')
    expect(handover?.text.en).toContain(id)
    const [row] = await centre.store.sql<{ text: { en: string }; person: string }>(
      'select text, person from agency_handover',
    )
    expect(row).toMatchObject({ person: 'li', text: handover?.text })
    expect(await states(id)).toEqual({ fire: 'done', end: 'open' })
    expect((await detail(id)).handovers).toEqual([handover])
    const seen = await detail(id, chen)
    expect(seen.handovers[0]?.text.en).toContain('Way in: ••••')
    expect(JSON.stringify(seen)).not.toContain('4711#')
    const family = await centre.queries.detail(identityOf(centre.person('son', 'family'), HOME), id)
    expect(family.detail).toMatchObject({ handovers: [], plan: { steps: [] } })
  })

  test('who does not enter is told no way in, nor what is medical', async () => {
    const id = await anAlarm()
    const { handover } = await tell(id, await claim(id), 'market-supervision')
    expect(JSON.stringify(handover?.text)).not.toMatch(/4711|COPD/)
  })

  test('only a responder on the way is L5, said by who holds the alarm', async () => {
    const id = await anAlarm()
    const lease = await claim(id)
    const { handover } = await tell(id, lease, 'fire')
    const said = { handover: handover?.id ?? '', caseNumber: 'A-17', outcome: null }
    await expect(centre.alarms.command(chen, id, { type: 'agency-on-way', lease, ...said })).rejects.toMatchObject({
      code: 'lease-stale',
    })
    expect((await detail(id)).handovers[0]).toMatchObject({ onTheWay: false, caseNumber: null })
    const { alarm } = await centre.alarms.command(li, id, { type: 'agency-on-way', lease, ...said })
    expect(alarm.ladder.L5).not.toBeNull()
    expect((await detail(id)).handovers[0]).toMatchObject({ onTheWay: true, caseNumber: 'A-17' })
    const second = await anAlarm({ home: 2 })
    expect((await tell(second, await claim(second), 'fire', true)).alarm.ladder.L5).not.toBeNull()
  })

  test('a case number and an outcome come later, to anybody, also of a closed alarm; not of another alarm’s handover', async () => {
    const id = await anAlarm()
    const lease = await claim(id)
    const { handover } = await tell(id, lease, 'fire')
    await close(id, lease)
    const answer = (of: AlarmId, caseNumber: string | null, outcome: string | null) =>
      centre.alarms.command(chen, of, { type: 'agency-answer', handover: handover?.id ?? '', caseNumber, outcome })
    await answer(id, 'B-2', null)
    const { handover: told } = await answer(id, null, 'put out')
    expect(told).toMatchObject({ caseNumber: 'B-2', outcome: 'put out', onTheWay: false })
    expect(told?.text.en).toContain('Way in: ••••')
    expect(await detail(id)).toMatchObject({ handling: 'closed', ladder: { L5: null } })
    await expect(answer(await anAlarm({ home: 2 }), 'x', null)).rejects.toMatchObject({ code: 'handover-unknown' })
  })
})
