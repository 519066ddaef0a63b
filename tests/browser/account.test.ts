import type { Role } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../server/src/database/database.ts'
import { keepAccount } from '../../server/src/people/accounts.ts'
import { setPassword } from '../../server/src/people/entry.ts'
import type { Keeper } from '../../server/src/people/keeping.ts'
import type { Database } from '../../server/src/ports.ts'
import { aServer, demoPassword, type RunningServer } from '../harness/server.ts'
import { findChromium } from '../prepare-machine.ts'
import { codeOf, codesOn, secretOn } from './authenticator.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'

/** What people do with their own accounts, and supervisors with those of colleagues, on a real server. */
let server: RunningServer
let browser: Browser
let database: Database
const pages: Console[] = []
const own = 'six sleepy herons'
const next = 'nine calm otters'

const keeper: Keeper = { actor: { kind: 'system', part: 'cli' }, note: async () => undefined }
async function anAccount(username: string, role: Role): Promise<void> {
  const parts = { database, clock: systemClock, random: systemRandom }
  await keepAccount(parts, keeper, username, { centre: 'demo-centre', name: username, role })
  await setPassword(database, keeper, username, own)
}

beforeAll(async () => {
  if (findChromium() === undefined) return
  server = await aServer({ quick: true })
  browser = await aBrowser()
  const log = pino({ level: 'silent' })
  database = openDatabase({ url: server.cluster.appUrl, clock: systemClock, random: systemRandom, log })
})
afterAll(async () => {
  await browser?.close()
  await database?.close()
  await server?.end()
})
beforeEach((context) => {
  needsChromium(context)
  return async () => {
    for (const page of pages.splice(0)) await page.close()
  }
})

async function aPage(options: ConsoleOptions = {}): Promise<Console> {
  const person = await aConsole(browser, server.url, options)
  pages.push(person)
  return person
}
/** Name and password, by the keyboard alone; what comes next is the test's to say. */
async function knocks(person: Console, username: string, password: string): Promise<void> {
  await person.page.locator('input[name=username]').focus()
  await person.page.keyboard.type(username)
  await person.press('Tab')
  await person.page.keyboard.type(password)
  await person.press('Enter')
}
const types = async (person: Console, field: string, text: string, key = 'Tab') => {
  const { page } = person
  await page.locator(`input[name=${field}]:focus`).waitFor()
  await page.keyboard.type(text)
  await person.press(key)
  // Past the button that shows what was typed.
  if (key === 'Tab' && (await page.evaluate<boolean>(`document.activeElement?.tagName === 'BUTTON'`)))
    await person.press('Tab')
}
const inside = ({ page }: Console) => page.locator('[data-action=logout]').waitFor()
const act = ({ page }: Console, name: string, within = '[role=dialog]') =>
  page.locator(`${within} [data-action=${name}]`).press('Enter')
const alertOf = ({ page }: Console, text: string) => page.locator('[role=alert]').getByText(text).waitFor()
const dialogGone = ({ page }: Console) =>
  expect.poll(() => page.locator('[role=dialog]').count(), { timeout: 15_000 }).toBe(0)
/** Neither axe nor the width complains of what is shown now. */
async function isWell(person: Console, where: string): Promise<void> {
  const { page } = person
  const overflows = `document.documentElement.scrollWidth > innerWidth ||
    [...document.querySelectorAll('.mantine-Modal-content')].some((part) => part.scrollWidth > part.clientWidth)`
  const found = { where, axe: await person.axe(), cut: await page.evaluate<boolean>(overflows) }
  expect(found).toEqual({ where, axe: [], cut: false })
}
async function leaves(person: Console): Promise<void> {
  await person.page.locator('[data-action=logout]').click()
  await person.page.locator('input[name=username]:focus').waitFor()
}

