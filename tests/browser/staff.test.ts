import type { Colleague, ReadinessAnswer, Responder, Shift } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Api } from '../harness/api.ts'
import { aServer, demoPassword, type RunningServer } from '../harness/server.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'

/** A supervisor sees to the centre's own people, on a real server: what readiness finds missing is mended on the same page. */
let server: RunningServer
let boss: Api
let browser: Browser
let seat: Console

const shifts = async () => (await boss.call<{ items: Shift[] }>('GET', '/shifts')).body.items
const responders = async () => (await boss.call<{ items: Responder[] }>('GET', '/responders')).body.items
const gaps = async () =>
  (await boss.call<ReadinessAnswer>('GET', '/escalation/readiness')).body.policies.flatMap((policy) => policy.gaps)

beforeAll(async () => {
  if (findChromium() === undefined) return
  server = await aServer({ quick: true })
  boss = await server.logIn('supervisor')
  browser = await aBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.end()
})
beforeEach(needsChromium)
afterEach(async () => seat?.close())

async function aSupervisor(options: ConsoleOptions = {}): Promise<void> {
  seat = await aConsole(browser, server.url, options)
  await seat.logIn('supervisor', demoPassword)
  await seat.startShift()
  await seat.page.locator('[data-staff=none]').waitFor()
}
const part = (name: string) => seat.page.locator(`[data-staff-part=${name}]`)
const action = (name: string, within = '[data-staff]') => seat.page.locator(`${within} [data-action=${name}]`)
const field = (place: string) => seat.page.locator(`[data-field="${place}"]`)
const focusOn = (place: string) => seat.page.locator(`[data-field="${place}"]:focus`).waitFor()
const focused = (selector: string) => seat.page.locator(`${selector}:focus`).waitFor()
const dialog = (name: string) => seat.page.locator(`[data-dialog=${name}] [role=dialog]`)
const save = () => seat.page.locator('[role=dialog] [data-action=save]')
const dialogGone = () => expect.poll(() => seat.page.locator('[role=dialog]').count()).toBe(0)
const problemOf = async (place: string) => {
  const described = await seat.page
    .locator(`[data-field="${place}"][aria-invalid=true]`)
    .getAttribute('aria-describedby')
  return seat.page.locator(`[id="${described?.split(' ').at(-1)}"]`).innerText()
}
const widths = (viewport: { readonly width: number }) => async (where: string) => {
  const found = (await seat.axe()).map((finding) => `${where}: ${finding}`)
  const width = await seat.page.evaluate<number>('document.documentElement.scrollWidth')
  if (width > viewport.width) found.push(`${where}: ${width} px wide`)
  const cut = await seat.page.evaluate<boolean>(
    '[...document.querySelectorAll(".mantine-Modal-content")].some((part) => part.scrollWidth > part.clientWidth)',
  )
  return cut ? [...found, `${where}: the dialog is wider than itself`] : found
}

/** A rota of the supervisor's that has nobody on Tuesdays from 03:00 to 05:00. */
async function aRotaWithAHole(): Promise<void> {
  await server.cluster.query('delete from shift')
  for (const [id, days, from, to] of [
    ['most', '{1,3,4,5,6,7}', '00:00', '00:00'],
    ['tuesday-early', '{2}', '00:00', '03:00'],
    ['tuesday-late', '{2}', '05:00', '00:00'],
  ])
    await server.cluster.query(
      `insert into shift (id, centre, kind, who_kind, who, seat, days, from_time, to_time, valid_from)
       values ($1, 'demo-centre', 'supervisor', 'person', 'supervisor', null, $2, $3, $4, '2026-01-01')`,
      [id, days, from, to],
    )
}

