import type { OfferedResponder } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'
import { aScriptedCentre, type ScriptedCentre } from './scripted-centre.ts'

/** The people of one alarm, as its operator reads about them, calls them, and says that they are on their way. */
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

const medical = ['慢阻肺，家中吸氧', '服用抗凝药', '青霉素过敏', '心脏起搏器', '对碘造影剂过敏']
const responders = Array.from(
  { length: 7 },
  (_, index): OfferedResponder => ({
    id: `r${index}`,
    name: `志愿者${index}`,
    phone: index === 1 ? '' : `1390000010${index}`,
    phoneDead: index === 2,
    kind: 'volunteer',
    organisation: '幸福里社区',
    onDuty: index === 0,
    withinHours: index !== 3,
    inZone: index !== 4,
    distanceKm: index,
  }),
)

/** A seat that has taken the only alarm there is. */
async function atWork(options: ConsoleOptions = {}): Promise<void> {
  centre = await aScriptedCentre({
    says: ({ resident }) => ({ responders, resident: resident && { ...resident, medical } }),
  })
  seat = await aConsole(browser, centre.url, options)
  await seat.logIn('li', 'whatever')
  await seat.startShift()
  await seat.page.locator('[data-link=live]').first().waitFor()
  const { id } = centre.raise()
  await seat.row(id).locator('button').press('Enter')
  await seat.page.locator('[data-action=close]').waitFor()
  await seat.incident().locator('[data-responder]').first().waitFor()
}
const said = (command: string) => seat.page.waitForRequest((request) => request.url().endsWith(`/${command}`))
const focusedOn = (of: string) =>
  seat.page.evaluate(`document.activeElement?.closest('[${of}]')?.getAttribute('${of}')`)

test('three medical lines at a glance, how many more there are, and the whole card under one key', async () => {
  await atWork()
  const more = seat.page.locator('[data-action=medical]')
  const lines = seat.page.locator(`[id="${await more.getAttribute('aria-controls')}"]`)
  expect(await lines.locator('li').allInnerTexts()).toEqual(medical.slice(0, 3))
  expect(await more.innerText()).toContain('还有 2 条')
  expect(await more.getAttribute('aria-expanded')).toBe('false')
  await seat.press('i')
  expect(await lines.locator('li').allInnerTexts()).toEqual(medical)
  expect(await more.getAttribute('aria-expanded')).toBe('true')
  // Whoever listens to the page is taken to the card.
  expect(await seat.page.evaluate('document.activeElement?.id')).toBe(await lines.getAttribute('id'))
  expect(await seat.axe()).toEqual([])
  await seat.press('i')
  expect(await lines.locator('li').count()).toBe(3)
})

test('a number is dialled by itself, and how that call went is said of it and not of the contact in general', async () => {
  await atWork()
  const daughter = seat.incident().locator('[data-contact=daughter]')
  await seat.press('c', 'Tab', 'Tab')
  expect(await focusedOn('data-number')).toBe('13900000001')
  expect(await daughter.locator('[data-called]').allInnerTexts()).toHaveLength(5)
  expect(await seat.axe()).toEqual([])
  const [request] = await Promise.all([said('contact'), seat.press('5')])
  expect(request.postDataJSON()).toMatchObject({
    contactId: 'daughter',
    outcome: 'wrong-number',
    wayId: 'daughter-voice',
  })
  // It was the last one of hers: on to who is next.
  await expect.poll(() => focusedOn('data-contact')).toBe('neighbour')
  expect(centre.asked.filter((one) => one.endsWith('/contact'))).toHaveLength(1)

  const [reached] = await Promise.all([said('contact'), seat.press('Tab', 'Tab', '1')])
  expect(reached.postDataJSON()).toMatchObject({ outcome: 'reached', wayId: 'neighbour-voice' })
  await expect.poll(() => focusedOn('data-number')).toBe('13900000002')
})

test.for([
  {
    locale: 'zh-CN',
    viewport: desk,
    says: '登记：已通话并出发',
    about: [
      '志愿者 · 幸福里社区 · 0 公里 · 值班中',
      '志愿者 · 幸福里社区 · 3 公里 · 不在服务时段',
      '志愿者 · 幸福里社区 · 4 公里 · 在服务时段 · 负责别的片区',
    ],
  },
  {
    locale: 'en',
    viewport: phone,
    says: 'Record: spoken to, they are going',
    about: [
      'Volunteer · 幸福里社区 · 0 km · on duty',
      'Volunteer · 幸福里社区 · 3 km · outside their hours',
      'Volunteer · 幸福里社区 · 4 km · within their hours · goes elsewhere',
    ],
  },
] as const)(
  'who can go, and what the button means: $locale at $viewport.width px',
  async ({ locale, viewport, says, about }) => {
    await atWork({ locale, viewport })
    const rows = seat.incident().locator('[data-responder]')
    expect(await rows.count()).toBe(5)
    await seat.page.locator('[data-action=more-responders]').click()
    await expect.poll(() => focusedOn('data-responder')).toBe('r5')
    expect(await rows.count()).toBe(7)
    expect(await rows.first().locator('[data-action=dispatch]').innerText()).toBe(says)
    expect(await rows.locator('p').allInnerTexts()).toEqual(expect.arrayContaining([...about]))
    expect(await seat.axe()).toEqual([])
    expect(await seat.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
    const [request] = await Promise.all([said('dispatch'), rows.nth(1).locator('[data-action=dispatch]').click()])
    expect(request.postDataJSON()).toMatchObject({ responderId: 'r1' })
    expect(seat.complaints).toEqual([])
  },
)