test('a supervisor adds a colleague, who replaces the password for once, and is locked out again', async () => {
  const boss = await aPage({ viewport: desk })
  await boss.logIn('supervisor', demoPassword)
  await boss.startShift()
  await boss.page.locator('[data-staff-part=accounts]').press('Enter')
  await boss.page.locator('[data-account=supervisor]').getByText('您自己').waitFor()
  expect(await boss.page.locator('[data-account=supervisor] button, [data-account=admin] button').count()).toBe(0)
  await act(boss, 'new-account', '[data-staff]')
  await boss.page.locator('[data-field=username]:focus').waitFor()
  // Not above one's own, and no relative without a home.
  expect(await boss.page.locator('[data-field=role] option').allInnerTexts()).toEqual(['接警员', '班长', '安装员'])
  await boss.page.keyboard.type('operator')
  await boss.press('Tab')
  await boss.page.keyboard.type('陈静静')
  await isWell(boss, 'a new account')
  await boss.press('Enter')
  await boss.page.getByText('这个用户名已有人用了。').waitFor()
  await boss.page.locator('[data-field=username]:focus').fill('jing.jing')
  await boss.press('Enter')
  const told = boss.page.locator('[data-one-time]')
  await told.waitFor()
  const once = (await told.getAttribute('data-one-time')) ?? ''
  await boss.press('Escape')
  expect(await told.isVisible()).toBe(true)
  await isWell(boss, 'the password for once')
  await act(boss, 'understood')
  await dialogGone(boss)
  const row = boss.page.locator('[data-account="jing.jing"]')
  await row.getByText('一次性密码，尚未更换').waitFor()
  await isWell(boss, 'the list')

  const jing = await aPage({ viewport: phone, locale: 'en' })
  await knocks(jing, 'jing.jing', once)
  await types(jing, 'new-password', 'too short')
  await types(jing, 'again', 'too short', 'Enter')
  await jing.page.getByText('Has fewer than 10 characters.').waitFor()
  await jing.page.locator('input[name=new-password]:focus').waitFor()
  await isWell(jing, 'a password of one’s own')
  for (const field of ['new-password', 'again']) await jing.page.locator(`input[name=${field}]`).fill(own)
  await jing.press('Enter')
  await jing.page.locator('input[name=code]:focus').waitFor()
  const secret = await secretOn(jing)
  await jing.page.keyboard.type(codeOf(secret))
  await jing.press('Enter')
  const codes = await codesOn(jing)
  expect(codes).toHaveLength(10)
  await isWell(jing, 'the recovery codes')
  await act(jing, 'codes-kept', '[data-recovery-codes]')
  await inside(jing)
  await leaves(jing)

  // Without the telephone: one of them instead, and how many there still are.
  await knocks(jing, 'jing.jing', own)
  await jing.page.locator('[data-action=recovery]').press('Enter')
  await types(jing, 'code', codes[0] ?? '', 'Enter')
  await jing.page.locator('[data-told] [data-codes-left="9"]').getByText('9 recovery codes are left').waitFor()
  await isWell(jing, 'how many are left')
  await jing.page.locator('[data-action=go-on]:focus').press('Enter')
  await inside(jing)

  await row.locator('[data-action=lock]').press('Enter')
  await boss.page.locator('[data-dialog=lock] button[data-autofocus]:focus').waitFor()
  await isWell(boss, 'a lock')
  await act(boss, 'confirm-remove')
  await dialogGone(boss)
  await row.getByText('已锁定').waitFor()
  // Hers is over: the page asks who she is, and nobody is.
  await jing.page.reload()
  await knocks(jing, 'jing.jing', own)
  await alertOf(jing, 'This account is locked')
  await row.locator('[data-action=unlock]').press('Enter')
  await act(boss, 'confirm-remove')
  await dialogGone(boss)
  await row.locator('[data-action=reset-second-factor]').press('Enter')
  await act(boss, 'confirm-remove')
  await dialogGone(boss)
  await row.getByText('还没有设置第二因素').waitFor()
  await row.locator('[data-action=reset-password]').press('Enter')
  await act(boss, 'confirm-remove')
  await told.waitFor()
  expect(await told.getAttribute('data-one-time')).not.toBe(once)
  await act(boss, 'understood')
  await dialogGone(boss)
  await row.locator('[data-action=reset-password]:focus').waitFor()
  expect([...boss.complaints, ...jing.complaints]).toEqual([])
})

