import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant, seededRandom } from '@anju/contract'
import { CHANNELS } from '@anju/contract/api'
import { VirtualClock } from '@anju/contract/virtual-clock'
import type { TSchema } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { push } from '../../server/src/notifications/channels/web-push/web-push.ts'
import { readChannelsFile } from '../../server/src/notifications/channels-file.ts'
import type { Parts } from '../../server/src/notifications/provider.ts'
import { openProviders, type Providers, SECTIONS } from '../../server/src/notifications/providers.ts'
import { filesUnder, readText } from './source.ts'

// docs/channels.md, tried: its file is opened, and its tables say what the server's own schemas say.

const text = readText('docs/channels.md')
const [, file = ''] = text.match(/```json\n(.*?)```/s) ?? []

/** The rows of the table under a heading, each cell by itself. */
const table = (heading: string): string[][] =>
  (text.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
const namesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)

let folder: string
let opened: Providers
const variables: string[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'anju-channels-document-'))
  mkdirSync(join(folder, 'data'))
  const path = join(folder, 'channels.json')
  writeFileSync(path, file)
  const read = await readChannelsFile(path, (name) => {
    variables.push(name)
    return name === 'DINGTALK_SECRET' ? `SEC${'0'.repeat(64)}` : 'A'.repeat(43)
  })
  const parts: Parts = {
    clock: new VirtualClock(instant(0)),
    random: seededRandom(1),
    dataDir: join(folder, 'data'),
    publicUrl: 'https://anju.example.org',
    log: { warn: () => undefined },
  }
  opened = await openProviders(read, parts)
})
afterAll(() => rmSync(folder, { recursive: true }))

test('the document’s file opens every provider there is, and keeps no secret in itself', () => {
  expect(opened.adapters.map(({ channel, provider }) => [channel, provider])).toEqual(
    table('Settings').map(([section, provider]) => [namesIn(section)[0], namesIn(provider)[0]]),
  )
  expect(new Set(opened.adapters.map(({ channel }) => channel))).toEqual(
    new Set(CHANNELS.filter((channel) => channel !== 'console')),
  )
  expect(variables.length).toBeGreaterThan(10)
  expect(file).not.toMatch(/"(?:accessKeySecret|authToken|appSecret|password|secret|token|key)": "/)
})

test('every adapter passes what the sender relies on', () => {
  const files = filesUnder('server/src/notifications/channels', ['.ts']).map((path) => ({ path, text: readText(path) }))
  const suites = files.filter(({ text: code }) => code.includes('channelSuite(async'))
  const openers = files
    .filter(({ path, text: code }) => !path.endsWith('.test.ts') && /\bchannel: '/.test(code))
    .flatMap(({ text: code }) =>
      [...code.matchAll(/^export (?:async )?function (open\w+)/gm)].map(([, name = '']) => name),
    )
  expect(openers).toHaveLength(opened.adapters.length)
  expect(openers.filter((name) => !suites.some((suite) => suite.text.includes(`${name}(`)))).toEqual([])
})

/** Every provider by its section and, where there are several, its name. */
const schemas = new Map<string, TSchema>([
  ['push', push],
  ...Object.entries(SECTIONS).flatMap(([section, one]): [string, TSchema][] =>
    'schema' in one
      ? [[section, one.schema]]
      : Object.entries(one.choice).map(([name, { schema }]) => [`${section} ${name}`, schema]),
  ),
])

test('each provider has a row, and the row its settings: all of them, and no other', () => {
  const rows = table('Settings')
  expect(rows).toHaveLength(schemas.size)
  for (const [section = '', provider = '', required = '', optional = ''] of rows) {
    const [channel = ''] = namesIn(section)
    const schema = schemas.get(channel) ?? schemas.get(`${channel} ${namesIn(provider)[0]}`)
    const { properties = {}, required: needed = [] } = schema as { properties?: object; required?: string[] }
    const all = Object.keys(properties)
    expect([provider, namesIn(required).toSorted()]).toEqual([provider, needed.toSorted()])
    expect([provider, namesIn(optional).toSorted()]).toEqual([
      provider,
      all.filter((name) => !needed.includes(name)).toSorted(),
    ])
  }
})

test('who says something later has an address to be entered, and nobody else', () => {
  const rows = table('What to enter at each provider')
  expect(new Set(rows.map(([provider]) => namesIn(provider)[0]))).toEqual(
    new Set(opened.readers.map(({ provider }) => provider)),
  )
  for (const [provider, address] of rows) {
    const [name = ''] = namesIn(provider)
    const [, schema] = [...schemas].find(([key]) => key.endsWith(` ${name}`)) ?? []
    const { properties = {} } = (schema ?? {}) as { properties?: object }
    expect(namesIn(address)[0]).toBe(`…/callbacks/${name}${'callbackKey' in properties ? '?key=KEY' : ''}`)
  }
})

test('what is an address is said of every channel but the console', () => {
  const said = table('What is an address').flatMap(([channel]) => namesIn(channel))
  expect(said.toSorted()).toEqual(CHANNELS.filter((channel) => channel !== 'console').toSorted())
})
