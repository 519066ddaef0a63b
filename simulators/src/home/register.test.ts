import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hours, type Instant, minutes, parseInstant, plus } from '@anju/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Household } from '../resident/household.ts'
import { Register } from './register.ts'

const morning = parseInstant('2026-03-09T00:00:00.000Z')
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anju-register-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const open = (now: Instant) => new Register(join(folder, 'meter.json'), new Household(82, 'Asia/Shanghai'), now)

test('a register continues over a restart, and counts what ran in between', () => {
  const first = open(morning)
  const begun = first.wattMsAt(morning)
  expect(begun / 3.6e9).toBeCloseTo(3_412.07, 6)
  first.keep(plus(morning, hours(2)))
  const kept = first.wattMsAt(plus(morning, hours(2)))
  expect(kept).toBeGreaterThan(begun)

  const second = open(plus(morning, hours(5)))
  expect(second.wattMsAt(plus(morning, hours(2)))).toBe(kept)
  expect(second.wattMsAt(plus(morning, hours(5)))).toBe(first.wattMsAt(plus(morning, hours(5))))
})

test('a crash while somebody is away never turns the register back', () => {
  const first = open(morning)
  const absence = { from: plus(morning, hours(1)), until: plus(morning, hours(8)) }
  first.setAbsence(absence.from, absence)
  const seen = first.wattMsAt(plus(morning, hours(3)))
  expect(open(plus(morning, hours(3))).wattMsAt(plus(morning, hours(3)))).toBeGreaterThanOrEqual(seen)
  first.setAbsence(plus(morning, hours(4)), undefined)
  expect(open(plus(morning, hours(4))).absence).toBeUndefined()
})

test('an absence ends by itself, and a clock that goes back counts nothing twice', () => {
  const register = open(morning)
  register.setAbsence(morning, { from: morning, until: plus(morning, minutes(30)) })
  register.keep(plus(morning, hours(1)))
  expect(register.absence).toBeUndefined()
  const counted = register.wattMsAt(plus(morning, hours(1)))
  register.keep(morning)
  expect(register.wattMsAt(plus(morning, hours(1)))).toBe(counted)
})

test('a file of which only half was written is a new meter, not a crash', () => {
  writeFileSync(join(folder, 'meter.json'), '{"at":"2026-')
  const register = open(morning)
  register.keep(morning)
  expect(JSON.parse(readFileSync(join(folder, 'meter.json'), 'utf8'))).toHaveProperty('wattMs')
})