test.for([
  { locale: 'zh-CN', viewport: desk, role: 'operator', left: '还剩 10 个恢复码', wrong: '现在的密码不对。' },
  { locale: 'en', viewport: phone, role: 'installer', left: '10 recovery codes are left', wrong: 'That is not the' },
] as const)(
  'one’s own account by keys, as $role: a new password, a new telephone, new recovery codes: $locale at $viewport.width px',
  async ({ locale, viewport, role, left, wrong }) => {
    const username = `na.${role}`
    await anAccount(username, role)
    const na = await aPage({ locale, viewport })
    await knocks(na, username, own)
    await na.page.locator('input[name=code]:focus').waitFor()
    const secret = await secretOn(na)
    await na.page.keyboard.type(codeOf(secret))
    await na.press('Enter')
    const codes = await codesOn(na)
    await act(na, 'codes-kept', '[data-recovery-codes]')
    await inside(na)

    await act(na, 'account', 'header')
    await na.page.locator('[data-codes-left="10"]').getByText(left).waitFor()
    await isWell(na, 'my account')
    await act(na, 'change-password')
    await types(na, 'current-password', 'guess')
    await types(na, 'new-password', next)
    await types(na, 'again', next, 'Enter')
    await alertOf(na, wrong)
    await isWell(na, 'a new password')
    await na.page.locator('input[name=current-password]:focus').fill(own)
    await na.press('Enter')
    await na.page.locator('[data-form=password]').waitFor({ state: 'detached' })

    await act(na, 'new-telephone')
    await types(na, 'current-password', next)
    await types(na, 'code', codes[1] ?? '', 'Enter')
    await na.page.locator('[data-form=confirm] [data-secret]').waitFor()
    const fresh = await secretOn(na)
    expect(fresh).not.toEqual(secret)
    await isWell(na, 'a new telephone')
    await types(na, 'code', codeOf(fresh), 'Enter')
    const afterwards = await codesOn(na)
    expect(afterwards.some((code) => codes.includes(code))).toBe(false)
    // Shown this once: no single key takes them away.
    await na.press('Escape')
    await isWell(na, 'fresh codes')
    await act(na, 'codes-kept')

    await act(na, 'new-codes')
    await types(na, 'current-password', next)
    await types(na, 'code', afterwards[0] ?? '', 'Enter')
    const last = await codesOn(na)
    await act(na, 'codes-kept')
    await na.page.locator('[data-codes-left="10"]').waitFor()
    await na.press('Escape')
    await dialogGone(na)
    await na.page.locator('header [data-action=account]:focus').waitFor()
    await leaves(na)

    await knocks(na, username, next)
    await na.page.locator('[data-action=recovery]').press('Enter')
    await types(na, 'code', afterwards[1] ?? '', 'Enter')
    await na.page.locator('[role=alert]').filter({ hasText: /./ }).waitFor()
    await types(na, 'code', last[0] ?? '', 'Enter')
    await act(na, 'go-on', '[data-told]')
    await inside(na)
    expect(na.complaints).toEqual([])
  },
)

test('a relative has it, too, in letters that are large enough, and a demo’s account has no second factor to see to', async () => {
  const relative = await aPage({ viewport: phone })
  await relative.logIn('family', demoPassword)
  await act(relative, 'account', 'header')
  await relative.page.getByText('演示账号：在本机不需要第二因素').waitFor()
  expect(await relative.page.locator('[data-action=new-codes], [data-action=new-telephone]').count()).toBe(0)
  await act(relative, 'change-password')
  await types(relative, 'current-password', 'x')
  await types(relative, 'new-password', 'short')
  await types(relative, 'again', 'short', 'Enter')
  await relative.page.getByText('不足 10 个字符。').waitFor()
  await isWell(relative, 'in large letters')
  const small =
    await relative.page.evaluate(`[...document.querySelectorAll('.mantine-Modal-body *')].filter((element) => {
    const box = element.getBoundingClientRect()
    const text = element.tagName === 'INPUT' || [...element.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent.trim())
    if (!text || box.width === 0) return false
    return parseFloat(getComputedStyle(element).fontSize) < 18 || (element.tagName === 'INPUT' && box.height < 50)
  }).map((element) => element.outerHTML)`)
  expect(small).toEqual([])
  await relative.press('Escape')
  await dialogGone(relative)
  expect(relative.complaints).toEqual([])
})
