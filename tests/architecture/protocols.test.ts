import { expect, test } from 'vitest'
import { isTest, sources } from './source.ts'

// A protocol knows no device: whoever lists devices hands it what it needs of them.
const protocol = /^device-profiles\/protocols\//
const listOfDevices = /^device-profiles\/src\/(?:registry|register-maps|protocols|wires)\.ts$/
const device = /^device-profiles\/(?!protocols\/|src\/)/

const upwards = sources()
  .filter(({ path }) => protocol.test(path) && !isTest(path))
  .flatMap(({ path, imports }) =>
    imports.flatMap(({ target }) =>
      target && (listOfDevices.test(target) || device.test(target)) ? [`${path} imports ${target}`] : [],
    ),
  )

test('no protocol imports a device, nor a list of them', () => {
  expect(sources().filter(({ path }) => protocol.test(path)).length).toBeGreaterThan(100)
  expect(sources().filter(({ path }) => device.test(path)).length).toBeGreaterThan(50)
  expect(upwards).toEqual([])
})
