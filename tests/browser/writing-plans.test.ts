import type { PlanList, StoredPlan } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Api } from '../harness/api.ts'
import { aServer, demoPassword, type RunningServer } from '../harness/server.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'

let server: RunningServer
let boss: Api
let browser: Browser
let seat: Console

const stored = async () => (await boss.call<PlanList>('GET', '/plans')).body.items
const put = (body: object) => boss.call<StoredPlan>('PUT', '/plans', body)
const speak = {
  id: 'speak',
  kind: 'speak',
  text: { 'zh-CN': '通话', en: 'Speak' },
  required: true,
  completedBy: 'by-hand',
}

beforeAll(async () => {
  if (findChromium() === undefined) return
  server = await aServer({ quick: true })
  boss = await server.logIn('supervisor')
  // Who was written without being made findable is found within a minute; who is written by hand, at once.
  await boss.call('PATCH', '/homes/home-1/resident', { name: '王秀梅' })
  browser = await aBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.end()
})
beforeEach(async (context) => {
  needsChromium(context)
  // By hand: a version outlives the removal of its plan.
  await server.cluster.query('truncate response_plan cascade')
})
afterEach(async () => seat?.close())

async function aSupervisor(options: ConsoleOptions = {}): Promise<void> {
  seat = await aConsole(browser, server.url, options)
  await seat.logIn('supervisor', demoPassword)
  await seat.startShift()
  await action('new-plan').and(seat.page.locator('[aria-disabled=false]')).waitFor()
}
const action = (name: string) => seat.page.locator(`[data-action=${name}]`)
const row = (type?: string) =>
  seat.page.locator('[data-stored-plan]').filter(type === undefined ? {} : { hasText: type })
const dialog = (name = 'plan') =>
  seat.page.locator(`[data-dialog=${name}] [role=dialog], [data-dialog=${name}][role=dialog]`)
const field = (place: string) => seat.page.locator(`[data-field="${place}"]`)
const focusOn = (place: string) => seat.page.locator(`[data-field="${place}"]:focus`).waitFor()
const focused = (selector: string) => seat.page.locator(`${selector}:focus`).waitFor()
const problemOf = async (place: string) => {
  const described = (await field(place).getAttribute('aria-describedby')) ?? 'nothing'
  return seat.page.locator(`[id="${described.split(' ').at(-1)}"]`).innerText()
}
const stepIds = () =>
  seat.page
    .locator('[data-plan-step]')
    .evaluateAll<string[], { dataset: Record<string, string> }>((steps) =>
      steps.map(({ dataset }) => dataset['planStep'] ?? ''),
    )
const dialogGone = () => expect.poll(() => seat.page.locator('[role=dialog]').count()).toBe(0)

/** Opens a new plan and chooses the first event of the list, an SOS button, by keys. */
async function aNewPlan(): Promise<void> {
  await action('new-plan').press('Enter')
  await focusOn('event')
  await seat.press('ArrowDown')
  expect(await field('event').inputValue()).toBe('sos-pressed')
}

