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
  centre = await aScriptedCentre({ role: 'supervisor' })
  centre.plans.strict = true
})
afterEach(async () => {
  await seat?.close()
  await centre?.stop()
})

/** A seat that has taken an alarm of the scripted home, by keys only. */
async function atAnAlarm(options: ConsoleOptions = {}): Promise<string> {
  seat = await aConsole(browser, centre.url, options)
  await seat.logIn('operator', 'whatever')
  await seat.startShift()
  const { id } = centre.raise()
  await seat.row(id).waitFor()
  await seat.press('j', 'Enter')
  await seat.page.locator('[data-action=step-done]').waitFor()
  return id
}
const step = (name: string, state: string) => seat.page.locator(`[data-step=${name}][data-state=${state}]`).waitFor()
const current = () => seat.page.locator('[data-step][aria-current=step]').getAttribute('data-step')
const focused = () => seat.page.evaluate<boolean>('document.activeElement !== document.body')
const asked = (end: string) => centre.asked.filter((request) => request.endsWith(end)).length
const dialogGone = () => expect.poll(() => seat.page.locator('[role=dialog]').count()).toBe(0)
const closeWith = async (...digits: string[]) => {
  await seat.press('x')
  await seat.page.locator('[data-choice=code]').waitFor()
  await seat.press(...digits, 'Enter')
}

describe('a plan, followed by keys', () => {
  test('one key completes the current step, an outcome goes on to the next, and the close goes through', async () => {
    await atAnAlarm()
    expect(await current()).toBe('speak')
    await seat.press('d')
    await step('speak', 'done')
    expect(await current()).toBe('first')
    await seat.press('c', '2')
    await step('first', 'done')
    expect(await current()).toBe('send')
    await seat.press('w')
    await seat.page.locator('[data-choice=skip-reason]').waitFor()
    await seat.press('Enter')
    expect(asked('/plan/steps/send')).toBe(0)
    await seat.press('1', 'Enter')
    await step('send', 'skipped')
    await dialogGone()
    await expect.poll(focused).toBe(true)
    await closeWith('1', '1', '1')
    await seat.page.locator('[data-banner=undo]').waitFor()
    expect(seat.complaints).toEqual([])
  })

  test('a dialog that gave the focus back late takes no key from the next one', async () => {
    centre.plans.strict = false
    await atAnAlarm()
    await seat.press('x')
    await seat.page.locator('[data-choice=code]').waitFor()
    await seat.press('1', '1', '1')
    const behind = seat.page.locator('[data-action=step-skip]')
    await behind.evaluate<void, { focus(): void }>((button) => button.focus())
    await seat.press('Enter')
    await seat.page.locator('[data-banner=undo]').waitFor()
    expect(await seat.page.locator('[data-choice=skip-reason]').count()).toBe(0)
  })

  test('a close that is owed a step says which one beforehand, and does not happen', async () => {
    const id = await atAnAlarm({ locale: 'en' })
    await closeWith('1', '1', '1')
    await expect
      .poll(() => seat.page.locator('[data-owed] li').allInnerTexts())
      .toEqual(['Speak to the resident', 'Call contact 1'])
    await expect.poll(() => asked('/close')).toBe(1)
    await expect.poll(() => seat.page.locator('body').innerText()).toContain('the plan still requires 2 steps')
    await seat.page.locator(`[data-alarm-id="${id}"][data-handling=claimed]`).waitFor()
  })

  test('another step than the current one can be chosen: the order is advice', async () => {
    await atAnAlarm()
    await seat.page.locator('[data-step=send] button').press('Enter')
    expect(await current()).toBe('send')
    await seat.press('d')
    await step('send', 'done')
    expect(await current()).toBe('speak')
    expect(await focused()).toBe(true)
  })

  test('its keys mean nothing while a note or a pinyin word is typed', async () => {
    await atAnAlarm()
    const before = centre.asked.length
    await seat.press('n')
    await seat.page.keyboard.type('dwfgv')
    for (const key of ['d', 'w', 'f', 'g', 'v'])
      await seat.page
        .locator('[data-incident]')
        .dispatchEvent('keydown', { key, isComposing: true, keyCode: 229, bubbles: true, cancelable: true })
    expect(await seat.page.locator('[role=dialog]').count()).toBe(0)
    expect(centre.asked.slice(before).filter((request) => request.includes('/plan/'))).toEqual([])
    await seat.press('Escape', 'd')
    await step('speak', 'done')
  })

  test('a plan that leads nowhere is left by one key and a reason; the supervisor sees the ticket and settles it', async () => {
    await atAnAlarm()
    await seat.press('f')
    await step('speak', 'failed')
    // From the button itself, which is gone afterwards.
    await seat.page.locator('[data-action=manual]').press('v')
    await seat.page.locator('[data-dialog=manual] input:focus').waitFor()
    await seat.press('Enter')
    expect(asked('/plan/manual')).toBe(0)
    await seat.page.keyboard.type('座机是空号')
    await seat.press('Enter')
    await seat.page.locator('[data-plan=left]').waitFor()
    await dialogGone()
    await expect.poll(focused).toBe(true)
    expect(await seat.page.locator('[data-action=step-done]').count()).toBe(0)
    await seat.press('n')
    await seat.page.keyboard.type('改打邻居电话')
    await seat.press('Enter')
    await expect.poll(() => seat.page.locator('[data-plan=left]').innerText()).toContain('改打邻居电话')
    await seat.press('Escape')
    await closeWith('1', '3', '1')
    await seat.page.locator('[data-banner=undo]').waitFor()
    await seat.page.reload()
    const ticket = seat.page.locator('[data-defect]')
    await expect.poll(() => ticket.innerText()).toContain('座机是空号')
    await ticket.locator('input').focus()
    await seat.page.keyboard.type('号码已更正')
    await seat.press('Enter')
    await ticket.waitFor({ state: 'detached' })
    expect(centre.plans.defects).toEqual([])
    expect(await focused()).toBe(true)
  })
})

