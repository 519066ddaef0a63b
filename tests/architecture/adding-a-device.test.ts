import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadProfile } from '@anju/device-profiles/profile-file/load'
import { readConfig } from '@anju/gateway/config'
import { expect, test } from 'vitest'
import { readText } from './source.ts'

const text = readText('docs/adding-a-device.md')
const files = [...text.matchAll(/`(profiles\/[\w-]+\.json)`:\n```json\n(.*?)```/gs)].map(
  ([, name, body]) => [name, body] as const,
)

test('the document shows files', () => {
  expect(files.map(([name]) => name)).toEqual(['profiles/acme-m1.json', 'profiles/acme-d1.json'])
})

test.for(files)('%s of the document is a profile, proven by its examples', async ([, body = '']) => {
  const loaded = await loadProfile(body)
  expect(loaded.is === 'refused' ? loaded.problems : []).toEqual([])
})

test('the configuration of the document is a whole one, and installs both', async () => {
  const [, shown = ''] = text.match(/```json\n(\{\n {2}"gatewayId".*?)```/s) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'anju-document-'))
  try {
    mkdirSync(join(folder, 'profiles'))
    for (const [name, body = ''] of files) writeFileSync(join(folder, name ?? ''), body)
    const config = join(folder, 'gateway.json')
    writeFileSync(config, shown.replace('/var/lib/anju', join(folder, 'data')))
    const { devices, profileProblems } = await readConfig(config, {
      allowPlaintext: false,
      logLevel: 'info',
      dataDir: undefined,
    })
    expect(profileProblems).toEqual([])
    expect(devices.map(({ profile }) => profile.id)).toEqual(['acme/m1', 'acme/d1'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('every folder and file that the document names is there', () => {
  const named = [
    ...text.matchAll(/`((?:device-profiles\/src\/[\w-]+\.ts)|(?:[a-z0-9]+\/[a-z0-9-]+))`(?= \||\.| )/g),
  ].map(([, path = '']) => path)
  expect(named.length).toBeGreaterThan(4)
  for (const path of named.filter((one) => !one.startsWith('profiles/') && !one.startsWith('src/')))
    expect(readText(path.endsWith('.ts') ? path : `device-profiles/${path}/profile.ts`)).not.toBe('')
})
