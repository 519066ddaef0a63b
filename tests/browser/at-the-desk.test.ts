import type { AlarmDetail, EscalationView } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { slowness } from '../harness/wait.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, desk, needsChromium, phone } from './console.ts'
import { aScriptedCentre, type ScriptedCentre } from './scripted-centre.ts'

/** What somebody at night must see without looking for it: what comes next, what is silenced, when what was parked returns. */
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

const zh = { locale: 'zh-CN', viewport: desk } as const
const en = { locale: 'en', viewport: phone } as const
type Where = typeof zh | typeof en

async function aSeat(where: Where, says: (detail: AlarmDetail) => Partial<AlarmDetail> = () => ({})): Promise<void> {
  centre = await aScriptedCentre({ says })
  seat = await aConsole(browser, centre.url, where)
  await seat.logIn('operator', 'whatever')
  await seat.startShift()
  await seat.page.locator('[data-link=live]').first().waitFor()
}
const fits = async ({ viewport }: Where) => {
  expect(await seat.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
  expect(await seat.axe()).toEqual([])
}
const step = (inMs: number, more: Partial<EscalationView> = {}): EscalationView => ({
  track: 'centre',
  state: 'running',
  round: 1,
  step: 1,
  steps: 3,
  next: { at: new Date(Date.now() + inMs).toISOString(), targets: [{ to: 'supervisors' }], channels: ['console'] },
  ...more,
})

test.for([
  [zh, /接下来自动：中心 → 班长 00:00:[0-5]\d/],
  [en, /Next by itself: Centre → supervisor 00:00:[0-5]\d/],
] as const)('what comes next by itself is counted down in sight, the soonest of all', async ([where, words]) => {
  await aSeat(where, () => ({ escalation: [step(600_000, { track: 'long-lie' }), step(50_000)] }))
  const { id } = centre.raise()
  await seat.row(id).locator('button').click()
  const next = seat.page.locator('[data-next-step]')
  await expect.poll(() => next.innerText()).toMatch(words)
  const box = await next.boundingBox()
  expect((box?.y ?? 9_999) + (box?.height ?? 0)).toBeLessThan(where.viewport.height)
  await fits(where)
  centre.change(id, { handling: 'closed', closedAt: new Date().toISOString() }, 'closed')
  await next.waitFor({ state: 'detached' })
})

test('a step whose time has come is looked up by itself: the first one is no change of the alarm', async () => {
  await aSeat(zh, () => ({ escalation: [step(500)] }))
  const { id } = centre.raise()
  await seat.row(id).locator('button').click()
  const reads = () => centre.asked.filter((one) => one === `GET /alarms/${id}`).length
  await expect.poll(reads, { timeout: 10_000 * slowness }).toBeGreaterThan(2)
})

test.for([
  [zh, /已静音，\d+ 秒后再响/],
  [en, /Silenced, sounds again in \d+ s/],
] as const)('who silenced an alarm sees when it sounds again; a further press ends it', async ([where, words]) => {
  await aSeat(where)
  const { id } = centre.raise()
  await seat.page.locator(`[data-sounding="${id}"]`).waitFor()
  await seat.row(id).locator('button').click()
  await seat.press('m')
  const silenced = seat.page.locator(`[data-silenced="${id}"]`)
  await expect.poll(() => silenced.innerText()).toMatch(words)
  const left = async () => Number(/\d+/.exec(await silenced.innerText())?.[0])
  const before = await left()
  expect(before).toBeLessThanOrEqual(30)
  await expect.poll(left).toBeLessThan(before)
  await fits(where)
  centre.change(id, { occurrences: 2 })
  await silenced.waitFor({ state: 'detached' })
  await seat.page.locator(`[data-sounding="${id}"]`).waitFor({ state: 'attached' })
})

test.for([
  [zh, /00:09:\d\d 后返回/],
  [en, /returns in 00:09:\d\d/],
] as const)('a parked alarm says in the queue when it returns', async ([where, words]) => {
  await aSeat(where)
  const { id } = centre.raise({ handling: 'parked', parkedUntil: new Date(Date.now() + 595_000).toISOString() })
  await expect.poll(() => seat.row(id).innerText()).toMatch(words)
  await fits(where)
})

test('a closed alarm tells on one clock when it began and when it ended, and how long that took', async () => {
  const closedAt = new Date(Date.now() - 60_000)
  const receivedAt = new Date(closedAt.getTime() - 125_000).toISOString()
  await aSeat(zh)
  await seat.page.waitForFunction("Intl.DateTimeFormat().resolvedOptions().timeZone !== 'Asia/Shanghai'")
  const { id } = centre.raise({ receivedAt, firstAt: receivedAt })
  await seat.row(id).locator('button').click()
  centre.change(
    id,
    {
      handling: 'closed',
      closedAt: closedAt.toISOString(),
      undoUntil: new Date(Date.now() + 60_000).toISOString(),
      disposition: { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' },
    },
    'closed',
  )
  const atHome = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'Asia/Shanghai' }).format(closedAt)
  await expect.poll(() => seat.page.locator('[data-incident] header').innerText()).toContain(atHome)
  const timer = seat.page.locator('[data-incident] [role=timer]')
  expect(await timer.innerText()).toBe('00:02:05')
})

