import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, needsChromium } from './console.ts'
import { aScriptedCentre, type ScriptedCentre } from './scripted-centre.ts'
import { homeDetail } from './scripted-home.ts'

// What a real centre does too rarely or too slowly: a test that is answered, a mode that runs out, a store that is gone.

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
})
afterEach(async () => {
  await seat?.close()
  await centre?.stop()
})

/** The home is what `but` makes of it at the moment at which it is opened. */
async function atTheHome(but: () => Parameters<ScriptedCentre['home']>[0] = () => ({})): Promise<void> {
  seat = await aConsole(browser, centre.url, { locale: 'en' })
  await seat.logIn('supervisor', 'whatever')
  await seat.startShift()
  const way = seat.page.locator('[data-open-home=home-1]')
  await way.waitFor()
  centre.home(but())
  await way.press('Enter')
}
const action = (name: string, within = '') => seat.page.locator(`${within} [data-action=${name}]`).first()
const way = '[data-way=daughter-sms]'

test('a test that was sent is awaited, and the number counts as proven as soon as somebody has opened it', async () => {
  await atTheHome()
  await action('test-way', way).press('Enter')
  await seat.page.locator(`${way} [data-test-sent=true]`).waitFor()
  expect(centre.asked).toContain('POST /homes/home-1/contacts/daughter/ways/daughter-sms/test')
  expect(await seat.axe()).toEqual([])
  const [daughter, ...others] = homeDetail().contacts
  if (!daughter) throw new Error('the scripted home has a daughter')
  const lastProvenOn = new Date().toISOString()
  const ways = (daughter.ways ?? []).map((one) =>
    one.id === 'daughter-sms' ? { ...one, lastProvenOn, dead: null } : one,
  )
  centre.home({ contacts: [{ ...daughter, lastProvenOn, ways }, ...others] })
  await seat.page.locator(`${way}[data-dead=false] [data-test-sent=false]`).waitFor({ state: 'attached' })
})

test('another number for the one, then for the other: the form says which, and begins anew', async () => {
  await atTheHome()
  const form = seat.page.locator('[data-form=way]')
  await action('replace-way', '[data-way=daughter-voice]').press('Enter')
  await form.getByRole('heading', { name: 'Another number for: call 13900000001' }).waitFor()
  await seat.page.locator('[data-field=way-address]').fill('13900000009')
  await action('replace-way', way).press('Enter')
  await form.getByRole('heading', { name: 'Another number for: SMS 13900000001' }).waitFor()
  expect(await seat.page.locator('[data-field=way-channel]').inputValue()).toBe('sms')
  expect(await seat.page.locator('[data-field=way-address]').inputValue()).toBe('')
})

test('why a number is dead is said in words, and where nobody here has words for it as it came', async () => {
  const [daughter, ...others] = homeDetail().contacts
  if (!daughter) throw new Error('the scripted home has a daughter')
  const since = '2026-03-04T00:00:00.000Z'
  const ways = (daughter.ways ?? []).map((one) => ({
    ...one,
    dead: { since, why: one.channel === 'sms' ? 'wrong-number' : 'UNKNOWN_SUBSCRIBER' },
  }))
  await atTheHome(() => ({ contacts: [{ ...daughter, ways }, ...others] }))
  await seat.page.locator(way).getByText('dead since 2026-03-04 wrong number').waitFor()
  await seat.page.locator('[data-way=daughter-voice]').getByText('dead since 2026-03-04 UNKNOWN_SUBSCRIBER').waitFor()
  expect(seat.complaints).toEqual([])
})

test('of two forms that are open, the one that is saved has the focus at what is missing in it', async () => {
  await atTheHome()
  await action('edit-contact', '[data-person=daughter]').press('Enter')
  await seat.page.locator('[data-person=daughter] [data-form=contact]').waitFor()
  await action('add-contact').press('Enter')
  const fresh = '[data-people] > [data-form=contact]'
  await action('save-contact', fresh).press('Enter')
  await seat.page.locator(`${fresh} [data-field=contact-name]:focus`).waitFor()
  expect(seat.complaints).toEqual([])
})

