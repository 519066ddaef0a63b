import type { Consent, Contact, HomeDetail } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Api } from '../harness/api.ts'
import { aServer, demoPassword, type RunningServer } from '../harness/server.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'

// The people of a home, seen to on a real centre.

let server: RunningServer
let boss: Api
let browser: Browser
let seat: Console

const home = async () => (await boss.call<HomeDetail>('GET', '/homes/home-1')).body
const contacts = async () => (await home()).contacts
const names = async () => (await contacts()).map(({ name }) => name)
const consents = async () => (await boss.call<{ items: Consent[] }>('GET', '/homes/home-1/consents')).body.items

beforeAll(async () => {
  if (findChromium() === undefined) return
  server = await aServer({ quick: true })
  boss = await server.logIn('supervisor')
  await boss.call('PATCH', '/homes/home-1/resident', { name: '王秀梅' })
  browser = await aBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.end()
})
beforeEach(async (context) => {
  needsChromium(context)
  // By hand: what was removed can be brought back, and a consent stays on record.
  await server.cluster.query('delete from consent')
  await server.cluster.query(`delete from contact where id not in ('contact-1', 'contact-2', 'contact-3')`)
  await server.cluster.query('update contact set removed_at = null, position = right(id, 1)::int')
  await server.cluster.query(
    `update way set dead_since = null, dead_why = null, last_proven_on = null,
       address = case when owner like 'contact-_' then '+9991380000000' || right(owner, 1) else address end`,
  )
})
afterEach(async () => seat?.close())

const action = (name: string, within = '') => seat.page.locator(`${within} [data-action=${name}]`).first()
const person = (id: string) => `[data-person="${id}"]`
const field = (name: string) => seat.page.locator(`[data-field=${name}]`)
const focused = (selector: string) => seat.page.locator(`${selector}:focus`).waitFor()
const problemOf = async (name: string) => {
  const described = (await field(name).getAttribute('aria-describedby')) ?? 'nothing'
  return seat.page.locator(`[id="${described.split(' ').at(-1)}"]`).innerText()
}
const modeIs = (mode: string) => seat.page.locator(`[data-modes=${mode}]`).waitFor()

async function aSupervisor(options: ConsoleOptions = {}): Promise<void> {
  seat = await aConsole(browser, server.url, options)
  await seat.logIn('supervisor', demoPassword)
  await seat.startShift()
  await seat.page.locator('[data-homes]').waitFor()
}
/** By keys, from the list of homes that lack something. */
async function atTheHome(options: ConsoleOptions = {}): Promise<void> {
  await aSupervisor(options)
  await seat.page.locator('[data-open-home=home-1]').press('Enter')
  await seat.page.locator('[data-people]').waitFor()
}
/** The first contact's number for calls does not work any more. */
const aDeadNumber = async (): Promise<string> => {
  const [row] = await server.cluster.query<{ id: string }>(
    `update way set dead_since = now(), dead_why = 'UNKNOWN_SUBSCRIBER'
     where owner = 'contact-1' and channel = 'voice' returning id`,
  )
  return row?.id ?? ''
}
const callsTo = async (contact: string) => {
  const ways = (await contacts()).find(({ id }) => id === contact)?.ways ?? []
  return ways
    .filter(({ channel }) => channel === 'voice')
    .map(({ address, dead }) => ({ address, dead: dead !== null }))
}

