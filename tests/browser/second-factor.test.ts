import type { Role } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../server/src/database/database.ts'
import { keepAccount } from '../../server/src/people/accounts.ts'
import { keepCentre } from '../../server/src/people/centres.ts'
import { resetSecondFactor, setLocked, setPassword } from '../../server/src/people/entry.ts'
import type { Keeper } from '../../server/src/people/keeping.ts'
import type { Database } from '../../server/src/ports.ts'
import { aServer, type RunningServer } from '../harness/server.ts'
import { findChromium } from '../prepare-machine.ts'
import { codeOf, codesOn, secretOn } from './authenticator.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'

let server: RunningServer
let browser: Browser
let database: Database
const pages: Console[] = []
const password = 'six sleepy herons'

const keeper: Keeper = { actor: { kind: 'system', part: 'cli' }, note: async () => undefined }
async function anAccount(username: string, role: Role = 'operator'): Promise<void> {
  const parts = { database, clock: systemClock, random: systemRandom }
  await keepAccount(parts, keeper, username, { centre: 'west-lake', name: username, role })
  await setPassword(database, keeper, username, password)
}

beforeAll(async () => {
  if (findChromium() === undefined) return
  server = await aServer({ quick: true })
  browser = await aBrowser()
  const log = pino({ level: 'silent' })
  database = openDatabase({ url: server.cluster.appUrl, clock: systemClock, random: systemRandom, log })
  await keepCentre(database, keeper, 'west-lake', { name: '西湖' })
})
afterAll(async () => {
  await browser?.close()
  await database?.close()
  await server?.end()
})

/** The page, with name and password given by the keyboard alone. */
async function aPerson(username: string, options: ConsoleOptions = {}): Promise<Console> {
  const person = await aConsole(browser, server.url, options)
  pages.push(person)
  // It has the focus already, unless the language was chosen first.
  await person.page.locator('input[name=username]').focus()
  await person.page.keyboard.type(username)
  await person.press('Tab')
  await person.page.keyboard.type(password)
  await person.press('Enter')
  await person.page.locator('input[name=code]:focus').waitFor()
  return person
}
/** The recovery codes are told this once, and kept. */
async function keepsCodes(person: Console): Promise<void> {
  expect(await codesOn(person)).toHaveLength(10)
  await person.page.locator('[data-action=codes-kept]').press('Enter')
  await person.page.locator('[data-action=logout]').waitFor()
}

describe('a person of a real centre', () => {
  beforeEach((context) => {
    needsChromium(context)
    return async () => {
      for (const page of pages.splice(0)) await page.close()
    }
  })

  test('sets up an authenticator at the first log-in by the keyboard alone, and is asked for a code ever after', async () => {
    await anAccount('na')
    const first = await aPerson('na')
    const secret = await secretOn(first)
    await first.page.keyboard.type('000000')
    await first.press('Enter')
    await first.page.locator('[role=alert]').getByText('验证码不对').waitFor()
    await first.page.locator('input[name=code]:focus').waitFor()
    expect(await first.page.locator('input[name=code]').inputValue()).toBe('')
    await first.page.keyboard.type(codeOf(secret))
    await first.press('Enter')
    await keepsCodes(first)
    expect(first.complaints).toEqual([])

    const second = await aPerson('na')
    expect(await second.page.locator('[data-enrolment]').count()).toBe(0)
    const code = codeOf(secret, 1)
    await second.page.keyboard.type(`${code.slice(0, 3)} ${code.slice(3)}`)
    await second.press('Enter')
    await second.page.locator('[data-action=logout]').waitFor()
  })

  test('who goes back is asked for the password again; after a reset another authenticator is set up; a lock is told', async () => {
    await anAccount('jing', 'admin')
    const person = await aPerson('jing')
    const secret = await secretOn(person)
    await person.page.locator('[data-action=back]').click()
    await person.page.locator('input[name=username]:focus').waitFor()
    expect(await person.page.locator('input[name=password]').inputValue()).toBe('')
    await resetSecondFactor(database, keeper, 'jing')
    const again = await aPerson('jing')
    expect(await secretOn(again)).not.toEqual(secret)
    await setLocked(database, keeper, 'jing', true)
    await again.page.keyboard.type(codeOf(secret))
    await again.press('Enter')
    await again.page.locator('[role=alert]').getByText('已被锁定').waitFor()
  })

  test.for([
    { locale: 'zh-CN', viewport: desk },
    { locale: 'en', viewport: phone },
  ] as const)('has nothing serious for axe: $locale at $viewport.width px', async ({ locale, viewport }) => {
    const username = `min-${locale.toLowerCase()}`
    await anAccount(username)
    const fits = async ({ page }: Console) =>
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
    const enrolling = await aPerson(username, { locale, viewport })
    await enrolling.page.locator('[data-enrolment] svg').waitFor()
    expect(await enrolling.axe()).toEqual([])
    await fits(enrolling)
    await enrolling.page.keyboard.type(codeOf(await secretOn(enrolling)))
    await enrolling.press('Enter')
    await keepsCodes(enrolling)
    const entering = await aPerson(username, { locale, viewport })
    expect(await entering.axe()).toEqual([])
    await fits(entering)
    expect([...enrolling.complaints, ...entering.complaints]).toEqual([])
  })
})
