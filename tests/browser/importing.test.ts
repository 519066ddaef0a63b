import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { aServer, demoPassword, type RunningServer } from '../harness/server.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'

/** A centre that begins with Anju takes its list of households in, on a real server. */
let server: RunningServer
let browser: Browser
let seat: Console

beforeAll(async () => {
  if (findChromium() === undefined) return
  server = await aServer({ quick: true })
  browser = await aBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.end()
})
beforeEach(needsChromium)
afterEach(async () => seat?.close())

async function anImport(username: 'supervisor' | 'admin', options: ConsoleOptions = {}): Promise<void> {
  seat = await aConsole(browser, server.url, options)
  await seat.logIn(username, demoPassword)
  if (username === 'supervisor') await seat.startShift()
  await seat.page.locator('[data-staff-part=households]').press('Enter')
}
const action = (name: string) => seat.page.locator(`[data-staff] [data-action=${name}]`)
const report = (of: 'dry-run' | 'taken-in') => seat.page.locator(`[data-report=${of}]`)
const choose = (name: string, text: string) =>
  seat.page.locator('#import-file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
const homes = async () => (await server.cluster.query('select name from home')).map((home) => home['name'])

/** So many rows of which every second has a birthday that is none. */
const aList = (prefix: string, rows: number) =>
  [
    '编号,地址,姓名,出生日期',
    ...Array.from(
      { length: rows },
      (_, n) => `${prefix}-${n},${prefix}路 ${n} 号,甄${n},${n % 2 ? '昨天' : '1944-03-05'}`,
    ),
  ].join('\n')

test.for([
  { locale: 'zh-CN', viewport: desk, username: 'supervisor', prefix: 'A' },
  { locale: 'en', viewport: phone, username: 'admin', prefix: 'B' },
] as const)(
  'a list is tried, its bad rows are named by line and column, and the rest is taken in: $username, $locale at $viewport.width px',
  async ({ locale, viewport, username, prefix }) => {
    const english = locale === 'en'
    await anImport(username, { locale, viewport })
    // Nothing is chosen: there is nothing to try, and nothing to take in.
    expect(await action('dry-run').getAttribute('aria-disabled')).toBe('true')
    await choose('名单.csv', aList(prefix, 240))
    await action('dry-run').press('Enter')
    await report('dry-run').waitFor()
    expect(await report('dry-run').locator('[data-summary]').innerText()).toBe(
      english
        ? '240 rows were tried: 120 homes would be new, 0 changed, 0 the same. 120 rows are left out.'
        : '试读了 240 行：将新增 120 户，修改 0 户，0 户不变。 120 行有问题，不会写入。',
    )
    expect(await homes()).not.toContain(`${prefix}路 0 号`)

    // A page of faults at a time, however many there are.
    const bad = seat.page.locator('[data-bad-line]')
    expect(await bad.count()).toBe(50)
    expect(await bad.first().innerText()).toMatch(/^3\s+出生日期\s+不是日期/)
    await action('page-after').press('Enter')
    await action('page-after').press('Enter')
    await expect.poll(() => bad.count()).toBe(20)
    expect(await bad.last().getAttribute('data-bad-line')).toBe('241')
    expect(await action('page-after').getAttribute('aria-disabled')).toBe('true')
    expect(await seat.axe()).toEqual([])
    expect(await seat.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)

    await action('take-in').press('Enter')
    await report('taken-in').waitFor()
    expect(await report('taken-in').locator('[data-summary]').innerText()).toContain(
      english ? '120 homes are new' : '新增 120 户',
    )
    // What was taken in cannot be taken in again unseen.
    expect(await action('take-in').count()).toBe(0)
    expect(await homes()).toContain(`${prefix}路 0 号`)
    expect(await homes()).not.toContain(`${prefix}路 1 号`)

    await action('dry-run').press('Enter')
    await expect
      .poll(() => report('dry-run').locator('[data-summary]').allInnerTexts())
      .toEqual([expect.stringContaining(english ? '120 the same' : '120 户不变')])
    expect(seat.complaints).toEqual([])
  },
)

test('a file whose headings nobody knows is refused by the heading, and another file begins afresh', async () => {
  await anImport('supervisor', { locale: 'en' })
  await choose('wrong.csv', 'reference,address,resident,shoe size\nC-1,Street 1,Somebody,43\n')
  await action('dry-run').press('Enter')
  const alert = seat.page.locator('[data-import=failed] [role=alert]')
  await expect.poll(() => alert.allInnerTexts()).toEqual([expect.stringMatching(/nothing was written: .*shoe size/)])
  await choose('right.csv', 'reference,address,resident\nC-1,Street 1,Somebody\n')
  await alert.waitFor({ state: 'detached' })
  await action('dry-run').press('Enter')
  await report('dry-run').waitFor()
  expect(await seat.page.locator('[data-bad-line]').count()).toBe(0)
  expect(await action('take-in').innerText()).toBe('Take in 1 home')
})

test('an import goes on while a supervisor looks at something else, and what came of it is there when they are back', async () => {
  await anImport('supervisor', { locale: 'en' })
  const held = Promise.withResolvers<void>()
  await seat.page.route('**/api/v1/imports/households**', async (route) => {
    await held.promise
    await route.continue()
  })
  await choose('list.csv', aList('D', 4))
  await action('dry-run').press('Enter')
  await seat.page.locator('[data-staff] progress').waitFor()
  await seat.page.locator('[data-staff-part=households]').press('Enter')
  await seat.page.locator('[data-staff=none]').waitFor()
  held.resolve()
  await seat.page.locator('[data-staff-part=households]').press('Enter')
  await report('dry-run').waitFor()
  expect(await seat.page.locator('[data-chosen]').innerText()).toContain('list.csv')
  await action('take-in').press('Enter')
  await report('taken-in').waitFor()
  expect(await homes()).toContain('D路 0 号')

  // Nothing of it is left for who works at this page next.
  await seat.page.locator('[data-action=logout]').click()
  await seat.logIn('supervisor', demoPassword)
  await seat.startShift()
  await seat.page.locator('[data-staff-part=households]').press('Enter')
  await seat.page.locator('[data-import=idle]').waitFor()
  expect(await seat.page.locator('[data-chosen]').count()).toBe(0)
})

test('a connection that ends is told from a list that is wrong', async () => {
  await anImport('supervisor', { locale: 'en' })
  await seat.page.route('**/api/v1/imports/households**', (route) => route.abort())
  await choose('list.csv', aList('E', 2))
  await action('dry-run').press('Enter')
  await expect
    .poll(() => seat.page.locator('[data-import=failed] [role=alert]').allInnerTexts())
    .toEqual([expect.stringContaining('importing it once more takes the rest')])
})