describe('a supervisor', () => {
  test.for([
    { locale: 'zh-CN', viewport: desk },
    { locale: 'en', viewport: desk },
    { locale: 'zh-CN', viewport: phone },
    { locale: 'en', viewport: phone },
  ] as const)(
    'writes a plan by keys, moves a step, changes it and takes it away: $locale at $viewport.width px',
    async ({ locale, viewport }) => {
      const english = locale === 'en'
      const found: string[] = []
      const look = async (where: string) => {
        found.push(...(await seat.axe()).map((finding) => `${where}: ${finding}`))
        const width = await seat.page.evaluate<number>('document.documentElement.scrollWidth')
        if (width > viewport.width) found.push(`${where}: ${width} px wide`)
        const cut = await seat.page.evaluate<boolean>(
          '[...document.querySelectorAll(".mantine-Modal-content")].some((part) => part.scrollWidth > part.clientWidth)',
        )
        if (cut) found.push(`${where}: the dialog is wider than itself`)
      }
      await aSupervisor({ locale, viewport })
      await expect
        .poll(() => seat.page.locator('[data-plans]').innerText())
        .toContain(english ? 'the standard plans hold' : '现在用的是标准预案')
      await look('no plans')

      // Nothing is sent while something is missing, and the focus goes to what is missing first.
      await action('new-plan').press('Enter')
      await focusOn('event')
      await action('save-plan').press('Enter')
      await focusOn('event')
      expect(await problemOf('event')).toContain(english ? 'Choose the alarm' : '请选择报警种类')
      await look('faults')
      await seat.press('ArrowDown')

      // The standard plan is the beginning; its second step goes down by keys and up again by its button.
      await action('standard-plan').press('Enter')
      await focusOn('speak/zh-CN')
      const standard = await stepIds()
      expect(standard.slice(0, 4)).toEqual(['speak', 'contact-1', 'contact-2', 'contact-3'])
      await seat.press('Alt+ArrowDown')
      expect((await stepIds()).slice(0, 3)).toEqual(['contact-1', 'speak', 'contact-2'])
      await focusOn('speak/zh-CN')
      const up = seat.page.locator('[data-plan-step=speak] [data-action=up]')
      await up.press('Enter')
      await focused('[data-plan-step=speak] [data-action=up]')
      expect(await stepIds()).toEqual(standard)
      expect(await up.getAttribute('aria-disabled')).toBe('true')

      // An agency is added before the close, and refused until it has words and somebody to call.
      await seat.page.locator('[data-add=call-agency]').press('Enter')
      await focusOn('call-agency/agency')
      expect((await stepIds()).slice(-2)).toEqual(['call-agency', 'close'])
      await action('save-plan').press('Enter')
      await focusOn('call-agency/agency')
      await look('steps')
      await field('call-agency/agency').selectOption('fire')
      // The standard plan has words for the fire brigade.
      await expect.poll(() => field('call-agency/en').inputValue()).toContain('119')
      await field('call-agency/en').fill('Call the fire brigade')
      await seat.page.locator('[data-plan-step=contact-3] [data-action=take-out]').press('Enter')
      await focused('[data-plan-step=dispatch] [data-action=take-out]')
      await seat.page.locator('[data-plan-step=speak] input[type=checkbox]').press('Space')
      await field('speak/en').press('Enter')
      await dialogGone()
      await focused('[data-action=new-plan]')
      await expect.poll(() => row().innerText()).toContain(english ? 'version 1' : '版本 1')
      expect(await row().innerText()).toContain(english ? 'SOS button · all homes' : '求助按钮 · 所有住户')
      const [written] = await stored()
      expect(written).toMatchObject({ type: 'sos-pressed', home: null, version: 1 })
      expect(written?.steps.map(({ id }) => id)).toEqual(
        [...standard, 'call-agency'].filter((id) => id !== 'contact-3' && id !== 'close').concat('close'),
      )
      expect(written?.steps[0]).toMatchObject({ id: 'speak', required: true })
      await look('one plan')

      // Escape asks before anything is lost, and Escape again goes on.
      await action('edit-plan').press('Enter')
      await focusOn('speak/zh-CN')
      await field('speak/zh-CN').fill('先和老人说话')
      await seat.press('Escape')
      await focused('[data-action=go-on]')
      await look('unsaved')
      await seat.press('Escape')
      await focusOn('speak/zh-CN')
      expect(await field('speak/zh-CN').inputValue()).toBe('先和老人说话')
      await seat.press('Enter')
      await dialogGone()
      await focused('[data-action=edit-plan]')
      await expect.poll(() => row().innerText()).toContain(english ? 'version 2' : '版本 2')
      expect((await stored())[0]?.steps[0]?.text['zh-CN']).toBe('先和老人说话')

      // It is taken away after a question, and the focus is not lost with its line.
      await action('remove-plan').press('Enter')
      await focused('[data-dialog=remove-plan] button[data-autofocus]')
      await look('removal')
      await action('confirm-remove-plan').press('Enter')
      await dialogGone()
      await row().waitFor({ state: 'detached' })
      await focused('#plans-title')
      expect(await stored()).toEqual([])
      expect(found).toEqual([])
      expect(seat.complaints).toEqual([])
    },
  )

  test('finds the home a plan is for; one that is none is refused at its field, and nothing of the plan is lost', async () => {
    await aSupervisor({ locale: 'en' })
    await aNewPlan()
    await seat.press('Tab', 'ArrowRight', 'Tab')
    await focusOn('home')
    await seat.page.keyboard.type('no-such-home')
    await seat.press('Enter')
    await focused('[data-choice=home] input')
    await seat.press('Space')
    await action('standard-plan').press('Enter')
    await action('save-plan').press('Enter')
    await focusOn('home')
    await expect.poll(() => problemOf('home')).toBe('The centre has no such home.')
    expect(await stored()).toEqual([])
    // Found by the resident's initials, and shown covered.
    await field('home').fill('wxm')
    await seat.press('Enter')
    const hit = seat.page.locator('[data-choice=home] [data-option=home-1]')
    await hit.waitFor()
    expect(await hit.innerText()).not.toContain('王秀梅')
    await focused('[data-choice=home] input')
    await seat.press('Space')
    await action('save-plan').press('Enter')
    await dialogGone()
    await expect.poll(() => row().innerText()).toContain('SOS button · home home-1')
    expect(await stored()).toMatchObject([{ home: 'home-1', type: 'sos-pressed' }])
  })

  test('does not overwrite a plan unseen: not one there is already, and not what another wrote meanwhile', async () => {
    await put({ type: 'sos-pressed', steps: [speak] })
    await aSupervisor({ locale: 'en' })
    await row().waitFor()
    await aNewPlan()
    await action('standard-plan').press('Enter')
    await action('save-plan').press('Enter')
    await focusOn('event')
    await expect.poll(() => problemOf('event')).toContain('There is a plan for this already (version 1, 周敏)')
    await seat.press('Escape')
    await action('discard').press('Enter')
    await dialogGone()
    await focused('[data-action=new-plan]')

    await action('edit-plan').press('Enter')
    await focusOn('speak/zh-CN')
    await put({ type: 'sos-pressed', steps: [{ ...speak, required: false }] })
    await field('speak/en').fill('Mine')
    await seat.press('Enter')
    await expect.poll(() => dialog().innerText()).toContain('周敏 has changed it to version 2 meanwhile')
    expect((await stored())[0]).toMatchObject({ version: 2, steps: [{ text: { en: 'Speak' } }] })
    await seat.press('Enter')
    await dialogGone()
    expect((await stored())[0]).toMatchObject({ version: 3, steps: [{ text: { en: 'Mine' } }] })

    // Nor is it removed unseen: the question stays, says who changed it, and means the new one from then on.
    await action('remove-plan').press('Enter')
    await focused('[data-dialog=remove-plan] button[data-autofocus]')
    await put({ type: 'sos-pressed', steps: [speak] })
    await action('confirm-remove-plan').press('Enter')
    await expect.poll(() => dialog('remove-plan').innerText()).toContain('周敏 has changed it to version 4 meanwhile')
    expect(await stored()).toHaveLength(1)
    expect(await seat.axe()).toEqual([])
    await action('confirm-remove-plan').press('Enter')
    await dialogGone()
    expect(await stored()).toEqual([])
  })

  test('learns that the plan was removed while they wrote, by whom, and may write it anew', async () => {
    const { body: plan } = await put({ type: 'sos-pressed', steps: [speak] })
    await aSupervisor({ locale: 'en' })
    await action('edit-plan').press('Enter')
    await focusOn('speak/zh-CN')
    await boss.call('DELETE', `/plans/${plan.id}`)
    await field('speak/en').fill('Mine')
    await seat.press('Enter')
    await expect.poll(() => dialog().innerText()).toContain('周敏 has removed the plan meanwhile')
    expect(await stored()).toEqual([])
    await seat.press('Enter')
    await dialogGone()
    expect(await stored()).toMatchObject([{ version: 3, steps: [{ text: { en: 'Mine' } }] }])
  })

  test('reads what the server refuses, keeps what was written, and mends it', async () => {
    await put({ type: 'smoke', steps: [speak] })
    await aSupervisor({ locale: 'en' })
    await action('edit-plan').press('Enter')
    // What came along from elsewhere with a copied text: no store keeps it.
    await field('speak/en').fill('Speak up\u0000')
    await seat.press('Enter')
    await expect.poll(() => dialog().locator('[role=alert]').innerText()).toMatch(/^Not done: .+request-malformed/)
    expect((await stored())[0]).toMatchObject({ version: 1 })
    await field('speak/en').fill('Speak up')
    await seat.press('Enter')
    await dialogGone()
    expect((await stored())[0]).toMatchObject({ version: 2, steps: [{ text: { en: 'Speak up' } }] })
  })

  test('is told in words that the plans cannot be read, and can write none meanwhile', async () => {
    await put({ type: 'smoke', steps: [speak] })
    await server.cluster.query('alter table response_plan rename to out_of_reach')
    try {
      seat = await aConsole(browser, server.url, { locale: 'en' })
      await seat.logIn('supervisor', demoPassword)
      await seat.startShift()
      await expect
        .poll(() => seat.page.locator('[data-plans] [role=alert]').allInnerTexts(), { timeout: 10_000 })
        .toEqual([expect.stringMatching(/^Not done: /)])
      expect(await seat.page.locator('[data-plans]').innerText()).not.toContain('the standard plans hold')
      await action('new-plan').press('Enter')
      expect(await seat.page.locator('[role=dialog]').count()).toBe(0)
      expect(await seat.axe()).toEqual([])
    } finally {
      await server.cluster.query('alter table out_of_reach rename to response_plan')
    }
    await seat.page.reload()
    await row().waitFor()
  })

  test('sees more plans than one page holds when they ask for them', async () => {
    const made = await server.cluster.query(
      `insert into response_plan (centre, home, type, class, steps, changed_at, changed_by)
       select 'demo-centre', null, 'made-' || n, null, $1, now(), 'somebody' from generate_series(1, 205) as n returning 1`,
      [JSON.stringify([speak])],
    )
    expect(made).toHaveLength(205)
    await aSupervisor()
    await expect.poll(() => row().count()).toBe(200)
    await action('more-plans').press('Enter')
    await expect.poll(() => row().count()).toBe(205)
    await action('more-plans').waitFor({ state: 'detached' })
  })
})

test('an operator is shown no plans to write', async () => {
  seat = await aConsole(browser, server.url)
  await seat.logIn('operator', demoPassword)
  await seat.startShift()
  await seat.page.locator('[data-link=live]').first().waitFor()
  expect(await seat.page.locator('[data-plans]').count()).toBe(0)
})
