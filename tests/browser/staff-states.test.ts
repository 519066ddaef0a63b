import type { Colleague, Responder, Role, Seat, Shift } from '@anju/contract/api'
import type { Browser, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, desk, needsChromium, phone } from './console.ts'
import { aScriptedCentre, type ScriptedCentre } from './scripted-centre.ts'

/** What a page of the centre's people shows while it is read, when nobody is there, when there are hundreds, and when it cannot be read. */
let browser: Browser
let centre: ScriptedCentre
let seat: Console

beforeAll(async () => {
  if (findChromium() !== undefined) browser = await aBrowser()
})
afterAll(async () => browser?.close())
beforeEach(needsChromium)
afterEach(async () => {
  await seat?.close()
  await centre?.stop()
})

interface People {
  readonly responders?: readonly Responder[]
  readonly people?: readonly Colleague[]
  readonly seats?: readonly Seat[]
  readonly shifts?: readonly Shift[]
}
const responder = (n: number): Responder => ({
  id: `r${n}`,
  version: 1,
  name: `Nurse ${String(n).padStart(3, '0')}`,
  phone: '',
  kind: 'volunteer',
  zone: '',
  language: 'zh-CN',
  hours: null,
  organisation: '',
  ways: [],
})

const aWay = (id: string, channel: 'sms' | 'push') => ({ id, channel, address: id, lastProvenOn: null, dead: null })

const dayShift = (id: string, validFrom: string, validTo: string | null): Shift => ({
  id,
  version: 1,
  kind: 'supervisor',
  who: { kind: 'person', id: 'zhou', name: 'Zhou' },
  seat: null,
  days: [1, 2, 3, 4, 5, 6, 7],
  from: '08:00',
  to: '20:00',
  timeZone: 'Asia/Shanghai',
  validFrom,
  validTo,
  onDuty: false,
})

/** A seat of the scripted centre, whose lists of people are the test's. */
async function aSeat(lists: People, role: Role = 'supervisor', viewport = desk): Promise<void> {
  centre = await aScriptedCentre({ role })
  seat = await aConsole(browser, centre.url, { viewport, locale: 'en' })
  for (const [path, items] of Object.entries({ responders: [], people: [], seats: [], shifts: [], ...lists }))
    await answer(path, (route) => route.fulfill({ json: { items, nextCursor: null } }))
  await seat.logIn('zhou', 'whatever')
  if (role !== 'admin') await seat.startShift()
}
const answer = (path: string, by: (route: Route) => Promise<void>) => seat.page.route(`**/api/v1/${path}`, by)
const part = (name: string) => seat.page.locator(`[data-staff-part=${name}]`)
const staff = () => seat.page.locator('[data-staff]')