test('hours of a contact begin with every day, and are not saved without one', async () => {
  await atTheHome()
  await action('edit-contact', '[data-person=daughter]').press('Enter')
  const form = '[data-person=daughter] [data-form=contact]'
  await seat.page.locator(`${form} [data-field=hours]`).press('Space')
  const days = seat.page.locator(`${form} [data-hours-line="0"] [data-day] input`)
  expect(await seat.page.locator(`${form} [data-hours-line="0"] [data-day] input:checked`).count()).toBe(7)
  for (const day of await days.all()) await day.press('Space')
  await action('save-contact', form).press('Enter')
  await seat.page.locator(`${form} [data-field="hours/0/days"]:focus`).waitFor()
  expect(await seat.axe()).toEqual([])
})

test('a mode runs out before anybody looks again', async () => {
  await atTheHome(() => ({ mode: 'away', modeUntil: new Date(Date.now() + 6_000).toISOString() }))
  await seat.page
    .locator('[data-modes=away]')
    .getByText(/ends by itself in 00:00:0\d/)
    .waitFor()
  await seat.page.locator('[data-modes=home]').waitFor()
  expect(await seat.page.locator('[data-mode-left], [data-action=end-mode]').count()).toBe(0)
})

test('a contact that is half written is still there after an alarm was looked at, and its letters are no commands', async () => {
  await atTheHome()
  const { id } = centre.raise()
  await seat.row(id).waitFor()
  await action('add-contact').press('Enter')
  await seat.page.keyboard.type('Jack')
  await seat.page.locator('[data-field=contact-key]').press('j')
  await seat.page.locator('[data-form=contact]').waitFor()
  await seat.row(id).locator('button').click()
  await seat.incident().waitFor()
  expect(await seat.page.locator('[data-form=contact]').isVisible()).toBe(false)
  // Each look is written down: out of sight nobody looks, and in sight again it is read anew.
  const looks = () => centre.asked.filter((one) => one === 'GET /homes/home-1').length
  const before = looks()
  centre.change(id, { handling: 'closed' })
  await seat.incident().waitFor({ state: 'detached' })
  await expect.poll(looks).toBeGreaterThan(before)
  expect(await seat.page.locator('[data-field=contact-name]').inputValue()).toBe('Jack')
  // Neither one key nor the way back throws it away.
  await seat.page.locator('[data-field=contact-name]').press('Escape')
  await seat.page.locator('[data-form=contact] [data-action=go-on]:focus').waitFor()
  expect(await seat.axe()).toEqual([])
  await seat.press('Enter')
  await seat.page.locator('[data-field=contact-name]:focus').waitFor()
  await action('cancel', '[data-form=contact]').press('Enter')
  await action('go-on', '[data-form=contact]').press('Enter')
  await seat.page.locator('[data-form=contact] [data-action=cancel]:focus').waitFor()
  await action('leave-home').press('Enter')
  await action('go-on', 'header').press('Enter')
  await seat.page.locator('[data-action=leave-home]:focus').waitFor()
  expect(await seat.page.locator('[data-field=contact-name]').inputValue()).toBe('Jack')
  await seat.page.locator('[data-field=contact-name]').press('Escape')
  await action('discard').press('Enter')
  await seat.page.locator('[data-action=add-contact]:focus').waitFor()
  // Where nothing was written, nothing is asked.
  await seat.press('Enter')
  await seat.page.locator('[data-field=contact-name]').press('Escape')
  await seat.page.locator('[data-action=add-contact]:focus').waitFor()
  await action('leave-home').press('Enter')
  await seat.page.locator('[data-homes]').waitFor()
})

test('a home that cannot be read says so, and the way back is there', async () => {
  await atTheHome(() => null)
  await expect
    .poll(() => seat.page.locator('[data-home-page] [role=alert]').allInnerTexts(), { timeout: 10_000 })
    .toEqual(['The centre cannot save at the moment; nothing was done. Try again shortly.'])
  expect(await seat.axe()).toEqual([])
  await action('leave-home').press('Enter')
  await seat.page.locator('[data-homes]').waitFor()
})