describe('a supervisor', () => {
  test.for([
    { locale: 'zh-CN', viewport: desk },
    { locale: 'en', viewport: desk },
    { locale: 'zh-CN', viewport: phone },
    { locale: 'en', viewport: phone },
  ] as const)(
    'adds a contact, mends a dead number and puts a home on test, by keys: $locale at $viewport.width px',
    async ({ locale, viewport }) => {
      const english = locale === 'en'
      const found: string[] = []
      const look = async (where: string) => {
        found.push(...(await seat.axe()).map((finding) => `${where}: ${finding}`))
        const width = await seat.page.evaluate<number>('document.documentElement.scrollWidth')
        if (width > viewport.width) found.push(`${where}: ${width} px wide`)
      }
      const dead = await aDeadNumber()
      await atTheHome({ locale, viewport })
      await focused('[data-home-page=home-1] h2')
      await look('the home')

      // A dead number says since when and why; another takes its place, and is not dead.
      const row = seat.page.locator(`[data-way="${dead}"]`)
      expect(await row.innerText()).toContain('UNKNOWN_SUBSCRIBER')
      await action('replace-way', `[data-way="${dead}"]`).press('Enter')
      await focused('[data-field=way-channel]')
      expect(await field('way-channel').inputValue()).toBe('voice')
      await seat.press('Tab')
      await seat.page.keyboard.type('12345')
      await seat.press('Enter')
      await expect
        .poll(() => seat.page.locator('[data-form=way] [role=alert]').allInnerTexts())
        .toEqual([expect.stringContaining(english ? 'no number or address for that way' : '不是该方式可用的号码')])
      await look('a number that is none')
      await field('way-address').fill('138 0000 0077')
      await seat.press('Enter')
      await focused(`${person('contact-1')} [data-action=add-way]`)
      expect(await callsTo('contact-1')).toEqual([{ address: '13800000077', dead: false }])

      // A contact is not sent without a name, and stands last until they are moved.
      await action('add-contact').press('Enter')
      await focused('[data-field=contact-name]')
      await seat.press('Enter')
      await focused('[data-field=contact-name]')
      expect(await problemOf('contact-name')).toBe(english ? 'Write the name.' : '请填写姓名。')
      await look('a contact without a name')
      await seat.page.keyboard.type('王丽')
      await seat.press('Tab')
      await seat.page.keyboard.type(english ? 'niece' : '侄女')
      await seat.press('Tab')
      await seat.page.keyboard.type('13800000041')
      await field('hours').press('Space')
      await seat.page.locator('[data-hours-line="0"] [data-day="1"] input').press('Space')
      await field('contact-note').fill('住在同一小区')
      await field('contact-distance').fill('300')
      await seat.press('Enter')
      await focused('[data-action=add-contact]')
      expect(await names()).toEqual(['王建平', '刘桂芳', '王建红', '王丽'])
      const { id = '', ...added } = (await contacts())[3] ?? ({} as Partial<Contact>)
      expect(added).toMatchObject({
        phone: '13800000041',
        distanceM: 300,
        note: '住在同一小区',
        hours: [{ days: [2, 3, 4, 5, 6, 7], from: '08:00', to: '22:00' }],
      })
      expect(added.ways?.map(({ channel }) => channel)).toEqual(['voice', 'sms'])
      await action('up', person(id)).press('Enter')
      await seat.page.locator(`li${person(id)}:nth-child(3)`).waitFor()
      await focused(`${person(id)} [data-action=up]`)
      expect(await names()).toEqual(['王建平', '刘桂芳', '王丽', '王建红'])

      // On test for half an hour: it ends by itself, and the page says when.
      await action('mode-test').press('Enter')
      await focused('[data-field=mode-for]')
      await action('save-mode').press('Enter')
      await focused('[data-field=mode-reason]')
      await look('a mode without a reason')
      await seat.page.keyboard.type(english ? 'yearly check' : '年检')
      await seat.press('Enter')
      await modeIs('test')
      expect(await seat.page.locator('[data-mode-left]').innerText()).toMatch(
        english ? /ends by itself in 00:(30:00|29:\d\d) / : /^00:(30:00|29:\d\d) 后自行结束/,
      )
      expect(await home()).toMatchObject({ mode: 'test', modeUntil: expect.any(String) })
      await look('on test')
      await action('end-mode').press('Enter')
      await modeIs('home')
      expect(await home()).toMatchObject({ mode: 'home', modeUntil: null })
      await focused('[data-modes] h3')

      await action('leave-home').press('Enter')
      await focused('[data-open-home=home-1]')
      await look('the list')
      expect(found).toEqual([])
      expect(seat.complaints).toEqual([])
    },
  )

  test('removes a contact after being told what it means, and brings them back', async () => {
    await atTheHome({ locale: 'en' })
    await action('remove-contact', person('contact-2')).press('Enter')
    await focused(`${person('contact-2')} [data-action=cancel]`)
    expect(await seat.page.locator(`${person('contact-2')} [role=alert]`).innerText()).toContain(
      'will not be asked any more',
    )
    await seat.press('Enter')
    await focused(`${person('contact-2')} [data-action=remove-contact]`)
    expect(await names()).toContain('刘桂芳')
    await seat.press('Enter')
    await action('confirm-remove-contact', person('contact-2')).press('Enter')
    await focused('[data-action=restore-contact]')
    expect(await names()).toEqual(['王建平', '王建红'])
    await seat.press('Enter')
    await focused(person('contact-2'))
    expect(await names()).toEqual(['王建平', '刘桂芳', '王建红'])
  })

  test('brings a dead number back when somebody answered there, and is told when no test can be sent', async () => {
    const dead = await aDeadNumber()
    await atTheHome({ locale: 'en' })
    await action('test-way', `[data-way="${dead}"]`).press('Enter')
    await expect
      .poll(() => seat.page.locator(`${person('contact-1')} [role=alert]`).allInnerTexts())
      .toEqual(['No provider is set up for this way: nothing was sent.'])
    await action('prove-way', `[data-way="${dead}"]`).press('Enter')
    await action('confirm-prove-way').press('Enter')
    await seat.page.locator(`[data-way="${dead}"][data-dead=false]`).waitFor()
    expect(await callsTo('contact-1')).toEqual([expect.objectContaining({ dead: false })])
    expect(await seat.page.locator(`[data-way="${dead}"]`).innerText()).toContain('answered 20')
  })

  test('changes what is stored of a contact and of the resident; what is covered stays', async () => {
    await server.cluster.query(`update resident set access = 'key box 4711', medical = array['asthma']`)
    await atTheHome({ locale: 'en' })
    expect(await seat.page.content()).not.toContain('4711')
    await action('edit-contact', person('contact-3')).press('Enter')
    await field('contact-key').press('Space')
    await field('contact-language').selectOption('en')
    await action('save-contact').press('Enter')
    await focused(`${person('contact-3')} [data-action=edit-contact]`)
    expect((await contacts())[2]).toMatchObject({ name: '王建红', keyHolder: true, language: 'en' })
    await action('edit-resident').press('Enter')
    await focused('[data-field=resident-name]')
    expect(await seat.axe()).toEqual([])
    await field('resident-hearing').fill('left ear weak')
    await field('resident-medical').fill('asthma\n\npenicillin')
    await field('resident-arrival').fill('west gate')
    await action('save-resident').press('Enter')
    await focused('[data-action=edit-resident]')
    expect(await home()).toMatchObject({
      arrival: 'west gate',
      resident: { name: '王秀梅', hearing: 'left ear weak', medical: ['asthma', 'penicillin'] },
    })
    expect(await server.cluster.query('select access from resident')).toEqual([{ access: 'key box 4711' }])
  })

  test('is told what another has changed meanwhile, looks at it, and writes over it only when they mean it', async () => {
    await atTheHome({ locale: 'en' })
    const noteOf = async () => (await contacts())[1]?.note
    const typed = async (note: string) => {
      await action('edit-contact', person('contact-2')).press('Enter')
      await field('contact-note').fill(note)
    }
    await typed('mine')
    await boss.call('PATCH', '/homes/home-1/contacts/contact-2', { note: 'theirs', keyHolder: false })
    await action('save-contact').press('Enter')
    await focused('[data-changed] [data-action=look-at-theirs]')
    expect(await seat.page.locator('[data-changed] [role=alert]').innerText()).toMatch(
      /^周敏 has changed this meanwhile/,
    )
    expect(await seat.axe()).toEqual([])
    expect(await noteOf()).toBe('theirs')
    await seat.press('Enter')
    await seat.page.locator(person('contact-2')).getByText('theirs').waitFor()
    await seat.page.locator('[data-form=contact]').waitFor({ state: 'detached' })

    await typed('mine after all')
    await boss.call('PATCH', '/homes/home-1/contacts/contact-2', { distanceM: 70 })
    await action('save-contact').press('Enter')
    await focused('[data-changed] [data-action=look-at-theirs]')
    await action('write-over').press('Enter')
    await focused(`${person('contact-2')} [data-action=edit-contact]`)
    // What only the other one has changed stays.
    expect((await contacts())[1]).toMatchObject({ note: 'mine after all', distanceM: 70, keyHolder: false })

    // An order is one thing: another one is shown before it is changed.
    const reversed = { contacts: ['contact-3', 'contact-2', 'contact-1'] }
    await boss.call('PUT', '/homes/home-1/contacts/order', reversed)
    await action('down', person('contact-1')).press('Enter')
    await seat.page.locator('[data-people] [role=alert]').getByText('has changed this meanwhile').waitFor()
    await seat.page.locator(`${person('contact-3')}[data-place="1"]`).waitFor()
    expect(await names()).toEqual(['王建红', '刘桂芳', '王建平'])
  })

  test('writes down a consent and takes it back: the contact is not asked any more', async () => {
    await atTheHome({ locale: 'en' })
    await action('add-consent').press('Enter')
    await focused('[data-field=consent-purpose]')
    await field('consent-recipient').selectOption('contact contact-2')
    await action('save-consent').press('Enter')
    await focused('[data-field=consent-evidence]')
    await seat.page.keyboard.type('form of 2 March, in the presence of the daughter')
    await seat.press('Enter')
    await focused('[data-action=add-consent]')
    const [given] = await consents()
    expect(given).toMatchObject({
      purpose: 'alarm',
      recipient: { kind: 'contact', id: 'contact-2' },
      withdrawnAt: null,
    })
    const row = seat.page.locator(`[data-consent="${given?.id}"]`)
    expect(await row.innerText()).toContain('alarms → contact 刘桂芳 邻居')
    expect(await seat.axe()).toEqual([])
    await action('withdraw-consent').press('Enter')
    await action('confirm-withdraw-consent').press('Enter')
    await seat.page.locator(`[data-consent="${given?.id}"][data-withdrawn=true]`).waitFor()
    await expect
      .poll(() => seat.page.locator(person('contact-2')).innerText())
      .toContain('consent withdrawn: not asked')
    expect((await contacts())[1]).toMatchObject({ withdrawn: true })
  })

  test('finds a home by the initials of who lives there', async () => {
    await aSupervisor({ locale: 'en' })
    await seat.page.locator('[data-field=homes]').fill('wxm')
    await seat.press('Enter')
    await focused('[data-choice=home] input')
    // A hit is covered; the home itself is not.
    expect(await seat.page.locator('[data-homes]').innerText()).not.toContain('王秀梅')
    await seat.press('Space', 'Enter')
    await seat.page.locator('[data-home-page=home-1] [data-people]').waitFor()
    expect(await seat.page.locator('[data-resident]').innerText()).toContain('王秀梅')
  })
})