test.for([zh, en])(
  'the list of colleagues has the focus once it is there, and nobody’s typing is cut off: $locale',
  async (where) => {
    await aSeat(where)
    const { promise: asked, resolve: answer } = Promise.withResolvers<void>()
    const there = { personId: 'operator2', name: '周敏', role: 'operator', seats: [{ id: 'one', name: '1 号坐席' }] }
    await seat.page.route('**/api/v1/consoles', async (route) => {
      await asked
      await route.fulfill({ json: { items: [there], nextCursor: null } })
    })
    const { id } = centre.raise()
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator('[data-action=hand-to]').waitFor()
    await seat.press('e')
    await seat.page.locator('[data-dialog=hand-to] output').waitFor()
    answer()
    await seat.page.locator('[data-dialog=hand-to] [data-field=hand-to]:focus').waitFor()
    expect(await seat.page.locator('[data-field=hand-to] option').nth(1).innerText()).toContain('周敏 · 1 号坐席')
    await fits(where)
  },
)

test.for([
  [zh, /\d+ 秒前再次触发/],
  [en, /again \d+ s ago/],
] as const)('a further press says how long ago it was, in the queue and at the alarm', async ([where, words]) => {
  await aSeat(where)
  const { id } = centre.raise()
  await seat.row(id).waitFor()
  expect(await seat.page.locator('[data-again]').count()).toBe(0)
  centre.change(id, { occurrences: 2 })
  await expect.poll(() => seat.row(id).innerText()).toMatch(words)
  await fits(where)
  await seat.row(id).locator('button').click()
  await expect.poll(() => seat.page.locator('[data-incident] header').innerText()).toMatch(words)
  await fits(where)
})

const way = (id: string, channel: 'voice' | 'sms', address: string) => ({
  id,
  channel,
  address,
  lastProvenOn: null,
  dead: null,
})

test('a contact’s number stands once: where it is dialled and says whether it works', async () => {
  await aSeat(zh, ({ contacts }) => ({
    contacts: contacts.map((one, n) =>
      n === 0
        ? { ...one, phone: '13800000001', ways: [way('w1', 'voice', '13800000001'), way('w2', 'sms', '13800000001')] }
        : one,
    ),
  }))
  const { id } = centre.raise()
  await seat.row(id).locator('button').click()
  const numbers = (contact: number) => seat.page.locator('[data-contact]').nth(contact).locator('a[href^="tel:"]')
  await numbers(0).first().waitFor()
  expect(await numbers(0).count()).toBe(1)
  // Of whom no way is known, there is the number that was written down.
  expect(await numbers(1).count()).toBe(1)
})
