import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AnswerBody, AnswerView } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../harness/wait.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, needsChromium, phone } from './console.ts'
import { pageFile } from './scripted-centre.ts'

const secret = 'q'.repeat(43)
let browser: Browser
let http: Server
let url = ''
let person: Console
let view: AnswerView
/** What the server says now, and what it was told. */
let away = false
let known = true
let given: { readonly body: AnswerBody; readonly key: string }[] = []

const accept = (etaMinutes: number): AnswerView => ({
  ...view,
  state: 'accepted',
  etaMinutes,
  acceptedUntil: new Date(Date.parse(view.at) + (etaMinutes + 5) * 60_000).toISOString(),
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://centre').pathname
  if (!path.startsWith('/api/')) return pageFile(path, response)
  const say = (status: number, body: object) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (path !== `/api/v1/answers/${secret}` || !known)
    return say(404, { code: 'answer-unknown', status: 404, title: 'x' })
  if (request.method === 'POST') {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString()) as AnswerBody
    given.push({ body, key: String(request.headers['idempotency-key']) })
    // It arrived, and its answer is lost: the page cannot know.
    if (away) return void response.destroy()
    if (body.answer === 'going') view = accept(body.etaMinutes ?? 15)
    if (body.answer === 'cannot') view = { ...view, state: 'declined', acceptedUntil: null, etaMinutes: null }
  }
  return away ? void response.destroy() : say(200, view)
}

beforeAll(async () => {
  if (findChromium() !== undefined) browser = await aBrowser()
})
afterAll(async () => browser?.close())
beforeEach(async (context) => {
  needsChromium(context)
  view = {
    type: 'sos-pressed',
    at: '2026-01-01T18:10:00.000Z',
    timeZone: 'Asia/Shanghai',
    test: false,
    state: 'asked',
    acceptedUntil: null,
    etaMinutes: null,
    going: [],
    over: null,
  }
  away = false
  known = true
  given = []
  http = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterEach(async () => {
  await person?.close()
  http?.closeAllConnections()
  await new Promise((resolve) => http?.close(resolve))
})

async function opens(locale: 'zh-CN' | 'en' = 'zh-CN'): Promise<Console> {
  person = await aConsole(browser, `${url}/a/${secret}`, { viewport: phone, locale })
  return person
}
const showing = (state: string) => person.page.locator(`main[data-answer=${state}]`).waitFor()
const press = (action: string) => person.page.locator(`[data-action=${action}]:enabled`).click()
const answers = () => given.filter(({ body }) => body.answer !== 'seen').map(({ body }) => body)

test('asked in the night: what and when, two buttons, no login; the answer, and a change of mind', async () => {
  await opens()
  await showing('asked')
  await person.page.getByText('02:10 · 求助按钮').waitFor()
  await until('it was said that it was seen', () => given.some(({ body }) => body.answer === 'seen'), {
    withinMs: 5_000,
  })
  await person.page.locator('[data-eta="30"]').click()
  await press('going')
  await showing('accepted')
  await person.page.getByText('约 30 分钟到达；02:45 之前不再通知其他人。').waitFor()
  await press('cannot')
  await showing('declined')
  await press('going')
  await showing('accepted')
  expect(answers()).toEqual([
    { answer: 'going', etaMinutes: 30 },
    { answer: 'cannot' },
    { answer: 'going', etaMinutes: 30 },
  ])
  expect(new Set(given.map(({ key }) => key)).size).toBe(given.length)
  expect(person.complaints).toEqual([])
})

test.for(['zh-CN', 'en'] as const)('large enough for old eyes and cold fingers, in %s', async (locale) => {
  await opens(locale)
  await showing('asked')
  const sizes = await person.page.evaluate(`[...document.querySelectorAll('main *')].flatMap((element) => {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')
    const box = element.getBoundingClientRect()
    return text ? [{ px: parseFloat(getComputedStyle(element).fontSize), button: element.tagName === 'BUTTON', height: box.height, width: box.width }] : []
  })`)
  const shown = sizes as { px: number; button: boolean; height: number; width: number }[]
  expect(shown.length).toBeGreaterThan(8)
  expect(shown.filter(({ px }) => px < 18)).toEqual([])
  expect(shown.filter(({ button, height, width }) => button && (height < 60 || width < 60))).toEqual([])
  expect(await person.axe()).toEqual([])
  expect(await person.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
})

test('without a network the answer is kept and sent until it arrives, under one key', async () => {
  await opens('en')
  await showing('asked')
  away = true
  await press('going')
  await person.page.locator('[data-offline=sending]').waitFor()
  await until('it is sent again', () => answers().length > 1, { withinMs: 10_000 })
  away = false
  await showing('accepted')
  await person.page.locator('[data-offline]').waitFor({ state: 'detached' })
  const going = given.filter(({ body }) => body.answer === 'going')
  expect(going.at(-1)?.body).toEqual({ answer: 'going', etaMinutes: 15 })
  expect(new Set(going.map(({ key }) => key)).size).toBe(1)
})

test('somebody else is going; then it is over: nothing is left to press', async () => {
  view = { ...view, going: [{ name: '周敏', until: '2026-01-01T18:40:00.000Z' }] }
  await opens()
  await showing('others')
  await person.page.getByText('周敏 正在前往（02:40 前）').waitFor()
  expect(await person.page.locator('[data-action=going]').count()).toBe(1)
  view = { ...view, over: 'stood-down' }
  await showing('stood-down')
  expect(await person.page.locator('[data-action]').count()).toBe(0)
  view = { ...view, over: 'closed', going: [] }
  await showing('closed')
  view = { ...view, over: 'only-a-test' }
  await showing('only-a-test')
})

test('a link that is none, or not any more, says so', async () => {
  known = false
  await opens('en')
  await showing('unknown')
  await person.page.getByText('This link is not valid, or not any more.').waitFor()
  expect(await person.axe()).toEqual([])
})
