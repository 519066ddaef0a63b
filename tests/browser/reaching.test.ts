import type { Role } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'
import { saturatedShare } from './pixels.ts'
import { aScriptedCentre, type ScriptedCentre } from './scripted-centre.ts'

/** What a seat sees of reaching people: whom the escalation asks, what was handed on, on which ways somebody can be reached. */
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

async function aSeat(role: Role = 'operator', options: ConsoleOptions = {}): Promise<Console> {
  centre = await aScriptedCentre({ role })
  seat = await aConsole(browser, centre.url, options)
  await seat.logIn('li', 'whatever')
  if (role === 'admin') return seat
  await seat.startShift()
  await seat.page.locator('[data-link=live]').first().waitFor()
  return seat
}
const sounds = (id: string) => seat.page.locator(`[data-sounding="${id}"]`)

test('an escalation breaks a silence where it asks for this seat, and nowhere else', async () => {
  await aSeat()
  const { id } = centre.raise()
  await sounds(id).waitFor()
  await seat.press('m')
  await sounds(id).waitFor({ state: 'detached' })
  centre.change(id, {}, 'escalated', [{ kind: 'person', id: 'somebody-else' }])
  centre.change(id, {}, 'escalated')
  const other = centre.raise({ class: 'technical', type: 'battery-low' })
  await seat.row(other.id).waitFor()
  expect(await sounds(id).count()).toBe(0)
  centre.change(id, {}, 'escalated', [{ kind: 'queue', id: 'demo-centre' }])
  await sounds(id).waitFor()
})

test('a home on test is grey and says so; a life alarm during the test stays what it is and asks', async () => {
  await aSeat('operator', { locale: 'en' })
  const smoke = centre.raise({ class: 'hazard', type: 'smoke', test: true })
  const colours = () =>
    seat.page.evaluate(`(() => {
      const row = document.querySelector('[data-alarm-id="${smoke.id}"]')
      return [row.querySelector('path').getAttribute('fill'), getComputedStyle(row.querySelector('button')).backgroundColor]
    })()`)
  await seat.row(smoke.id).waitFor()
  expect(await seat.row(smoke.id).getAttribute('data-test')).toBe('true')
  expect(await colours()).toEqual(['#5c646d', 'rgb(244, 245, 247)'])
  await seat.press('m')
  await seat.page.mouse.move(700, 500)
  expect(await saturatedShare(seat.page)).toBeLessThan(0.01)
  const press = centre.raise({ test: true })
  await seat.row(press.id).getByText('during a test: check').waitFor()
  expect(await seat.row(press.id).getAttribute('data-test')).toBe('false')
  await sounds(press.id).waitFor()
  expect(await seat.axe()).toEqual([])
})

test('an alarm of another centre carries its name, in the queue and when it is opened', async () => {
  await aSeat()
  const { id } = centre.raise({ centre: { id: 'west', name: '城西守护中心' } })
  await seat.row(id).getByText('城西守护中心').waitFor()
  await seat.row(id).locator('button').click()
  await seat.incident().getByText('城西守护中心').waitFor()
  const own = centre.raise()
  await seat.row(own.id).waitFor()
  expect(await seat.row(own.id).innerText()).not.toContain('中心')
})

test('of each contact: on which ways, when somebody last answered there, since when and why one is dead', async () => {
  await aSeat()
  const { id } = centre.raise()
  await seat.row(id).locator('button').click()
  const ways = seat.incident().locator('[data-contact=daughter] [data-way]')
  await expect
    .poll(() => ways.allInnerTexts())
    .toEqual(['短信 2026-03-04 起失效 UNKNOWN_SUBSCRIBER', '电话 2026-03-02 有人应答'])
})

test('releasing several one by one: the focus goes on to the next, and with nothing left the way out is open', async () => {
  await aSeat()
  const ids = [centre.raise().id, centre.raise().id]
  for (const id of ids) {
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator(`[data-alarm-id="${id}"][data-handling=claimed]`).waitFor()
  }
  // The scripted centre lets anybody go; the page's own rule is what the real one refuses by.
  await seat.page.route('**/api/v1/session', (route) =>
    route.request().method() === 'DELETE' && centre.asked.filter((one) => one.endsWith('/release')).length < 2
      ? route.fulfill({ status: 409, json: { code: 'owns-alarms', status: 409, title: 'x' } })
      : route.fulfill({ status: 204 }),
  )
  await seat.page.locator('[data-action=logout]').click()
  await seat.page.locator(`[data-hand-over="${ids[0]}"] textarea`).waitFor()
  await seat.page.locator(`[data-hand-over="${ids[0]}"] [data-action=hand-over]`).click()
  await seat.page.locator(`[data-hand-over="${ids[0]}"]`).waitFor({ state: 'detached' })
  await expect
    .poll(() => seat.page.evaluate(`document.activeElement.closest('[data-hand-over]')?.dataset.handOver`))
    .toBe(ids[1])
  await seat.page.locator(`[data-hand-over="${ids[1]}"] [data-action=hand-over]`).press('Enter')
  await expect.poll(() => seat.page.evaluate('document.activeElement.dataset.action')).toBe('hand-over-all')
  await seat.press('Enter')
  await seat.page.locator('input[name=username]').waitFor()
})

test.for([
  { role: 'supervisor', locale: 'zh-CN', viewport: desk },
  { role: 'supervisor', locale: 'en', viewport: phone },
  { role: 'supervisor', locale: 'en', viewport: { width: 320, height: 800 } },
  { role: 'admin', locale: 'en', viewport: desk },
  { role: 'admin', locale: 'zh-CN', viewport: { width: 320, height: 800 } },
] as const)(
  'what is wrong with reaching people, for $role: $locale at $viewport.width px',
  async ({ role, locale, viewport }) => {
    await aSeat(role, { locale, viewport })
    await seat.page.locator('[data-lacking=home-1] [data-lack=dead-way]').waitFor()
    await seat.page.locator('[data-lacking=home-2] [data-lack=no-living-way]').waitFor()
    await seat.page.locator('[data-gap=nobody-on-duty]').waitFor()
    const { id } = centre.raise()
    const waiting = seat.page.locator(`[data-unanswered="${id}"]`)
    await waiting.locator('[data-next=centre]').waitFor()
    await expect.poll(() => waiting.innerText()).toMatch(/00:00:4\d/)
    expect(await waiting.locator('[data-next=family]').count()).toBe(0)
    expect(await seat.axe()).toEqual([])
    expect(await seat.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
    if (role === 'supervisor') {
      await waiting.locator('button').click()
      await seat.page.locator(`[data-incident="${id}"]`).waitFor()
    }
    expect(seat.complaints).toEqual([])
  },
)

test('an operator is not shown what only a supervisor can mend', async () => {
  await aSeat()
  centre.raise()
  await seat.page.locator('[data-alarm-id]').waitFor()
  expect(await seat.page.locator('[data-overview]').count()).toBe(0)
  expect(centre.asked.filter((one) => one.includes('/escalation'))).toEqual([])
})
