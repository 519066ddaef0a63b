import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant, seededRandom } from '@anju/contract'
import { body } from '@anju/contract/schema'
import { VirtualClock } from '@anju/contract/virtual-clock'
import Type from 'typebox'
import { afterAll, expect, test } from 'vitest'
import type { ChannelAdapter } from './channel.ts'
import { readChannelsFile } from './channels-file.ts'
import type { Parts } from './provider.ts'
import { openProviders, provider, type Section } from './providers.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'anju-providers-'))
afterAll(() => rmSync(dataDir, { recursive: true }))
const parts: Parts = {
  clock: new VirtualClock(instant(0)),
  random: seededRandom(1),
  dataDir,
  publicUrl: 'https://anju.example.org',
  log: { warn: () => undefined },
}
const named = ({ adapters }: { adapters: readonly ChannelAdapter[] }) =>
  adapters.map((one) => `${one.channel} ${one.provider}`)
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

const whole = {
  push: { contact: 'mailto:alarm@anju.example.org' },
  email: { host: 'mail.example.org', user: 'anju', password: 'hush-4711', from: '安居 <alarm@anju.example.org>' },
  wecom: { robots: { 'night-shift': { key: '693a91f6-7b0c-4bc4-97a0-0ec2a1fa5aaa' } } },
  dingtalk: { robots: { street: { token: 'f'.repeat(64), secret: `SEC${'0'.repeat(64)}` } } },
  webhook: { endpoints: { 'county-centre': { url: 'https://county.example.org/alarms', secret } } },
}

test('without a file there is push, by the server’s own keys', async () => {
  const first = await openProviders(undefined, parts)
  expect(named(first)).toEqual(['push web-push'])
  expect(first.readers).toEqual([])
  expect(Buffer.from(first.pushPublicKey, 'base64url')).toHaveLength(65)
  expect((await openProviders({}, parts)).pushPublicKey).toBe(first.pushPublicKey)
})

test('a whole file opens everybody it names', async () => {
  expect(named(await openProviders(whole, parts))).toEqual([
    'push web-push',
    'email smtp',
    'wecom wecom-robot',
    'dingtalk dingtalk-robot',
    'webhook webhook',
  ])
})

test.for([
  [[], /^\(file\): is not an object$/],
  [{ pager: {} }, /^pager: is no channel; there are push, email, /],
  [{ push: { ttl: 1 } }, /^push\.ttl: is not a setting$/],
  [{ push: { vapid: { privateKey: 'hush-4711' } } }, /^push\.vapid\.privateKey: is not a P-256 private key/],
  [{ push: { contact: 'hush-4711' } }, /^push\.contact: must match pattern/],
  [{ email: [] }, /^email: is not an object$/],
  [{ email: { ...whole.email, tls: true } }, /^email\.tls: is not a setting$/],
  [{ email: { host: 'mail.example.org' } }, /^email\.from: is missing$/],
  [{ email: { ...whole.email, port: 0 } }, /^email\.port: must be >= 1$/],
  [{ email: { ...whole.email, password: undefined } }, /^email\.password: /],
  [{ email: { ...whole.email, password: { env: 'NOT_RESOLVED' } } }, /^email\.password: must be string$/],
  [{ wecom: { robots: {} } }, /^wecom\.robots: must not have fewer than 1/],
  [{ wecom: { robots: { 'Night shift': { key: 'x' } } } }, /^wecom\.robots\.Night shift: is not a setting$/],
  [{ wecom: { robots: { x: {} } } }, /^wecom\.robots\.x\.key: is missing$/],
  [{ dingtalk: { robots: { x: { token: 'f'.repeat(64) } } } }, /^dingtalk\.robots\.x\.secret: is missing$/],
  [
    { dingtalk: { robots: { x: { token: 'f'.repeat(64), secret: 'hush-4711' } } } },
    /^dingtalk\.robots\.x\.secret: must/,
  ],
  [{ webhook: { endpoints: { x: { url: 'https://x.example.org' } } } }, /^webhook\.endpoints\.x\.secret: is missing$/],
] as const)('%j is refused by name, and no value is told', async ([file, why]) => {
  const refused = openProviders(file, parts)
  await expect(refused).rejects.toThrow(why)
  await expect(refused).rejects.toMatchObject({ code: 'config-malformed' })
  await expect(refused).rejects.not.toThrow(/hush-4711/)
})

