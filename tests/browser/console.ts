import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { repositoryRoot } from '../harness/root.ts'
import { slowness } from '../harness/wait.ts'
import { findChromium } from '../prepare-machine.ts'
import { looksOften } from './looks-often.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
export const desk = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }
const patienceMs = 15_000 * slowness

/** Says why where there is no browser; a test must not pass unseen. */
export function needsChromium(context: { skip(note?: string): void }): void {
  if (findChromium() === undefined) context.skip('Chromium is not installed')
}

/**
 * What the browser does without. Each window loads two pages of Chromium's own for the list below an address bar that nobody
 * sees here: as much work as ours. Chromium heeds the last such list alone, so Playwright's follows.
 */
const without = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  // As playwright-core has them (`disabledFeatures`): navigation that is checked, painted and upgraded as it is written.
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
]

export async function aBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('no Chromium on this machine')
  if (!existsSync(join(repositoryRoot, 'dashboards/dist/index.html')))
    throw new Error('the page is not built: npm run build -w dashboards')
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      `--disable-features=${without.join(',')}`,
    ],
  })
}

export interface ConsoleOptions {
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly locale?: 'zh-CN' | 'en'
}

/** One seat: a fresh browser profile on the centre's page, worked the way a person does. */
export interface Console {
  readonly page: Page
  /** What the browser complained about: scripts that threw, and everything its content policy refused. */
  readonly complaints: readonly string[]
  logIn(username: string, password: string): Promise<void>
  /** Plays the tone and says that it was heard. */
  startShift(): Promise<void>
  row(alarmId: string): Locator
  /** The ids of the alarms in the queue from top to bottom. */
  rows(): Promise<(string | null)[]>
  /** Types one key after the other and returns how many there were. */
  press(...keys: readonly string[]): Promise<number>
  incident(): Locator
  /** Serious and critical findings of axe on what is shown now. */
  axe(): Promise<readonly string[]>
  close(): Promise<void>
}

export async function aConsole(browser: Browser, url: string, options: ConsoleOptions = {}): Promise<Console> {
  const context: BrowserContext = await browser.newContext({ viewport: options.viewport ?? desk, locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  looksOften(page, patienceMs)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text())
  })
  await page.goto(url)
  if (options.locale === 'en') await page.locator('[data-locale=en]').click()
  return {
    page,
    complaints,
    async logIn(username, password) {
      await page.locator('input[name=username]').fill(username)
      await page.locator('input[name=password]').fill(password)
      await page.locator('button[type=submit]').click()
      await page.locator('[data-action=logout]').waitFor()
    },
    async startShift() {
      const heard = page.locator('[data-action=heard]:enabled')
      // Who hears nothing plays it once more, as the page says: under load a browser's first voice may never come.
      for (let tries = 0; tries < 3 && (await heard.count()) === 0; tries++) {
        await page.locator('[data-action=play-tone]').click()
        await heard.waitFor({ timeout: patienceMs / 3 }).catch(() => undefined)
      }
      await heard.click()
      await page.locator('[data-gate=shift]').waitFor({ state: 'detached' })
    },
    row: (alarmId) => page.locator(`[data-alarm-id="${alarmId}"]`),
    rows: () =>
      page.locator('[data-alarm-id]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-alarm-id'))),
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key)
      return keys.length
    },
    incident: () => page.locator('[data-incident]'),
    async axe() {
      // The page's policy lets no foreign script in by a tag; the browser's own door is not the page's.
      await page.evaluate(axeSource)
      const found = await page.evaluate<AxeResult>('axe.run(document, { resultTypes: ["violations"] })')
      return found.violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)
    },
    close: () => context.close(),
  }
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string | null
    readonly nodes: readonly { readonly target: readonly string[] }[]
  }[]
}