test.for(['installer', 'admin'])(
  '%s opens a home from the page of its devices, and goes back to it',
  async (username) => {
    seat = await aConsole(browser, server.url)
    await seat.logIn(username, demoPassword)
    const way = seat.page.locator('[data-home=home-1] [data-open-home=home-1]')
    await way.waitFor()
    expect(await seat.axe()).toEqual([])
    await way.press('Enter')
    await seat.page.locator(person('contact-1')).waitFor()
    await seat.page.locator('[data-consents]').getByText('还没有登记。').waitFor()
    expect(await seat.axe()).toEqual([])
    await action('leave-home').press('Enter')
    await focused('[data-open-home=home-1]')
  },
)

test.for([
  { locale: 'zh-CN', viewport: desk },
  { locale: 'en', viewport: phone },
] as const)('an operator puts a home on test and ends it, and is shown nothing else of it: $locale', async (place) => {
  seat = await aConsole(browser, server.url, place)
  await seat.logIn('operator', demoPassword)
  await seat.startShift()
  await field('homes').fill('wxm')
  await seat.press('Enter')
  await focused('[data-choice=home] input')
  expect(await seat.axe()).toEqual([])
  await seat.press('Space', 'Enter')
  await modeIs('home')
  await action('mode-test').press('Enter')
  await field('mode-reason').fill('yearly check')
  await seat.press('Enter')
  await modeIs('test')
  expect(await home()).toMatchObject({ mode: 'test' })
  expect(await seat.page.locator('[data-people], [data-resident], [data-consents]').count()).toBe(0)
  expect(await seat.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(place.viewport.width)
  expect(await seat.axe()).toEqual([])
  await action('end-mode').press('Enter')
  await modeIs('home')
  // The line may say so before the answer does, which then moves the focus: a key struck in between would go there.
  await focused('[data-modes] h3')
  await action('leave-home').press('Enter')
  await focused('#homes-title')
})
