import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { instant, seededRandom } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import type { TSchema } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aMessage } from '../../server/src/notifications/channel.suite.ts'
import type { ChannelAdapter } from '../../server/src/notifications/channel.ts'
import { readChannelsFile } from '../../server/src/notifications/channels-file.ts'
import { only, type Parts } from '../../server/src/notifications/provider.ts'
import { openProviders, provider } from '../../server/src/notifications/providers.ts'
import { type HttpProvider, httpProvider, json } from '../harness/providers/http-provider.ts'
import { readText, repositoryRoot } from './source.ts'

// The document's own adapter, opened by the document's own line and file, sends.

const text = readText('docs/adding-a-channel.md')
const [, shown = ''] = text.match(/`server\/src\/notifications\/channels\/acme\.ts`:\n```ts\n(.*?)```/s) ?? []
const [, file = ''] = text.match(/```json\n(.*?)```/s) ?? []

let folder: string
let acme: { acme: TSchema; openAcme: (config: unknown, parts: Parts) => ChannelAdapter }
let fake: HttpProvider
beforeAll(async () => {
  // As deep below the repository as the document puts it, so that its imports lead where they say.
  mkdirSync(join(repositoryRoot, 'var'), { recursive: true })
  folder = mkdtempSync(join(repositoryRoot, 'var', 'document-'))
  const notifications = pathToFileURL(join(repositoryRoot, 'server/src/notifications/')).href
  const code = shown.replaceAll("'../", `'${notifications}`).replaceAll("'./", `'${notifications}channels/`)
  writeFileSync(join(folder, 'acme.ts'), code)
  acme = (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'acme.ts')).href)) as typeof acme
  fake = await httpProvider(({ path, headers, body }) => {
    if (path !== '/v1/messages' || headers.authorization !== 'Bearer token-4711') return { status: 401 }
    const { to, reference } = JSON.parse(body.toString('utf8')) as { to: string; reference: string }
    return to === '+8613800000000' ? json({ code: 'no-such-number' }, 422) : json({ id: `acme-${reference}` }, 202)
  })
})
afterAll(async () => {
  await fake.close()
  rmSync(folder, { recursive: true })
})

test('the document’s adapter, line and file send', async () => {
  const line = { sms: { choice: { acme: provider(acme.acme, (config, parts) => only(acme.openAcme(config, parts))) } } }
  expect(text).toContain('sms: { choice: { acme: provider(acme, (config, parts) => only(openAcme(config, parts))) } },')

  const configured = join(folder, 'channels.json')
  writeFileSync(configured, file.replace('"from"', `"url": "${fake.url}", "from"`))
  const read = await readChannelsFile(configured, (name) => (name === 'ACME_TOKEN' ? 'token-4711' : undefined))
  const parts: Parts = {
    clock: new VirtualClock(instant(0)),
    random: seededRandom(1),
    dataDir: folder,
    publicUrl: 'https://anju.example.org',
    log: { warn: () => undefined },
  }
  const { adapters } = await openProviders(read, parts, line)
  const sms = adapters.find(({ channel }) => channel === 'sms')
  const send = async (address: string) => sms?.send(aMessage(address), new AbortController().signal)

  expect(await send('+8613900001111')).toEqual({ outcome: 'sent', providerId: `acme-${aMessage('').id}` })
  expect(await send('+8613800000000')).toEqual({ outcome: 'failed', why: 'no-such-number', addressDead: true })
  expect(await send('nobody')).toMatchObject({ outcome: 'failed', addressDead: true })
  fake.next({ status: 429, headers: { 'retry-after': '7' } })
  expect(await send('+8613900001111')).toEqual({ outcome: 'retry', why: 'http 429', afterMs: 7_000 })
  await expect(openProviders({ sms: { provider: 'acme', from: 'Anju' } }, parts, line)).rejects.toThrow(
    'sms.token: is missing',
  )
})

test('what the document names is there', () => {
  for (const path of ['http-provider.ts', 'wecom-robot.ts'])
    expect(readText(`tests/harness/providers/${path}`)).not.toBe('')
  for (const path of [
    'wecom.ts',
    'wecom.integration.test.ts',
    'phones-and-wechat.integration.test.ts',
    'http-attempt.ts',
    'cut.ts',
  ])
    expect(readText(`server/src/notifications/channels/${path}`)).not.toBe('')
  const variables = [...text.matchAll(/^\| `(ANJU_\w+)`/gm)].map(([, name = '']) => name)
  expect(variables).toEqual(['ANJU_CHANNELS_FILE', 'ANJU_PUBLIC_URL'])
  for (const name of variables) expect(readText('server/src/config.ts')).toContain(`'${name}'`)
})