describe('a supervisor', () => {
  test.for([
    { locale: 'zh-CN', viewport: desk },
    { locale: 'en', viewport: desk },
    { locale: 'zh-CN', viewport: phone },
    { locale: 'en', viewport: phone },
  ] as const)(
    'closes by keys the hole that readiness found, and sees it open again when the shift is removed: $locale at $viewport.width px',
    async ({ locale, viewport }) => {
      const english = locale === 'en'
      const look = widths(viewport)
      await aRotaWithAHole()
      await aSupervisor({ locale, viewport })
      await seat.page.locator('[data-gap=nobody-on-duty]').first().waitFor()
      const group = '[data-group=supervisor]'
      const holes = (count: number) => seat.page.locator(`${group} [data-holes="${count}"]`)

      await part('shifts').press('Enter')
      await holes(1).waitFor()
      expect(await holes(1).innerText()).toBe(english ? 'Nobody: Tue 03:00–05:00' : '没有人：周二 03:00–05:00')
      expect(await look('the week')).toEqual([])

      // Nothing is sent while something is missing, and the focus goes to what is missing first.
      await action('add-shift', group).press('Enter')
      await focusOn('kind')
      expect(await field('kind').inputValue()).toBe('supervisor')
      await save().press('Enter')
      await focusOn('who')
      expect(await problemOf('who')).toBe(english ? 'Choose who is on duty.' : '请选择由谁值班。')
      expect(await look('faults')).toEqual([])
      await seat.press('ArrowDown')
      expect(await field('who').inputValue()).toBe('person:supervisor')
      // What is lacking is what a new shift begins with.
      expect([await field('from').inputValue(), await field('to').inputValue()]).toEqual(['03:00', '05:00'])
      expect(await seat.page.locator('[data-day] input:checked').count()).toBe(1)
      await field('to').press('Enter')
      await dialogGone()
      await focused(`${group} [data-action=add-shift]`)
      await holes(0).waitFor()
      await seat.page.locator('[data-gap]').first().waitFor({ state: 'detached' })
      expect(await gaps()).toEqual([])
      const mended = (await shifts()).find(({ from, to }) => from === '03:00' && to === '05:00')
      expect(mended).toMatchObject({
        kind: 'supervisor',
        who: { kind: 'person', id: 'supervisor' },
        seat: null,
        days: [2],
        timeZone: 'Asia/Shanghai',
        validTo: null,
      })

      const row = `[data-shift="${mended?.id}"]`
      await action('remove', row).press('Enter')
      await focused('[data-dialog=remove] button[data-autofocus]')
      expect(await look('removal')).toEqual([])
      await action('confirm-remove', '[role=dialog]').press('Enter')
      await dialogGone()
      await focused('#shifts-title')
      await holes(1).waitFor()
      await seat.page.locator('[data-gap=nobody-on-duty]').first().waitFor()
      expect(seat.complaints).toEqual([])
    },
  )

  test('turns a shift into a night at a seat: it stands on both of its days, and only what changed is written', async () => {
    await aRotaWithAHole()
    await aSupervisor({ locale: 'en' })
    await part('shifts').press('Enter')
    const row = '[data-shift=most]'
    await action('edit', row).press('Enter')
    await focusOn('kind')
    await field('kind').selectOption('seat')
    expect(await field('seat').inputValue()).toBe('demo-seat-1')
    await seat.page.locator('[role=dialog] [data-day="7"] input').press('Space')
    await field('from').fill('2200')
    await field('to').fill('06:00')
    await expect.poll(() => dialog('shift').innerText()).toContain('22:00 to 06:00 on the next day (over midnight)')
    // A colleague ends it meanwhile: that is told, and is not undone by who writes over it what they have changed.
    await boss.call('PATCH', '/shifts/most', { validTo: '2030-01-01' })
    await field('from').press('Enter')
    await focused('[data-changed] [data-action=look-at-theirs]')
    await seat.press('Tab')
    await seat.press('Enter')
    await dialogGone()
    await seat.page.locator('[data-group="seat/demo-seat-1"] [data-shift=most]').waitFor()
    const days = await seat.page.locator(`${row} [data-day]`).allInnerTexts()
    expect(days.map((text) => text.replaceAll('\n', ' '))).toEqual([
      '22:00→',
      '→06:00',
      '22:00→',
      '→06:00 22:00→',
      '→06:00 22:00→',
      '→06:00 22:00→',
      '→06:00',
    ])
    expect((await shifts()).find(({ id }) => id === 'most')).toMatchObject({
      kind: 'seat',
      seat: 'demo-seat-1',
      days: [1, 3, 4, 5, 6],
      from: '22:00',
      to: '06:00',
      validTo: '2030-01-01',
    })
  })

  test('adds a seat, renames it and removes it; one that a shift is planned at stays, and it is said why', async () => {
    await aRotaWithAHole()
    await aSupervisor({ locale: 'en' })
    await part('shifts').press('Enter')
    await action('new-seat').press('Enter')
    await focusOn('name')
    await seat.press('Enter')
    expect(await problemOf('name')).toBe('Write the name.')
    await seat.page.keyboard.type('Night desk')
    await seat.press('Enter')
    await dialogGone()
    const group = seat.page.locator('tbody').filter({ hasText: 'Night desk' })
    await group.locator('[data-action=rename-seat]').press('Enter')
    await focusOn('name')
    await field('name').fill('Night desk 2')
    await seat.press('Enter')
    await dialogGone()
    const renamed = seat.page.locator('tbody').filter({ hasText: 'Night desk 2' })
    const key = await renamed.getAttribute('data-group')
    const { body } = await boss.call<Shift>('POST', '/shifts', {
      kind: 'seat',
      seat: key?.slice('seat/'.length),
      who: { kind: 'person', id: 'operator' },
      days: [1],
      from: '08:00',
      to: '20:00',
      validFrom: '2026-01-01',
    })
    await renamed.locator('[data-action=remove-seat]').press('Enter')
    await action('confirm-remove', '[role=dialog]').press('Enter')
    await expect
      .poll(() => seat.page.locator('[role=dialog] [role=alert]').allInnerTexts())
      .toEqual([expect.stringContaining('A shift is planned at this seat')])
    await boss.call('DELETE', `/shifts/${body.id}`)
    await action('confirm-remove', '[role=dialog]').press('Enter')
    await dialogGone()
    await renamed.waitFor({ state: 'detached' })
    await focused('#shifts-title')
  })

  test.for([
    { locale: 'zh-CN', viewport: desk },
    { locale: 'en', viewport: phone },
  ] as const)(
    'adds a responder by keys, mends a number, notes that they answered, and removes them: $locale at $viewport.width px',
    async ({ locale, viewport }) => {
      const english = locale === 'en'
      const look = widths(viewport)
      await aSupervisor({ locale, viewport })
      await part('responders').press('Enter')
      await action('new-responder').press('Enter')
      await focusOn('name')
      await seat.page.keyboard.type('社区护士')
      await seat.press('Tab', 'ArrowDown', 'Tab')
      await focusOn('zone')
      await seat.page.keyboard.type('1101')
      await action('add-way', '[role=dialog]').press('Enter')
      await focusOn('ways/new-1')
      await seat.page.keyboard.type('12')
      await seat.press('Enter')
      // The server knows what a number is, and says at which line it is none.
      expect(await problemOf('ways/new-1')).toContain(
        english ? 'Write a Chinese mobile number' : '请填写中国大陆手机号',
      )
      await focusOn('ways/new-1')
      expect(await look('a wrong number')).toEqual([])
      await field('ways/new-1').fill('138 0000 0099')
      await seat.press('Enter')
      await dialogGone()
      await focused('[data-action=new-responder]')
      const row = seat.page.locator('[data-responder]').filter({ hasText: '社区护士' }).filter({ hasText: '1101' })
      await row.waitFor()
      expect(await row.innerText()).toContain(english ? 'Volunteer' : '志愿者')
      const added = (await responders()).find(({ zone }) => zone === '1101')
      expect(added).toMatchObject({ kind: 'volunteer', hours: null, phone: '13800000099' })

      // Without a provider nothing can be sent; that they answered a call is noted by hand.
      await row.locator('[data-action=test-way]').press('Enter')
      await expect
        .poll(() => row.locator('[data-said=refused]').innerText())
        .toContain(english ? 'no provider' : '没有配置')
      await row.locator('[data-action=prove-way]').press('Enter')
      await row.locator('[data-action=confirm-prove-way]').press('Enter')
      await row.locator('[data-said=proven]').waitFor()
      await expect.poll(() => row.innerText()).toMatch(english ? /answered \d{4}-/ : /\d{4}-\d\d-\d\d 有人应答/)

      // A second number and hours: the first keeps its proof.
      await row.locator('[data-action=edit]').press('Enter')
      await focusOn('name')
      await field('hours').press('Space')
      await field('hours/0/from').fill('2000')
      await field('hours/0/to').fill('0800')
      await action('add-way', '[role=dialog]').press('Enter')
      await focusOn('ways/new-1')
      await seat.page.keyboard.type('13800000098')
      await seat.page.locator('[data-way-line=new-1] [data-action=way-up]').press('Enter')
      expect(await look('two numbers')).toEqual([])
      await save().press('Enter')
      await dialogGone()
      await expect.poll(() => row.innerText()).toContain(english ? '20:00–08:00 (next day)' : '20:00–次日 08:00')
      const changed = (await responders()).find(({ id }) => id === added?.id)
      expect(changed?.hours).toEqual([{ days: [1, 2, 3, 4, 5], from: '20:00', to: '08:00' }])
      expect(changed?.ways.map(({ address, lastProvenOn }) => [address, lastProvenOn !== null])).toEqual([
        ['13800000098', false],
        ['13800000099', true],
      ])
      expect(await look('the list')).toEqual([])

      await row.locator('[data-action=remove]').press('Enter')
      await action('confirm-remove', '[role=dialog]').press('Enter')
      await dialogGone()
      await focused('#responders-title')
      await row.waitFor({ state: 'detached' })
      expect((await responders()).some(({ id }) => id === added?.id)).toBe(false)
      expect(seat.complaints).toEqual([])
    },
  )

  test('gives a colleague a number, which counts as proven once they have answered; this browser is theirs to turn on', async () => {
    await aSupervisor({ locale: 'en' })
    await part('colleagues').press('Enter')
    const row = '[data-colleague=operator2]'
    await action('edit', row).press('Enter')
    await action('add-way', '[role=dialog]').press('Enter')
    await focusOn('ways/new-1')
    await seat.press('Enter')
    expect(await problemOf('ways/new-1')).toBe('Write the number or address, or take the line out.')
    await seat.page.keyboard.type('+861066668888')
    await seat.press('Enter')
    await dialogGone()
    await focused(`${row} [data-action=edit]`)
    const added = seat.page.locator(`${row} [data-way]`).filter({ hasText: '+861066668888' })
    await added.locator('[data-action=prove-way]').press('Enter')
    await added.locator('[data-action=confirm-prove-way]').press('Enter')
    await expect.poll(() => added.innerText()).toMatch(/answered \d{4}-/)
    const people = (await boss.call<{ items: Colleague[] }>('GET', '/people')).body.items
    const ways = people.find(({ id }) => id === 'operator2')?.ways
    expect(ways?.map(({ channel }) => channel)).toEqual(['sms', 'voice', 'voice'])
    expect(ways?.at(-1)?.lastProvenOn).not.toBeNull()
    // What rings without a number is the browser itself: it is offered to who is signed in.
    await seat.page.locator('[data-push]').waitFor()
    expect(await seat.axe()).toEqual([])
    expect(seat.complaints).toEqual([])
  })
})
