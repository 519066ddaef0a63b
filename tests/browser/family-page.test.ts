import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { slowness } from '../harness/wait.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'
import { aScriptedCentre, type ScriptedCentre } from './scripted-centre.ts'

let browser: Browser
let centre: ScriptedCentre
let relative: Console

beforeAll(async () => {
  if (findChromium() !== undefined) browser = await aBrowser()
})
afterAll(async () => browser?.close())
beforeEach(async (context) => {
  needsChromium(context)
  centre = await aScriptedCentre({ role: 'family' })
})
afterEach(async () => {
  await relative?.close()
  await centre?.stop()
})

async function logsIn(options: ConsoleOptions = {}): Promise<Console> {
  relative = await aConsole(browser, centre.url, { viewport: phone, ...options })
  await relative.logIn('family', 'whatever')
  return relative
}
/** Raised before the page asks for the first time: it looks every five seconds while all is well. */
async function seesAnAlarm(options: ConsoleOptions = {}): Promise<{ readonly id: string }> {
  const raised = centre.raise()
  await logsIn(options)
  await showing('alarm')
  return raised
}
const showing = (state: string) => relative.page.locator(`[data-family=${state}]`).waitFor()
const press = (action: string) => relative.page.locator(`[data-action=${action}]:not([aria-disabled=true])`).click()
const said = (what: string) => centre.asked.filter((request) => request.endsWith(`/${what}`)).length

test('all is well; then an alarm: what, when, who has it, and "I’m going", said and taken back', async () => {
  await logsIn()
  await showing('quiet')
  const { id } = centre.raise({ receivedAt: '2026-01-01T18:10:05.000Z', lateByS: 5 })
  await showing('alarm')
  await relative.page.getByText('02:10 · 求助按钮').waitFor()
  await relative.page.getByText('值班中心已收到，正在接警。').waitFor()
  await relative.page.getByText('家人中还没有人前往。').waitFor()
  centre.change(id, { owner: { personId: 'li', name: '李娜', session: 's' }, handling: 'claimed' }, 'claimed')
  await relative.page.getByText('李娜 正在处理。').waitFor({ timeout: 2_000 * slowness })

  await relative.page.locator('[data-eta="30"]').click()
  await press('going')
  await relative.page.locator('[data-going=me]').waitFor()
  await press('cannot')
  await relative.page.getByText('您已回复不能前往。').waitFor()
  expect(await relative.page.locator('[data-going]').count()).toBe(0)
  await press('going')
  await relative.page.locator('[data-going=me]').waitFor()
  expect([said('going'), said('cannot')]).toEqual([2, 1])

  centre.change(id, { handling: 'closed', owner: null, closedAt: new Date().toISOString() }, 'closed')
  await showing('closed')
  expect(await relative.page.locator('[data-action=going]').count()).toBe(0)
  await press('understood')
  await showing('quiet')
  expect(relative.complaints).toEqual([])
})

test('what the resident has not agreed to is said in a calm sentence, and what is told stays as it is', async () => {
  const home = { id: 'home-1', name: '幸福里 501', timeZone: 'Asia/Shanghai', address: '', version: 1 }
  const items = [{ ...home, mode: 'withheld', modeUntil: null, withheld: 'daily-state' }]
  relative = await aConsole(browser, centre.url, { viewport: phone, locale: 'en' })
  await relative.page.route('**/api/v1/homes', (route) => route.fulfill({ json: { items, nextCursor: null } }))
  await relative.logIn('family', 'whatever')
  await showing('quiet')
  const sentence = 'The resident has not agreed that you see how the day goes. You are still told of alarms.'
  await relative.page.locator('[data-withheld]').getByText(sentence).waitFor()
  expect(await relative.page.locator('main [role=alert]').count()).toBe(0)
  expect(await relative.axe()).toEqual([])
  const refused = { status: 403, json: { code: 'consent-missing', purpose: 'alarm' } }
  await relative.page.route('**/api/v1/alarms', (route) => route.fulfill(refused))
  await showing('untold')
  await relative.page.getByText('The resident has taken back that you are told of alarms').waitFor()
  expect(await relative.page.locator('main [role=alert]').count()).toBe(0)
  expect(await relative.page.getByText('All is well').count()).toBe(0)
  expect(await relative.axe()).toEqual([])
})

test('looking each second costs no reading of anybody’s particulars', async () => {
  const { id } = await seesAnAlarm()
  const looks = () => centre.asked.filter((request) => request === `GET /alarms/${id}/version`).length
  await expect.poll(looks, { timeout: 10_000 }).toBeGreaterThan(4)
  expect(centre.asked.filter((request) => request === `GET /alarms/${id}`)).toHaveLength(1)
})

test('without a network it says so, and the answer is sent until it arrives', async () => {
  await seesAnAlarm({ locale: 'en' })
  await relative.page.route('**/going', (route) => route.abort())
  await press('going')
  await relative.page.getByText('Your answer has not arrived yet.').first().waitFor()
  await relative.page.unroute('**/going')
  await relative.page.locator('[data-going=me]').waitFor({ timeout: 10_000 })
  expect(said('going')).toBe(1)
})

test.for([
  { locale: 'zh-CN', viewport: phone },
  { locale: 'en', viewport: phone },
  { locale: 'en', viewport: { width: 320, height: 700 } },
  { locale: 'zh-CN', viewport: desk },
] as const)(
  'large enough for old eyes and cold fingers: $locale at $viewport.width px',
  async ({ locale, viewport }) => {
    await logsIn({ locale, viewport })
    for (const state of ['quiet', 'alarm'] as const) {
      if (state === 'alarm') centre.goes(centre.raise({ test: true }).id, '王建红', 20)
      await showing(state)
      await relative.page.locator('[data-push]').waitFor()
      if (state === 'alarm') await relative.page.locator('[data-action=going]').waitFor()
      const sizes = await relative.page.evaluate(`[...document.querySelectorAll('body *')].flatMap((element) => {
      const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')
      const box = element.getBoundingClientRect()
      return text && box.width > 0 && element.tagName !== 'STYLE'
        ? [{ says: element.textContent.slice(0, 20), px: parseFloat(getComputedStyle(element).fontSize), button: element.tagName === 'BUTTON', height: box.height, width: box.width }] : []
    })`)
      const shown = sizes as { says: string; px: number; button: boolean; height: number; width: number }[]
      expect(shown.length).toBeGreaterThan(8)
      expect(shown.filter(({ px }) => px < 18)).toEqual([])
      expect(shown.filter(({ button, height, width }) => button && (height < 60 || width < 60))).toEqual([])
      expect(await relative.axe()).toEqual([])
      expect(await relative.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    }
  },
)

test('by keys alone: the way to "I’m going" is short, and the focus is not lost when the page changes', async () => {
  const { id } = await seesAnAlarm()
  await relative.page.locator('[data-eta="5"]').focus()
  await relative.press('Enter', 'Tab', 'Tab', 'Tab', 'Tab')
  expect(await relative.page.evaluate('document.activeElement.dataset.action')).toBe('going')
  await relative.press('Enter')
  await relative.page.locator('[data-going=me]').waitFor()
  centre.goes(id, '王建红', 20)
  await relative.page.locator('[data-going=other]').waitFor()
  expect(await relative.page.evaluate('document.activeElement.dataset.action')).toBe('going')
})
