import type { Alarm } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'
import { aScriptedCentre, type ScriptedCentre } from './scripted-centre.ts'

let browser: Browser
let centre: ScriptedCentre
let seat: Console

beforeAll(async () => {
  if (findChromium() !== undefined) browser = await aBrowser()
})
afterAll(async () => browser?.close())
beforeEach(async (context) => {
  needsChromium(context)
  centre = await aScriptedCentre()
})
afterEach(async () => {
  await seat?.close()
  await centre?.stop()
})

async function aSeat(options: ConsoleOptions = {}): Promise<void> {
  seat = await aConsole(browser, centre.url, options)
  await seat.logIn('operator', 'whatever')
  await seat.startShift()
}
const open = (id: string) => seat.page.locator(`[data-incident="${id}"]`).waitFor()
const dialogGone = () => expect.poll(() => seat.page.locator('[role=dialog]').count()).toBe(0)
const asked = (request: string) => centre.asked.filter((one) => one === request).length
const street = {
  name: '望江街道',
  residentName: null,
  residentAge: null,
  address: '望江街道',
  placementName: '望江街道',
}

/** A street without mains: its alarm has to name a home, and names that of 王秀梅. */
function anOutage(homes: number): { outage: Alarm; members: Alarm[] } {
  const outage = centre.raiseUnsaid({
    type: 'outage',
    class: 'technical',
    placement: 'outage-mains-330102001',
    children: homes,
    folds: 'mains-lost',
    home: street,
  })
  const members = Array.from({ length: homes }, (_, n) =>
    centre.raiseUnsaid({
      homeId: `home-${n + 2}`,
      type: 'mains-lost',
      class: 'technical',
      parent: outage.id,
      home: { ...street, name: `${n + 2} 号住户`, address: `望江路 ${n + 2} 号` },
    }),
  )
  return { outage, members }
}

/** Takes the alarm that was raised last and closes it, by keys. */
async function closeByKeys(id: string): Promise<void> {
  await seat.row(id).locator('button').press('Enter')
  await seat.page.locator('[data-action=close]').waitFor()
  await seat.press('x')
  await seat.page.locator('[data-choice=code]').waitFor()
  await seat.press('1', '1', '1', 'Enter')
  await seat.page.locator('[data-banner=undo]').waitFor()
  await dialogGone()
}

test('an outage shows its homes page by page, and nothing of the one home that its alarm has to name', async () => {
  const { outage, members } = anOutage(30)
  await aSeat()
  await seat.row(outage.id).locator('button').click()
  const listed = seat.page.locator('[data-outage] [data-listed]')
  await expect.poll(() => listed.count()).toBe(25)
  await seat.page.locator('[data-action=more-alarms]').click()
  await expect.poll(() => listed.count()).toBe(30)
  await seat.page.locator('[data-action=more-alarms]').waitFor({ state: 'detached' })
  expect(await seat.incident().innerText()).not.toMatch(/王秀梅|幸福里|13900000001|慢阻肺/)
  expect(await seat.incident().innerText()).toContain('30 户')
  expect(asked('GET /homes/home-1')).toBe(0)
  const [first] = members
  await listed.first().locator('button').click()
  await open(first?.id ?? '')
  await expect.poll(() => seat.page.evaluate<string>('document.activeElement?.id')).toBe('incident-title')
  await seat.page.locator('[data-apart=true] button').first().click()
  await open(outage.id)
})

test('a fall and the long lie after it are one key apart, and the log says whom', async () => {
  await aSeat()
  const fall = centre.raise({ type: 'fall-detected' })
  const lie = centre.raise({ type: 'long-lie' })
  centre.raise({ homeId: 'home-2' })
  await seat.row(fall.id).locator('button').click()
  const others = seat.page.locator('[data-others]')
  await others.waitFor()
  expect(
    await others.locator('[data-other]').evaluateAll((all) => all.map((one) => one.getAttribute('data-other'))),
  ).toEqual([lie.id])
  await seat.press('o')
  await open(lie.id)
  await seat.press('Enter')
  await seat.page.locator('[data-outcome]').first().waitFor()
  await seat.press('c', '2')
  const contacted = seat.page.locator('[data-kind=contacted]')
  await contacted.waitFor()
  expect(await contacted.innerText()).toMatch(/王丽/)
  expect(await contacted.innerText()).not.toContain('daughter')
  centre.change(fall.id, { handling: 'closed', closedAt: lie.receivedAt })
  await others.waitFor({ state: 'detached' })
})

test('of a home whose sensors raise alarms by the score, the ten most urgent stand beside the one at hand', async () => {
  await aSeat()
  const fall = centre.raise({ type: 'fall-detected' })
  const press = centre.raise()
  for (let n = 0; n < 40; n++) centre.raise({ class: 'technical', type: 'battery-low' })
  await seat.row(fall.id).locator('button').click()
  const others = seat.page.locator('[data-others="41"]')
  await others.waitFor()
  expect(await others.locator('[data-other]').count()).toBe(10)
  expect(await others.locator('[data-other]').first().getAttribute('data-other')).toBe(press.id)
  expect(await others.innerText()).toContain('另有 31 条')
  await seat.page.locator('[data-locale=en]').click()
  await others.getByText('and 31 more').waitFor()
  expect(await seat.axe()).toEqual([])
})