/** Two that could send the same, as two operators of short messages could. */
const pigeons: Readonly<Record<string, Section>> = {
  pigeon: {
    choice: Object.fromEntries(
      ['grey', 'white'].map((name) => [
        name,
        provider(body({ loft: Type.String() }), ({ loft }) => ({
          adapters: [
            {
              channel: 'sms',
              provider: `${name}-${loft}`,
              idempotent: false,
              send: () => Promise.resolve({ outcome: 'sent', providerId: null }),
            },
          ],
          readers: [
            { provider: name, read: () => ({ reports: [], answer: { status: 204, contentType: '', body: '' } }) },
          ],
        })),
      ]),
    ),
  },
}
test('where there is a choice, the section names one, or several in their order', async () => {
  const one = await openProviders({ pigeon: { provider: 'white', loft: 'a' } }, parts, pigeons)
  expect(named(one)).toEqual(['push web-push', 'sms white-a'])
  expect(one.readers.map(({ provider }) => provider)).toEqual(['white'])
  const both = [
    { provider: 'white', loft: 'a' },
    { provider: 'grey', loft: 'b' },
  ]
  expect(named(await openProviders({ pigeon: both }, parts, pigeons)).slice(1)).toEqual(['sms white-a', 'sms grey-b'])
})
test.for([
  [{ loft: 'a' }, /^pigeon\.provider: must be one of grey, white$/],
  [{ provider: 'toString', loft: 'a' }, /^pigeon\.provider: must be one of/],
  [{ provider: 'grey' }, /^pigeon\.loft: is missing$/],
  [
    [
      { provider: 'grey', loft: 'a' },
      { provider: 'grey', loft: 'b' },
    ],
    /^pigeon\[1\]\.provider: stands in the list/,
  ],
  [[{ provider: 'grey', loft: 'a', x: 1 }], /^pigeon\[0\]\.x: is not a setting$/],
] as const)('the choice %j is refused', async ([pigeon, why]) => {
  await expect(openProviders({ pigeon }, parts, pigeons)).rejects.toThrow(why)
})

const fileWith = (text: string): string => {
  const file = join(dataDir, 'channels.json')
  writeFileSync(file, text)
  return file
}
const read = (value: unknown) =>
  readChannelsFile(fileWith(JSON.stringify(value)), (name) => ({ MAIL: 'from the environment' })[name])

test('secrets may stand elsewhere, a file’s path beside the file itself', async () => {
  writeFileSync(join(dataDir, 'secret.txt'), 'from a file\n')
  expect(
    await read({ a: { env: 'MAIL' }, b: { c: [{ file: 'secret.txt' }, { file: join(dataDir, 'secret.txt') }] }, d: 1 }),
  ).toEqual({ a: 'from the environment', b: { c: ['from a file', 'from a file'] }, d: 1 })
  expect(await readChannelsFile(undefined, () => undefined)).toBeUndefined()
})

test.for([
  [{ email: { password: { env: 'OTHER' } } }, /^email\.password: the variable OTHER is not set$/],
  [{ webhook: { a: [1, { file: 'gone' }] } }, /^webhook\.a\[1\]: .*gone cannot be read \(ENOENT\)$/],
  [{ email: { password: { file: 'empty.txt' } } }, /^email\.password: empty\.txt is empty$/],
] as const)('%j cannot be resolved', async ([value, why]) => {
  writeFileSync(join(dataDir, 'empty.txt'), '\n')
  await expect(read(value)).rejects.toThrow(why)
})
test('a file that is none says so, and shows nothing of what is in it', async () => {
  await expect(readChannelsFile(join(dataDir, 'none.json'), () => undefined)).rejects.toThrow(
    /^ANJU_CHANNELS_FILE: .*none\.json cannot be read \(ENOENT\)$/,
  )
  const broken = readChannelsFile(fileWith('{"email": {"password": "hush-4711" "from"'), () => undefined)
  await expect(broken).rejects.toThrow(/^ANJU_CHANNELS_FILE: .*channels\.json is not JSON$/)
  await expect(broken).rejects.not.toThrow(/hush/)
})
