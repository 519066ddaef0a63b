import { profiles } from '@anju/device-profiles/registry'
import type { HeardWire, Wire } from '@anju/device-profiles/wire'
import { wires } from '@anju/device-profiles/wires'
import { expect, test } from 'vitest'
import { isTest, type Source, sourceOf, sources } from './source.ts'

// Towards a device that speaks by itself nothing is ever sent: there is no frame to send, and nobody who could send it.

const folder = 'device-profiles/protocols'
const heard = Object.entries<Wire>(wires).filter((entry): entry is [string, HeardWire] => entry[1].is === 'heard')

/** Protocol folders whose `wire.ts` makes listening wires only. */
const heardFolders = (all: readonly Source[]): string[] =>
  all
    .filter(({ path }) => path.startsWith(`${folder}/`) && path.endsWith('/wire.ts'))
    .filter(({ code }) => /\bHeardWire\b/.test(code) && !/\bPolledWire\b/.test(code))
    .map(({ path }) => path.slice(0, -'/wire.ts'.length))

/** Everything that runs when this file is imported. */
function reached(from: string, all: readonly Source[]): string[] {
  const byPath = new Map(all.map((source) => [source.path, source]))
  const found = new Set<string>()
  const queue = [from]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue
    found.add(path)
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) if (target && !typeOnly) queue.push(target)
  }
  return [...found]
}
const encoders = (paths: readonly string[]): string[] => paths.filter((path) => /\/encode[\w-]*\.ts$/.test(path))

/** Production code that imports an encoder of a protocol that is only listened to. */
const importers = (all: readonly Source[]): string[] => {
  const folders = heardFolders(all)
  return all
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, imports }) =>
      encoders(imports.flatMap(({ target }) => target ?? []))
        .filter((target) => folders.some((one) => target.startsWith(`${one}/`)))
        .map((target) => `${path} imports ${target}`),
    )
}

test('a listening wire has an ear and no mouth', () => {
  expect(heard.length).toBeGreaterThan(5)
  for (const [, wire] of heard) {
    const functions = Object.entries(wire).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))
    expect(['addressProblem', 'messageOf', 'senderOf', 'words']).toEqual(expect.arrayContaining(functions))
    expect(
      Object.entries(wire.framing).flatMap(([name, value]) => (typeof value === 'function' ? [name] : [])),
    ).toEqual(['look'])
  }
})

// Mode D of IEC 62056-21 shares its folder with mode C, which is asked.
test('every listening wire but one comes from a folder that makes nothing else', () => {
  expect(heardFolders(sources()).map((path) => path.slice(folder.length + 1))).toEqual([
    'dsmr-p1',
    'esp3',
    'ld2410',
    'radar-5359',
    'rf433-portisch',
    'rfxcom',
    'sml',
    'tinyframe',
  ])
})

test('no encoder lies behind a listening wire, or behind the profile of a device on one', () => {
  const behindWires = heardFolders(sources()).flatMap((one) => reached(`${one}/wire.ts`, sources()))
  expect(behindWires.length).toBeGreaterThan(12)
  expect(encoders(behindWires)).toEqual([])

  const drivers = new Set(heard.map(([name]) => name))
  const listened = profiles
    .filter(({ driver }) => drivers.has(driver))
    .map(({ id }) => `device-profiles/${id}/profile.ts`)
  expect(listened.length).toBeGreaterThan(15)
  expect(encoders(listened.flatMap((path) => reached(path, sources())))).toEqual([])
})

test('no code that runs in a home imports an encoder of such a protocol', () => {
  expect(importers(sources())).toEqual([])
})

test('the listener is given the ear of a line only', () => {
  const listener = sources().find(({ path }) => path === 'gateway/src/drivers/listener/listener.ts')
  expect(listener?.text).toContain("line: Pick<Line, 'id' | 'onBytes' | 'understood'>")
  expect(listener?.code).not.toMatch(/\.(?:write|takeTurn|setBaud)\b/)
})

test('each of these checks can fail', () => {
  const wire = sourceOf(
    `${folder}/siren/wire.ts`,
    "import { sound } from './encode.ts'\nexport const sirenWire: HeardWire<A, B> = { sound }",
  )
  const encode = sourceOf(`${folder}/siren/encode.ts`, 'export const sound = 1')
  const driver = sourceOf(
    'gateway/src/drivers/siren.ts',
    "import { sound } from '@anju/device-profiles/protocols/siren/encode'",
  )
  const all = [wire, encode, driver]
  expect(heardFolders(all)).toEqual([`${folder}/siren`])
  expect(encoders(reached(wire.path, all))).toEqual([encode.path])
  expect(importers(all)).toEqual([
    `${wire.path} imports ${encode.path}`,
    `gateway/src/drivers/siren.ts imports ${encode.path}`,
  ])
})