test('a contact says when they may be called, how far off they are and what to know of them', async () => {
  await aSeat({ locale: 'en' })
  const { id } = centre.raise()
  await seat.row(id).locator('button').click()
  const contact = (who: string) => seat.page.locator(`[data-contact=${who}]`)
  await contact('neighbour').locator('[data-quiet]').waitFor()
  expect(await contact('neighbour').innerText()).toMatch(/key holder · 40 m away · hours 00:00–00:01[\s\S]*耳背/)
  expect(await contact('daughter').innerText()).toMatch(/family · 12 km away · speaks 中文/)
  expect(await contact('daughter').locator('[data-quiet]').count()).toBe(0)
})

describe('what is closed', () => {
  test('is taken back within the minute, also after a reload', async () => {
    await aSeat()
    const { id } = centre.raise()
    await closeByKeys(id)
    await seat.page.reload()
    await seat.page.locator('[data-banner=undo]').waitFor()
    await seat.press('u')
    await seat.page.locator(`[data-alarm-id="${id}"][data-handling=in-progress]`).waitFor()
    expect(asked(`POST /alarms/${id}/undo-close`)).toBe(1)
  })

  test('is found again an hour later: the log is read, and the agency’s case number written down', async () => {
    await aSeat()
    const { id } = centre.raise()
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator('[data-action=agency]').waitFor()
    await seat.press('g')
    await seat.page.locator('[data-choice=agency]').waitFor()
    await seat.press('1', 'Enter')
    await seat.page.locator('[data-action=confirm-agency][aria-disabled=false]').press('Enter')
    await seat.page.locator('[data-action=save-answer]').waitFor()
    await seat.press('Escape')
    await dialogGone()
    await closeByKeys(id)
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
    centre.change(id, { closedAt: hourAgo, undoUntil: hourAgo })
    await seat.page.locator('[data-banner=undo]').waitFor({ state: 'detached' })
    await seat.press('h')
    await seat.page.locator(`[data-listed="${id}"] button`).press('Enter')
    await open(id)
    await seat.page.locator('[data-kind=closed]').waitFor()
    expect(await seat.page.locator('[data-action=undo-close], [data-action=claim]').count()).toBe(0)
    await seat.page.locator('[data-handover] button').click()
    const caseNumber = seat.page.locator('[data-dialog=agency] input').first()
    await caseNumber.fill('2026-0417')
    // Pressed on the field itself: the dialog may give its focus to the copy button only now.
    await caseNumber.press('Enter')
    await dialogGone()
    await expect.poll(() => seat.page.locator('[data-handover]').innerText()).toContain('2026-0417')
    await seat.page.locator('[data-apart=true] button').first().click()
    await seat.page.locator('[data-action=leave-closed]').click()
    await seat.page.locator('[data-closed-list]').waitFor({ state: 'detached' })
    expect(seat.complaints).toEqual([])
  })

  test('cannot be asked for: that is said, and not that there is nothing', async () => {
    await aSeat({ locale: 'en' })
    await seat.press('h')
    await expect.poll(() => seat.page.locator('[data-closed-list]').innerText()).toContain('No alarm was closed yet')
    await seat.page.locator('[data-action=leave-closed]').click()
    await seat.page.route('**/api/v1/alarms?handling=closed*', (route) => route.abort())
    await seat.press('h')
    await seat.page.locator('[data-closed-list] [role=alert]').waitFor()
  })
})

test.for([
  { locale: 'zh-CN', viewport: desk },
  { locale: 'en', viewport: phone },
] as const)(
  'axe finds nothing serious and nothing is cut off, $locale at $viewport.width px',
  async ({ locale, viewport }) => {
    const { outage } = anOutage(30)
    await aSeat({ locale, viewport })
    const found: string[] = []
    const look = async (where: string) => {
      found.push(...(await seat.axe()).map((finding) => `${where}: ${finding}`))
      const width = await seat.page.evaluate<number>('document.documentElement.scrollWidth')
      if (width > viewport.width) found.push(`${where}: ${width} px wide`)
    }
    await seat.row(outage.id).locator('button').click()
    await seat.page.locator('[data-action=more-alarms]').waitFor()
    await look('outage')
    const fall = centre.raise({ type: 'fall-detected' })
    centre.raise({ type: 'long-lie', parent: null })
    // On a telephone the queue lies behind what is opened.
    if (viewport === phone) await seat.page.locator('[data-incident] header button').first().click()
    await seat.row(fall.id).locator('button').press('Enter')
    await seat.page.locator('[data-others]').waitFor()
    await look('others')
    await seat.page.locator('[data-action=agency]').click()
    await seat.page.locator('[data-choice=agency]').waitFor()
    await seat.press('1', 'Enter')
    await seat.page.locator('[data-preview] [data-packet]').waitFor()
    await look('preview')
    await seat.press('Escape')
    await dialogGone()
    const now = new Date().toISOString()
    const disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' } as const
    centre.change(fall.id, { handling: 'closed', owner: null, closedAt: now, undoUntil: null, disposition })
    await seat.page.locator('[data-action=closed-list]').click()
    await seat.page.locator(`[data-listed="${fall.id}"]`).waitFor()
    await look('closed')
    expect(found).toEqual([])
    expect(seat.complaints).toEqual([])
  },
)