test('who writes a plan sees that an alarm waits, and no key they type reaches what lies behind', async () => {
  seat = await aConsole(browser, centre.url, { locale: 'en' })
  await seat.logIn('operator', 'whatever')
  await seat.startShift()
  await seat.page.locator('[data-action=new-plan][aria-disabled=false]').press('Enter')
  await seat.page.locator('[data-field=event]:focus').waitFor()
  const { id } = centre.raise()
  await expect
    .poll(() => seat.page.locator('[data-dialog=plan] output[data-waiting="1"]').innerText())
    .toContain('1 alarm')
  await seat.page.locator('[data-action=save-plan]').focus()
  await seat.press('j', 't')
  expect(await seat.page.locator('[data-incident]').count()).toBe(0)
  await seat.press('Escape')
  await dialogGone()
  await seat.press('j', 'Enter')
  await seat.page.locator(`[data-alarm-id="${id}"][data-handling=claimed]`).waitFor()
})

describe('an outside agency', () => {
  test('is told by keys: the text can be copied, the case number is kept, and the alarm stays whose it was', async () => {
    const id = await atAnAlarm()
    await seat.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await seat.press('g')
    await seat.page.locator('[data-choice=agency]').waitFor()
    await seat.press('1', 'Enter')
    await seat.page.locator('[data-preview=ambulance] [data-packet]').waitFor()
    // The focus is on the copy button.
    await seat.press('Enter')
    const text = await seat.page.locator('[data-packet]').inputValue()
    expect(text).toContain('幸福里社区')
    await expect.poll(() => seat.page.evaluate<string>('navigator.clipboard.readText()')).toBe(text)
    // Until somebody says that they were told, nobody was.
    await step('ambulance', 'open')
    expect([asked('/agencies'), await seat.page.locator('[data-kind=handed-over]').count()]).toEqual([0, 0])
    await seat.page.locator('[data-action=confirm-agency]').press('Enter')
    await step('ambulance', 'done')
    await seat.page.locator('[data-preview]').waitFor({ state: 'detached' })
    expect(await seat.page.locator('[data-packet]').inputValue()).toBe(text)
    await seat.press('Tab')
    await seat.page.keyboard.type('2026-0417')
    await seat.press('Enter')
    await dialogGone()
    await expect.poll(focused).toBe(true)
    await expect.poll(() => seat.page.locator('[data-handover]').innerText()).toContain('2026-0417')
    await seat.page.locator(`[data-alarm-id="${id}"][data-handling=claimed]`).waitFor()
  })

  test('that comes is said so once, and the focus stays', async () => {
    await atAnAlarm({ locale: 'en' })
    await seat.press('g')
    await seat.page.locator('[data-choice=agency]').waitFor()
    await seat.press('2', 'Enter')
    await seat.page.locator('[data-action=confirm-agency][aria-disabled=false]').press('Enter')
    const onTheWay = seat.page.locator('[data-action=agency-on-way]')
    await onTheWay.press('Enter')
    await expect.poll(() => onTheWay.getAttribute('aria-disabled')).toBe('true')
    await seat.press('Enter')
    expect(asked('/agencies/1')).toBe(1)
    expect(await focused()).toBe(true)
  })
})

test.for([
  { locale: 'zh-CN', viewport: desk },
  { locale: 'en', viewport: desk },
  { locale: 'zh-CN', viewport: phone },
  { locale: 'en', viewport: phone },
] as const)(
  'axe finds nothing serious and nothing is cut off, $locale at $viewport.width px',
  async ({ locale, viewport }) => {
    await atAnAlarm({ locale, viewport })
    const found: string[] = []
    const look = async (where: string) => {
      found.push(...(await seat.axe()).map((finding) => `${where}: ${finding}`))
      const width = await seat.page.evaluate<number>('document.documentElement.scrollWidth')
      if (width > viewport.width) found.push(`${where}: ${width} px wide`)
    }
    await seat.press('f')
    await step('speak', 'failed')
    await look('plan')
    for (const [key, ready] of [
      ['x', '[data-owed]'],
      ['w', '[data-choice=skip-reason]'],
      ['v', '[data-dialog=manual] input:focus'],
      ['g', '[data-choice=agency]'],
    ] as const) {
      await seat.press(key)
      await seat.page.locator(ready).waitFor()
      await look(key)
      if (key !== 'g') await seat.press('Escape')
      if (key !== 'g') await dialogGone()
    }
    await seat.press('3', 'Enter')
    await seat.page.locator('[data-packet]').waitFor()
    await look('packet')
    await seat.press('Escape')
    await dialogGone()
    await seat.press('v')
    await seat.page.locator('[data-dialog=manual] input:focus').waitFor()
    await seat.page.keyboard.type('x')
    await seat.press('Enter')
    await seat.page.locator('[data-plan=left]').waitFor()
    await look('left')
    expect(found).toEqual([])
  },
)