test.for([
  { role: 'supervisor', viewport: desk },
  { role: 'admin', viewport: phone },
] as const)('with nobody and nothing planned, each list says what that means: $role', async ({ role, viewport }) => {
  await aSeat({}, role, viewport)
  const read = async (name: string, says: string) => {
    await part(name).press('Enter')
    await expect.poll(() => staff().innerText()).toContain(says)
    expect(await seat.axe()).toEqual([])
    expect(await seat.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
  }
  // Nothing is read of anybody before it is asked for.
  expect(centre.asked.filter((one) => /people|responders|shifts/.test(one))).toEqual([])
  await read('shifts', 'No shifts are planned')
  await read('responders', 'nobody can be sent')
  await read('colleagues', 'Nobody has an account')
  expect(seat.complaints).toEqual([])
})

test('a list that is slow says that it is coming; one that cannot be read says so, and reads again when it is asked for', async () => {
  await aSeat({})
  const held = Promise.withResolvers<void>()
  await answer('responders', async (route) => {
    await held.promise
    await route.fulfill({ status: 403, json: { code: 'forbidden', status: 403, title: 'forbidden' } })
  })
  await part('responders').press('Enter')
  await staff().getByText('Loading…').waitFor()
  held.resolve()
  await expect
    .poll(() => staff().locator('[role=alert]').allInnerTexts(), { timeout: 10_000 })
    .toEqual(['Your role may not do that.'])
  await answer('responders', (route) => route.fulfill({ json: { items: [responder(1)], nextCursor: null } }))
  await part('responders').press('Enter')
  await part('responders').press('Enter')
  await staff().locator('[data-responder=r1]').waitFor()
  expect(await staff().locator('[role=alert]').count()).toBe(0)
})

test('of hundreds fifty are drawn at once, and a word finds the one that is sought', async () => {
  await aSeat({ responders: Array.from({ length: 300 }, (_, n) => responder(n)) })
  await part('responders').press('Enter')
  const rows = staff().locator('[data-responder]')
  await expect.poll(() => rows.count()).toBe(50)
  await staff().locator('[data-action=more]').press('Enter')
  await expect.poll(() => rows.count()).toBe(100)
  await staff().locator('input[type=search]').fill('nurse 277')
  await expect.poll(() => rows.count()).toBe(1)
  await staff().locator('input[type=search]').fill('nobody')
  await staff().getByText('Nobody was found.').waitFor()
})

test('a number that died is told with its day and its reason, and a test of it says that it went', async () => {
  const way = { id: 'w1', channel: 'sms', address: '13800000001', lastProvenOn: null } as const
  const dead = { since: '2026-03-04T08:00:00.000Z', why: 'UNKNOWN_SUBSCRIBER' }
  await aSeat({ responders: [{ ...responder(1), ways: [{ ...way, dead }] }] })
  await part('responders').press('Enter')
  const line = staff().locator('[data-way=w1]')
  await expect.poll(() => line.innerText()).toContain('dead since 2026-03-04 UNKNOWN_SUBSCRIBER')
  await answer('responders/r1/ways/w1/test', (route) =>
    route.fulfill({ status: 202, json: { notificationId: 'notification-1' } }),
  )
  await line.locator('[data-action=test-way]').press('Enter')
  await line.locator('[data-said=sent]').waitFor()
  expect(await line.innerText()).toContain('counts as proven once they open it')

  // That it works again is not noted by one press.
  let proofs = 0
  await answer('responders/r1/ways/w1/prove', async (route) => {
    proofs++
    await route.fulfill({ json: responder(1) })
  })
  await line.locator('[data-action=prove-way]').press('Enter')
  await line.getByText('Only when Nurse 001 has answered there just now.').waitFor()
  expect(await seat.axe()).toEqual([])
  expect(proofs).toBe(0)
  await line.locator('[data-action=confirm-prove-way]').press('Enter')
  await expect.poll(() => proofs).toBe(1)
})

test('where somebody goes is told by the name of the place, and a code that is no place is told as one', async () => {
  await aSeat({
    responders: [
      { ...responder(1), zone: '110105' },
      { ...responder(2), zone: '99' },
    ],
  })
  await answer('areas/*', (route) =>
    route.request().url().endsWith('/areas/110105000000')
      ? route.fulfill({ json: { name: '朝阳区', ancestors: [{ name: '北京市' }] } })
      : route.fulfill({ status: 404, json: { code: 'area-unknown', status: 404, title: 'x' } }),
  )
  await part('responders').press('Enter')
  await expect.poll(() => staff().locator('[data-zone="110105"]').innerText()).toBe('110105 北京市 朝阳区')
  await expect.poll(() => staff().locator('[data-zone="99"]').innerText()).toBe('99 no such area')
})

test('keys that are the queue’s wait while a form is open, and an Escape does not lose what was typed', async () => {
  await aSeat({ responders: [responder(1)] })
  centre.raise()
  await part('responders').press('Enter')
  await staff().locator('[data-responder=r1] [data-action=edit]').press('Enter')
  await seat.page.locator('[data-field=name]:focus').waitFor()
  await seat.page.keyboard.type(' and more')
  await seat.page.locator('[role=dialog] [data-action=add-way]').focus()
  await seat.press('j', '?')
  expect(await seat.page.locator('[data-dialog=responder] [role=dialog]').count()).toBe(1)
  expect(await seat.page.locator('[role=dialog]').count()).toBe(1)
  await seat.press('Escape')
  await seat.page.locator('[data-action=go-on]:focus').waitFor()
  await seat.press('Escape')
  expect(await seat.page.locator('[data-field=name]').inputValue()).toBe('Nurse 001 and more')
  await seat.press('Escape')
  await seat.page.locator('[data-action=discard]').press('Enter')
  await expect.poll(() => seat.page.locator('[role=dialog]').count()).toBe(0)
  await seat.page.locator('[data-responder=r1] [data-action=edit]:focus').waitFor()
  // Now they are the queue's again.
  await seat.press('j')
  await seat.incident().waitFor()
})

test('an alarm that rings behind a form is told there, silenced and taken, and what was typed is there afterwards', async () => {
  await aSeat({ responders: [responder(1)] })
  await part('responders').press('Enter')
  await staff().locator('[data-responder=r1] [data-action=edit]').press('Enter')
  await seat.page.locator('[data-field=name]:focus').waitFor()
  await seat.page.keyboard.type(' and more')
  const { id } = centre.raise()
  const form = seat.page.locator('[data-dialog=responder] [role=dialog]')
  await form.locator('[data-waiting="1"]').waitFor()
  expect(await seat.axe()).toEqual([])
  await seat.page.locator(`[data-sounding="${id}"]`).waitFor()
  // A letter of a name is a letter; outside the fields it is a command.
  await seat.press('m')
  expect(await seat.page.locator('[data-field=name]').inputValue()).toBe('Nurse 001 and morem')
  await form.locator('[data-action=add-way]').focus()
  await seat.press('m')
  await seat.page.locator(`[data-sounding="${id}"]`).waitFor({ state: 'detached' })

  await form.locator('[data-action=to-alarm]').press('Enter')
  await seat.incident().waitFor()
  await form.waitFor({ state: 'hidden' })
  await seat.page.locator(`[data-row="${id}"]:focus`).waitFor()
  await seat.press('Enter')
  await expect.poll(() => centre.asked).toContain(`POST /alarms/${id}/claim`)
  expect(await seat.axe()).toEqual([])

  await seat.page.locator('[data-action=leave-alarm]').press('Enter')
  await form.waitFor()
  await seat.incident().waitFor({ state: 'detached' })
  expect(await seat.page.locator('[data-field=name]').inputValue()).toBe('Nurse 001 and morem')
  await form.locator('[data-waiting="0"]').waitFor({ state: 'attached' })
})

test('a number is added to what a colleague has by now: who is told of a browser that was turned on meanwhile keeps it', async () => {
  const li: Colleague = { id: 'li', version: 1, name: 'Li', role: 'operator', ways: [aWay('w1', 'sms')] }
  await aSeat({ people: [li] })
  const now: Colleague = { ...li, version: 2, ways: [...li.ways, aWay('w2', 'push')] }
  const written: unknown[] = []
  await answer('people/li/ways', async (route) => {
    written.push(route.request().postDataJSON())
    const changed = { version: 2, by: 'Li', at: '2026-03-02T00:00:00.000Z' }
    if (written.length > 1) await route.fulfill({ json: now })
    else await route.fulfill({ status: 409, json: { code: 'person-changed', changed } })
  })
  await part('colleagues').press('Enter')
  await staff().locator('[data-colleague=li] [data-action=edit]').press('Enter')
  await seat.page.locator('[role=dialog] [data-action=add-way]').press('Enter')
  await seat.page.locator('[data-field="ways/new-1"]').fill('13800000002')
  await answer('people', (route) => route.fulfill({ json: { items: [now], nextCursor: null } }))
  await seat.page.locator('[role=dialog] [data-action=save]').press('Enter')
  await seat.page.locator('[data-changed] [data-action=look-at-theirs]:focus').waitFor()
  expect(await seat.page.locator('[data-changed] [role=alert]').innerText()).toMatch(
    /^Li has changed this meanwhile, at /,
  )
  expect(await seat.axe()).toEqual([])
  await seat.page.locator('[data-action=write-over]').press('Enter')
  await seat.page.locator('[role=dialog]').waitFor({ state: 'detached' })
  const mine = { channel: 'voice', address: '13800000002' }
  expect(written).toEqual([
    { ways: [{ id: 'w1' }, mine], writtenFrom: 1 },
    { ways: [{ id: 'w1' }, mine, { id: 'w2' }], writtenFrom: 2 },
  ])
  await staff().locator('[data-colleague=li] [data-way=w2]').waitFor()
})

test('while homes are taken in, the focus stays, and the page asks before it is closed, also beside an alarm', async () => {
  await aSeat({})
  const report = { dryRun: true, rows: 2, created: 2, changed: 0, unchanged: 0, bad: 0, problems: [], problemCount: 0 }
  const taken = Promise.withResolvers<void>()
  await answer('imports/households**', async (route) => {
    const dryRun = route.request().url().endsWith('true')
    if (!dryRun) await taken.promise
    await route.fulfill({ json: { ...report, dryRun } })
  })
  const closes = () => seat.page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")
  await part('households').press('Enter')
  const file = { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b') }
  await seat.page.locator('#import-file').setInputFiles(file)
  await staff().locator('[data-action=dry-run]').press('Enter')
  await staff().locator('[data-action=take-in]').press('Enter')
  await staff().locator('progress').waitFor()
  await staff().locator('[data-action=take-in][aria-disabled=true]:focus').waitFor()
  const { id } = centre.raise()
  await seat.row(id).locator('button').click()
  await seat.incident().waitFor()
  expect(await closes()).toBe(false)
  taken.resolve()
  await expect.poll(closes).toBe(true)
  centre.change(id, { handling: 'closed' })
  await staff().locator('[data-report=taken-in]').waitFor()
})

test('a plan that has run out and one that has not begun say so, and neither counts as somebody being there', async () => {
  await aSeat({
    shifts: [
      dayShift('old', '2020-01-01', '2020-12-31'),
      dayShift('next', '2090-01-01', null),
      dayShift('now', '2020-01-01', null),
    ],
  })
  await part('shifts').press('Enter')
  const row = (id: string) => staff().locator(`[data-shift=${id}]`)
  await row('now').waitFor()
  expect(await row('old').getAttribute('data-in-force')).toBe('over')
  expect(await row('old').innerText()).toContain('over')
  expect(await row('next').innerText()).toContain('not begun yet')
  expect(await row('now').getAttribute('data-in-force')).toBe('now')
  const nights = staff().locator('[data-group=supervisor] [data-holes="7"]')
  expect(await nights.innerText()).toContain('Mon 20:00–Tue 08:00')
  expect(await nights.innerText()).toContain('2 more')
})

test('an operator is not shown the people of the centre', async () => {
  await aSeat({}, 'operator')
  await seat.page.locator('[data-link=live]').first().waitFor()
  expect(await staff().count()).toBe(0)
})
